package org.quadrille.kernels.cpu;

import java.util.Arrays;

/**
 * Softmax and normalization of the rows of a matrix, forward and backward, over the loops of one
 * row; threads share the rows, and for sums over rows the columns.
 */
final class RowsFloat {

  /** Matrices with fewer elements are done by the calling thread. */
  private static final long PARALLEL_FROM = 1L << 15;

  /** Rows whose contributions to a column are summed before they are added to the total. */
  private static final int ROW_BLOCK = 128;

  /** Columns that one task sums over all rows. */
  private static final int COLUMN_BLOCK = 256;

  private static final Workspace<float[]> VECTORS = new Workspace<>(float[]::new, x -> x.length);

  private RowsFloat() {}

  /** What to do with rows {@code first} to {@code last}. */
  @FunctionalInterface
  private interface Range {
    void run(int first, int last);
  }

  private static void overRows(int rows, int cols, Range range) {
    boolean parallel = (long) rows * cols >= PARALLEL_FROM;
    int tasks = parallel ? Math.min(rows, 4 * WorkerPool.shared().threads()) : 1;
    if (tasks == 1) {
      range.run(0, rows);
      return;
    }
    WorkerPool.shared()
        .forEach(
            tasks,
            task ->
                range.run(
                    (int) ((long) rows * task / tasks), (int) ((long) rows * (task + 1) / tasks)));
  }

  private static float[] ones(int n) {
    float[] ones = VECTORS.borrow(n);
    Arrays.fill(ones, 0, n, 1);
    return ones;
  }

  /** Rows become {@code exp(x - max) / sum}, or {@code x - max - ln(sum)}. */
  static void softmax(
      RowLoopsFloat loops, boolean logarithm, int rows, int cols, MatrixFloat x, MatrixFloat y) {
    overRows(
        rows,
        cols,
        (first, last) -> {
          float[] ones = ones(cols);
          float[] partial = VECTORS.borrow(SumOrder.DOT_PARTIALS_FLOAT);
          for (int i = first; i < last; i++) {
            int from = x.at(i, 0);
            int to = y.at(i, 0);
            float max = loops.largest(cols, x.data(), from);
            if (max == Float.NEGATIVE_INFINITY) {
              loops.fill(cols, logarithm ? max : 0, y.data(), to);
              continue;
            }
            if (logarithm) {
              float[] weights = VECTORS.borrow(cols);
              loops.decay(cols, x.data(), from, max, weights, 0);
              float sum = loops.dot(cols, weights, 0, ones, 0, partial);
              VECTORS.giveBack(weights);
              loops.standardize(cols, x.data(), from, max, 1, y.data(), to);
              loops.standardize(cols, y.data(), to, ScalarFunctionsFloat.log(sum), 1, y.data(), to);
            } else {
              loops.decay(cols, x.data(), from, max, y.data(), to);
              float sum = loops.dot(cols, y.data(), to, ones, 0, partial);
              loops.standardize(cols, y.data(), to, 0, 1 / sum, y.data(), to);
            }
          }
          VECTORS.giveBack(partial);
          VECTORS.giveBack(ones);
        });
  }

  /** {@code dx := y * (dy - sum of y * dy)}. */
  static void softmaxGradient(
      RowLoopsFloat loops, int rows, int cols, MatrixFloat y, MatrixFloat dy, MatrixFloat dx) {
    overRows(
        rows,
        cols,
        (first, last) -> {
          float[] partial = VECTORS.borrow(SumOrder.DOT_PARTIALS_FLOAT);
          for (int i = first; i < last; i++) {
            float mean = loops.dot(cols, y.data(), y.at(i, 0), dy.data(), dy.at(i, 0), partial);
            loops.softmaxGradient(
                cols, y.data(), y.at(i, 0), dy.data(), dy.at(i, 0), mean, dx.data(), dx.at(i, 0));
          }
          VECTORS.giveBack(partial);
        });
  }

