package org.quadrille.kernels.cpu;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Matrix-vector product where columns are contiguous, in the fixed order of {@link SumOrder}.
 *
 * <p>Column j belongs to partial sum {@code j mod PARTIALS}; eight columns of one partial sum are
 * added in one pass, so A streams from memory while the partial sums stay in the first-level cache
 * and are read and written once per eight columns.
 */
final class GemvColumnsFloat {

  private static final VectorSpecies<Float> SPECIES = VectorWidth.FLOAT;
  private static final int LANES = SPECIES.length();
  private static final int PARTIALS = SumOrder.GEMV_PARTIALS_FLOAT;

  /** Rows of a block: one partial sum of them takes half of the first-level cache. */
  private static final int ROW_BLOCK = 16384 / Float.BYTES;

  /** Products with fewer elements run on one thread. */
  private static final long PARALLEL_FROM = 1L << 17;

  /** Rows that make a task of its own: shorter pieces of columns would not stream well. */
  private static final int ROWS_PER_TASK = 4096 / Float.BYTES;

  private static final Workspace<float[]> SUMS = new Workspace<>(float[]::new, x -> x.length);

  private GemvColumnsFloat() {}

  /** {@code y := alpha * A * x + beta * y}, columns of A contiguous, any stride of x and y. */
  static void multiply(
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
    int threads = (long) m * n >= PARALLEL_FROM ? WorkerPool.shared().threads() : 1;
    if (threads > 1 && m < 2 * threads * ROWS_PER_TASK) {
      byPartialSums(m, n, alpha, a, x, xOffset, xStride, beta, y, yOffset, yStride);
      return;
    }
    int blocks = Math.ceilDiv(m, ROW_BLOCK);
    if (threads == 1) {
      for (int block = 0; block < blocks; block++) {
        block(block, m, n, alpha, a, x, xOffset, xStride, beta, y, yOffset, yStride);
      }
    } else {
      WorkerPool.shared()
          .forEach(
              blocks,
              block ->
                  block(block, m, n, alpha, a, x, xOffset, xStride, beta, y, yOffset, yStride));
    }
  }

  private static void block(
      int block,
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
    int row = block * ROW_BLOCK;
    int rows = Math.min(ROW_BLOCK, m - row);
    float[] sums = SUMS.borrow(PARTIALS * padded(rows));
    for (int p = 0; p < used(n); p++) {
      sumColumns(p, rows, n, a, row, x, xOffset, xStride, sums);
    }
    finish(rows, n, sums, alpha, beta, y, yOffset + row * yStride, yStride);
    SUMS.giveBack(sums);
  }

  /** Rows of one partial sum: whole vectors, so that only reading A may need a scalar end. */
  private static int padded(int rows) {
    return (rows + LANES - 1) & -LANES;
  }

  /** Partial sums that the tree starts from: above them are only zeros. */
  private static int used(int n) {
    return Math.min(PARTIALS, Integer.highestOneBit(Math.max(1, 2 * n - 1)));
  }

  /** Few rows: threads share the partial sums instead of the rows. */
  private static void byPartialSums(
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
    float[] sums = SUMS.borrow(PARTIALS * padded(m));
    WorkerPool.shared().forEach(used(n), p -> sumColumns(p, m, n, a, 0, x, xOffset, xStride, sums));
    finish(m, n, sums, alpha, beta, y, yOffset, yStride);
    SUMS.giveBack(sums);
  }

