// Generated from SymvFloat.java by src/main/generator/DoubleTwins.java. Do not edit.
package org.quadrille.kernels.cpu;

import java.util.Arrays;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * Product of a symmetric matrix, given as one triangle, and a vector, with the bits of {@link
 * SymmetricDouble}: each element beside the diagonal is loaded once and used twice, for the sum of
 * its row and for the element of y that its column belongs to.
 */
final class SymvDouble implements SymmetricDouble.Loops {

  static final SymvDouble LOOPS = new SymvDouble();

  private static final int PARTIALS = SumOrder.GEMV_PARTIALS_DOUBLE;

  /** Two vectors hold the partial sums of a row; wider ones than that would bring nothing. */
  private static final VectorSpecies<Double> SPECIES =
      VectorSpecies.of(
          double.class,
          VectorShape.forBitSize(Math.min(VectorWidth.BITS, PARTIALS * Double.SIZE / 2)));

  private static final int LANES = SPECIES.length();

  private SymvDouble() {}

  @Override
  public void lower(
      int first,
      int last,
      double[] a,
      int aOffset,
      int rowStride,
      double[] x,
      double[] d,
      double[] z,
      int zAt) {
    double[] sums = new double[PARTIALS * PARTIALS];
    Arrays.fill(z, zAt, zAt + last, 0);
    for (int i = first; i < last; i += PARTIALS) {
      int rows = Math.min(PARTIALS, last - i);
      int at = aOffset + i * rowStride;
      rectangle(rows, i, a, at, rowStride, x, i, 0, sums, z, zAt);
      for (int r = 0; r < rows; r++) {
        int diagonal = at + r * rowStride + i;
        double xr = x[i + r];
        for (int c = 0; c < r; c++) {
          double value = a[diagonal + c];
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
      double[] a,
      int aOffset,
      int rowStride,
      double[] x,
      double[] d,
      double[] z,
      int zAt) {
    double[] sums = new double[PARTIALS * PARTIALS];
    Arrays.fill(z, zAt + first, zAt + n, 0);
    int rows = (last - first) % PARTIALS == 0 ? PARTIALS : (last - first) % PARTIALS;
    for (int i = first; i < last; i += rows, rows = PARTIALS) {
      int at = aOffset + i * rowStride;
      int right = i + rows;
      rectangle(rows, n - right, a, at + right, rowStride, x, i, right, sums, z, zAt + right);
      for (int r = 0; r < rows; r++) {
        int diagonal = at + r * rowStride + i;
        double xr = x[i + r];
        int to = r * PARTIALS + PARTIALS - rows;
        sums[to + r] = Math.fma(a[diagonal + r], xr, sums[to + r]);
        for (int c = r + 1; c < rows; c++) {
          double value = a[diagonal + c];
          sums[to + c] = Math.fma(value, x[i + c], sums[to + c]);
          z[zAt + i + c] = Math.fma(value, xr, z[zAt + i + c]);
        }
        d[i + r] = SumOrder.rowTree(sums, r * PARTIALS);
      }
    }
  }

  @Override
  public void add(int n, double[] from, int fromAt, double[] to, int toAt) {
    ElementwiseDouble.axpy(n, 1, from, fromAt, to, toAt);
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
      double[] a,
      int at,
      int rowStride,
      double[] x,
      int xRows,
      int xColumns,
      double[] sums,
      double[] z,
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
      double[] a,
      int a0,
      int rowStride,
      double[] x,
      int xRows,
      int xColumns,
      double[] sums,
      int to,
      double[] z,
      int zAt) {
    int a1 = a0 + rowStride;
    int a2 = a1 + rowStride;
    int a3 = a2 + rowStride;
    DoubleVector x0 = DoubleVector.broadcast(SPECIES, x[xRows]);
    DoubleVector x1 = DoubleVector.broadcast(SPECIES, x[xRows + 1]);
    DoubleVector x2 = DoubleVector.broadcast(SPECIES, x[xRows + 2]);
    DoubleVector x3 = DoubleVector.broadcast(SPECIES, x[xRows + 3]);
    DoubleVector s00 = DoubleVector.zero(SPECIES);
    DoubleVector s01 = s00;
    DoubleVector s10 = s00;
    DoubleVector s11 = s00;
    DoubleVector s20 = s00;
    DoubleVector s21 = s00;
    DoubleVector s30 = s00;
    DoubleVector s31 = s00;
    for (int j = 0; j < width; j += PARTIALS) {
      DoubleVector xj = DoubleVector.fromArray(SPECIES, x, xColumns + j);
      DoubleVector zj = DoubleVector.fromArray(SPECIES, z, zAt + j);
      DoubleVector v = DoubleVector.fromArray(SPECIES, a, a0 + j);
      s00 = xj.lanewise(VectorOperators.FMA, v, s00);
      zj = x0.lanewise(VectorOperators.FMA, v, zj);
      v = DoubleVector.fromArray(SPECIES, a, a1 + j);
      s10 = xj.lanewise(VectorOperators.FMA, v, s10);
      zj = x1.lanewise(VectorOperators.FMA, v, zj);
      v = DoubleVector.fromArray(SPECIES, a, a2 + j);
      s20 = xj.lanewise(VectorOperators.FMA, v, s20);
      zj = x2.lanewise(VectorOperators.FMA, v, zj);
      v = DoubleVector.fromArray(SPECIES, a, a3 + j);
      s30 = xj.lanewise(VectorOperators.FMA, v, s30);
      x3.lanewise(VectorOperators.FMA, v, zj).intoArray(z, zAt + j);

      int k = j + LANES;
      xj = DoubleVector.fromArray(SPECIES, x, xColumns + k);
      zj = DoubleVector.fromArray(SPECIES, z, zAt + k);
      v = DoubleVector.fromArray(SPECIES, a, a0 + k);
      s01 = xj.lanewise(VectorOperators.FMA, v, s01);
      zj = x0.lanewise(VectorOperators.FMA, v, zj);
      v = DoubleVector.fromArray(SPECIES, a, a1 + k);
      s11 = xj.lanewise(VectorOperators.FMA, v, s11);
      zj = x1.lanewise(VectorOperators.FMA, v, zj);
      v = DoubleVector.fromArray(SPECIES, a, a2 + k);
      s21 = xj.lanewise(VectorOperators.FMA, v, s21);
      zj = x2.lanewise(VectorOperators.FMA, v, zj);
      v = DoubleVector.fromArray(SPECIES, a, a3 + k);
      s31 = xj.lanewise(VectorOperators.FMA, v, s31);
      x3.lanewise(VectorOperators.FMA, v, zj).intoArray(z, zAt + k);
    }
    DoubleVector one = DoubleVector.broadcast(SPECIES, 1);
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
      double[] a,
      int at,
      double[] x,
      double xRow,
      int xColumns,
      double[] sums,
      int to,
      double[] z,
      int zAt) {
    DoubleVector x0 = DoubleVector.broadcast(SPECIES, xRow);
    DoubleVector s0 = DoubleVector.zero(SPECIES);
    DoubleVector s1 = s0;
    for (int j = 0; j < width; j += PARTIALS) {
      DoubleVector v = DoubleVector.fromArray(SPECIES, a, at + j);
      DoubleVector w = DoubleVector.fromArray(SPECIES, a, at + j + LANES);
      DoubleVector zv = DoubleVector.fromArray(SPECIES, z, zAt + j);
      DoubleVector zw = DoubleVector.fromArray(SPECIES, z, zAt + j + LANES);
      s0 = v.lanewise(VectorOperators.FMA, DoubleVector.fromArray(SPECIES, x, xColumns + j), s0);
      s1 =
          w.lanewise(
              VectorOperators.FMA, DoubleVector.fromArray(SPECIES, x, xColumns + j + LANES), s1);
      x0.lanewise(VectorOperators.FMA, v, zv).intoArray(z, zAt + j);
      x0.lanewise(VectorOperators.FMA, w, zw).intoArray(z, zAt + j + LANES);
    }
    DoubleVector one = DoubleVector.broadcast(SPECIES, 1);
    one.lanewise(VectorOperators.MUL, s0).intoArray(sums, to);
    one.lanewise(VectorOperators.MUL, s1).intoArray(sums, to + LANES);
  }
}
