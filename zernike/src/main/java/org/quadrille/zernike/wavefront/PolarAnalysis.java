package org.quadrille.zernike.wavefront;

import java.util.Arrays;
import org.quadrille.zernike.DiskModes;
import org.quadrille.zernike.Normalization;
import org.quadrille.zernike.RadialColumn;
import org.quadrille.zernike.RadialRule;

/**
 * Coefficients of a function from its samples on a polar grid: Gauss nodes in the squared radius,
 * equispaced angles. Exact for expansions of the degree of the analysis. O(L^3) for the least grid.
 */
final class PolarAnalysis {
  private final int degree;
  private final int angles;
  private final RadialRule rule;

  /** {@code cos(2 pi j / angles)}. */
  private final double[] cosines;

  private final double[] sines;

  /** The least grid that is exact. */
  PolarAnalysis(int degree) {
    this(degree, degree / 2 + 1, 2 * degree + 1);
  }

  PolarAnalysis(int degree, int rings, int angles) {
    this.degree = degree;
    this.angles = angles;
    this.rule = RadialRule.inSquaredRadius(rings, 0);
    this.cosines = new double[angles];
    this.sines = new double[angles];
    for (int j = 0; j < angles; j++) {
      cosines[j] = Math.cos(2 * Math.PI * j / angles);
      sines[j] = Math.sin(2 * Math.PI * j / angles);
    }
  }

  /** Points, ring after ring. */
  double[] x() {
    return points(cosines);
  }

  double[] y() {
    return points(sines);
  }

  private double[] points(double[] direction) {
    double[] radii = rule.radii();
    double[] points = new double[radii.length * angles];
    for (int i = 0; i < points.length; i++) {
      points[i] = radii[i / angles] * direction[i % angles];
    }
    return points;
  }

  /** Orthonormal coefficients, OSA order, from samples at the points. */
  double[] analyse(double[] samples) {
    double[] coefficients = new double[DiskModes.count(degree)];
    double[] weights = rule.radialWeights();
    double[] cosineParts = new double[rule.size()];
    double[] sineParts = new double[rule.size()];
    for (int order = 0; order <= degree; order++) {
      angularSums(samples, order, cosineParts, sineParts);
      int count = (degree - order) / 2 + 1;
      RadialColumn column = new RadialColumn(order, 0, count);
      double[] radial = new double[count];
      for (int i = 0; i < rule.size(); i++) {
        column.values(rule.node(i), rule.complement(i), radial);
        // c = (1 / pi) sum of w (2 pi / K) f Z
        double weight = 2 * weights[i] / angles;
        for (int n = 0; n < count; n++) {
          int d = order + 2 * n;
          coefficients[(d * (d + 2) + order) / 2] += weight * cosineParts[i] * radial[n];
          if (order > 0) {
            coefficients[(d * (d + 2) - order) / 2] += weight * sineParts[i] * radial[n];
          }
        }
      }
    }
    return normalized(coefficients);
  }

  private double[] normalized(double[] coefficients) {
    for (int d = 0, j = 0; d <= degree; d++) {
      for (int m = -d; m <= d; m += 2, j++) {
        coefficients[j] *= Normalization.ORTHONORMAL.factor(d, m);
      }
    }
    return coefficients;
  }

  /** Sums over each ring of the samples times cos and sin of order times the angle. */
  private void angularSums(double[] samples, int order, double[] cosineParts, double[] sineParts) {
    Arrays.fill(cosineParts, 0);
    Arrays.fill(sineParts, 0);
    for (int i = 0; i < cosineParts.length; i++) {
      double c = 0;
      double s = 0;
      for (int j = 0, k = 0; j < angles; j++) {
        c += samples[i * angles + j] * cosines[k];
        s += samples[i * angles + j] * sines[k];
        k += order;
        k = k >= angles ? k % angles : k;
      }
      cosineParts[i] = c;
      sineParts[i] = s;
    }
  }
}
