// Generated from VectorRowsFloat.java by src/main/generator/DoubleTwins.java. Do not edit.
package org.quadrille.kernels.cpu;

import java.util.Arrays;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** The loops of softmax and normalization in SIMD. */
final class VectorRowsDouble implements RowLoopsDouble {

  static final VectorRowsDouble LOOPS = new VectorRowsDouble();

  private static final VectorSpecies<Double> SPECIES = VectorWidth.DOUBLE;
  private static final int LANES = SPECIES.length();

  private VectorRowsDouble() {}

  private static DoubleVector load(double[] x, int at) {
    return DoubleVector.fromArray(SPECIES, x, at);
  }

  @Override
  public double dot(int n, double[] x, int xAt, double[] y, int yAt, double[] partial) {
    return DotDouble.dot(n, x, xAt, y, yAt, partial);
  }

  @Override
  public double largest(int n, double[] x, int at) {
    DoubleVector max0 = DoubleVector.broadcast(SPECIES, Double.NEGATIVE_INFINITY);
    DoubleVector max1 = max0;
    int i = 0;
    for (; i <= n - 2 * LANES; i += 2 * LANES) {
      max0 = load(x, at + i).max(max0);
      max1 = load(x, at + i + LANES).max(max1);
    }
    // The largest does not depend on the order, so this reduction has one result.
    double max = max0.max(max1).reduceLanes(VectorOperators.MAX);
    for (; i < n; i++) {
      max = Math.max(max, x[at + i]);
    }
    return max;
  }

  @Override
  public void decay(int n, double[] x, int xAt, double shift, double[] y, int yAt) {
    int whole = n - n % LANES;
    ExponentialLoopsDouble.decay(whole, x, xAt, shift, y, yAt);
    if (whole < n) {
      double[] rest = new double[LANES];
      // What fills the vector up is not copied back.
      Arrays.fill(rest, shift);
      System.arraycopy(x, xAt + whole, rest, 0, n - whole);
      ExponentialLoopsDouble.decay(LANES, rest, 0, shift, rest, 0);
      System.arraycopy(rest, 0, y, yAt + whole, n - whole);
    }
  }

  @Override
  public void standardize(
      int n, double[] x, int xAt, double shift, double factor, double[] y, int yAt) {
    int end = SPECIES.loopBound(n);
    for (int i = 0; i < end; i += LANES) {
      load(x, xAt + i).sub(shift).mul(factor).intoArray(y, yAt + i);
    }
    RowLoopsDouble.super.standardize(n - end, x, xAt + end, shift, factor, y, yAt + end);
  }

  @Override
  public void affine(
      int n, double[] y, int yAt, double factor, double[] gamma, int gAt, double[] beta, int bAt) {
    int end = SPECIES.loopBound(n);
    for (int i = 0; i < end; i += LANES) {
      load(y, yAt + i)
          .mul(factor)
          .lanewise(VectorOperators.FMA, load(gamma, gAt + i), load(beta, bAt + i))
          .intoArray(y, yAt + i);
    }
    RowLoopsDouble.super.affine(n - end, y, yAt + end, factor, gamma, gAt + end, beta, bAt + end);
  }

  @Override
  public void multiply(int n, double[] x, int xAt, double[] y, int yAt, double[] z, int zAt) {
    int end = SPECIES.loopBound(n);
    for (int i = 0; i < end; i += LANES) {
      load(x, xAt + i).mul(load(y, yAt + i)).intoArray(z, zAt + i);
    }
    RowLoopsDouble.super.multiply(n - end, x, xAt + end, y, yAt + end, z, zAt + end);
  }

  @Override
  public void softmaxGradient(
      int n, double[] y, int yAt, double[] dy, int dyAt, double mean, double[] dx, int dxAt) {
    int end = SPECIES.loopBound(n);
    for (int i = 0; i < end; i += LANES) {
      load(y, yAt + i).mul(load(dy, dyAt + i).sub(mean)).intoArray(dx, dxAt + i);
    }
    RowLoopsDouble.super.softmaxGradient(
        n - end, y, yAt + end, dy, dyAt + end, mean, dx, dxAt + end);
  }

  @Override
  public void normalizationGradient(
      int n, double[] g, double[] x, double mean, double slope, double factor, double[] dx, int dxAt) {
    DoubleVector minus = DoubleVector.broadcast(SPECIES, -slope);
    int end = SPECIES.loopBound(n);
    for (int i = 0; i < end; i += LANES) {
      load(x, i)
          .lanewise(VectorOperators.FMA, minus, load(g, i).sub(mean))
          .mul(factor)
          .intoArray(dx, dxAt + i);
    }
    for (int i = end; i < n; i++) {
      dx[dxAt + i] = Math.fma(x[i], -slope, g[i] - mean) * factor;
    }
  }

  @Override
  public void addProducts(int n, double[] x, int xAt, double[] y, int yAt, double[] sum, int at) {
    int end = SPECIES.loopBound(n);
    for (int i = 0; i < end; i += LANES) {
      load(x, xAt + i)
          .lanewise(VectorOperators.FMA, load(y, yAt + i), load(sum, at + i))
          .intoArray(sum, at + i);
    }
    RowLoopsDouble.super.addProducts(n - end, x, xAt + end, y, yAt + end, sum, at + end);
  }

  @Override
  public void add(int n, double[] x, int xAt, double[] sum, int at) {
    ElementwiseDouble.axpy(n, 1, x, xAt, sum, at);
  }
}
