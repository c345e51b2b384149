package org.quadrille.quant;

/**
 * When a decomposition ends and which iterate it returns.
 *
 * @param maxIterations at least 1; 40 by default (the paper allows 100; 5 give most of the gain)
 * @param tolerance stops when an iteration lowers the error by less than this, relatively; 1e-4 by
 *     default, 0 for the paper's bare rule
 * @param stopsEarly whether the error is looked at at all; false makes exactly {@code
 *     maxIterations} rounds, as LoftQ and QPiSSA do
 * @param keepBest whether to return the iterate of least error (default) or, as the papers' codes,
 *     the last one
 */
public record StopCriteria(
    int maxIterations, double tolerance, boolean stopsEarly, boolean keepBest) {

  /** At most 40 iterations, tolerance 1e-4, the best iterate. */
  public static final StopCriteria DEFAULT = new StopCriteria(40, 1e-4, true, true);

  /** Checks the ranges. */
  public StopCriteria {
    if (maxIterations < 1) {
      throw new IllegalArgumentException(
          "maxIterations: given " + maxIterations + ", expected at least 1");
    }
    if (!(tolerance >= 0 && tolerance < 1)) {
      throw new IllegalArgumentException(
          "tolerance: given " + tolerance + ", expected 0 to below 1 (1e-4 is usual)");
    }
  }

  /** Exactly so many rounds, of which the last one counts. */
  public static StopCriteria rounds(int count) {
    return new StopCriteria(count, 0, false, false);
  }

  /** The rule that ends the iteration after this one, or null to go on. */
  StopRule rule(int iteration, double last, double error) {
    if (stopsEarly && error > last) {
      return StopRule.ERROR_ROSE;
    }
    if (stopsEarly && last - error < tolerance * last) {
      return StopRule.SMALL_GAIN;
    }
    return iteration == maxIterations ? StopRule.ITERATION_LIMIT : null;
  }
}
