package org.quadrille.transformer.train;

import org.quadrille.optim.Schedule;

/**
 * What a {@link Trainer} does when.
 *
 * @param steps in all
 * @param schedule factor of the peak rates; step s, counted from 0, has {@code factor(s + 1)}, so
 *     that a warm-up begins with a step that moves
 * @param largestNorm of all gradients together; infinite for no clipping
 * @param evaluateEvery steps between evaluations; 0 for one at the end only
 * @param saveEvery steps between checkpoints; 0 for one at the end only
 */
public record TrainingPlan(
    long steps, Schedule schedule, double largestNorm, long evaluateEvery, long saveEvery) {

  /**
   * Checks the numbers.
   *
   * @throws IllegalArgumentException if one is out of range
   */
  public TrainingPlan {
    if (steps < 0 || steps > Integer.MAX_VALUE || evaluateEvery < 0 || saveEvery < 0) {
      throw new IllegalArgumentException(
          "training: given "
              + steps
              + " steps, evaluation every "
              + evaluateEvery
              + ", checkpoints every "
              + saveEvery
              + "; expected none to be negative, and steps below 2^31");
    }
    if (!(largestNorm > 0)) {
      throw new IllegalArgumentException(
          "largest norm of the gradients: given " + largestNorm + ", expected a number above 0");
    }
  }

  /** Constant rates, no clipping, evaluation and checkpoint at the end. */
  public static TrainingPlan of(long steps) {
    return new TrainingPlan(steps, Schedule.constant(0), Double.POSITIVE_INFINITY, 0, 0);
  }

  /** The same with another schedule. */
  public TrainingPlan withSchedule(Schedule newSchedule) {
    return new TrainingPlan(steps, newSchedule, largestNorm, evaluateEvery, saveEvery);
  }

  /** The same with gradients clipped to a norm. */
  public TrainingPlan withClipping(double newLargestNorm) {
    return new TrainingPlan(steps, schedule, newLargestNorm, evaluateEvery, saveEvery);
  }

  /** The same with evaluations and checkpoints on the way. */
  public TrainingPlan every(long newEvaluateEvery, long newSaveEvery) {
    return new TrainingPlan(steps, schedule, largestNorm, newEvaluateEvery, newSaveEvery);
  }

  /** Whether something that happens every n steps is due after that many of them. */
  boolean isDue(long every, long done) {
    return done == steps || (every > 0 && done % every == 0);
  }
}
