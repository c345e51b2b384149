package org.quadrille.kernels.cpu;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** The loops of softmax and normalization in SIMD. */
final class VectorRowsFloat implements RowLoopsFloat {

  static final VectorRowsFloat LOOPS = new VectorRowsFloat();

  private static final VectorSpecies<Float> SPECIES = VectorWidth.FLOAT;
  private static final int LANES = SPECIES.length();

  private VectorRowsFloat() {}

  private static FloatVector load(float[] x, int at) {
    return FloatVector.fromArray(SPECIES, x, at);
  }

  @Override
  public float dot(int n, float[] x, int xAt, float[] y, int yAt, float[] partial) {
    return DotFloat.dot(n, x, xAt, y, yAt, partial);
  }

  @Override
  public float largest(int n, float[] x, int at) {
    FloatVector max0 = FloatVector.broadcast(SPECIES, Float.NEGATIVE_INFINITY);
    FloatVector max1 = max0;
    int i = 0;
    for (; i <= n - 2 * LANES; i += 2 * LANES) {
      max0 = load(x, at + i).max(max0);
      max1 = load(x, at + i + LANES).max(max1);
    }
    // The largest does not depend on the order, so this reduction has one result.
    float max = max0.max(max1).reduceLanes(VectorOperators.MAX);
    for (; i < n; i++) {
      max = Math.max(max, x[at + i]);
    }
    return max;
  }

  @Override
  public void decay(int n, float[] x, int xAt, float shift, float[] y, int yAt) {
    int whole = n - n % LANES;
    ExponentialLoopsFloat.decay(whole, x, xAt, shift, y, yAt);
    if (whole < n) {
      float[] rest = new float[LANES];
      // What fills the vector up is not copied back.
      Arrays.fill(rest, shift);
      System.arraycopy(x, xAt + whole, rest, 0, n - whole);
      ExponentialLoopsFloat.decay(LANES, rest, 0, shift, rest, 0);
      System.arraycopy(rest, 0, y, yAt + whole, n - whole);
    }
  }

  @Override
  public void standardize(
      int n, float[] x, int xAt, float shift, float factor, float[] y, int yAt) {
    int end = SPECIES.loopBound(n);
    for (int i = 0; i < end; i += LANES) {
      load(x, xAt + i).sub(shift).mul(factor).intoArray(y, yAt + i);
    }
    RowLoopsFloat.super.standardize(n - end, x, xAt + end, shift, factor, y, yAt + end);
  }

  @Override
  public void affine(
      int n, float[] y, int yAt, float factor, float[] gamma, int gAt, float[] beta, int bAt) {
    int end = SPECIES.loopBound(n);
    for (int i = 0; i < end; i += LANES) {
      load(y, yAt + i)
          .mul(factor)
          .lanewise(VectorOperators.FMA, load(gamma, gAt + i), load(beta, bAt + i))
          .intoArray(y, yAt + i);
    }
    RowLoopsFloat.super.affine(n - end, y, yAt + end, factor, gamma, gAt + end, beta, bAt + end);
  }

  @Override
  public void multiply(int n, float[] x, int xAt, float[] y, int yAt, float[] z, int zAt) {
    int end = SPECIES.loopBound(n);
    for (int i = 0; i < end; i += LANES) {
      load(x, xAt + i).mul(load(y, yAt + i)).intoArray(z, zAt + i);
    }
    RowLoopsFloat.super.multiply(n - end, x, xAt + end, y, yAt + end, z, zAt + end);
  }

  @Override
  public void softmaxGradient(
      int n, float[] y, int yAt, float[] dy, int dyAt, float mean, float[] dx, int dxAt) {
    int end = SPECIES.loopBound(n);
    for (int i = 0; i < end; i += LANES) {
      load(y, yAt + i).mul(load(dy, dyAt + i).sub(mean)).intoArray(dx, dxAt + i);
    }
    RowLoopsFloat.super.softmaxGradient(
        n - end, y, yAt + end, dy, dyAt + end, mean, dx, dxAt + end);
  }

  @Override
  public void normalizationGradient(
      int n, float[] g, float[] x, float mean, float slope, float factor, float[] dx, int dxAt) {
    FloatVector minus = FloatVector.broadcast(SPECIES, -slope);
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
  public void addProducts(int n, float[] x, int xAt, float[] y, int yAt, float[] sum, int at) {
    int end = SPECIES.loopBound(n);
    for (int i = 0; i < end; i += LANES) {
      load(x, xAt + i)
          .lanewise(VectorOperators.FMA, load(y, yAt + i), load(sum, at + i))
          .intoArray(sum, at + i);
    }
    RowLoopsFloat.super.addProducts(n - end, x, xAt + end, y, yAt + end, sum, at + end);
  }

  @Override
  public void add(int n, float[] x, int xAt, float[] sum, int at) {
    ElementwiseFloat.axpy(n, 1, x, xAt, sum, at);
  }
}
