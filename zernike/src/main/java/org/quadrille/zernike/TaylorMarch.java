package org.quadrille.zernike;

/**
 * Solves the differential equation of {@code g = t^(a/2) P_n^(a,b)(1 - 2t)} by steps of Taylor
 * series, and notes the zeros it passes (Glaser, Liu and Rokhlin, "A fast algorithm for the
 * calculation of the roots of special functions", 2007).
 *
 * <p>The variable is s = 1 - t or t, whichever is the smaller one: nodes get their full relative
 * accuracy from it.
 */
final class TaylorMarch {
  private static final int MOST_TERMS = 60;
  private static final double RADIANS_PER_STEP = 1.3;
  private static final double SCALE = 0x1p300;

  /** {@code 1 / ((k + 1) (k + 2))}. */
  private static final double[] RECIPROCALS = new double[MOST_TERMS];

  static {
    for (int k = 0; k < MOST_TERMS; k++) {
      RECIPROCALS[k] = 1 / ((k + 1.0) * (k + 2.0));
    }
  }

  private final JacobiEquation equation;
  private boolean inT;
  private double x;
  private double g;
  private double derivative;

  /** g and its derivative are those of the normalized g times SCALE^-exponent. */
  private int exponent;

  private double weightFactor = 1;

  private final double[] c = new double[MOST_TERMS + 2];

  private TaylorMarch(JacobiEquation equation, boolean inT, double x, double g, double derivative) {
    this.equation = equation;
    this.inT = inT;
    this.x = x;
    this.g = g;
    this.derivative = derivative;
  }

  /** Starts next to t = 1, where g = 1. */
  static TaylorMarch fromEdge(JacobiEquation equation) {
    double n = equation.n();
    double a = equation.a();
    double b = equation.b();
    double s = Math.min(1, b + 1) * Math.min(1 / (4 * n * (n + a + b + 1)), 0.05);
    // 2F1(-n, n + a + b + 1; b + 1; s), which ends after n + 1 terms
    double term = 1;
    double sum = 1;
    double slope = 0;
    for (int k = 0; k < equation.n() && Math.abs(term) > 1e-19 * Math.abs(sum); k++) {
      term *= (k - n) * (n + a + b + 1 + k) / ((k + b + 1.0) * (k + 1.0)) * s;
      sum += term;
      slope += (k + 1) * term / s;
    }
    double power = Math.exp(0.5 * a * Math.log1p(-s));
    TaylorMarch march =
        new TaylorMarch(equation, false, s, power * sum, power * (slope - 0.5 * a * sum / (1 - s)));
    if (b != 0) {
      // weights for the value 1 at t = 1: n! Gamma(n+a+1) Gamma(b+1)^2 / (Gamma(n+b+1)
      // Gamma(n+a+b+1))
      double gamma = GammaRatio.of(1, b);
      march.weightFactor = gamma / GammaRatio.of(n + 1, b) * (gamma / GammaRatio.of(n + a + 1, b));
    }
    return march;
  }

  /**
   * Starts inside, with the normalization in which a scaled weight is {@code 1 / (t s^(b+1)
   * g_t^2)}.
   *
   * @param inT whether x is t, else s
   * @param derivative of g by x
   */
  static TaylorMarch from(
      JacobiEquation equation, boolean inT, double x, double g, double derivative) {
    return new TaylorMarch(equation, inT, x, g, derivative);
  }

  /**
   * Goes on until so many zeros are found.
   *
   * @param count number of zeros
   * @param towardsZero whether t falls, else it rises
   * @param sink told of each zero, in the order they are met
   */
  void find(int count, boolean towardsZero, ZeroSink sink) {
    int found = 0;
    while (found < count) {
      if (!inT && towardsZero && x >= 0.5) {
        inT = true;
        x = 1 - x; // exact
        derivative = -derivative;
      }
      double direction = inT == towardsZero ? -1 : 1;
      double t = inT ? x : 1 - x;
      double s = inT ? 1 - x : x;
      double q = equation.oscillation(t, s);
      double frequency = Math.sqrt(Math.abs(q)) / (2 * Math.sqrt(s * t));
      double step = Math.min(RADIANS_PER_STEP / frequency, 0.3 * Math.min(s, t));
      double next = x + direction * step;
      double h = next - x; // exact, so that positions are exact numbers
      int terms = expand(h);
      double z = 1;
      double value = value(terms, z);
      if (value == 0 || (value < 0) != (g < 0)) {
        z = newton(terms);
        double zero = x + z * h;
        double slope = slope(terms, z) / h;
        sink.accept(inT, zero, scaledWeight(zero, slope));
        found++;
      }
      derivative = slope(terms, 1) / h;
      g = value == 0 ? -Math.copySign(Double.MIN_NORMAL, g) : value;
      x = next;
      rescale();
    }
  }

