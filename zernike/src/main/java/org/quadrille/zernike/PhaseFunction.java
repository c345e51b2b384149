package org.quadrille.zernike;

/**
 * The derivative of the phase alpha, where {@code v = const sin(alpha) / alpha'^(1/2)} solves
 * {@code v'' + Q v = 0} and alpha' does not oscillate, at many angles: a Taylor series around each
 * angle, found by iterating {@code w^2 = Q + (3/4)(w'/w)^2 - w''/(2w)} from {@code w^2 = Q}. Each
 * pass takes two terms off the series.
 *
 * <p>With {@code u = w^2} and {@code l = w'/w = u'/(2u)} a pass is {@code u = Q + l^2/4 - l'/2}: a
 * quotient and a square. Coefficient k of all angles is one array, so that the loops over angles
 * become vector code. Not thread safe.
 */
final class PhaseFunction {
  /** Enough for 16 oscillations between the angle and the nearest singularity. */
  static final int MOST_PASSES = 8;

  private static final int FEWEST_PASSES = 2;
  private static final double NEGLIGIBLE = 1e-19;
  private static final int LONGEST = 2 * MOST_PASSES + 3;

  private final JacobiEquation equation;
  private final int count;
  private final double[] units;
  private final double[] inverseSquares;
  private final double[] excesses;
  private final double[] deficits;
  private final double[] values;
  private final double[] derivatives;

  private final double[][] cotangents;
  private final double[][] q;
  private final double[][] u;
  private final double[][] logarithmic;

  /**
   * Memory for a number of angles.
   *
   * @param equation whose solution has the phase
   */
  PhaseFunction(JacobiEquation equation, int count) {
    this.equation = equation;
    this.count = count;
    units = new double[count];
    inverseSquares = new double[count];
    excesses = new double[count];
    deficits = new double[count];
    values = new double[count];
    derivatives = new double[count];
    cotangents = new double[LONGEST + 1][count];
    q = new double[LONGEST][count];
    u = new double[LONGEST][count];
    logarithmic = new double[LONGEST][count];
  }

  /**
   * The phase at some angles.
   *
   * @param angles psi with t = sin^2 psi or, if {@code fromEdge}, phi = pi/2 - psi with s = sin^2
   *     phi
   * @param fromEdge whether the angles are counted from t = 1; then deficits are relative to the
   *     edge frequency, else to kappa
   * @param passes number of iterations
   */
  void at(double[] angles, boolean fromEdge, int passes) {
    int length = 2 * passes + 3;
    double a = equation.a();
    double quarter = 0.25 - a * a;
    double edge = equation.edgeFrequency();
    double edgeForce = equation.edgeForce();
    double[] constant = q[0];
    for (int i = 0; i < count; i++) {
      double angle = angles[i];
      double sine = Math.sin(angle);
      double cosine = Math.cos(angle);
      // series are in units of the distance to a singularity
      units[i] = Math.min(angle, Math.PI / 2 - angle);
      cotangents[0][i] = cosine / sine;
      double atZero = fromEdge ? 1 / (cosine * cosine) : 1 / (sine * sine); // 1 / t
      double atOne = fromEdge ? 1 / (sine * sine) : 1 / (cosine * cosine); // 1 / s
      // cot^2 psi: the constant a^2 of kappa^2 - a^2 = kR^2 is taken out of 1 / sin^2 = 1 + cot^2
      double ratio = fromEdge ? sine / cosine : cosine / sine;
      double small = 0.25 + quarter * ratio * ratio + edgeForce * atOne;
      constant[i] = edge * edge + small;
      excesses[i] = fromEdge ? small : quarter * atZero + edgeForce * atOne;
    }
    // the given angle has 1 / sin^2 = 1 / s from the edge, 1 / t else; its complement the other one
    addInverseSquares(length, fromEdge ? edgeForce : quarter, 1, true);
    for (int i = 0; i < count; i++) {
      cotangents[0][i] = 1 / cotangents[0][i];
    }
    addInverseSquares(length, fromEdge ? quarter : edgeForce, -1, false);
    iterate(length, passes, fromEdge ? edge : equation.kappa());
  }

  /**
   * Adds to q, from the first power on, a multiple of {@code 1 / sin^2 = 1 + cot^2 = -cot'}.
   *
   * @param direction 1, or -1 if the argument falls while the angle rises
   * @param isFirst whether q is overwritten instead
   */
  private void addInverseSquares(int length, double factor, int direction, boolean isFirst) {
    for (int k = 0; k < length; k++) {
      double[] next = cotangents[k + 1];
      PowerSeriesRows.square(cotangents, k, next);
      if (k > 0) {
        double[] sum = q[k];
        for (int i = 0; i < count; i++) {
          sum[i] = isFirst ? factor * next[i] : sum[i] + factor * next[i];
        }
      }
      double scale = -direction / (k + 1.0);
      double one = k == 0 ? 1 : 0;
      for (int i = 0; i < count; i++) {
        next[i] = scale * units[i] * (next[i] + one);
      }
    }
  }

  private void iterate(int longest, int passes, double frequency) {
    for (int k = 0; k < longest; k++) {
      System.arraycopy(q[k], 0, u[k], 0, count);
    }
    for (int i = 0; i < count; i++) {
      inverseSquares[i] = 1 / (units[i] * units[i]);
    }
    int length = longest;
    for (int pass = 0; pass < passes; pass++) {
      // l = u' / (2 u), in the unit of the series
      length -= 2;
      for (int k = 0; k <= length; k++) {
        PowerSeriesRows.quotientOfDerivative(u, logarithmic, k);
      }
      for (int k = 0; k < length; k++) {
        double[] next = u[k];
        PowerSeriesRows.square(logarithmic, k, next);
        double[] slope = logarithmic[k + 1];
        double[] start = q[k];
        double half = 0.5 * (k + 1);
        for (int i = 0; i < count; i++) {
          next[i] = (0.25 * next[i] - half * slope[i]) * inverseSquares[i];
        }
        if (k == 0) {
          System.arraycopy(next, 0, values, 0, count); // the correction of the constant
        }
        for (int i = 0; i < count; i++) {
          next[i] += start[i];
        }
      }
    }
    for (int i = 0; i < count; i++) {
      double root = Math.sqrt(q[0][i]);
      double w = Math.sqrt(u[0][i]);
      double correction = passes == 0 ? 0 : values[i];
      // frequency - w without cancellation
      deficits[i] = -excesses[i] / (root + frequency) - correction / (w + root);
      values[i] = w;
      derivatives[i] = u[1][i] / (2 * w * units[i]);
    }
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

  /** The frequency minus alpha' at angle i. */
  double deficit(int i) {
    return deficits[i];
  }

  /** alpha' at angle i. */
  double value(int i) {
    return values[i];
  }

  /** alpha'' by the angle that was given, at angle i. */
  double derivative(int i) {
    return derivatives[i];
  }
}
