package org.quadrille.zernike.ball;

import org.quadrille.zernike.RadialColumn;

/**
 * Generalized prolate spheroidal functions of one angular order N in dimension p + 2: the radial
 * parts of functions on the unit ball that the Fourier transform of bandwidth c, cut off to the
 * ball again, only multiplies.
 *
 * <p>With a = N + p/2, function number n = 0, 1, ... solves {@code integral over [0, 1] of J_a(c x
 * r) (c x r)^(1/2) phi(r) dr = gamma phi(x)}, and is an eigenfunction of {@code (1-x^2) phi'' - 2 x
 * phi' + ((1/4-a^2)/x^2 - c^2 x^2 + chi) phi = 0}. In the orthonormal functions {@code Tbar_k = (2
 * (2k + a + 1))^(1/2) x^((p+1)/2) R_{N,k}(x)} that equation is a symmetric tridiagonal matrix,
 * whose eigenvectors are the coefficients.
 *
 * {@snippet :
 * Gpsf functions = new Gpsf(20, 0, 0, 8); // bandwidth 20 on the disk, order 0, eight functions
 * double kept = functions.concentration(7); // share of the energy that a band-limited one has inside
 * double value = functions.value(0, 0.3);
 * }
 *
 * <p><b>Accuracy</b>: chi and gamma to 1e-13 relative, gamma however small while it is within the
 * range of doubles; values to 1e-13 of the largest. <b>Cost</b>: O(n + c) for a function, some 0.1
 * ms; O(n + c) for a value. <b>Thread safety</b>: immutable.
 *
 * <p>Slepian, "Prolate spheroidal wave functions, Fourier analysis and uncertainty IV", 1964;
 * Greengard and Serkh, "On generalized prolate spheroidal functions", arXiv 1811.02733.
 */
public final class Gpsf {
  private static final double LARGEST_BANDWIDTH = 1e5;
  private static final int MORE_TERMS = 100;

  /** The first component above this is made positive. */
  private static final double VISIBLE = 1e-10;

  private final double bandwidth;
  private final int order;
  private final int p;
  private final double[] chi;
  private final double[] gamma;
  private final double[][] coefficients;
  private final RadialColumn column;

  /**
   * Computes functions number 0 to count - 1.
   *
   * @param bandwidth c, above 0 to 10^5
   * @param order angular order N, 0 or more
   * @param p dimension minus 2, 0 on the disk
   * @param count number of functions, 1 or more
   */
  public Gpsf(double bandwidth, int order, int p, int count) {
    if (!(bandwidth > 0 && bandwidth <= LARGEST_BANDWIDTH) || order < 0 || p < 0 || count < 1) {
      throw new IllegalArgumentException(
          "bandwidth "
              + bandwidth
              + ", order "
              + order
              + ", p "
              + p
              + ", count "
              + count
              + ": expected a bandwidth above 0 to 1e5, order and p from 0 on, count from 1 on");
    }
    this.bandwidth = bandwidth;
    this.order = order;
    this.p = p;
    int terms = Math.toIntExact(count + (long) Math.ceil(bandwidth) + MORE_TERMS);
    chi = new double[count];
    gamma = new double[count];
    coefficients = new double[count][];
    column = new RadialColumn(order, p, terms);
    SymmetricTridiagonal matrix = matrix(terms);
    double[] atCentre = atCentre(terms);
    for (int n = 0; n < count; n++) {
      SymmetricTridiagonal.Pair pair = matrix.pair(n);
      chi[n] = pair.value();
      coefficients[n] = pair.vector();
      makePositive(coefficients[n]);
      gamma[n] = gamma(coefficients[n], atCentre);
    }
  }

  private double a() {
    return order + 0.5 * p;
  }

  /** The differential operator in the functions Tbar. */
  private SymmetricTridiagonal matrix(int terms) {
    double a = a();
    double square = bandwidth * bandwidth;
    double[] diagonal = new double[terms];
    double[] beside = new double[terms - 1];
    for (int k = 0; k < terms; k++) {
      double d = 2.0 * k + a;
      // x^2 is a tridiagonal matrix too
      double ofSquare = 0.5 + (a == 0 ? 0 : a * a / (2 * d * (d + 2)));
      diagonal[k] = (d + 0.5) * (d + 1.5) + square * ofSquare;
      if (k + 1 < terms) {
        beside[k] =
            square * (k + 1) * (k + a + 1) / (Math.sqrt(d + 1) * (d + 2) * Math.sqrt(d + 3));
      }
    }
    return new SymmetricTridiagonal(diagonal, beside);
  }

