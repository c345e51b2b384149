package org.quadrille.zernike.ball;

/**
 * The n-point Gauss rule on [-1, 1] for the weight {@code (1 - c^2)^mu}, as for cosines of polar
 * angles on spheres, where mu is a multiple of 1/2: exact for polynomials of degree 2n - 1.
 *
 * <p>{@code C = C_n^(mu+1/2)} solves {@code (1-c^2) C'' - (2 mu + 2) c C' + n (n + 2 mu + 1) C = 0}
 * and is even or odd: Taylor series lead from zero to zero, from c = 0 outwards, in c and then in
 * {@code 1 - c} (Glaser, Liu and Rokhlin, "A fast algorithm for the calculation of the roots of
 * special functions", 2007). Weights are {@code const / ((1-c^2) C'^2)}; the constant is that which
 * makes their sum exact.
 *
 * <p><b>Accuracy</b>: nodes to 1e-15, weights to 1e-13 relative for n to 1000. <b>Cost</b>: O(n),
 * about a microsecond a node. <b>Thread safety</b>: immutable.
 */
public final class GegenbauerRule {
  private static final int MOST_TERMS = 60;
  private static final double RADIANS_PER_STEP = 1.3;
  private static final double HUGE = 0x1p300;

  private final double[] nodes;
  private final double[] sines;
  private final double[] weights;

  /**
   * Computes the rule.
   *
   * @param n number of nodes, 1 or more
   * @param twiceMu 2 mu, -1 or more: -1 for equal weights in the angle, 0 for Gauss-Legendre
   */
  public GegenbauerRule(int n, int twiceMu) {
    if (n < 1 || twiceMu < -1 || twiceMu > 1000) {
      throw new IllegalArgumentException(
          "n = " + n + ", 2 mu = " + twiceMu + ": expected n from 1 on and 2 mu from -1 to 1000");
    }
    nodes = new double[n];
    sines = new double[n];
    weights = new double[n];
    if (twiceMu == -1) {
      chebyshev();
      return;
    }
    new March(n, 0.5 * twiceMu).run();
    normalize(integralOfWeight(twiceMu));
  }

  private void chebyshev() {
    int n = nodes.length;
    for (int i = 0; i < n; i++) {
      // cosines as sines of angles from the middle: exactly odd
      nodes[i] = Math.sin(Math.PI * (2 * i + 1 - n) / (2 * n));
      sines[i] = Math.cos(Math.PI * (2 * i + 1 - n) / (2 * n));
      weights[i] = Math.PI / n;
    }
  }

  /** {@code integral of (1-c^2)^mu}: pi for mu = -1/2, 2 for 0, times (2mu+2)/(2mu+3) per unit. */
  static double integralOfWeight(int twiceMu) {
    boolean isWhole = (twiceMu & 1) == 0;
    double integral = isWhole ? 2 : Math.PI;
    for (int k = isWhole ? 0 : -1; k < twiceMu; k += 2) {
      integral *= (k + 2.0) / (k + 3.0);
    }
    return integral;
  }

  private void normalize(double integral) {
    double sum = 0;
    for (double weight : weights) {
      sum += weight;
    }
    for (int i = 0; i < weights.length; i++) {
      weights[i] *= integral / sum;
    }
  }

  /** Number of nodes. */
  public int size() {
    return nodes.length;
  }

  /** Node i, a cosine, ascending. */
  public double node(int i) {
    return nodes[i];
  }

  /** {@code (1 - c^2)^(1/2)} of node i to its own full relative accuracy. */
  public double sine(int i) {
    return sines[i];
  }

  /** Weight of node i. */
  public double weight(int i) {
    return weights[i];
  }

  /** All nodes, ascending; a copy. */
  public double[] nodes() {
    return nodes.clone();
  }

  /** All weights; a copy. */
  public double[] weights() {
    return weights.clone();
  }

  @Override
  public String toString() {
    return "GegenbauerRule[n = " + size() + "]";
  }

  /** The walk from c = 0 to the last zero. */
  private final class March {
    private final int n;
    private final double mu;
    private final double[] a = new double[MOST_TERMS + 2];

    /** Position c, or 1 - c where {@link #fromEnd}. */
    private double x;

    private boolean fromEnd;
    private double value;
    private double slope;

