package org.quadrille.zernike;

import java.util.Objects;

/**
 * One radial polynomial {@code R_{N,n}} of dimension p + 2, its derivatives, and the functions made
 * from it.
 *
 * <p>With a = N + p/2,
 *
 * <pre>
 * R(x)    = (-1)^n x^N P_n^(a,0)(1 - 2 x^2)        R(1) = 1
 * Rbar(x) = (2 (2n + a + 1))^(1/2) R(x)            square integral 1 for x^(p+1) dx on [0, 1]
 * T(x)    = x^((p+1)/2) R(x)                       Tbar likewise, for dx
 * </pre>
 *
 * (Greengard and Serkh 2018, appendix).
 *
 * {@snippet :
 * ZernikeRadial defocus = ZernikeRadial.ofDegree(2, 0);
 * double edge = defocus.value(1);       // 1
 * double slope = defocus.derivative(1); // 4
 * }
 *
 * <p>On the disk a polynomial of degree d and azimuthal order m has N = |m| and n = (d - |m|) / 2.
 * <b>Accuracy</b>, over {@code max(1, x^(-p/2))}: values 4e-14 to degree 2000, derivatives 5e-14
 * d^2, second derivatives 5e-14 d^4. <b>Cost</b>: O(n) a point; for all n at once see {@link
 * RadialColumn}, for all of a degree {@link RadialTriangle}. <b>Special values</b>: NaN at NaN;
 * infinite where C(n + a, n) is out of range. <b>Thread safety</b>: immutable.
 */
public final class ZernikeRadial {
  private final RadialColumn column;
  private final int n;
  private final Outside outside;

  private ZernikeRadial(RadialColumn column, int n, Outside outside) {
    this.column = column;
    this.n = n;
    this.outside = outside;
  }

  /**
   * A polynomial by its order and index; NaN outside [0, 1].
   *
   * @param order angular order N, 0 or more
   * @param n radial index, 0 or more: the number of zeros in (0, 1)
   * @param p dimension minus 2, 0 on the disk
   */
  public static ZernikeRadial of(int order, int n, int p) {
    if (order < 0 || n < 0 || n == Integer.MAX_VALUE || p < 0) {
      throw new IllegalArgumentException(
          "order " + order + ", n " + n + ", p " + p + ": expected whole numbers from 0 on");
    }
    return new ZernikeRadial(new RadialColumn(order, p, n + 1), n, Outside.NAN);
  }

  /** A polynomial of the disk by its degree d and azimuthal order m, as opticians name it. */
  public static ZernikeRadial ofDegree(int degree, int azimuthal) {
    ZernikeIndex mode = new ZernikeIndex(degree, azimuthal);
    return of(mode.angularOrder(), mode.radialIndex(), 0);
  }

  /** The same with another answer outside [0, 1]. */
  public ZernikeRadial withOutside(Outside policy) {
    return new ZernikeRadial(column, n, Objects.requireNonNull(policy, "outside"));
  }

  /** Angular order N. */
  public int order() {
    return column.order();
  }

  /** Radial index n. */
  public int radialIndex() {
    return n;
  }

  /** Dimension minus 2. */
  public int p() {
    return column.p();
  }

  /** Degree N + 2n. */
  public long degree() {
    return column.order() + 2L * n;
  }

  /** {@code Rbar / R = (2 (2n + N + p/2 + 1))^(1/2)}. */
  public double orthonormalFactor() {
    return Math.sqrt(2 * (2.0 * n + a() + 1));
  }

  /**
   * {@code chi = (a + 2n + 1/2)(a + 2n + 3/2)}: (1 - x^2) T'' - 2 x T' + ((1/4 - a^2) / x^2 + chi)
   * T = 0.
   */
  public double eigenvalue() {
    return (a() + 2.0 * n + 0.5) * (a() + 2.0 * n + 1.5);
  }

  /** R(x). */
  public double value(double x) {
    if (isRefused(x)) {
      return Double.NaN;
    }
    double[] values = new double[n + 1];
    column.values(x, values);
    return values[n];
  }

  /** Rbar(x). */
  public double orthonormal(double x) {
    return orthonormalFactor() * value(x);
  }

  /** R'(x). */
  public double derivative(double x) {
    return jet(x)[1];
  }

  /** R''(x). */
  public double secondDerivative(double x) {
    return jet(x)[2];
  }

  /** T(x), NaN below 0 where p is even: that is the square root of a negative number. */
  public double weighted(double x) {
    return power(x, column.p() + 1) * value(x);
  }

  /** Tbar(x). */
  public double weightedOrthonormal(double x) {
    return orthonormalFactor() * weighted(x);
  }

  /** T'(x): infinite at 0 for N = p = 0, where T is the square root of x times a number. */
  public double weightedDerivative(double x) {
    double[] jet = jet(x);
    int p = column.p();
    if (x == 0) {
      if (column.order() > 0 || p > 1) {
        return 0;
      }
      return p == 1 ? jet[0] : Math.copySign(Double.POSITIVE_INFINITY, jet[0]);
    }
    // (x^((p+1)/2) R)' = x^((p+1)/2) R' + (p+1)/2 x^((p-1)/2) R
    return power(x, p + 1) * jet[1] + 0.5 * (p + 1) * power(x, p - 1) * jet[0];
  }

  /** {@code x^(exponent / 2)}. */
  private static double power(double x, int exponent) {
    double whole = Math.pow(x, exponent >> 1);
    return (exponent & 1) == 0 ? whole : whole * Math.sqrt(x);
  }

  /** R, R' and R''. */
  private double[] jet(double x) {
    if (isRefused(x)) {
      return new double[] {Double.NaN, Double.NaN, Double.NaN};
    }
    double[] values = new double[n + 1];
    double[] first = new double[n + 1];
    double[] second = new double[n + 1];
    column.derivatives(x, values, first, second);
    return new double[] {values[n], first[n], second[n]};
  }

  private double a() {
    return column.order() + 0.5 * column.p();
  }

  private boolean isRefused(double x) {
    if (outside == Outside.EXTRAPOLATE || !(x < 0 || x > 1)) {
      return false;
    }
    if (outside == Outside.THROW) {
      throw new IllegalArgumentException(
          "x " + x + ": expected 0 to 1; choose Outside.NAN or EXTRAPOLATE to let it pass");
    }
    return true;
  }

  @Override
  public String toString() {
    return "ZernikeRadial[N = " + order() + ", n = " + n + ", p = " + p() + "]";
  }
}
