package org.quadrille.optim;

/**
 * What a weight decay w does; r is the learning rate of the step, f the factor of the schedule, so
 * that r is f times the peak rate.
 *
 * <p>The rules differ by orders of magnitude: over 3000 steps at a rate of 5e-5, w = 1e-4 shrinks a
 * weight by 1e-5 of itself under {@link #PYTORCH} and by a quarter under {@link #STEPWISE}.
 */
public enum DecayRule {
  /** {@code theta := theta * (1 - r w)} before the step: AdamW of Loshchilov and Hutter (2019). */
  PYTORCH,
  /** {@code theta := theta * (1 - f w)} before the step: not multiplied by the peak rate. */
  STEPWISE,
  /** {@code theta := theta + r w (start - theta)}: L2-SP of Li et al. (2018), forgets less. */
  TOWARDS_START,
  /** {@code gradient := gradient + w theta}: the penalty {@code w / 2 * |theta|^2}. */
  GRADIENT
}