  /** Rows become {@code (x - mean) / sqrt(variance + epsilon) * gamma + beta}. */
  static void normalize(
      RowLoopsFloat loops,
      boolean centered,
      int rows,
      int cols,
      MatrixFloat x,
      float[] gamma,
      int gammaOffset,
      float[] beta,
      int betaOffset,
      float epsilon,
      MatrixFloat y,
      float[] means,
      float[] inverses) {
    overRows(
        rows,
        cols,
        (first, last) -> {
          float[] ones = ones(cols);
          float[] partial = VECTORS.borrow(SumOrder.DOT_PARTIALS_FLOAT);
          float[] to = y.data();
          for (int i = first; i < last; i++) {
            int from = x.at(i, 0);
            int at = y.at(i, 0);
            float mean = centered ? loops.dot(cols, x.data(), from, ones, 0, partial) / cols : 0;
            loops.standardize(cols, x.data(), from, mean, 1, to, at);
            float variance = loops.dot(cols, to, at, to, at, partial) / cols;
            float inverse = FunctionConstantsFloat.inverseRoot(variance + epsilon);
            loops.affine(cols, to, at, inverse, gamma, gammaOffset, beta, betaOffset);
            means[i] = mean;
            inverses[i] = inverse;
          }
          VECTORS.giveBack(partial);
          VECTORS.giveBack(ones);
        });
  }

  /**
   * With standardized x and {@code g = dy * gamma}: {@code dx = inverse * (g - mean(g) - x * mean(g
   * * x))}, without the mean of g if x was not centered.
   */
  static void normalizeGradient(
      RowLoopsFloat loops,
      boolean centered,
      int rows,
      int cols,
      MatrixFloat x,
      float[] gamma,
      int gammaOffset,
      float[] means,
      float[] inverses,
      MatrixFloat dy,
      MatrixFloat dx) {
    overRows(
        rows,
        cols,
        (first, last) -> {
          float[] ones = ones(cols);
          float[] partial = VECTORS.borrow(SumOrder.DOT_PARTIALS_FLOAT);
          float[] standard = VECTORS.borrow(cols);
          float[] g = VECTORS.borrow(cols);
          for (int i = first; i < last; i++) {
            loops.standardize(cols, x.data(), x.at(i, 0), means[i], inverses[i], standard, 0);
            loops.multiply(cols, dy.data(), dy.at(i, 0), gamma, gammaOffset, g, 0);
            float mean = centered ? loops.dot(cols, g, 0, ones, 0, partial) / cols : 0;
            float slope = loops.dot(cols, g, 0, standard, 0, partial) / cols;
            loops.normalizationGradient(
                cols, g, standard, mean, slope, inverses[i], dx.data(), dx.at(i, 0));
          }
          VECTORS.giveBack(g);
          VECTORS.giveBack(standard);
          VECTORS.giveBack(partial);
          VECTORS.giveBack(ones);
        });
  }

  /** Sums over rows: {@code dgamma = sum of dy * x} for standardized x, {@code dbeta} of dy. */
  static void normalizeParameterGradients(
      RowLoopsFloat loops,
      int rows,
      int cols,
      MatrixFloat x,
      float[] means,
      float[] inverses,
      MatrixFloat dy,
      float[] dgamma,
      int dgammaOffset,
      float[] dbeta,
      int dbetaOffset) {
    int blocks = Math.ceilDiv(cols, COLUMN_BLOCK);
    Range columns =
        (first, last) -> {
          int n = last - first;
          float[] standard = VECTORS.borrow(n);
          float[] gammas = VECTORS.borrow(n);
          float[] betas = VECTORS.borrow(n);
          Arrays.fill(dgamma, dgammaOffset + first, dgammaOffset + last, 0);
          Arrays.fill(dbeta, dbetaOffset + first, dbetaOffset + last, 0);
          for (int row = 0; row < rows; row += ROW_BLOCK) {
            Arrays.fill(gammas, 0, n, 0);
            Arrays.fill(betas, 0, n, 0);
            for (int i = row; i < Math.min(rows, row + ROW_BLOCK); i++) {
              int from = dy.at(i, first);
              loops.standardize(n, x.data(), x.at(i, first), means[i], inverses[i], standard, 0);
              loops.addProducts(n, dy.data(), from, standard, 0, gammas, 0);
              loops.add(n, dy.data(), from, betas, 0);
            }
            loops.add(n, gammas, 0, dgamma, dgammaOffset + first);
            loops.add(n, betas, 0, dbeta, dbetaOffset + first);
          }
          VECTORS.giveBack(betas);
          VECTORS.giveBack(gammas);
          VECTORS.giveBack(standard);
        };
    WorkerPool.shared()
        .forEach(
            blocks,
            block -> columns.run(block * COLUMN_BLOCK, Math.min(cols, (block + 1) * COLUMN_BLOCK)));
  }
}
