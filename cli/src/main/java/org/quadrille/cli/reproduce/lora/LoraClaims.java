package org.quadrille.cli.reproduce.lora;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.function.ToDoubleFunction;
import org.quadrille.cli.reproduce.Claim;
import org.quadrille.cli.reproduce.Claim.Verdict;
import org.quadrille.lowrank.study.TradeOff;

/** Judges the claims by the runs of one scale. */
final class LoraClaims {
  private static final TuningMethod LORA16 = TuningMethod.lora(16, 1e-2);
  private static final TuningMethod LORA4 = TuningMethod.lora(4, 1e-2);
  private static final TuningMethod LORA1 = TuningMethod.lora(1, 1e-2);
  private static final TuningMethod FULL = TuningMethod.full(3e-3);

  /** Mean differences below this are within what repetitions differ by. */
  private static final double NOISE = 0.005;

  private final StudyResult result;

  LoraClaims(StudyResult result) {
    this.result = result;
  }

  /** Everything that the runs at hand can decide. */
  List<Claim> all() {
    List<Claim> claims = new ArrayList<>();
    if (result.has(FULL, LORA16, LORA4, LORA1)) {
      claims.add(learnsLess());
      claims.add(forgetsLess());
      claims.add(matchedLearning());
      claims.add(highRank());
      claims.add(growingRank());
      claims.add(ranksByModule());
      claims.add(spectraStay());
      claims.add(intruders());
      claims.add(diversity());
    }
    if (result.rates("full").size() > 3 && result.rates("LoRA 16").size() > 3) {
      claims.add(rates());
    }
    if (result.has(StudyMethods.REGULARIZERS.toArray(TuningMethod[]::new))) {
      claims.add(regularizers());
    }
    if (result.has(StudyMethods.ABLATIONS.toArray(TuningMethod[]::new))) {
      claims.add(targets());
      claims.add(alpha());
    }
    return claims;
  }

  private String at(int repetitions) {
    return " (" + result.scale().name() + " models, " + repetitions + " seeds)";
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.3f", value);
  }

  private String row(ToDoubleFunction<TuningMethod> figure, TuningMethod... methods) {
    List<String> parts = new ArrayList<>();
    for (TuningMethod method : methods) {
      parts.add(method.label() + " " + number(figure.applyAsDouble(method)));
    }
    return String.join(", ", parts);
  }

  /** Whether figures ascend by more than noise. */
  private static boolean ascends(ToDoubleFunction<TuningMethod> figure, TuningMethod... methods) {
    for (int i = 1; i < methods.length; i++) {
      if (figure.applyAsDouble(methods[i]) < figure.applyAsDouble(methods[i - 1]) + NOISE) {
        return false;
      }
    }
    return true;
  }

  private Claim learnsLess() {
    return new Claim(
        "Adapters learn less than full finetuning, and less the lower their rank"
            + at(result.repetitions(FULL)),
        "sections 4.1 and 4.7, figure 2",
        "loss on the target text: full < rank 16 < rank 4 < rank 1",
        row(result::target, FULL, LORA16, LORA4, LORA1) + " nats per character",
        Verdict.of(ascends(result::target, FULL, LORA16, LORA4, LORA1)));
  }

  private Claim forgetsLess() {
    return new Claim(
        "At equal steps and each at its usual rate, adapters forget less, and less the lower their"
            + " rank"
            + at(result.repetitions(FULL)),
        "section 4.2, figure 3",
        "loss on the source text: rank 1 < rank 4 < rank 16 < full",
        row(result::source, LORA1, LORA4, LORA16, FULL)
            + "; before "
            + number(result.mean(FULL, outcome -> outcome.start().source())),
        Verdict.of(ascends(result::source, LORA1, LORA4, LORA16, FULL)));
  }

