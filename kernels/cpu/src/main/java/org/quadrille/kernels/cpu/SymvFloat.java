package org.quadrille.kernels.cpu;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * Product of a symmetric matrix, given as one triangle, and a vector, with the bits of {@link
 * SymmetricFloat}: each element beside the diagonal is loaded once and used twice, for the sum of
 * its row and for the element of y that its column belongs to.
 */
final class SymvFloat implements SymmetricFloat.Loops {

  static final SymvFloat LOOPS = new SymvFloat();

  private static final int PARTIALS = SumOrder.GEMV_PARTIALS_FLOAT;

  /** Two vectors hold the partial sums of a row; wider ones than that would bring nothing. */
  private static final VectorSpecies<Float> SPECIES =
      VectorSpecies.of(
          float.class,
          VectorShape.forBitSize(Math.min(VectorWidth.BITS, PARTIALS * Float.SIZE / 2)));

  private static final int LANES = SPECIES.length();

  private SymvFloat() {}

  @Override
  public void lower(
      int first,
      int last,
      float[] a,
      int aOffset,
      int rowStride,
      float[] x,
      float[] d,
      float[] z,
      int zAt) {
    float[] sums = new float[PARTIALS * PARTIALS];
    Arrays.fill(z, zAt, zAt + last, 0);
    for (int i = first; i < last; i += PARTIALS) {
      int rows = Math.min(PARTIALS, last - i);
      int at = aOffset + i * rowStride;
      rectangle(rows, i, a, at, rowStride, x, i, 0, sums, z, zAt);
      for (int r = 0; r < rows; r++) {
        int diagonal = at + r * rowStride + i;
        float xr = x[i + r];
        for (int c = 0; c < r; c++) {
          float value = a[diagonal + c];
          sums[r * PARTIALS + c] = Math.fma(value, x[i + c], sums[r * PARTIALS + c]);
          z[zAt + i + c] = Math.fma(value, xr, z[zAt + i + c]);
        }
        sums[r * PARTIALS + r] = Math.fma(a[diagonal + r], xr, sums[r * PARTIALS + r]);
        d[i + r] = SumOrder.rowTree(sums, r * PARTIALS);
      }
    }
  }

  @Override
  public void upper(
      int first,
      int last,
      int n,
      float[] a,
      int aOffset,
      int rowStride,
      float[] x,
      float[] d,
      float[] z,
      int zAt) {
    float[] sums = new float[PARTIALS * PARTIALS];
    Arrays.fill(z, zAt + first, zAt + n, 0);
    int rows = (last - first) % PARTIALS == 0 ? PARTIALS : (last - first) % PARTIALS;
    for (int i = first; i < last; i += rows, rows = PARTIALS) {
      int at = aOffset + i * rowStride;
      int right = i + rows;
      rectangle(rows, n - right, a, at + right, rowStride, x, i, right, sums, z, zAt + right);
      for (int r = 0; r < rows; r++) {
        int diagonal = at + r * rowStride + i;
        float xr = x[i + r];
        int to = r * PARTIALS + PARTIALS - rows;
        sums[to + r] = Math.fma(a[diagonal + r], xr, sums[to + r]);
        for (int c = r + 1; c < rows; c++) {
          float value = a[diagonal + c];
          sums[to + c] = Math.fma(value, x[i + c], sums[to + c]);
          z[zAt + i + c] = Math.fma(value, xr, z[zAt + i + c]);
        }
        d[i + r] = SumOrder.rowTree(sums, r * PARTIALS);
      }
    }
  }

  @Override
  public void add(int n, float[] from, int fromAt, float[] to, int toAt) {
    ElementwiseFloat.axpy(n, 1, from, fromAt, to, toAt);
  }

  /**
   * Rows times the part of x at {@code xColumns}, and its transpose times their own part at {@code
   * xRows}.
   *
   * @param width columns, a multiple of PARTIALS
   */
  private static void rectangle(
      int rows,
      int width,
      float[] a,
      int at,
      int rowStride,
      float[] x,
      int xRows,
      int xColumns,
      float[] sums,
      float[] z,
      int zAt) {
    int r = 0;
    for (; r <= rows - 4; r += 4) {
      for (int f = 0; f < PARTIALS; f += 2 * LANES) {
        fourRows(
            width,
            a,
            at + r * rowStride + f,
            rowStride,
            x,
            xRows + r,
            xColumns + f,
            sums,
            r * PARTIALS + f,
            z,
            zAt + f);
      }
    }
    for (; r < rows; r++) {
      for (int f = 0; f < PARTIALS; f += 2 * LANES) {
        oneRow(
            width,
            a,
            at + r * rowStride + f,
            x,
            x[xRows + r],
            xColumns + f,
            sums,
            r * PARTIALS + f,
            z,
            zAt + f);
      }
    }
  }

