package org.quadrille.cli.reproduce.growth;

import java.util.List;

/**
 * Everything that is run: one main comparison and four smaller ones.
 *
 * @param main more layers and more width, at the larger sizes
 * @param masked the same for a model with normalization after the sums
 * @param depth more layers only
 * @param width more width only
 * @param steps more layers and more width, with several numbers of growing steps
 */
record StudyPlan(
    StudyPart main, StudyPart masked, StudyPart depth, StudyPart width, StudyPart steps) {
  private static final int SEEDS = 3;

  private static final List<GrowthMethod> ALL =
      List.of(
          GrowthMethods.STACK,
          GrowthMethods.FPI,
          GrowthMethods.INTERPOLATION,
          GrowthMethods.AKI,
          GrowthMethods.LOSSLESS,
          GrowthMethods.LIGO,
          GrowthMethods.LIGO_AS_RELEASED,
          GrowthMethods.MIXED,
          GrowthMethods.LIGO_TUNED);

  private static final List<GrowthMethod> DEPTH =
      List.of(
          GrowthMethods.STACK,
          GrowthMethods.INTERPOLATION,
          GrowthMethods.LOSSLESS,
          GrowthMethods.LIGO);

  private static final List<GrowthMethod> WIDTH =
      List.of(
          GrowthMethods.STACK,
          GrowthMethods.FPI,
          GrowthMethods.AKI,
          GrowthMethods.LOSSLESS,
          GrowthMethods.LIGO);

  private static final List<GrowthMethod> MASKED =
      List.of(
          GrowthMethods.STACK,
          GrowthMethods.FPI,
          GrowthMethods.INTERPOLATION,
          GrowthMethods.AKI,
          GrowthMethods.LOSSLESS,
          GrowthMethods.LIGO,
          GrowthMethods.MIXED,
          GrowthMethods.LIGO_TUNED);

  /** Half an hour on two quiet cores. */
  static StudyPlan full() {
    StudySetting main = new StudySetting("both", StudyTask.NEXT_CHARACTER, 2, 64, 4, 96);
    return of(
        new StudyPart(
            "GPT, layers and width",
            StudyRecipe.FULL,
            main,
            ALL,
            List.of(250, 500),
            List.of(2000, 4000),
            SEEDS),
        new StudyPart(
            "BERT, layers and width",
            StudyRecipe.HALF_MASKED,
            new StudySetting("masked", StudyTask.MASKED_CHARACTERS, 2, 32, 4, 48),
            MASKED,
            List.of(500, 1000),
            List.of(4000, 8000),
            SEEDS),
        StudyRecipe.HALF,
        new int[] {2, 32, 4, 48},
        List.of(500),
        List.of(2000),
        List.of(0, 10, 30, 100, 300));
  }

  /** A minute or two. */
  static StudyPlan quick() {
    StudySetting main = new StudySetting("both", StudyTask.NEXT_CHARACTER, 2, 16, 4, 24);
    return of(
        new StudyPart(
            "GPT, layers and width",
            StudyRecipe.QUICK,
            main,
            ALL,
            List.of(50, 100, 200),
            List.of(250, 500, 1000),
            SEEDS),
        new StudyPart(
            "BERT, layers and width",
            StudyRecipe.QUICK,
            new StudySetting("masked", StudyTask.MASKED_CHARACTERS, 2, 16, 4, 24),
            MASKED,
            List.of(200),
            List.of(500, 1000),
            SEEDS),
        StudyRecipe.QUICK,
        new int[] {2, 16, 4, 24},
        List.of(200),
        List.of(500, 1000),
        List.of(0, 10, 30, 100, 300));
  }

  /**
   * The main part, that with hidden characters, and three smaller ones.
   *
   * @param sizes layers and width of the source, layers and width of the target
   */
  private static StudyPlan of(
      StudyPart main,
      StudyPart masked,
      StudyRecipe recipe,
      int[] sizes,
      List<Integer> budgets,
      List<Integer> scratch,
      List<Integer> learning) {
    int l1 = sizes[0];
    int d1 = sizes[1];
    int l2 = sizes[2];
    int d2 = sizes[3];
    StudyTask gpt = StudyTask.NEXT_CHARACTER;
    StudySetting depth = new StudySetting("depth", gpt, l1, d2, l2, d2);
    StudySetting width = new StudySetting("width", gpt, l2, d1, l2, d2);
    StudySetting both = new StudySetting("steps", gpt, l1, d1, l2, d2);
    List<GrowthMethod> steps = learning.stream().map(GrowthMethods.LIGO::withSteps).toList();
    return new StudyPlan(
        main,
        masked,
        new StudyPart("GPT, layers only", recipe, depth, DEPTH, budgets, scratch, SEEDS),
        new StudyPart("GPT, width only", recipe, width, WIDTH, budgets, scratch, SEEDS),
        new StudyPart("GPT, growing steps", recipe, both, steps, budgets, scratch, SEEDS));
  }

  /** The parts in the order in which they are run. */
  List<StudyPart> parts() {
    return List.of(main, masked, depth, width, steps);
  }
}