  /** Against full finetuning at smaller rates, interpolated to what the adapter learned. */
  private Claim matchedLearning() {
    List<String> parts = new ArrayList<>();
    int better = 0;
    int compared = 0;
    for (TuningMethod method : List.of(LORA16, LORA4)) {
      double sum = 0;
      int count = 0;
      for (TuningRunner.Run run : result.outcomes().keySet()) {
        if (run.method().equals(method)) {
          TuningOutcome.Point end = result.outcomes().get(run).end();
          OptionalDouble full =
              TradeOff.sourceAt(result.fullEnds(run.number(), FULL.rate()), end.target());
          if (full.isPresent()) {
            sum += end.source() - full.getAsDouble();
            count++;
          }
        }
      }
      if (count > 0) {
        parts.add(
            String.format(
                Locale.ROOT,
                "%s forgets %+.3f against full finetuning (%d seeds)",
                method.label(),
                sum / count,
                count));
        better += sum / count < -NOISE ? 1 : 0;
        compared++;
      }
    }
    String measured =
        compared == 0
            ? "no run of full finetuning brackets what adapters learned"
            : String.join("; ", parts) + ", in nats per character; negative is less";
    return new Claim(
        "At matched learning adapters forget less: not only by learning less",
        "section 4.3, figure 4: yes on code, no on mathematics",
        "less source loss than full finetuning at a smaller rate with the same target loss",
        measured,
        compared == 0 ? Verdict.NOT_MEASURED : Verdict.of(better == compared));
  }

  private Claim highRank() {
    double full = result.rank90(FULL);
    double one = result.rank90(LORA1);
    double four = result.rank90(LORA4);
    double sixteen = result.rank90(LORA16);
    return new Claim(
        "Full finetuning changes weights by far more ranks than adapters"
            + at(result.repetitions(FULL)),
        "section 4.6, figure 6: 10 to 100 times at width 4096",
        "ranks of 90 % of the energy: at least 10 times those of rank 1, 3 times of rank 4, 1.5"
            + " times of rank 16 (the width of "
            + result.scale().width()
            + " leaves no room for more)",
        String.format(
            Locale.ROOT,
            "full %.1f, LoRA 16 %.1f, LoRA 4 %.1f, LoRA 1 %.1f",
            full,
            sixteen,
            four,
            one),
        Verdict.of(full >= 10 * one && full >= 3 * four && full >= 1.5 * sixteen));
  }

  private Claim growingRank() {
    double[] curve = result.rankCurve(FULL);
    boolean grows = curve[curve.length - 1] > curve[0];
    for (int i = 1; i < curve.length; i++) {
      grows &= curve[i] >= curve[i - 1] - 1;
    }
    List<String> parts = new ArrayList<>();
    for (int i = 0; i < curve.length; i++) {
      parts.add(
          String.format(
              Locale.ROOT, "%.1f at step %d", curve[i], result.scale().checkpoints().get(i)));
    }
    return new Claim(
        "The rank of what full finetuning changes grows with training"
            + at(result.repetitions(FULL)),
        "section 4.6, figure 6",
        "ascending, from a high rank at the first checkpoint on",
        String.join(", ", parts),
        Verdict.of(grows));
  }

  private Claim ranksByModule() {
    double attention = result.meanRank(FULL, "attention", false);
    double feedforward = result.meanRank(FULL, "feedforward", false);
    return new Claim(
        "Feedforward maps change by more ranks than attention maps" + at(result.repetitions(FULL)),
        "section 4.6, figure 6",
        "more",
        String.format(
            Locale.ROOT,
            "%.1f against %.1f; but %.2f against %.2f of what noise of the same shape has",
            feedforward,
            attention,
            result.meanRank(FULL, "feedforward", true),
            result.meanRank(FULL, "attention", true)),
        Verdict.of(feedforward > attention));
  }

  private Claim spectraStay() {
    double shift = result.rankShift(FULL);
    return new Claim(
        "The spectra of the weights themselves hardly change" + at(result.repetitions(FULL)),
        "section 4.6, figure 5",
        "their ranks of 90 % of the energy move by less than a tenth of the width",
        String.format(Locale.ROOT, "by %.1f on average, width %d", shift, result.scale().width()),
        Verdict.of(shift < result.scale().width() / 10.0));
  }