  /** {@code W = factor / (t s^(b+1) g_t^2)}, the factor 1 where g is normalized. */
  private double scaledWeight(double zero, double slope) {
    double unscaled = 1 / (zero * (1 - zero) * slope * slope);
    if (equation.b() != 0) {
      unscaled *= weightFactor * Math.pow(inT ? 1 - zero : zero, -equation.b());
    }
    return exponent == 0 ? unscaled : unscaled * Math.pow(SCALE, -2.0 * exponent);
  }

  private void rescale() {
    double size = Math.max(Math.abs(g), Math.abs(derivative) * Math.min(x, 1 - x));
    if (size > 1e100) {
      g /= SCALE;
      derivative /= SCALE;
      exponent++;
    } else if (size < 1e-100 && size > 0) {
      g *= SCALE;
      derivative *= SCALE;
      exponent--;
    }
  }

  /** Coefficients of g in powers of (position - x) / h; returns how many. */
  private int expand(double h) {
    double n = equation.n();
    double a = equation.a();
    double b = equation.b();
    double l = equation.degreeTerm();
    double sign = inT ? 1 : -1;
    // t^2 (1-t) g'' + t (1 - (b+2) t) g' + (L t - a^2 / 4) g = 0, in t or in s = 1 - t, around x
    double a0 = inT ? x * x * (1 - x) : x * (1 - x) * (1 - x);
    double a1 = inT ? x * (2 - 3 * x) : 1 - 4 * x + 3 * x * x;
    double a2 = inT ? 1 - 3 * x : 3 * x - 2;
    double b0 = inT ? x * (1 - (b + 2) * x) : (1 - x) * (b + 1 - (b + 2) * x);
    double b1 = inT ? 1 - 2 * (b + 2) * x : 2 * (b + 2) * x - (2 * b + 3);
    double t = inT ? x : 1 - x;
    double s = inT ? 1 - x : x;
    double c0 = t > 0.5 ? n * (n + a + b + 1) + a * (b + 1) / 2 - l * s : l * t - a * a / 4;
    c[0] = g;
    c[1] = derivative * h;
    double before = 0;
    double limit = 1e-18 * Math.max(Math.abs(c[0]), Math.abs(c[1]));
    int terms = 2;
    int small = 0;
    double perA0 = -1 / a0;
    double linear = h * perA0;
    double square = h * linear;
    double cube = h * square;
    for (int k = 0; small < 2 && terms < MOST_TERMS; k++) {
      double cubic = k == 0 ? 0 : -sign * ((k - 1.0) * (k - 2.0) + (b + 2) * (k - 1) - l);
      double sum =
          (a1 * k * (k + 1.0) + b0 * (k + 1)) * linear * c[k + 1]
              + ((a2 * k * (k - 1.0) + b1 * k + c0) * square * c[k] + cubic * cube * before);
      before = c[k];
      c[k + 2] = sum * RECIPROCALS[k];
      terms = k + 3;
      small = Math.abs(c[k + 2]) < limit ? small + 1 : 0;
    }
    return terms;
  }

  private double value(int terms, double z) {
    double sum = 0;
    for (int k = terms - 1; k >= 0; k--) {
      sum = Math.fma(sum, z, c[k]);
    }
    return sum;
  }

  private double slope(int terms, double z) {
    double sum = 0;
    for (int k = terms - 1; k >= 1; k--) {
      sum = Math.fma(sum, z, k * c[k]);
    }
    return sum;
  }

  private double newton(int terms) {
    double z = c[0] / (c[0] - value(terms, 1)); // by the secant
    for (int i = 0; i < 12; i++) {
      double change = value(terms, z) / slope(terms, z);
      z = Math.max(0, Math.min(1, z - change));
      if (Math.abs(change) < 1e-17) {
        break;
      }
    }
    return z;
  }

  /** Receives zeros. */
  interface ZeroSink {
    /**
     * A zero.
     *
     * @param isT whether the position is t, else s = 1 - t
     * @param position where
     * @param scaledWeight its weight times t^-a
     */
    void accept(boolean isT, double position, double scaledWeight);
  }
}
