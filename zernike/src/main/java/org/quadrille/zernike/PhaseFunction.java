package org.quadrille.zernike;

/**
 * The derivative of the phase alpha, where {@code v = const sin(alpha) / alpha'^(1/2)} solves
 * {@code v'' + Q v = 0} and alpha' does not oscillate, at one angle: a Taylor series in the angle,
 * found by iterating {@code w^2 = Q + (3/4)(w'/w)^2 - w''/(2w)} from {@code w^2 = Q}. Each pass
 * takes two terms off the series.
 */
final class PhaseFunction {
  /** Enough for 16 oscillations between the angle and the nearest singularity. */
  static final int MOST_PASSES = 6;

  private static final int FEWEST_PASSES = 2;
  private static final double NEGLIGIBLE = 1e-19;

  private final double deficit;
  private final double derivative;
  private final double value;

  private PhaseFunction(double deficit, double value, double derivative) {
    this.deficit = deficit;
    this.value = value;
    this.derivative = derivative;
  }

  /**
   * The phase at an angle.
   *
   * @param equation whose solution has the phase
   * @param angle psi with t = sin^2 psi or, if {@code fromEdge}, phi = pi/2 - psi with s = sin^2
   *     phi
   * @param fromEdge whether the angle is counted from t = 1; then {@link #deficit} is relative to
   *     the edge frequency, else to kappa
   * @param passes number of iterations
   */
  static PhaseFunction at(JacobiEquation equation, double angle, boolean fromEdge, int passes) {
    int length = 2 * passes + 3;
    double sine = Math.sin(angle);
    double cosine = Math.cos(angle);
    // series of 1 / sin^2 and 1 / cos^2 of the given angle, in units of the distance to a
    // singularity
    double unit = Math.min(angle, Math.PI / 2 - angle);
    double[] sines = new double[length];
    double[] cosines = new double[length];
    double factor = 1;
    for (int k = 0; k < length; k++) {
      double sign = (k & 2) == 0 ? factor : -factor;
      sines[k] = sign * ((k & 1) == 0 ? sine : cosine);
      cosines[k] = sign * ((k & 1) == 0 ? cosine : -sine);
      factor *= unit / (k + 1);
    }
    double[] one = new double[length];
    one[0] = 1;
    double[] inverseSine =
        TaylorSeries.divide(one, TaylorSeries.multiply(sines, sines, length), length);
    double[] inverseCosine =
        TaylorSeries.divide(one, TaylorSeries.multiply(cosines, cosines, length), length);
    double[] atZero = fromEdge ? inverseCosine : inverseSine; // 1 / t
    double[] atOne = fromEdge ? inverseSine : inverseCosine; // 1 / s
    double a = equation.a();
    double quarter = 0.25 - a * a;
    double[] q = new double[length];
    for (int k = 1; k < length; k++) {
      q[k] = quarter * atZero[k] + 0.25 * atOne[k];
    }
    // cot^2 psi; the constant a^2 of kappa^2 - a^2 = kR^2 is taken out of 1 / sin^2 = 1 + cot^2
    double ratio = fromEdge ? sine / cosine : cosine / sine;
    double edge = equation.edgeFrequency();
    double small = 0.25 + quarter * ratio * ratio + 0.25 * atOne[0];
    q[0] = edge * edge + small;
    double frequency = fromEdge ? edge : equation.kappa();
    double excess = fromEdge ? small : quarter * atZero[0] + 0.25 * atOne[0];
    return iterate(q, passes, unit, frequency, excess);
  }

  /**
   * Passes after which the rest is below rounding: pass j leaves about {@code (2j + 2)! / (2x)^(2j
   * + 2)}.
   *
   * @param x frequency times distance to the nearest singularity
   */
  static int passes(double x) {
    double rest = 2 / (4 * x * x);
    int passes = 0;
    while (passes < MOST_PASSES && (rest > NEGLIGIBLE || passes < FEWEST_PASSES)) {
      passes++;
      rest *= (2 * passes + 1) * (2 * passes + 2) / (4 * x * x);
    }
    return passes;
  }

  private static PhaseFunction iterate(
      double[] q, int passes, double unit, double frequency, double excess) {
    double[] w = TaylorSeries.sqrt(q, q.length);
    double root = w[0];
    double correction = 0;
    int length = q.length;
    for (int pass = 0; pass < passes; pass++) {
      length -= 2;
      double[] first = TaylorSeries.derivative(w, length + 1);
      double[] second = TaylorSeries.derivative(first, length);
      double[] logarithmic = TaylorSeries.divide(first, w, length);
      double[] square = TaylorSeries.multiply(logarithmic, logarithmic, length);
      double[] curvature = TaylorSeries.divide(second, w, length);
      double[] next = new double[length];
      for (int k = 0; k < length; k++) {
        double term = (0.75 * square[k] - 0.5 * curvature[k]) / (unit * unit);
        next[k] = q[k] + term;
        if (k == 0) {
          correction = term;
        }
      }
      w = TaylorSeries.sqrt(next, length);
    }
    // frequency - w without cancellation
    double deficit = -excess / (root + frequency) - correction / (w[0] + root);
    return new PhaseFunction(deficit, w[0], w[1] / unit);
  }

  /** The frequency minus alpha'. */
  double deficit() {
    return deficit;
  }

  /** alpha'. */
  double value() {
    return value;
  }

  /** alpha'' by the angle that was given. */
  double derivative() {
    return derivative;
  }
}
