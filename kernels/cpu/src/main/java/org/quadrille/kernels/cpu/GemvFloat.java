package org.quadrille.kernels.cpu;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** Matrix-vector product where rows are contiguous, in the fixed order of {@link SumOrder}. */
final class GemvFloat {

  private static final VectorSpecies<Float> SPECIES = VectorWidth.FLOAT;
  private static final int LANES = SPECIES.length();
  private static final int PARTIALS = SumOrder.GEMV_PARTIALS_FLOAT;

  /** Rows done together, which share the loads of x. */
  private static final int ROWS = 4;

  /** Products with fewer elements run on one thread. */
  private static final long PARALLEL_FROM = 1L << 17;

  private static final Workspace<float[]> VECTORS = new Workspace<>(float[]::new, x -> x.length);

  private GemvFloat() {}

  /** Rows of A contiguous; a strided x is copied first. */
  static void byRows(
      int m,
      int n,
      float alpha,
      MatrixFloat a,
      float[] x,
      int xOffset,
      int xStride,
      float beta,
      float[] y,
      int yOffset,
      int yStride) {
    if (xStride == 1) {
      byRows(m, n, alpha, a, x, xOffset, beta, y, yOffset, yStride);
      return;
    }
    float[] packed = VECTORS.borrow(n);
    for (int i = 0; i < n; i++) {
      packed[i] = x[xOffset + i * xStride];
    }
    byRows(m, n, alpha, a, packed, 0, beta, y, yOffset, yStride);
    VECTORS.giveBack(packed);
  }

  private static void byRows(
      int m,
      int n,
      float alpha,
      MatrixFloat a,
      float[] x,
      int xOffset,
      float beta,
      float[] y,
      int yOffset,
      int yStride) {
    int groups = Math.ceilDiv(m, ROWS);
    int tasks = tasks(m, n, groups);
    WorkerPool.shared()
        .forEach(
            tasks,
            task -> {
              float[] sums = new float[ROWS * PARTIALS];
              int end = (int) ((long) groups * (task + 1) / tasks);
              for (int group = (int) ((long) groups * task / tasks); group < end; group++) {
                int row = group * ROWS;
                int rows = Math.min(ROWS, m - row);
                sumRows(rows, n, a.data(), a.at(row, 0), a.rowStride(), x, xOffset, sums);
                for (int r = 0; r < rows; r++) {
                  int at = yOffset + (row + r) * yStride;
                  float sum = SumOrder.rowTree(sums, r * PARTIALS);
                  y[at] = ScalarFloat.update(alpha, sum, beta, beta == 0 ? 0 : y[at]);
                }
              }
            });
  }

  private static int tasks(int m, int n, int units) {
    boolean parallel = (long) m * n >= PARALLEL_FROM;
    return parallel ? Math.min(units, 4 * WorkerPool.shared().threads()) : 1;
  }

  /** Partial sums of up to four rows; missing rows repeat the last one. */
  private static void sumRows(
      int rows, int n, float[] a, int a0, int rowStride, float[] x, int xOffset, float[] sums) {
    int end = n - n % PARTIALS;
    int a1 = a0 + Math.min(1, rows - 1) * rowStride;
    int a2 = a0 + Math.min(2, rows - 1) * rowStride;
    int a3 = a0 + Math.min(3, rows - 1) * rowStride;
    if (LANES == PARTIALS) {
      wholePass(end, a, a0, a1, a2, a3, x, xOffset, sums);
    } else {
      for (int f = 0; f < PARTIALS; f += 2 * LANES) {
        halfPass(end, a, a0 + f, a1 + f, a2 + f, a3 + f, x, xOffset + f, sums, f);
      }
    }
    for (int r = 0; r < rows; r++) {
      for (int i = end; i < n; i++) {
        int at = r * PARTIALS + i - end;
        sums[at] = Math.fma(a[a0 + r * rowStride + i], x[xOffset + i], sums[at]);
      }
    }
  }