  private static void fourRows(
      int width,
      float[] a,
      int a0,
      int rowStride,
      float[] x,
      int xRows,
      int xColumns,
      float[] sums,
      int to,
      float[] z,
      int zAt) {
    int a1 = a0 + rowStride;
    int a2 = a1 + rowStride;
    int a3 = a2 + rowStride;
    FloatVector x0 = FloatVector.broadcast(SPECIES, x[xRows]);
    FloatVector x1 = FloatVector.broadcast(SPECIES, x[xRows + 1]);
    FloatVector x2 = FloatVector.broadcast(SPECIES, x[xRows + 2]);
    FloatVector x3 = FloatVector.broadcast(SPECIES, x[xRows + 3]);
    FloatVector s00 = FloatVector.zero(SPECIES);
    FloatVector s01 = s00;
    FloatVector s10 = s00;
    FloatVector s11 = s00;
    FloatVector s20 = s00;
    FloatVector s21 = s00;
    FloatVector s30 = s00;
    FloatVector s31 = s00;
    for (int j = 0; j < width; j += PARTIALS) {
      FloatVector xj = FloatVector.fromArray(SPECIES, x, xColumns + j);
      FloatVector zj = FloatVector.fromArray(SPECIES, z, zAt + j);
      FloatVector v = FloatVector.fromArray(SPECIES, a, a0 + j);
      s00 = xj.lanewise(VectorOperators.FMA, v, s00);
      zj = x0.lanewise(VectorOperators.FMA, v, zj);
      v = FloatVector.fromArray(SPECIES, a, a1 + j);
      s10 = xj.lanewise(VectorOperators.FMA, v, s10);
      zj = x1.lanewise(VectorOperators.FMA, v, zj);
      v = FloatVector.fromArray(SPECIES, a, a2 + j);
      s20 = xj.lanewise(VectorOperators.FMA, v, s20);
      zj = x2.lanewise(VectorOperators.FMA, v, zj);
      v = FloatVector.fromArray(SPECIES, a, a3 + j);
      s30 = xj.lanewise(VectorOperators.FMA, v, s30);
      x3.lanewise(VectorOperators.FMA, v, zj).intoArray(z, zAt + j);

      int k = j + LANES;
      xj = FloatVector.fromArray(SPECIES, x, xColumns + k);
      zj = FloatVector.fromArray(SPECIES, z, zAt + k);
      v = FloatVector.fromArray(SPECIES, a, a0 + k);
      s01 = xj.lanewise(VectorOperators.FMA, v, s01);
      zj = x0.lanewise(VectorOperators.FMA, v, zj);
      v = FloatVector.fromArray(SPECIES, a, a1 + k);
      s11 = xj.lanewise(VectorOperators.FMA, v, s11);
      zj = x1.lanewise(VectorOperators.FMA, v, zj);
      v = FloatVector.fromArray(SPECIES, a, a2 + k);
      s21 = xj.lanewise(VectorOperators.FMA, v, s21);
      zj = x2.lanewise(VectorOperators.FMA, v, zj);
      v = FloatVector.fromArray(SPECIES, a, a3 + k);
      s31 = xj.lanewise(VectorOperators.FMA, v, s31);
      x3.lanewise(VectorOperators.FMA, v, zj).intoArray(z, zAt + k);
    }
    FloatVector one = FloatVector.broadcast(SPECIES, 1);
    one.lanewise(VectorOperators.MUL, s00).intoArray(sums, to);
    one.lanewise(VectorOperators.MUL, s01).intoArray(sums, to + LANES);
    one.lanewise(VectorOperators.MUL, s10).intoArray(sums, to + PARTIALS);
    one.lanewise(VectorOperators.MUL, s11).intoArray(sums, to + PARTIALS + LANES);
    one.lanewise(VectorOperators.MUL, s20).intoArray(sums, to + 2 * PARTIALS);
    one.lanewise(VectorOperators.MUL, s21).intoArray(sums, to + 2 * PARTIALS + LANES);
    one.lanewise(VectorOperators.MUL, s30).intoArray(sums, to + 3 * PARTIALS);
    one.lanewise(VectorOperators.MUL, s31).intoArray(sums, to + 3 * PARTIALS + LANES);
  }

  private static void oneRow(
      int width,
      float[] a,
      int at,
      float[] x,
      float xRow,
      int xColumns,
      float[] sums,
      int to,
      float[] z,
      int zAt) {
    FloatVector x0 = FloatVector.broadcast(SPECIES, xRow);
    FloatVector s0 = FloatVector.zero(SPECIES);
    FloatVector s1 = s0;
    for (int j = 0; j < width; j += PARTIALS) {
      FloatVector v = FloatVector.fromArray(SPECIES, a, at + j);
      FloatVector w = FloatVector.fromArray(SPECIES, a, at + j + LANES);
      FloatVector zv = FloatVector.fromArray(SPECIES, z, zAt + j);
      FloatVector zw = FloatVector.fromArray(SPECIES, z, zAt + j + LANES);
      s0 = v.lanewise(VectorOperators.FMA, FloatVector.fromArray(SPECIES, x, xColumns + j), s0);
      s1 =
          w.lanewise(
              VectorOperators.FMA, FloatVector.fromArray(SPECIES, x, xColumns + j + LANES), s1);
      x0.lanewise(VectorOperators.FMA, v, zv).intoArray(z, zAt + j);
      x0.lanewise(VectorOperators.FMA, w, zw).intoArray(z, zAt + j + LANES);
    }
    FloatVector one = FloatVector.broadcast(SPECIES, 1);
    one.lanewise(VectorOperators.MUL, s0).intoArray(sums, to);
    one.lanewise(VectorOperators.MUL, s1).intoArray(sums, to + LANES);
  }
}
