package org.quadrille.cli.reproduce.growth;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.quadrille.formats.JsonObject;

/**
 * A part of the study after its runs.
 *
 * @param part what was run
 * @param costs of its setting
 * @param scratch the reference
 * @param series one for each method, in order
 */
record PartResult(StudyPart part, StudyCosts costs, StudySeries scratch, List<StudySeries> series) {

  static PartResult of(StudyPart part, StudyText text, Map<StudyRun, StudyOutcome> outcomes) {
    return new PartResult(
        part,
        StudyCosts.of(part.setting(), text, part.recipe()),
        StudySeries.of(part.setting(), GrowthMethods.SCRATCH, outcomes),
        part.methods().stream()
            .map(method -> StudySeries.of(part.setting(), method, outcomes))
            .toList());
  }

  /** The runs of a method by its name. */
  Optional<StudySeries> find(String name) {
    return series.stream().filter(s -> s.method().name().equals(name)).findFirst();
  }

  /** The runs of a method that is known to be there. */
  StudySeries get(GrowthMethod method) {
    return find(method.name())
        .orElseThrow(
            () -> new IllegalStateException(part.title() + ": no runs of " + method.name()));
  }

  /** What a method saves, from mean losses. */
  Saving saving(StudySeries method) {
    return Saving.of(method, scratch);
  }

  /** Savings of the single seeds that got there. */
  double[] savingBySeed(StudySeries method) {
    return java.util.stream.IntStream.range(0, method.seeds().length)
        .mapToObj(seed -> Saving.of(method, scratch, seed))
        .filter(Saving::reached)
        .mapToDouble(Saving::saving)
        .toArray();
  }

  /** The largest budget, at which methods are compared. */
  int budget() {
    return part.budgets().getLast();
  }

  /** The budget at which a method has spent as much, its start included, as others in training. */
  int equalOperations(StudySeries method) {
    return Math.max(0, budget() - costs.startInSteps(method.method()));
  }

  /** Paired differences at equal training steps by seed; negative where the first is better. */
  double[] differences(StudySeries first, StudySeries second) {
    return differences(first, budget(), second, budget());
  }

  /** Paired differences at equal operations by seed; negative where the first is better. */
  double[] differencesAtEqualOperations(StudySeries first, StudySeries second) {
    return differences(first, equalOperations(first), second, equalOperations(second));
  }

  private static double[] differences(
      StudySeries first, int firstBudget, StudySeries second, int secondBudget) {
    double[] differences = new double[first.seeds().length];
    Arrays.setAll(differences, s -> first.loss(s, firstBudget) - second.loss(s, secondBudget));
    return differences;
  }

  JsonObject toJson() {
    List<JsonObject> methods = new ArrayList<>();
    methods.add(json(scratch));
    for (StudySeries one : series) {
      List<Double> bySeed = Arrays.stream(savingBySeed(one)).boxed().toList();
      methods.add(json(one).put("saving", saving(one).toJson()).put("savingBySeed", bySeed));
    }
    return new JsonObject()
        .put("title", part.title())
        .put("setting", part.setting().describe())
        .put("methods", methods);
  }

  private static JsonObject json(StudySeries one) {
    JsonObject json =
        new JsonObject()
            .put("name", one.method().name())
            .put("label", one.method().label())
            .put("learningSteps", one.method().learning().steps())
            .put("budgets", Arrays.stream(one.budgets()).boxed().toList())
            .put("losses", Arrays.stream(one.losses()).map(PartResult::list).toList())
            .put("meanLosses", list(one.meanLosses()))
            .put("starts", list(one.starts()))
            .put("stepFlops", one.stepFlops())
            .put("learningFlops", one.learningFlops())
            .put("sourceFlops", one.sourceFlops());
    return one.method().isScratch() ? json : json.put("sourceLosses", list(one.sourceLosses()));
  }

  private static List<Double> list(double[] values) {
    return Arrays.stream(values).boxed().toList();
  }
}
