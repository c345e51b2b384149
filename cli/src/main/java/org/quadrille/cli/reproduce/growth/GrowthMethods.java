package org.quadrille.cli.reproduce.growth;

import java.util.List;
import org.quadrille.growth.FixedGrowth;
import org.quadrille.growth.FixedOperators;
import org.quadrille.growth.GrowthPlan;
import org.quadrille.growth.LayerSources;
import org.quadrille.growth.LearnedStart;
import org.quadrille.growth.LearningSettings;
import org.quadrille.growth.LearningSettings.Rate;
import org.quadrille.growth.LosslessGrowth;
import org.quadrille.growth.LosslessMixtures;
import org.quadrille.growth.WidthCopies;
import org.quadrille.linalg.DType;
import org.quadrille.transformer.Architecture;

/** The methods that are compared, all in single precision. */
final class GrowthMethods {
  private static final DType F32 = DType.F32;

  private GrowthMethods() {}

  /** Nothing is grown. */
  static final GrowthMethod SCRATCH =
      new GrowthMethod("scratch", "scratch", null, LearningSettings.OURS.withSteps(0));

  /** Layers in turn, old weights in the corner of fresh ones (StackBERT with direct copy). */
  static final GrowthMethod STACK =
      GrowthMethod.fixed(
          "stack",
          "StackBERT",
          (small, large, seed) ->
              GrowthMethod.Start.of(
                  FixedOperators.directCopy(small, large, F32, seed, stack(small, large))));

  /** Layers in turn, random copies of neurons whose readers share the weight (bert2BERT FPI). */
  static final GrowthMethod FPI =
      GrowthMethod.fixed(
          "fpi",
          "FPI",
          (small, large, seed) ->
              GrowthMethod.Start.of(
                  FixedOperators.copies(
                      small,
                      large,
                      F32,
                      WidthCopies.random(small, large, seed),
                      stack(small, large))));

  /** Each layer several times in a row, random copies of neurons. */
  static final GrowthMethod INTERPOLATION =
      GrowthMethod.fixed(
          "interpolation",
          "interpolation",
          (small, large, seed) ->
              GrowthMethod.Start.of(
                  FixedOperators.copies(
                      small,
                      large,
                      F32,
                      WidthCopies.random(small, large, seed),
                      LayerSources.interpolation(small.layers(), large.layers()))));

  /** Layers in turn, new neurons from the layer above (bert2BERT AKI). */
  static final GrowthMethod AKI =
      GrowthMethod.fixed(
          "aki",
          "AKI",
          (small, large, seed) ->
              GrowthMethod.Start.of(
                  FixedOperators.advanced(
                      small,
                      large,
                      F32,
                      WidthCopies.random(small, large, seed),
                      stack(small, large))));

  /** The same function at the start (after LEMON). */
  static final GrowthMethod LOSSLESS =
      GrowthMethod.fixed(
          "lossless",
          "lossless",
          (small, large, seed) ->
              GrowthMethod.Start.of(LosslessGrowth.broken(small, large, F32, seed)));

  /** The published start, learned at rates that move it. */
  static final GrowthMethod LIGO =
      new GrowthMethod("ligo", "LiGO", GrowthMethods::published, LearningSettings.OURS);

  /** The published start with the optimizer settings of the published code. */
  static final GrowthMethod LIGO_AS_RELEASED =
      new GrowthMethod(
          "ligo-released",
          "LiGO as released",
          GrowthMethods::published,
          LearningSettings.PUBLISHED);

  /** Steps of learning from a start that is good already; each costs more than a training step. */
  private static final int FEW = 30;

  /** The same function, new neurons mixtures of old ones; nothing learned. */
  static final GrowthMethod MIXED =
      GrowthMethod.fixed(
          "mixed",
          "lossless, mixed",
          (small, large, seed) ->
              GrowthMethod.Start.of(LosslessMixtures.of(small, large, F32, seed)));

  /** All numbers of that start learned, at rates that keep it good. */
  static final GrowthMethod LIGO_TUNED =
      new GrowthMethod(
          "ligo-mixed",
          "LiGO, mixed start",
          (small, large, seed) -> {
            FixedGrowth start = LosslessMixtures.of(small, large, F32, seed);
            return new GrowthMethod.Start(LearnedStart.from(start.operator()), start.large());
          },
          LearningSettings.OURS
              .withSteps(FEW)
              .withMaps(Rate.of(1e-4))
              .withResidual(Rate.of(1e-4))
              .withMixtures(Rate.of(1e-3)));

  /** What the paper compares with. */
  static final List<GrowthMethod> OF_THE_PAPER = List.of(STACK, FPI, INTERPOLATION, AKI);

  private static GrowthMethod.Start published(Architecture small, Architecture large, long seed) {
    return new GrowthMethod.Start(
        LearnedStart.PUBLISHED.operator(GrowthPlan.of(small, large), F32, seed), large);
  }

  private static int[] stack(Architecture small, Architecture large) {
    return LayerSources.stack(small.layers(), large.layers());
  }
}