    /** The solution is the tracked one times HUGE^exponent. */
    private int exponent;

    March(int n, double mu) {
      this.n = n;
      this.mu = mu;
      boolean isEven = (n & 1) == 0;
      value = isEven ? 1 : 0;
      slope = isEven ? 0 : 1;
    }

    void run() {
      int next = n / 2;
      if ((n & 1) == 1) {
        store(next++, 0, 1, slope);
      }
      while (next < n) {
        if (!fromEnd && x >= 0.5) {
          fromEnd = true;
          x = 1 - x; // exact
          slope = -slope;
        }
        double both = fromEnd ? x * (2 - x) : (1 - x) * (1 + x);
        double frequency =
            Math.sqrt(Math.max(1, (n + mu + 0.5) * (n + mu + 0.5) + mu * (1 - mu) / both) / both);
        double end = fromEnd ? x : 1 - x;
        double step = Math.min(RADIANS_PER_STEP / frequency, 0.3 * end);
        double position = fromEnd ? x - step : x + step;
        double h = position - x; // exact
        int terms = expand(h);
        double[] both2 = at(terms, 1);
        boolean startsAtZero = value == 0;
        if (!startsAtZero && (both2[0] < 0) != (value < 0)) {
          double z = newton(terms, both2[0]);
          double zero = x + z * h;
          store(next++, fromEnd ? 1 - zero : zero, end(zero), at(terms, z)[1] / h);
        }
        value = both2[0];
        slope = both2[1] / h;
        x = position;
        if (Math.abs(value) > HUGE || Math.abs(slope) > HUGE) {
          value /= HUGE;
          slope /= HUGE;
          exponent++;
        }
      }
    }

    /** 1 - c at a position. */
    private double end(double position) {
      return fromEnd ? position : 1 - position;
    }

    private void store(int i, double c, double end, double derivative) {
      double sine = Math.sqrt(end * (2 - end));
      // relative to C'(0) or C(0) = 1
      double weight = 1 / (sine * sine * derivative * derivative);
      weight *= exponent == 0 ? 1 : Math.pow(HUGE, -2.0 * exponent);
      nodes[i] = c;
      sines[i] = sine;
      weights[i] = weight;
      nodes[n - 1 - i] = -c;
      sines[n - 1 - i] = sine;
      weights[n - 1 - i] = weight;
    }

    /** Coefficients in powers of (position - x) / h; returns how many. */
    private int expand(double h) {
      // with c = 1 - x: x (2 - x) C'' + (2 mu + 2)(1 - x) C' + n (n + 2 mu + 1) C = 0
      double lead = fromEnd ? x * (2 - x) : (1 - x) * (1 + x);
      double leadSlope = fromEnd ? 2 * (1 - x) : -2 * x;
      double first = (2 * mu + 2) * (fromEnd ? 1 - x : -x);
      double eigenvalue = n * (n + 2 * mu + 1);
      a[0] = value;
      a[1] = slope * h;
      double limit = 1e-18 * Math.max(Math.abs(a[0]), Math.abs(a[1]));
      int terms = 2;
      int small = 0;
      for (int k = 0; small < 2 && terms < MOST_TERMS; k++) {
        double sum =
            (leadSlope * k + first) * (k + 1.0) * h * a[k + 1]
                + (eigenvalue - k * (k - 1.0) - (2 * mu + 2) * k) * h * h * a[k];
        a[k + 2] = -sum / (lead * (k + 2.0) * (k + 1.0));
        terms = k + 3;
        small = Math.abs(a[k + 2]) < limit ? small + 1 : 0;
      }
      return terms;
    }

    /** Value and derivative by z. */
    private double[] at(int terms, double z) {
      double sum = 0;
      double rate = 0;
      for (int k = terms - 1; k >= 0; k--) {
        rate = Math.fma(rate, z, sum);
        sum = Math.fma(sum, z, a[k]);
      }
      return new double[] {sum, rate};
    }

    private double newton(int terms, double atEnd) {
      double z = a[0] / (a[0] - atEnd);
      for (int i = 0; i < 12; i++) {
        double[] here = at(terms, z);
        double change = here[0] / here[1];
        z = Math.max(0, Math.min(1, z - change));
        if (Math.abs(change) < 1e-17) {
          break;
        }
      }
      return z;
    }
  }
}