  /** Four rows where one vector holds all partial sums of a row. */
  private static void wholePass(
      int end, float[] a, int a0, int a1, int a2, int a3, float[] x, int xOffset, float[] sums) {
    FloatVector s0 = FloatVector.zero(SPECIES);
    FloatVector s1 = s0;
    FloatVector s2 = s0;
    FloatVector s3 = s0;
    for (int i = 0; i < end; i += PARTIALS) {
      FloatVector xi = FloatVector.fromArray(SPECIES, x, xOffset + i);
      s0 = xi.lanewise(VectorOperators.FMA, FloatVector.fromArray(SPECIES, a, a0 + i), s0);
      s1 = xi.lanewise(VectorOperators.FMA, FloatVector.fromArray(SPECIES, a, a1 + i), s1);
      s2 = xi.lanewise(VectorOperators.FMA, FloatVector.fromArray(SPECIES, a, a2 + i), s2);
      s3 = xi.lanewise(VectorOperators.FMA, FloatVector.fromArray(SPECIES, a, a3 + i), s3);
    }
    FloatVector one = FloatVector.broadcast(SPECIES, 1);
    one.lanewise(VectorOperators.MUL, s0).intoArray(sums, 0);
    one.lanewise(VectorOperators.MUL, s1).intoArray(sums, PARTIALS);
    one.lanewise(VectorOperators.MUL, s2).intoArray(sums, 2 * PARTIALS);
    one.lanewise(VectorOperators.MUL, s3).intoArray(sums, 3 * PARTIALS);
  }

  /** Four rows, the two vectors of partial sums from {@code first} on. */
  private static void halfPass(
      int end,
      float[] a,
      int a0,
      int a1,
      int a2,
      int a3,
      float[] x,
      int xOffset,
      float[] sums,
      int first) {
    FloatVector s00 = FloatVector.zero(SPECIES);
    FloatVector s01 = s00;
    FloatVector s10 = s00;
    FloatVector s11 = s00;
    FloatVector s20 = s00;
    FloatVector s21 = s00;
    FloatVector s30 = s00;
    FloatVector s31 = s00;
    for (int i = 0; i < end; i += PARTIALS) {
      FloatVector x0 = FloatVector.fromArray(SPECIES, x, xOffset + i);
      FloatVector x1 = FloatVector.fromArray(SPECIES, x, xOffset + i + LANES);
      int j = i + LANES;
      s00 = x0.lanewise(VectorOperators.FMA, FloatVector.fromArray(SPECIES, a, a0 + i), s00);
      s01 = x1.lanewise(VectorOperators.FMA, FloatVector.fromArray(SPECIES, a, a0 + j), s01);
      s10 = x0.lanewise(VectorOperators.FMA, FloatVector.fromArray(SPECIES, a, a1 + i), s10);
      s11 = x1.lanewise(VectorOperators.FMA, FloatVector.fromArray(SPECIES, a, a1 + j), s11);
      s20 = x0.lanewise(VectorOperators.FMA, FloatVector.fromArray(SPECIES, a, a2 + i), s20);
      s21 = x1.lanewise(VectorOperators.FMA, FloatVector.fromArray(SPECIES, a, a2 + j), s21);
      s30 = x0.lanewise(VectorOperators.FMA, FloatVector.fromArray(SPECIES, a, a3 + i), s30);
      s31 = x1.lanewise(VectorOperators.FMA, FloatVector.fromArray(SPECIES, a, a3 + j), s31);
    }
    int second = first + LANES;
    FloatVector one = FloatVector.broadcast(SPECIES, 1);
    one.lanewise(VectorOperators.MUL, s00).intoArray(sums, first);
    one.lanewise(VectorOperators.MUL, s01).intoArray(sums, second);
    one.lanewise(VectorOperators.MUL, s10).intoArray(sums, PARTIALS + first);
    one.lanewise(VectorOperators.MUL, s11).intoArray(sums, PARTIALS + second);
    one.lanewise(VectorOperators.MUL, s20).intoArray(sums, 2 * PARTIALS + first);
    one.lanewise(VectorOperators.MUL, s21).intoArray(sums, 2 * PARTIALS + second);
    one.lanewise(VectorOperators.MUL, s30).intoArray(sums, 3 * PARTIALS + first);
    one.lanewise(VectorOperators.MUL, s31).intoArray(sums, 3 * PARTIALS + second);
  }
}
