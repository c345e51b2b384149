package org.quadrille.growth;

import org.quadrille.optim.DecayRule;
import org.quadrille.optim.ParameterGroups;
import org.quadrille.optim.Schedule;

/**
 * How a growth operator is learned. Immutable; two of equal numbers learn the same.
 *
 * {@snippet :
 * LearningSettings settings = LearningSettings.OURS.withSteps(30).withMixtures(Rate.of(3e-2));
 * }
 *
 * @param steps number of steps; 0 leaves the operator as it starts
 * @param method the optimizer
 * @param maps rate of the maps of axes
 * @param mixtures rate of the mixtures of layers
 * @param residual rate of the free parts of tensors
 * @param small rate of the small weights; {@link Rate#FROZEN} as in LiGO
 * @param warmUp steps in which the rates rise linearly from 0, step s having {@code s / warmUp} of
 *     them; may be more than there are steps
 * @param finalRatio part of the rates that a linear fall after the warm-up ends at, 0 to 1
 * @param largestNorm of all gradients together; infinite for no clipping
 */
public record LearningSettings(
    int steps,
    LearningMethod method,
    Rate maps,
    Rate mixtures,
    Rate residual,
    Rate small,
    int warmUp,
    double finalRatio,
    double largestNorm) {

  /**
   * Learning rate of some numbers. With rate 0 they stay as they are and cost nothing.
   *
   * @param peak largest rate, 0 or more
   * @param decay weight decay, 0 or more: each step takes {@code rate * decay} of the numbers away
   */
  public record Rate(double peak, double decay) {
    /** Not learned. */
    public static final Rate FROZEN = new Rate(0, 0);

    /**
     * Checks the numbers.
     *
     * @throws IllegalArgumentException if one is negative, infinite or NaN
     */
    public Rate {
      if (!(peak >= 0 && decay >= 0) || Double.isInfinite(peak) || Double.isInfinite(decay)) {
        throw new IllegalArgumentException(
            "rate: given " + peak + " with decay " + decay + ", expected finite ones, 0 or more");
      }
    }

    /** A rate without decay. */
    public static Rate of(double peak) {
      return new Rate(peak, 0);
    }
  }

  private static final LearningMethod ADAM = new LearningMethod.AdamMethod(0.9, 0.95, 1e-8);

  /**
   * As the authors' code runs when its instructions are followed: AdamW, 2e-4, decay 0.1, 100 steps
   * within a warm-up of 10,000. The rates add up to 1e-4, so that the operator hardly leaves its
   * start; for comparison, not for use.
   */
  public static final LearningSettings PUBLISHED =
      new LearningSettings(
          100,
          new LearningMethod.AdamMethod(0.9, 0.999, 1e-6),
          new Rate(2e-4, 0.1),
          new Rate(2e-4, 0.1),
          new Rate(2e-4, 0.1),
          Rate.FROZEN,
          10_000,
          0,
          1);

  /** Adam, 1e-2 falling to a tenth, for starts whose loss is far from that of the small model. */
  public static final LearningSettings OURS = adam(1e-2);

  /** Adam, 3e-4 falling to a tenth, for starts that keep the function of the small model. */
  public static final LearningSettings FROM_EXACT = adam(3e-4);

  /** Gradient descent with momentum 0.9, 0.1 falling to a tenth: the method the paper names. */
  public static final LearningSettings DESCENT =
      OURS.withMethod(new LearningMethod.Descent(0.9)).withRate(0.1);

  /**
   * Checks the numbers.
   *
   * @throws IllegalArgumentException if one is out of range
   */
  public LearningSettings {
    if (steps < 0 || warmUp < 0) {
      throw new IllegalArgumentException(
          "learning: given " + steps + " steps, warm-up " + warmUp + "; expected 0 or more");
    }
    if (!(finalRatio >= 0 && finalRatio <= 1)) {
      throw new IllegalArgumentException("finalRatio: given " + finalRatio + ", expected 0 to 1");
    }
    if (!(largestNorm > 0)) {
      throw new IllegalArgumentException(
          "largestNorm: given " + largestNorm + ", expected a number above 0");
    }
    if (method == null || maps == null || mixtures == null || residual == null || small == null) {
      throw new IllegalArgumentException(
          "learning: given null, expected a method and four rates; Rate.FROZEN for none");
    }
  }

  private static LearningSettings adam(double rate) {
    Rate all = Rate.of(rate);
    return new LearningSettings(100, ADAM, all, all, all, Rate.FROZEN, 0, 0.1, 1);
  }

  /** The same with another number of steps. */
  public LearningSettings withSteps(int newSteps) {
    return new LearningSettings(
        newSteps, method, maps, mixtures, residual, small, warmUp, finalRatio, largestNorm);
  }

  /** The same with another optimizer. */
  public LearningSettings withMethod(LearningMethod newMethod) {
    return new LearningSettings(
        steps, newMethod, maps, mixtures, residual, small, warmUp, finalRatio, largestNorm);
  }

  /** The same with one peak rate for all that the operator has; decays stay. */
  public LearningSettings withRate(double peak) {
    return withMaps(new Rate(peak, maps.decay()))
        .withMixtures(new Rate(peak, mixtures.decay()))
        .withResidual(new Rate(peak, residual.decay()));
  }

  /** The same with another rate of the maps. */
  public LearningSettings withMaps(Rate newMaps) {
    return new LearningSettings(
        steps, method, newMaps, mixtures, residual, small, warmUp, finalRatio, largestNorm);
  }

  /** The same with another rate of the mixtures of layers. */
  public LearningSettings withMixtures(Rate newMixtures) {
    return new LearningSettings(
        steps, method, maps, newMixtures, residual, small, warmUp, finalRatio, largestNorm);
  }

  /** The same with another rate of the free parts. */
  public LearningSettings withResidual(Rate newResidual) {
    return new LearningSettings(
        steps, method, maps, mixtures, newResidual, small, warmUp, finalRatio, largestNorm);
  }

  /** The same with the small weights learned too, or frozen. */
  public LearningSettings withSmall(Rate newSmall) {
    return new LearningSettings(
        steps, method, maps, mixtures, residual, newSmall, warmUp, finalRatio, largestNorm);
  }

  /** The same with another course of the rates. */
  public LearningSettings withCourse(int newWarmUp, double newFinalRatio) {
    return new LearningSettings(
        steps, method, maps, mixtures, residual, small, newWarmUp, newFinalRatio, largestNorm);
  }

  /** The same with gradients clipped to another norm. */
  public LearningSettings withClipping(double newLargestNorm) {
    return new LearningSettings(
        steps, method, maps, mixtures, residual, small, warmUp, finalRatio, newLargestNorm);
  }

  /** The rate of a parameter of a {@link GrowthObjective}. */
  Rate rate(String name) {
    if (GrowthObjective.isSmall(name)) {
      return small;
    }
    return GrowthOperator.isMixture(name)
        ? mixtures
        : GrowthOperator.isAdditive(name) ? residual : maps;
  }

  ParameterGroups groups() {
    return ParameterGroups.of(maps.peak(), maps.decay(), DecayRule.PYTORCH)
        .with(GrowthOperator::isMixture, mixtures.peak(), mixtures.decay(), DecayRule.PYTORCH)
        .with(GrowthOperator::isAdditive, residual.peak(), residual.decay(), DecayRule.PYTORCH)
        .with(GrowthObjective::isSmall, small.peak(), small.decay(), DecayRule.PYTORCH);
  }

  /** Factor of the rates; defined for every step, whatever the warm-up. */
  Schedule schedule() {
    return Schedule.linear(warmUp, Math.max(1, Math.max(steps, warmUp)), finalRatio);
  }
}
