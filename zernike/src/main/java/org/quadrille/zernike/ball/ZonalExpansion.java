package org.quadrille.zernike.ball;

import java.util.Objects;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;
import org.quadrille.zernike.BesselFunction;
import org.quadrille.zernike.CompensatedSum;
import org.quadrille.zernike.RadialColumn;
import org.quadrille.zernike.RadialRule;

/**
 * A function on the unit ball in any dimension D = p + 2 that depends on the radius and on the
 * angle to an axis only: {@code f = sum of c_(N,n) R^p_(N,n)(r) G_N(cos gamma)}, N + 2n at most L,
 * where {@code G_N = C_N^(p/2) / C_N^(p/2)(1)} (Gegenbauer polynomials; Legendre polynomials for D
 * = 3, {@code cos(N gamma)} on the disk). Plane waves and functions of the radius are of this kind.
 *
 * {@snippet :
 * // exp(5 x_1) on the ball in five dimensions
 * ZonalExpansion f = ZonalExpansion.ofDegree(5, 30, (r, c) -> Math.exp(5 * r * c));
 * double value = f.value(0.5, -1); // exp(-2.5)
 * }
 *
 * <p><b>Accuracy</b>: coefficients to 1e-14 of {@code max |f|} times {@code (2n+N+p/2+1) dim N},
 * dim N the number of surface harmonics. <b>Cost</b>: L^2 / 2 values of the function, O(L^3)
 * operations; O(L^2) for a value. <b>Thread safety</b>: immutable.
 */
public final class ZonalExpansion {
  private static final int LARGEST_DEGREE = 2000;

  /** For shorter wave vectors the transform is the integral, to all digits. */
  private static final double SMALL = 1e-20;

  private final int p;
  private final int degree;
  private final double[][] coefficients;
  private final RadialColumn[] columns;

  private ZonalExpansion(int p, double[][] coefficients) {
    this.p = p;
    this.degree = coefficients.length - 1;
    this.coefficients = coefficients;
    columns = new RadialColumn[degree + 1];
    for (int order = 0; order <= degree; order++) {
      columns[order] = new RadialColumn(order, p, coefficients[order].length);
    }
  }

  private static void check(int dimension, int degree) {
    if (dimension < 2 || degree < 0 || degree > LARGEST_DEGREE) {
      throw new IllegalArgumentException(
          "dimension "
              + dimension
              + ", degree "
              + degree
              + ": expected a dimension from 2 on and a degree from 0 to "
              + LARGEST_DEGREE);
    }
  }

  /**
   * The projection of a function by its values at Gauss points: exact for polynomials of the
   * degree.
   *
   * @param dimension D, 2 or more
   * @param degree L, 0 to 2000
   * @param f of radius, 0 to 1, and cosine of the angle to the axis; finite
   */
  public static ZonalExpansion ofDegree(int dimension, int degree, DoubleBinaryOperator f) {
    check(dimension, degree);
    Objects.requireNonNull(f, "f");
    int p = dimension - 2;
    RadialRule radial = RadialRule.inSquaredRadius(degree / 2 + 1, p);
    GegenbauerRule polar = new GegenbauerRule(degree + 1, p - 1);
    double[][] angular = angularParts(p, degree, radial, polar, f);
    double[] radialWeights = radial.radialWeights();
    double[][] coefficients = new double[degree + 1][];
    for (int order = 0; order <= degree; order++) {
      int count = (degree - order) / 2 + 1;
      RadialColumn column = new RadialColumn(order, p, count);
      double[] values = new double[count];
      double[] sums = new double[count];
      for (int i = 0; i < radial.size(); i++) {
        column.values(radial.node(i), radial.complement(i), values);
        double weighted = radialWeights[i] * angular[order][i];
        for (int n = 0; n < count; n++) {
          sums[n] = Math.fma(weighted, values[n], sums[n]);
        }
      }
      for (int n = 0; n < count; n++) {
        // integral of R^2 r^(p+1) dr = 1 / (2 (2n + N + p/2 + 1))
        sums[n] *= 2 * (2 * n + order + 0.5 * p + 1);
      }
      coefficients[order] = sums;
    }
    return new ZonalExpansion(p, coefficients);
  }

  /** Coefficients of G_N in f(r, .) at [N][radius]. */
  private static double[][] angularParts(
      int p, int degree, RadialRule radial, GegenbauerRule polar, DoubleBinaryOperator f) {
    double[] radii = radial.radii();
    double[][] parts = new double[degree + 1][radii.length];
    double[] harmonics = new double[degree + 1];
    for (int j = 0; j < polar.size(); j++) {
      GegenbauerColumn.values(p, polar.node(j), harmonics);
      for (int i = 0; i < radii.length; i++) {
        double value = f.applyAsDouble(radii[i], polar.node(j));
        if (!Double.isFinite(value)) {
          throw new IllegalArgumentException(
              "f is "
                  + value
                  + " at radius "
                  + radii[i]
                  + ", cosine "
                  + polar.node(j)
                  + "; expected finite values");
        }
        for (int order = 0; order <= degree; order++) {
          parts[order][i] += polar.weight(j) * harmonics[order] * value;
        }
      }
    }
    double all = GegenbauerRule.integralOfWeight(p - 1);
    for (int order = 0; order <= degree; order++) {
      // integral of G_N^2 (1-c^2)^((p-1)/2) = that for N = 0 over the number of harmonics
      double factor = GegenbauerColumn.harmonics(p, order) / all;
      for (int i = 0; i < radii.length; i++) {
        parts[order][i] *= factor;
      }
    }
    return parts;
  }