  /** Partial sum p of rows {@code row} and following. */
  private static void sumColumns(
      int p,
      int rows,
      int n,
      MatrixFloat a,
      int row,
      float[] x,
      int xOffset,
      int xStride,
      float[] sums) {
    int to = p * padded(rows);
    Arrays.fill(sums, to, to + padded(rows), 0);
    int step = PARTIALS * a.colStride();
    int xStep = PARTIALS * xStride;
    float[] data = a.data();
    int at = a.at(row, p);
    int xAt = xOffset + p * xStride;
    int left = Math.ceilDiv(n - p, PARTIALS);
    for (; left >= 8; left -= 8) {
      int ready = readable(rows, at + 7 * step, data);
      addEight(rows, ready, data, at, step, x, xAt, xStep, sums, to);
      at += 8 * step;
      xAt += 8 * xStep;
    }
    if (left >= 4) {
      int ready = readable(rows, at + 3 * step, data);
      addFour(rows, ready, data, at, step, x, xAt, xStep, sums, to);
      at += 4 * step;
      xAt += 4 * xStep;
      left -= 4;
    }
    for (; left > 0; left--) {
      ElementwiseFloat.axpy(readable(rows, at, data), x[xAt], data, at, sums, to);
      at += step;
      xAt += xStep;
    }
  }

  /**
   * The number of rows read as vectors: all, where the elements that follow the last row exist,
   * whatever they are; they end in sums that nobody reads.
   */
  private static int readable(int rows, int lastColumn, float[] a) {
    return lastColumn + padded(rows) <= a.length ? padded(rows) : rows;
  }

  private static void addEight(
      int rows,
      int ready,
      float[] a,
      int c0,
      int step,
      float[] x,
      int xAt,
      int xStep,
      float[] sums,
      int to) {
    int c1 = c0 + step;
    int c2 = c1 + step;
    int c3 = c2 + step;
    int c4 = c3 + step;
    int c5 = c4 + step;
    int c6 = c5 + step;
    int c7 = c6 + step;
    FloatVector x0 = FloatVector.broadcast(SPECIES, x[xAt]);
    FloatVector x1 = FloatVector.broadcast(SPECIES, x[xAt + xStep]);
    FloatVector x2 = FloatVector.broadcast(SPECIES, x[xAt + 2 * xStep]);
    FloatVector x3 = FloatVector.broadcast(SPECIES, x[xAt + 3 * xStep]);
    FloatVector x4 = FloatVector.broadcast(SPECIES, x[xAt + 4 * xStep]);
    FloatVector x5 = FloatVector.broadcast(SPECIES, x[xAt + 5 * xStep]);
    FloatVector x6 = FloatVector.broadcast(SPECIES, x[xAt + 6 * xStep]);
    FloatVector x7 = FloatVector.broadcast(SPECIES, x[xAt + 7 * xStep]);
    int end = SPECIES.loopBound(ready);
    for (int i = 0; i < end; i += LANES) {
      FloatVector s = FloatVector.fromArray(SPECIES, sums, to + i);
      s = x0.lanewise(VectorOperators.FMA, FloatVector.fromArray(SPECIES, a, c0 + i), s);
      s = x1.lanewise(VectorOperators.FMA, FloatVector.fromArray(SPECIES, a, c1 + i), s);
      s = x2.lanewise(VectorOperators.FMA, FloatVector.fromArray(SPECIES, a, c2 + i), s);
      s = x3.lanewise(VectorOperators.FMA, FloatVector.fromArray(SPECIES, a, c3 + i), s);
      s = x4.lanewise(VectorOperators.FMA, FloatVector.fromArray(SPECIES, a, c4 + i), s);
      s = x5.lanewise(VectorOperators.FMA, FloatVector.fromArray(SPECIES, a, c5 + i), s);
      s = x6.lanewise(VectorOperators.FMA, FloatVector.fromArray(SPECIES, a, c6 + i), s);
      x7.lanewise(VectorOperators.FMA, FloatVector.fromArray(SPECIES, a, c7 + i), s)
          .intoArray(sums, to + i);
    }
    for (int i = end; i < rows; i++) {
      float s = sums[to + i];
      for (int j = 0; j < 8; j++) {
        s = Math.fma(x[xAt + j * xStep], a[c0 + j * step + i], s);
      }
      sums[to + i] = s;
    }
  }

