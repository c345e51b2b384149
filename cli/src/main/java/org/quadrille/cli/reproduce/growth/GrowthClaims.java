package org.quadrille.cli.reproduce.growth;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.quadrille.cli.reproduce.Claim;
import org.quadrille.cli.reproduce.Claim.Verdict;
import org.quadrille.growth.LearningSettings;

/** What the study says about the claims of the paper, and about what it does not compare with. */
final class GrowthClaims {
  /** The headline of the abstract is "up to 50 %"; its tables start at about 40. */
  private static final double HEADLINE = 0.40;

  /** Distance from the source that a few learned steps should reach, in nats. */
  private static final double NEAR_SOURCE = 0.06;

  /** Single precision, a few hundred thousand predicted characters. */
  private static final double EXACT = 1e-4;

  private GrowthClaims() {}

  static List<Claim> of(StudyResult result) {
    List<Claim> claims = new ArrayList<>();
    PartResult main = result.main();
    claims.add(saves(main, "GPT", "section 4.2, Table 1: 44.7 % for BERT, 22.5 % for GPT-2"));
    claims.add(savesWithSource(main));
    claims.add(saves(result.masked(), "BERT", "Table 1: 44.7 %"));
    claims.add(beats(main, "Table 1: 44.7 % against 34.1 % (StackBERT) and 29.0 % (bert2BERT)"));
    claims.add(beatsLossless(main));
    claims.add(tunedBeatsAll(main));
    claims.add(tunedAtEqualOperations(main));
    claims.add(beats(result.masked(), "Table 1"));
    claims.add(tunedBeatsAll(result.masked()));
    claims.add(
        beats(
            result.depth(),
            "section 4.3: 51.7 % with layers alone, more than stacking, interpolation"));
    claims.add(
        beats(
            result.width(),
            "section 4.3: 41.6 % with width alone, more than direct copy, FPI, AKI"));
    claims.add(steps(result.steps()));
    claims.add(nearSource(main));
    claims.add(released(main));
    claims.add(exact(main));
    return claims;
  }

  private static Claim saves(PartResult part, String model, String source) {
    StudySeries ligo = part.get(GrowthMethods.LIGO);
    Saving saving = part.saving(ligo);
    return new Claim(
        "Growing by LiGO saves at least 40 % of the operations of training a "
            + model
            + " from scratch to the same loss, growth counted, source not",
        source,
        "at least 40 %",
        measured(part, ligo, saving),
        Verdict.of(saving.reached() && saving.saving() >= HEADLINE));
  }

  private static String measured(PartResult part, StudySeries ligo, Saving saving) {
    StudySeries scratch = part.scratch();
    String reference =
        String.format(
            Locale.ROOT,
            "scratch ends at %.4f nats after %d steps; ",
            scratch.meanLoss(scratch.fullBudget()),
            scratch.fullBudget());
    if (!saving.reached()) {
      return reference
          + String.format(
              Locale.ROOT,
              "LiGO was at %.4f after %d steps, not there",
              ligo.meanLoss(ligo.fullBudget()),
              ligo.fullBudget());
    }
    return reference
        + String.format(
            Locale.ROOT,
            "LiGO needs %.0f steps and learning worth %.0f: %s saved (%s by seed), speed-up %s",
            saving.budget(),
            ligo.learningFlops() / ligo.stepFlops(),
            percent(saving.saving()),
            Arrays.stream(part.savingBySeed(ligo))
                .mapToObj(GrowthClaims::percent)
                .collect(Collectors.joining(", ")),
            percent(saving.speedUp()));
  }

  private static Claim savesWithSource(PartResult part) {
    StudySeries ligo = part.get(GrowthMethods.LIGO);
    Saving saving = part.saving(ligo);
    return new Claim(
        "It still saves when the training of the source is counted",
        "not in the paper; Du et al. (2024) count so",
        "more than 0 %",
        saving.reached()
            ? String.format(
                Locale.ROOT,
                "%s saved, speed-up %s; the source costs %.0f steps of the target",
                percent(saving.savingWithSource()),
                percent(saving.speedUpWithSource()),
                ligo.sourceFlops() / ligo.stepFlops())
            : "the loss was not reached",
        Verdict.of(saving.reached() && saving.savingWithSource() > 0));
  }

