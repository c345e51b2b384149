package org.quadrille.optim;

import org.quadrille.linalg.Tensors;

/**
 * A rule that moves parameters against their gradients, with whatever it remembers of the steps
 * before.
 *
 * <p>The first step fixes which tensors are trained: those that have a gradient. Parameters and
 * gradients must be contiguous and of one dtype for each name; single and double precision run
 * through the same code. Not thread safe; the work of a step is split over the current worker pool,
 * with the same bits for any number of threads.
 */
public interface Optimizer {

  /**
   * One step.
   *
   * @param parameters modified: those that {@code gradients} names
   * @param gradients of equal shapes and dtypes, not modified; the same names at every step
   * @param rateFactor multiplies the peak rates of the groups; 0 or more, see {@link Schedule}
   * @throws IllegalArgumentException if tensors do not fit or names changed
   */
  void step(Tensors parameters, Tensors gradients, double rateFactor);

  /**
   * All that is remembered, by name: with the parameters and this, a later run takes the same
   * steps. The tensors are shared with the optimizer and change with its next step; empty before
   * the first one.
   */
  Tensors state();

  /**
   * Goes on from saved state; the tensors are copied.
   *
   * @param state what {@link #state} of an optimizer of the same kind and groups gave
   * @throws IllegalArgumentException at the next step if a tensor of the state is missing or does
   *     not fit; here if the count of steps is missing
   */
  void load(Tensors state);
}
