package org.quadrille.linalg;

import java.util.Optional;

/** An iteration did not reach its tolerance; carries how far it came. */
public final class NotConvergedException extends ArithmeticException {
  private static final long serialVersionUID = 1L;

  private final int iterations;
  private final double residual;
  private final transient Object best;

  /**
   * An exception with what is known at the end.
   *
   * @param method what did not converge
   * @param iterations iterations done
   * @param residual distance from convergence, in the measure of the method
   * @param tolerance residual that would have been accepted
   * @param best the best result so far, or null
   */
  public NotConvergedException(
      String method, int iterations, double residual, double tolerance, Object best) {
    super(
        method
            + " did not converge in "
            + iterations
            + " iterations: residual "
            + residual
            + ", expected at most "
            + tolerance);
    this.iterations = iterations;
    this.residual = residual;
    this.best = best;
  }

  /** Iterations done. */
  public int iterations() {
    return iterations;
  }

  /** Distance from convergence, in the measure of the method that failed. */
  public double residual() {
    return residual;
  }

  /** The best result so far, if the method has one. */
  public Optional<Object> best() {
    return Optional.ofNullable(best);
  }
}