  /** LiGO against all that the paper compares with, at equal training steps. */
  private static Claim beats(PartResult part, String source) {
    List<StudySeries> baselines = ofThePaper(part);
    StudySeries ligo = part.get(GrowthMethods.LIGO);
    return new Claim(
        part.part().title() + ": LiGO beats every baseline of the paper at equal training steps",
        source,
        "a lower loss in every seed",
        against(part, ligo, baselines),
        Verdict.of(baselines.stream().allMatch(b -> wins(part.differences(ligo, b)))));
  }

  private static Claim beatsLossless(PartResult part) {
    StudySeries ligo = part.get(GrowthMethods.LIGO);
    StudySeries lossless = part.get(GrowthMethods.LOSSLESS);
    return new Claim(
        part.part().title() + ": LiGO from its own start beats growth that keeps the function",
        "not in the paper, which is older than LEMON (Wang et al., ICLR 2024)",
        "a lower loss in every seed at equal training steps",
        against(part, ligo, List.of(lossless)),
        Verdict.of(wins(part.differences(ligo, lossless))));
  }

  private static Claim tunedBeatsAll(PartResult part) {
    StudySeries tuned = part.get(GrowthMethods.LIGO_TUNED);
    List<StudySeries> baselines = withLossless(part);
    return new Claim(
        part.part().title()
            + ": LiGO from a lossless start with mixed new neurons beats every baseline, the"
            + " lossless one included",
        "own",
        "a lower loss in every seed at equal training steps",
        against(part, tuned, baselines)
            + "; its start alone, nothing learned, "
            + loss(part.get(GrowthMethods.MIXED).meanLoss(part.budget())),
        Verdict.of(baselines.stream().allMatch(b -> wins(part.differences(tuned, b)))));
  }

  private static Claim tunedAtEqualOperations(PartResult part) {
    StudySeries tuned = part.get(GrowthMethods.LIGO_TUNED);
    List<StudySeries> baselines = withLossless(part);
    int fewer = part.equalOperations(tuned);
    return new Claim(
        part.part().title() + ": it does so when its learning is paid for with training steps",
        "own",
        "a lower loss in every seed at equal operations",
        String.format(Locale.ROOT, "%.4f after %d steps, against ", tuned.meanLoss(fewer), fewer)
            + baselines.stream()
                .map(
                    other ->
                        named(part, other)
                            + signed(part.differencesAtEqualOperations(tuned, other)))
                .collect(Collectors.joining(", "))
            + "; runs of other lengths see other data at their ends, so these differences are less"
            + " certain than paired ones",
        Verdict.of(
            baselines.stream().allMatch(b -> wins(part.differencesAtEqualOperations(tuned, b)))));
  }

  private static List<StudySeries> withLossless(PartResult part) {
    List<StudySeries> baselines = new ArrayList<>(ofThePaper(part));
    baselines.add(part.get(GrowthMethods.LOSSLESS));
    return baselines;
  }

  private static List<StudySeries> ofThePaper(PartResult part) {
    return GrowthMethods.OF_THE_PAPER.stream()
        .map(method -> part.find(method.name()))
        .flatMap(Optional::stream)
        .toList();
  }

  private static boolean wins(double[] differences) {
    return Arrays.stream(differences).allMatch(d -> d < 0);
  }

  private static String against(PartResult part, StudySeries one, List<StudySeries> others) {
    int fewer = part.equalOperations(one);
    return String.format(
        Locale.ROOT,
        "%.4f after %d steps, against %s; at equal operations (%d steps) %.4f, against %s",
        one.meanLoss(part.budget()),
        part.budget(),
        others.stream()
            .map(other -> named(part, other) + signed(part.differences(one, other)))
            .collect(Collectors.joining(", ")),
        fewer,
        one.meanLoss(fewer),
        others.stream()
            .map(
                other ->
                    other.method().label() + signed(part.differencesAtEqualOperations(one, other)))
            .collect(Collectors.joining(", ")));
  }

