package org.quadrille.growth.plan;

import org.quadrille.growth.FixedGrowth;
import org.quadrille.growth.FixedOperators;
import org.quadrille.growth.GrowthOperator;
import org.quadrille.growth.GrowthPlan;
import org.quadrille.growth.LayerSources;
import org.quadrille.growth.LearnedStart;
import org.quadrille.growth.LosslessGrowth;
import org.quadrille.growth.LosslessMixtures;
import org.quadrille.growth.WidthCopies;
import org.quadrille.linalg.DType;
import org.quadrille.transformer.Architecture;

/**
 * The growth methods by name, each for any sizes: what a method does not say about the width or the
 * layers is filled with random copies (Net2Net) and with the whole stack again.
 */
public enum GrowthMethod {
  /** The whole stack again (Gong et al., StackBERT, 2019). */
  STACK,
  /** Each layer next to its copy (Chang et al., 2017). */
  INTERPOLATE,
  /** The top layers again and again (Yang et al., 2020). */
  TOP_STACK,
  /** Two copies cut at the seam (Kim et al., SOLAR, 2023). */
  UPSCALE,
  /** Random copies whose readers share the weight (Chen et al., 2016). */
  NET2NET,
  /** Copies in turn (Samragh et al., HyperCloning, 2024). */
  HYPERCLONING,
  /** New neurons from the layer above (Chen et al., bert2BERT, 2021). */
  AKI,
  /** Old weights in the corner of fresh ones. */
  DIRECT,
  /** Old weights in the corner of zeros and of fresh rows that nothing reads (Du et al., 2024). */
  ZERO,
  /** The function kept wherever that is possible (after Y. Wang et al., LEMON, 2024). */
  LOSSLESS,
  /** The same, with new heads and hidden units that are random mixtures of the old ones. */
  MIXTURES,
  /** Maps and mixtures to be learned, as LiGO starts (P. Wang et al., 2023). */
  LIGO;

  /** The name in a command: {@code top-stack}. */
  public String word() {
    return name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
  }

  /**
   * The operator of the method, and whether it keeps the function of the model.
   *
   * @param small before
   * @param large after; its epsilon may change
   * @param seed of random copies and numbers
   * @throws IllegalArgumentException if the method cannot reach these sizes
   */
  public FixedGrowth grow(Architecture small, Architecture large, DType dtype, long seed) {
    int[] stack = LayerSources.stack(small.layers(), large.layers());
    return switch (this) {
      case STACK, NET2NET -> copies(small, large, dtype, seed, stack);
      case INTERPOLATE ->
          copies(
              small,
              large,
              dtype,
              seed,
              LayerSources.interpolation(small.layers(), large.layers()));
      case TOP_STACK -> copies(small, large, dtype, seed, topStack(small, large));
      case UPSCALE -> copies(small, large, dtype, seed, upScaling(small, large));
      case HYPERCLONING ->
          FixedOperators.copies(small, large, dtype, WidthCopies.circular(small, large), stack);
      case AKI ->
          FixedOperators.advanced(
              small, large, dtype, WidthCopies.random(small, large, seed), stack);
      case DIRECT -> FixedOperators.directCopy(small, large, dtype, seed, stack);
      case ZERO ->
          FixedOperators.zeroPadding(
              small, large, dtype, seed, LosslessGrowth.spread(small.layers(), large.layers()));
      case LOSSLESS -> LosslessGrowth.broken(small, large, dtype, seed);
      case MIXTURES -> LosslessMixtures.of(small, large, dtype, seed);
      case LIGO ->
          new FixedGrowth(
              LearnedStart.PUBLISHED.operator(GrowthPlan.of(small, large), dtype, seed),
              large,
              false,
              "new elements and layers are mixtures of all old ones");
    };
  }

  /**
   * The operator of the method for a plan with groups of its own: copies of the elements of each
   * group, whole blocks of them, and of layers.
   *
   * @throws IllegalArgumentException if the method needs to know the architecture
   */
  public GrowthOperator grow(PlannedModel model, GrowthPlan plan, DType dtype, long seed) {
    int from = plan.smallLayers();
    int to = plan.largeLayers();
    return switch (this) {
      case STACK, NET2NET -> GroupCopies.random(model, plan, dtype, seed, stackOf(from, to));
      case INTERPOLATE ->
          GroupCopies.random(model, plan, dtype, seed, LayerSources.interpolation(from, to));
      case TOP_STACK ->
          GroupCopies.random(
              model, plan, dtype, seed, LayerSources.topStack(from, to, top(from, to)));
      case UPSCALE -> GroupCopies.random(model, plan, dtype, seed, upScaling(from, to));
      case HYPERCLONING -> GroupCopies.circular(model, plan, dtype, stackOf(from, to));
      case LIGO -> LearnedStart.PUBLISHED.operator(plan, dtype, seed);
      case AKI, DIRECT, ZERO, LOSSLESS, MIXTURES ->
          throw new IllegalArgumentException(
              word()
                  + " needs to know what the tensors are for; give the plan an architecture and the"
                  + " names of its modules, or use net2net, hypercloning, stack, interpolate,"
                  + " top-stack, upscale or ligo");
    };
  }

  private static int[] stackOf(int from, int to) {
    return LayerSources.stack(from, to);
  }

  private static FixedGrowth copies(
      Architecture small, Architecture large, DType dtype, long seed, int... source) {
    return FixedOperators.copies(
        small, large, dtype, WidthCopies.random(small, large, seed), source);
  }

  private static int[] topStack(Architecture small, Architecture large) {
    return LayerSources.topStack(
        small.layers(), large.layers(), top(small.layers(), large.layers()));
  }

  /** As many layers again as are missing, or all. */
  private static int top(int small, int large) {
    return Math.clamp(large - small, 1, small);
  }

  private static int[] upScaling(Architecture small, Architecture large) {
    return upScaling(small.layers(), large.layers());
  }

  private static int[] upScaling(int small, int large) {
    if (small == large) {
      return LayerSources.stack(small, large);
    }
    if (large % 2 != 0 || large > 2 * small) {
      throw new IllegalArgumentException(
          "upscale: from "
              + small
              + " to "
              + large
              + " layers; expected an even number of at most "
              + 2 * small);
    }
    return LayerSources.upScaling(small, small - large / 2);
  }
}