  private Claim intruders() {
    double full =
        result.has(TuningMethod.full(1e-3))
            ? result.intruders(TuningMethod.full(1e-3))
            : result.intruders(FULL);
    double lora = result.intruders(LORA16);
    return new Claim(
        "Adapters bring new leading singular vectors, full finetuning hardly any",
        "Shuttleworth et al. 2024",
        "more with adapters",
        String.format(
            Locale.ROOT,
            "of %d leading vectors are new: full (1e-3) %.1f, full (3e-3) %.1f, LoRA 16 %.1f, LoRA"
                + " 1 %.1f",
            result.lookedAt(FULL),
            full,
            result.intruders(FULL),
            lora,
            result.intruders(LORA1)),
        Verdict.of(lora > 2 * full));
  }

  private Claim diversity() {
    double lora = result.mean(LORA16, TuningOutcome::uniqueTexts);
    double full = result.mean(FULL, TuningOutcome::uniqueTexts);
    return new Claim(
        "Models with adapters give more diverse samples than fully finetuned ones",
        "section 4.5, figure 5",
        "more different texts among 50 of one prompt",
        String.format(
            Locale.ROOT,
            "full %.1f, LoRA 16 %.1f, LoRA 4 %.1f, LoRA 1 %.1f",
            full,
            lora,
            result.mean(LORA4, TuningOutcome::uniqueTexts),
            result.mean(LORA1, TuningOutcome::uniqueTexts)),
        Verdict.of(lora > full));
  }

  private Claim rates() {
    TuningMethod full = result.best("full");
    TuningMethod lora = result.best("LoRA 16");
    List<String> parts = new ArrayList<>();
    for (String name : List.of("full", "LoRA 16")) {
      for (TuningMethod method : result.rates(name)) {
        parts.add(method.label() + " " + number(result.target(method)));
      }
    }
    double ratio = lora.rate() / full.rate();
    return new Claim(
        "The best learning rate of adapters is about ten times that of full finetuning",
        "appendix B, figure S1",
        "ratio 5 to 20",
        String.format(
            Locale.ROOT, "ratio %s; target losses: %s", number(ratio), String.join(", ", parts)),
        Verdict.of(ratio >= 5 && ratio <= 20));
  }

  private Claim regularizers() {
    List<String> parts = new ArrayList<>();
    boolean like = true;
    for (TuningMethod method : StudyMethods.REGULARIZERS) {
      parts.add(
          method.name()
              + " "
              + number(result.source(method))
              + "/"
              + number(result.target(method)));
      boolean ofPaper = method.name().startsWith("weight") || method.name().contains("dropout");
      like &= !ofPaper || result.source(method) > result.source(FULL) - 0.03;
    }
    boolean lora = result.source(LORA16) < result.source(FULL) - NOISE;
    return new Claim(
        "Weight decay and dropout forget as much as plain full finetuning; adapters forget less",
        "section 4.5, figure 4 (residual dropout, L2-SP and replay are additions)",
        "source losses of decay and dropout within 0.03 of full finetuning or above, LoRA 16 below",
        "source/target: full "
            + number(result.source(FULL))
            + "/"
            + number(result.target(FULL))
            + ", "
            + String.join(", ", parts)
            + ", LoRA 16 "
            + number(result.source(LORA16))
            + "/"
            + number(result.target(LORA16)),
        Verdict.of(like && lora));
  }

  private TuningMethod named(String name) {
    return result.methods().stream()
        .filter(method -> method.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private Claim targets() {
    TuningMethod attention = named("LoRA 16 attention");
    TuningMethod feedforward = named("LoRA 16 MLP");
    return new Claim(
        "Adapters on all maps learn most, and feedforward maps give most of it",
        "figure 7",
        "target loss: all <= feedforward < attention",
        row(result::target, LORA16, feedforward, attention),
        Verdict.of(
            result.target(LORA16) <= result.target(feedforward)
                && result.target(feedforward) < result.target(attention)));
  }

  private Claim alpha() {
    TuningMethod one = named("LoRA 16 scale 1");
    TuningMethod eight = named("rsLoRA 16");
    return new Claim(
        "alpha = 2 r is better than alpha = r",
        "appendix B.1, figure S3",
        "target loss lower at scale 2",
        row(result::target, one, LORA16, eight) + " (scales 1, 2 and 8)",
        Verdict.of(result.target(LORA16) < result.target(one)));
  }
}