  private static String named(PartResult part, StudySeries series) {
    return series.method().label() + " " + loss(series.meanLoss(part.budget()));
  }

  /** Differences of the seeds in brackets. */
  private static String signed(double[] differences) {
    return Arrays.stream(differences)
        .mapToObj(d -> String.format(Locale.ROOT, "%+.4f", d))
        .collect(Collectors.joining(" ", " (", ")"));
  }

  private static Claim steps(PartResult part) {
    int usual = LearningSettings.OURS.steps();
    int budget = part.budget();
    List<StudySeries> enough =
        part.series().stream().filter(s -> s.method().learning().steps() >= usual).toList();
    StudySeries unlearned = part.series().getFirst();
    double least = enough.stream().mapToDouble(s -> s.meanLoss(budget)).min().orElseThrow();
    double most = enough.stream().mapToDouble(s -> s.meanLoss(budget)).max().orElseThrow();
    double gain = unlearned.meanLoss(budget) - enough.getFirst().meanLoss(budget);
    String measured =
        part.series().stream()
            .map(
                s ->
                    String.format(
                        Locale.ROOT,
                        "%d: %.4f, then %.4f",
                        s.method().learning().steps(),
                        s.meanStart(),
                        s.meanLoss(budget)))
            .collect(Collectors.joining("; "));
    return new Claim(
        "About " + usual + " growing steps are enough: more hardly change the loss",
        "section 4.3, Table 3: 44.7 % at 100 steps, 44.5 % at 500, 44.2 % at 1000",
        "from " + usual + " on, losses differ by less than a quarter of what " + usual + " gain",
        "loss of the start, then after " + budget + " steps, by growing steps: " + measured,
        Verdict.of(most - least < gain / 4));
  }

  private static Claim nearSource(PartResult part) {
    StudySeries ligo = part.get(GrowthMethods.LIGO);
    double gap = ligo.meanStart() - ligo.meanSource();
    return new Claim(
        "After some 100 growing steps the large model is about as good as the source",
        "section 4.2: 72 % accuracy of DeiT-B right after growing",
        String.format(Locale.ROOT, "at most %.2f nats above the source", NEAR_SOURCE),
        String.format(
            Locale.ROOT,
            "%.4f against %.4f of the source, %.4f above",
            ligo.meanStart(),
            ligo.meanSource(),
            gap),
        Verdict.of(gap <= NEAR_SOURCE));
  }

  private static Claim released(PartResult part) {
    StudySeries released = part.get(GrowthMethods.LIGO_AS_RELEASED);
    StudySeries ligo = part.get(GrowthMethods.LIGO);
    return new Claim(
        "The optimizer settings of the released code learn the operator",
        "released code: AdamW 2e-4, of a warm-up of 10 000 steps only 100 are run",
        String.format(Locale.ROOT, "at most %.2f nats above the source", NEAR_SOURCE),
        String.format(
            Locale.ROOT,
            "start %.4f; at rates that move it %.4f; after %d training steps %.4f against %.4f",
            released.meanStart(),
            ligo.meanStart(),
            ligo.fullBudget(),
            released.meanLoss(ligo.fullBudget()),
            ligo.meanLoss(ligo.fullBudget())),
        Verdict.of(released.meanStart() - released.meanSource() <= NEAR_SOURCE));
  }

  private static Claim exact(PartResult part) {
    StudySeries lossless = part.get(GrowthMethods.LOSSLESS);
    double largest = 0;
    for (int s = 0; s < lossless.starts().length; s++) {
      largest = Math.max(largest, Math.abs(lossless.starts()[s] - lossless.sourceLosses()[s]));
    }
    return new Claim(
        "Lossless growth starts at the loss of the source, for a width that is no multiple too",
        "Wang et al., LEMON (ICLR 2024)",
        "within 0.0001 nats",
        String.format(Locale.ROOT, "largest difference %.1e", largest),
        Verdict.of(largest <= EXACT));
  }

  private static String loss(double nats) {
    return String.format(Locale.ROOT, "%.4f", nats);
  }

  static String percent(double share) {
    return String.format(Locale.ROOT, "%.0f %%", 100 * share);
  }
}
