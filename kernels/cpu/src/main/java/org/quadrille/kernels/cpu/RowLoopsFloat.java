package org.quadrille.kernels.cpu;

import java.util.Arrays;

/**
 * What softmax and normalization do with neighbouring elements of a row. The default methods are
 * plain Java and define the bits; SIMD kernels override them.
 */
interface RowLoopsFloat {

  /** The plain loops. */
  RowLoopsFloat SCALAR = new RowLoopsFloat() {};

  /**
   * Sum of products in the order of dot products.
   *
   * @param partial at least {@link SumOrder#DOT_PARTIALS_FLOAT} long, overwritten
   */
  default float dot(int n, float[] x, int xAt, float[] y, int yAt, float[] partial) {
    return ScalarFloat.dot(n, x, xAt, 1, y, yAt, 1);
  }

  /** Largest element, -infinity of none, NaN if there is one. */
  default float largest(int n, float[] x, int at) {
    float max = Float.NEGATIVE_INFINITY;
    for (int i = 0; i < n; i++) {
      max = Math.max(max, x[at + i]);
    }
    return max;
  }

  /** {@code y := exp(x - shift)}. */
  default void decay(int n, float[] x, int xAt, float shift, float[] y, int yAt) {
    for (int i = 0; i < n; i++) {
      y[yAt + i] = ScalarFunctionsFloat.decay(x[xAt + i] - shift);
    }
  }

  /** {@code y := (x - shift) * factor}. */
  default void standardize(
      int n, float[] x, int xAt, float shift, float factor, float[] y, int yAt) {
    for (int i = 0; i < n; i++) {
      y[yAt + i] = (x[xAt + i] - shift) * factor;
    }
  }

  /** {@code y := y * factor * gamma + beta}. */
  default void affine(
      int n, float[] y, int yAt, float factor, float[] gamma, int gAt, float[] beta, int bAt) {
    for (int i = 0; i < n; i++) {
      y[yAt + i] = Math.fma(y[yAt + i] * factor, gamma[gAt + i], beta[bAt + i]);
    }
  }

  /** {@code z := x * y}. */
  default void multiply(int n, float[] x, int xAt, float[] y, int yAt, float[] z, int zAt) {
    for (int i = 0; i < n; i++) {
      z[zAt + i] = x[xAt + i] * y[yAt + i];
    }
  }

  /** {@code dx := y * (dy - mean)}. */
  default void softmaxGradient(
      int n, float[] y, int yAt, float[] dy, int dyAt, float mean, float[] dx, int dxAt) {
    for (int i = 0; i < n; i++) {
      dx[dxAt + i] = y[yAt + i] * (dy[dyAt + i] - mean);
    }
  }

  /** {@code dx := factor * (g - mean - slope * x)} for standardized x. */
  default void normalizationGradient(
      int n, float[] g, float[] x, float mean, float slope, float factor, float[] dx, int dxAt) {
    for (int i = 0; i < n; i++) {
      dx[dxAt + i] = Math.fma(x[i], -slope, g[i] - mean) * factor;
    }
  }

  /** {@code sum += x * y}. */
  default void addProducts(int n, float[] x, int xAt, float[] y, int yAt, float[] sum, int at) {
    for (int i = 0; i < n; i++) {
      sum[at + i] = Math.fma(x[xAt + i], y[yAt + i], sum[at + i]);
    }
  }

  /** {@code sum += x}. */
  default void add(int n, float[] x, int xAt, float[] sum, int at) {
    for (int i = 0; i < n; i++) {
      sum[at + i] += x[xAt + i];
    }
  }

  /** Sets elements. */
  default void fill(int n, float value, float[] y, int yAt) {
    Arrays.fill(y, yAt, yAt + n, value);
  }
}
