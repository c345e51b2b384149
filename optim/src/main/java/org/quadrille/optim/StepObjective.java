package org.quadrille.optim;

/**
 * A loss whose data change from step to step.
 *
 * <p>The objective of a step depends on the step alone, not on the steps before it, so a stopped
 * run that goes on at step s sees the same data as one that never stopped.
 */
@FunctionalInterface
public interface StepObjective {

  /**
   * The objective of one step; it may reuse buffers of the one before, which must not be used any
   * more.
   *
   * @param step from 0
   */
  Objective at(long step);

  /** The same objective at every step. */
  static StepObjective fixed(Objective objective) {
    return step -> objective;
  }
}