  /** {@code Tbar_k / x^(a + 1/2)} at x = 0: {@code (2 (2k+a+1))^(1/2) (-1)^k C(k+a, k)}. */
  private double[] atCentre(int terms) {
    double a = a();
    double[] values = new double[terms];
    double binomial = 1;
    for (int k = 0; k < terms; k++) {
      values[k] = ((k & 1) == 0 ? 1 : -1) * Math.sqrt(2 * (2 * k + a + 1)) * binomial;
      binomial *= (k + 1 + a) / (k + 1);
    }
    return values;
  }

  private static void makePositive(double[] vector) {
    int first = 0;
    while (first < vector.length - 1 && Math.abs(vector[first]) <= VISIBLE) {
      first++;
    }
    if (vector[first] < 0) {
      for (int k = 0; k < vector.length; k++) {
        vector[k] = -vector[k];
      }
    }
  }

  /**
   * Both sides of the integral equation next to x = 0: {@code c^(a+1/2) d_0 / (2^a Gamma(a+1)
   * (2a+2)^(1/2))} over the leading coefficient of phi.
   */
  private double gamma(double[] vector, double[] atCentre) {
    double sum = 0;
    for (int k = vector.length - 1; k >= 0; k--) {
      sum = Math.fma(vector[k], atCentre[k], sum);
    }
    double a = a();
    double logarithm = 0.5 * Math.log(bandwidth) - 0.5 * Math.log(2 * a + 2);
    double factor = Math.exp(logarithm);
    // (c/2)^a / Gamma(a+1), by factors that stay in range
    double rest = a - Math.floor(a);
    double power = rest == 0 ? 1 : Math.sqrt(bandwidth / 2) / (0.5 * Math.sqrt(Math.PI));
    double result = vector[0] / sum * factor * power;
    for (double k = 1 + rest; k <= a; k++) {
      result *= bandwidth / 2 / k;
    }
    return result;
  }

  /** Bandwidth c. */
  public double bandwidth() {
    return bandwidth;
  }

  /** Number of functions. */
  public int count() {
    return chi.length;
  }

  private void check(int n) {
    if (n < 0 || n >= chi.length) {
      throw new IllegalArgumentException("n: given " + n + ", expected 0 to " + (chi.length - 1));
    }
  }

  /** The eigenvalue of the differential equation, ascending with n. */
  public double chi(int n) {
    check(n);
    return chi[n];
  }

  /** The eigenvalue of the integral equation. */
  public double gamma(int n) {
    check(n);
    return gamma[n];
  }

  /**
   * {@code c gamma^2}: the share of its energy that a function of bandwidth c can have in the ball.
   */
  public double concentration(int n) {
    return bandwidth * gamma(n) * gamma(n);
  }

  /**
   * Size of the eigenvalue of {@code F psi(x) = integral over the ball of psi(t) e^(i c x.t) dt}:
   * it is this times i^N, {@code (2 pi)^(p/2+1) c^(-(p+1)/2) gamma}.
   */
  public double fourierEigenvalue(int n) {
    return Math.pow(2 * Math.PI, 0.5 * p + 1) * Math.pow(bandwidth, -0.5 * (p + 1)) * gamma(n);
  }

  /** Coefficients in Tbar_0, Tbar_1, ...; a copy. */
  public double[] coefficients(int n) {
    check(n);
    return coefficients[n].clone();
  }

  /**
   * phi_n(x), of unit norm in L2[0, 1].
   *
   * @param x 0 to 1, else the value is NaN
   */
  public double value(int n, double x) {
    return Math.pow(x, 0.5 * (p + 1)) * radial(n, x);
  }

  /**
   * The radial part {@code phi_n(r) / r^((p+1)/2)}, whose product with a surface harmonic of order
   * N is the function on the ball, of unit norm for the weight r^(p+1).
   *
   * @param r 0 to 1, else the value is NaN
   */
  public double radial(int n, double r) {
    check(n);
    if (!(r >= 0 && r <= 1)) {
      return Double.NaN;
    }
    double[] values = new double[column.count()];
    column.values(r, values);
    double sum = 0;
    for (int k = 0; k < values.length; k++) {
      double normalized = Math.sqrt(2 * (2 * k + a() + 1)) * values[k];
      sum = Math.fma(coefficients[n][k], normalized, sum);
    }
    return sum;
  }

  @Override
  public String toString() {
    return "Gpsf[c = "
        + bandwidth
        + ", N = "
        + order
        + ", p = "
        + p
        + ", "
        + count()
        + " functions]";
  }
}
