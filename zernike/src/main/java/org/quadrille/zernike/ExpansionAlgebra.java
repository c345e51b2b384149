package org.quadrille.zernike;

import java.util.Arrays;
import org.quadrille.linalg.Tensor;

/**
 * Arithmetic of expansions in plain modes in OSA order (see {@link DiskModes}): arrays in, new
 * arrays out.
 */
final class ExpansionAlgebra {
  private ExpansionAlgebra() {}

  /** The expansion with zeros up to a degree, or without what lies above it. */
  static double[] toDegree(double[] expansion, int degree) {
    return Arrays.copyOf(expansion, DiskModes.count(degree));
  }

  /** {@code a + factor b}. */
  static double[] sum(double[] a, double factor, double[] b) {
    double[] sum = Arrays.copyOf(a, Math.max(a.length, b.length));
    for (int j = 0; j < b.length; j++) {
      sum[j] = Math.fma(factor, b[j], sum[j]);
    }
    return sum;
  }

  /** The product of two functions, to the sum of their degrees, on a grid that resolves it. */
  static double[] product(double[] a, double[] b) {
    int degree = DiskModes.degree(a.length) + DiskModes.degree(b.length);
    DiskTransform transform = DiskTransform.ofDegree(degree);
    double[] values = transform.apply(vector(toDegree(a, degree))).doubles();
    double[] others = transform.apply(vector(toDegree(b, degree))).doubles();
    for (int i = 0; i < values.length; i++) {
      values[i] *= others[i];
    }
    return transform.analyze(values);
  }

  private static Tensor vector(double[] values) {
    return Tensor.of(values, values.length);
  }

  /**
   * x f, or y f, one degree higher, by {@code z V_d^m = [(d+m+2) V_{d+1}^{m+1} + (d-m)
   * V_{d-1}^{m+1}] / (2(d+1))}, z = x + iy, for every sign of m.
   */
  static double[] timesCoordinate(double[] expansion, boolean byX) {
    int degree = DiskModes.degree(expansion.length);
    double[] product = new double[DiskModes.count(degree + 1)];
    for (int d = 0; d <= degree; d++) {
      for (int m = -d; m <= d; m += 2) {
        // the complex coefficient of V_d^m: half of cosine minus i sine for m > 0, its conjugate
        int order = Math.abs(m);
        double cosine = expansion[at(d, order)] * (m == 0 ? 1 : 0.5);
        double sine = m == 0 ? 0 : 0.5 * expansion[at(d, -order)];
        double re = cosine;
        double im = m > 0 ? -sine : sine;
        double up = (d + m + 2) / (2.0 * (d + 1));
        double down = (d - m) / (2.0 * (d + 1));
        addRealPart(product, d + 1, m + 1, up * re, up * im, byX);
        if (down != 0) {
          addRealPart(product, d - 1, m + 1, down * re, down * im, byX);
        }
      }
    }
    return product;
  }

  /**
   * Adds the real part of {@code (re + i im) V_d^m}, or the imaginary part: {@code V_d^m = R (cos +
   * i sin)(m theta)}.
   */
  private static void addRealPart(
      double[] expansion, int d, int m, double re, double im, boolean real) {
    int order = Math.abs(m);
    double ofCosine = real ? re : im;
    double ofSine = real ? -im : re;
    expansion[at(d, order)] += ofCosine;
    if (m != 0) {
      expansion[at(d, -order)] += m > 0 ? ofSine : -ofSine;
    }
  }

  /** {@code f(x)} turned by an angle: {@code c_{N,n} e^(-i N angle)}. */
  static double[] rotate(double[] expansion, double angle) {
    int degree = DiskModes.degree(expansion.length);
    double[] rotated = expansion.clone();
    for (int order = 1; order <= degree; order++) {
      double c = cosineOfMultiple(order, angle);
      double s = sineOfMultiple(order, angle);
      for (int d = order; d <= degree; d += 2) {
        double cosine = expansion[at(d, order)];
        double sine = expansion[at(d, -order)];
        rotated[at(d, order)] = Math.fma(cosine, c, -(sine * s));
        rotated[at(d, -order)] = Math.fma(cosine, s, sine * c);
      }
    }
    return rotated;
  }

  /** {@code cos(n angle)}, the product with all its digits. */
  static double cosineOfMultiple(int n, double angle) {
    double product = n * angle;
    double rest = Math.fma(n, angle, -product);
    return Math.cos(product) - rest * Math.sin(product);
  }

  /** {@code sin(n angle)}, the product with all its digits. */
  static double sineOfMultiple(int n, double angle) {
    double product = n * angle;
    double rest = Math.fma(n, angle, -product);
    return Math.sin(product) + rest * Math.cos(product);
  }

  /**
   * {@code u -> f(e u)} by {@code R_d^N(e x) = sum over k = N, N + 2, ..., d of [R_d^k(e) -
   * R_d^{k+2}(e)] R_k^N(x)} (A. Janssen and P. Dirksen, 2006).
   */
  static double[] scale(double[] expansion, double e) {
    int degree = DiskModes.degree(expansion.length);
    double[] scaled = new double[expansion.length];
    // R_d^k(e) at [k][(d - k) / 2]
    double[][] radial = new double[degree + 3][];
    for (int k = 0; k <= degree + 2; k++) {
      int count = Math.max(0, (degree - k) / 2 + (k <= degree ? 1 : 0));
      radial[k] = new double[count];
      if (count > 0) {
        new RadialColumn(k, 0, count).values(e, radial[k]);
      }
    }
    for (int k = 0; k <= degree; k++) {
      for (int d = k; d <= degree; d += 2) {
        double factor = radial[k][(d - k) / 2] - (d > k ? radial[k + 2][(d - k - 2) / 2] : 0);
        for (int m = -k; m <= k; m += 2) {
          scaled[at(k, m)] = Math.fma(factor, expansion[at(d, m)], scaled[at(k, m)]);
        }
      }
    }
    return scaled;
  }

  /** {@code int f g} over the unit disk. */
  static double innerProduct(double[] a, double[] b) {
    CompensatedSum sum = new CompensatedSum();
    int degree = DiskModes.degree(Math.min(a.length, b.length));
    for (int d = 0; d <= degree; d++) {
      // int R^2 r dr = 1 / (2 (d + 1)), int cos^2 = pi, 2 pi for order 0
      double norm = Math.PI / (2.0 * (d + 1));
      for (int m = -d; m <= d; m += 2) {
        sum.add((m == 0 ? 2 : 1) * norm * a[at(d, m)] * b[at(d, m)]);
      }
    }
    return sum.value();
  }

  /** Largest coefficient of the degrees from one on, in size. */
  static double largest(double[] expansion, int fromDegree) {
    double largest = 0;
    for (int j = fromDegree <= 0 ? 0 : DiskModes.count(fromDegree - 1); j < expansion.length; j++) {
      largest = Math.max(largest, Math.abs(expansion[j]));
    }
    return largest;
  }

  /** The lowest degree above which all coefficients are at most {@code limit} in size. */
  static int significantDegree(double[] expansion, double limit) {
    int last = expansion.length - 1;
    while (last > 0 && Math.abs(expansion[last]) <= limit) {
      last--;
    }
    return ModeOrder.OSA.mode(last).degree();
  }

  private static int at(int degree, int order) {
    return CoefficientBlock.position(degree, order);
  }
}