  /**
   * The projection of a function of the radius.
   *
   * @param dimension D, 2 or more
   * @param degree L, 0 to 2000; odd ones count as one less
   * @param f even and smooth in the radius, as functions on the ball are
   */
  public static ZonalExpansion ofRadius(int dimension, int degree, DoubleUnaryOperator f) {
    Objects.requireNonNull(f, "f");
    return ofDegree(dimension, degree, (r, c) -> f.applyAsDouble(r));
  }

  /** The dimension D. */
  public int dimension() {
    return p + 2;
  }

  /** The degree L. */
  public int degree() {
    return degree;
  }

  /**
   * The coefficient of {@code R_(N,n) G_N}.
   *
   * @param order N
   * @param radialIndex n, with N + 2n at most L
   */
  public double coefficient(int order, int radialIndex) {
    if (order < 0 || radialIndex < 0 || order + 2 * radialIndex > degree) {
      throw new IllegalArgumentException(
          "N = "
              + order
              + ", n = "
              + radialIndex
              + ": expected both from 0 on and N + 2n <= "
              + degree);
    }
    return coefficients[order][radialIndex];
  }

  /**
   * The value at a radius and an angle.
   *
   * @param r 0 to 1, else the value is NaN
   * @param c cosine of the angle to the axis, -1 to 1, else the value is NaN
   */
  public double value(double r, double c) {
    if (!(r >= 0 && r <= 1 && Math.abs(c) <= 1)) {
      return Double.NaN;
    }
    double[] harmonics = new double[degree + 1];
    GegenbauerColumn.values(p, c, harmonics);
    double[] values = new double[coefficients[0].length];
    double sum = 0;
    for (int order = 0; order <= degree; order++) {
      columns[order].values(r, values);
      double part = 0;
      for (int n = 0; n < coefficients[order].length; n++) {
        part = Math.fma(coefficients[order][n], values[n], part);
      }
      sum = Math.fma(part, harmonics[order], sum);
    }
    return sum;
  }

  /**
   * The Fourier transform {@code integral over the ball of f(x) e^(i k.x) dx}: mode by mode {@code
   * (2 pi)^(D/2) i^N (-1)^n J_(N+p/2+2n+1)(k) / k^(p/2+1) G_N(c)}.
   *
   * @param k length of the wave vector, 0 or more
   * @param c cosine of its angle to the axis, -1 to 1
   */
  public FourierValue fourier(double k, double c) {
    if (!(k >= 0 && k < Double.POSITIVE_INFINITY && Math.abs(c) <= 1)) {
      throw new IllegalArgumentException(
          "k = " + k + ", cosine " + c + ": expected k from 0 on and a cosine from -1 to 1");
    }
    if (k < SMALL) {
      return new FourierValue(integrate(), 0);
    }
    double[] harmonics = new double[degree + 1];
    GegenbauerColumn.values(p, c, harmonics);
    // orders p/2 + 1 + d, d = N + 2n; an array of orders begins with 0 or 1/2
    int first = p / 2 + 1;
    double[] bessel = new double[first + degree + 1];
    if ((p & 1) == 0) {
      BesselFunction.integerOrders(k, bessel);
    } else {
      BesselFunction.halfIntegerOrders(k, bessel);
    }
    double[] parts = new double[2];
    for (int order = 0; order <= degree; order++) {
      double sum = 0;
      for (int n = 0; n < coefficients[order].length; n++) {
        double sign = (n & 1) == 0 ? 1 : -1;
        sum += sign * coefficients[order][n] * bessel[first + order + 2 * n];
      }
      // i^N
      parts[order & 1] += ((order & 2) == 0 ? sum : -sum) * harmonics[order];
    }
    double factor = Math.pow(2 * Math.PI / k, 0.5 * p + 1);
    return new FourierValue(factor * parts[0], factor * parts[1]);
  }

  /** A complex number: a value of a Fourier transform. */
  public record FourierValue(double real, double imaginary) {}

  /** The integral over the ball: the volume times the first coefficient. */
  public double integrate() {
    return volume() * coefficients[0][0];
  }

  /** Volume of the unit ball, {@code pi^(D/2) / Gamma(D/2 + 1)}. */
  private double volume() {
    boolean isEven = (p & 1) == 0;
    double volume = isEven ? Math.PI : 4 * Math.PI / 3;
    for (int d = isEven ? 4 : 5; d <= p + 2; d += 2) {
      volume *= 2 * Math.PI / d;
    }
    return volume;
  }

  /** {@code (integral of f^2)^(1/2)}, by Parseval's identity. */
  public double norm() {
    CompensatedSum sum = new CompensatedSum();
    double area = volume() * (p + 2);
    for (int order = 0; order <= degree; order++) {
      for (int n = 0; n < coefficients[order].length; n++) {
        double c = coefficients[order][n];
        double radial = 2 * (2 * n + order + 0.5 * p + 1);
        sum.add(c * c * area / (radial * GegenbauerColumn.harmonics(p, order)));
      }
    }
    return Math.sqrt(sum.value());
  }

  @Override
  public String toString() {
    return "ZonalExpansion[D = " + dimension() + ", degree " + degree + "]";
  }
}
