// Generated from RowLoopsFloat.java by src/main/generator/DoubleTwins.java. Do not edit.
package org.quadrille.kernels.cpu;

import java.util.Arrays;

/**
 * What softmax and normalization do with neighbouring elements of a row. The default methods are
 * plain Java and define the bits; SIMD kernels override them.
 */
interface RowLoopsDouble {

  /** The plain loops. */
  RowLoopsDouble SCALAR = new RowLoopsDouble() {};

  /**
   * Sum of products in the order of dot products.
   *
   * @param partial at least {@link SumOrder#DOT_PARTIALS_DOUBLE} long, overwritten
   */
  default double dot(int n, double[] x, int xAt, double[] y, int yAt, double[] partial) {
    return ScalarDouble.dot(n, x, xAt, 1, y, yAt, 1);
  }

  /** Largest element, -infinity of none, NaN if there is one. */
  default double largest(int n, double[] x, int at) {
    double max = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < n; i++) {
      max = Math.max(max, x[at + i]);
    }
    return max;
  }

  /** {@code y := exp(x - shift)}. */
  default void decay(int n, double[] x, int xAt, double shift, double[] y, int yAt) {
    for (int i = 0; i < n; i++) {
      y[yAt + i] = ScalarFunctionsDouble.decay(x[xAt + i] - shift);
    }
  }

  /** {@code y := (x - shift) * factor}. */
  default void standardize(
      int n, double[] x, int xAt, double shift, double factor, double[] y, int yAt) {
    for (int i = 0; i < n; i++) {
      y[yAt + i] = (x[xAt + i] - shift) * factor;
    }
  }

  /** {@code y := y * factor * gamma + beta}. */
  default void affine(
      int n, double[] y, int yAt, double factor, double[] gamma, int gAt, double[] beta, int bAt) {
    for (int i = 0; i < n; i++) {
      y[yAt + i] = Math.fma(y[yAt + i] * factor, gamma[gAt + i], beta[bAt + i]);
    }
  }

  /** {@code z := x * y}. */
  default void multiply(int n, double[] x, int xAt, double[] y, int yAt, double[] z, int zAt) {
    for (int i = 0; i < n; i++) {
      z[zAt + i] = x[xAt + i] * y[yAt + i];
    }
  }

  /** {@code dx := y * (dy - mean)}. */
  default void softmaxGradient(
      int n, double[] y, int yAt, double[] dy, int dyAt, double mean, double[] dx, int dxAt) {
    for (int i = 0; i < n; i++) {
      dx[dxAt + i] = y[yAt + i] * (dy[dyAt + i] - mean);
    }
  }

  /** {@code dx := factor * (g - mean - slope * x)} for standardized x. */
  default void normalizationGradient(
      int n, double[] g, double[] x, double mean, double slope, double factor, double[] dx, int dxAt) {
    for (int i = 0; i < n; i++) {
      dx[dxAt + i] = Math.fma(x[i], -slope, g[i] - mean) * factor;
    }
  }

  /** {@code sum += x * y}. */
  default void addProducts(int n, double[] x, int xAt, double[] y, int yAt, double[] sum, int at) {
    for (int i = 0; i < n; i++) {
      sum[at + i] = Math.fma(x[xAt + i], y[yAt + i], sum[at + i]);
    }
  }

  /** {@code sum += x}. */
  default void add(int n, double[] x, int xAt, double[] sum, int at) {
    for (int i = 0; i < n; i++) {
      sum[at + i] += x[xAt + i];
    }
  }

  /** Sets elements. */
  default void fill(int n, double value, double[] y, int yAt) {
    Arrays.fill(y, yAt, yAt + n, value);
  }
}