  private static void addFour(
      int rows,
      int ready,
      float[] a,
      int c0,
      int step,
      float[] x,
      int xAt,
      int xStep,
      float[] sums,
      int to) {
    int c1 = c0 + step;
    int c2 = c1 + step;
    int c3 = c2 + step;
    FloatVector x0 = FloatVector.broadcast(SPECIES, x[xAt]);
    FloatVector x1 = FloatVector.broadcast(SPECIES, x[xAt + xStep]);
    FloatVector x2 = FloatVector.broadcast(SPECIES, x[xAt + 2 * xStep]);
    FloatVector x3 = FloatVector.broadcast(SPECIES, x[xAt + 3 * xStep]);
    int end = SPECIES.loopBound(ready);
    for (int i = 0; i < end; i += LANES) {
      FloatVector s = FloatVector.fromArray(SPECIES, sums, to + i);
      s = x0.lanewise(VectorOperators.FMA, FloatVector.fromArray(SPECIES, a, c0 + i), s);
      s = x1.lanewise(VectorOperators.FMA, FloatVector.fromArray(SPECIES, a, c1 + i), s);
      s = x2.lanewise(VectorOperators.FMA, FloatVector.fromArray(SPECIES, a, c2 + i), s);
      x3.lanewise(VectorOperators.FMA, FloatVector.fromArray(SPECIES, a, c3 + i), s)
          .intoArray(sums, to + i);
    }
    for (int i = end; i < rows; i++) {
      float s = sums[to + i];
      for (int j = 0; j < 4; j++) {
        s = Math.fma(x[xAt + j * xStep], a[c0 + j * step + i], s);
      }
      sums[to + i] = s;
    }
  }

  /** Adds the partial sums of every row in a halving tree and updates y with them. */
  private static void finish(
      int rows, int n, float[] sums, float alpha, float beta, float[] y, int yOffset, int yStride) {
    int size = padded(rows);
    int count = used(n);
    for (; count >= 4; count /= 4) {
      for (int i = 0; i < count / 4; i++) {
        addQuarters(size, sums, i * size, count / 4 * size);
      }
    }
    if (count == 2) {
      ElementwiseFloat.axpy(size, 1, sums, size, sums, 0);
    }
    // Unused partial sums are zeros, whose only effect is to turn -0 into 0: hence the + 0.
    if (yStride == 1) {
      update(rows, sums, alpha, beta, y, yOffset);
    } else {
      for (int r = 0; r < rows; r++) {
        int at = yOffset + r * yStride;
        y[at] = ScalarFloat.update(alpha, sums[r] + 0, beta, beta == 0 ? 0 : y[at]);
      }
    }
  }

  /** Two levels of the tree for all rows: the sum of four partial sums at distance {@code gap}. */
  private static void addQuarters(int size, float[] sums, int q0, int gap) {
    int q1 = q0 + gap;
    int q2 = q1 + gap;
    int q3 = q2 + gap;
    for (int i = 0; i < size; i += LANES) {
      FloatVector even =
          FloatVector.fromArray(SPECIES, sums, q0 + i)
              .add(FloatVector.fromArray(SPECIES, sums, q2 + i));
      FloatVector odd =
          FloatVector.fromArray(SPECIES, sums, q1 + i)
              .add(FloatVector.fromArray(SPECIES, sums, q3 + i));
      even.add(odd).intoArray(sums, q0 + i);
    }
  }

  private static void update(
      int rows, float[] sums, float alpha, float beta, float[] y, int yOffset) {
    FloatVector factor = FloatVector.broadcast(SPECIES, alpha);
    FloatVector old = FloatVector.broadcast(SPECIES, beta);
    int end = SPECIES.loopBound(rows);
    for (int i = 0; i < end; i += LANES) {
      FloatVector sum = factor.mul(FloatVector.fromArray(SPECIES, sums, i).add(0));
      if (beta == 0) {
        sum.intoArray(y, yOffset + i);
      } else {
        sum.add(old.mul(FloatVector.fromArray(SPECIES, y, yOffset + i))).intoArray(y, yOffset + i);
      }
    }
    for (int i = end; i < rows; i++) {
      int at = yOffset + i;
      y[at] = ScalarFloat.update(alpha, sums[i] + 0, beta, beta == 0 ? 0 : y[at]);
    }
  }
}
