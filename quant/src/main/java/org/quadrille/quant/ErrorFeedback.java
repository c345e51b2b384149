package org.quadrille.quant;

import java.util.Arrays;
import java.util.Optional;
import org.quadrille.linalg.Cholesky;
import org.quadrille.linalg.DType;
import org.quadrille.linalg.MatrixProduct;
import org.quadrille.linalg.Tensor;

/**
 * The column by column rounding of {@link GptqQuantizer} for one matrix of second moments H.
 *
 * <p>With {@code (H + damping)^-1 = U^T U}, U upper triangular, the error of column j moves a later
 * column k by {@code -(w_j - q_j) U_jk / U_jj}, which is what least squares gives for all later
 * columns with the earlier ones fixed (GPTQ, section 3.3). Rows are independent. Within a batch of
 * columns the update is made at once, later columns get one matrix product per batch.
 *
 * @param order column that comes first, second, ...
 * @param upper U in that order, row-major
 */
record ErrorFeedback(int[] order, double[] upper) {
  private static final int BATCH = 64;

  static ErrorFeedback of(Tensor moments, double damping, boolean activationOrder) {
    int n = moments.size(0);
    double mean = 0;
    for (int j = 0; j < n; j++) {
      double energy = moments.get(j, j);
      if (!(energy >= 0 && energy <= Double.MAX_VALUE)) {
        throw new IllegalArgumentException(
            "moments: element [" + j + ", " + j + "] is " + energy + ", expected 0 or more");
      }
      mean += energy / n;
    }
    if (mean == 0) {
      throw new IllegalArgumentException("moments: the diagonal is zero; add samples first");
    }
    int[] order = order(moments, activationOrder);
    Tensor damped = Tensor.zeros(DType.F64, n, n);
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) {
        // scaled by the mean, so that neither H nor its inverse leaves the range
        damped.set(moments.get(order[i], order[j]) / mean + (i == j ? damping : 0), i, j);
      }
    }
    Tensor inverse = Cholesky.decompose(damped).inverse();
    return new ErrorFeedback(order, Cholesky.decompose(inverse).lower().transpose().toDoubles());
  }

  private static int[] order(Tensor moments, boolean activationOrder) {
    Integer[] order = new Integer[moments.size(0)];
    Arrays.setAll(order, j -> j);
    if (activationOrder) {
      Arrays.sort(order, (a, b) -> Double.compare(moments.get(b, b), moments.get(a, a)));
    }
    return Arrays.stream(order).mapToInt(Integer::intValue).toArray();
  }

  /**
   * Codes of a matrix.
   *
   * @param target what the codes stand for, contiguous floats, not modified
   * @param grid scales, zero codes and levels
   */
  byte[] codes(Tensor target, QuantizedMatrix grid) {
    int rows = grid.rows();
    int n = order.length;
    double[] rest = new double[rows * n];
    for (int row = 0; row < rows; row++) {
      for (int k = 0; k < n; k++) {
        rest[row * n + k] = target.floats()[row * n + order[k]];
      }
    }
    byte[] codes = new byte[rows * n];
    Tensor u = Tensor.of(upper, n, n);
    Tensor restMatrix = Tensor.of(rest, rows, n);
    double[] errors = new double[rows * BATCH];
    Grid cells = Grid.of(grid);
    for (int first = 0; first < n; first += BATCH) {
      int from = first;
      int to = Math.min(n, first + BATCH);
      RowTasks.of(rows, BATCH * BATCH)
          .forEach(
              (fromRow, toRow) -> {
                for (int row = fromRow; row < toRow; row++) {
                  roundBatch(row, from, to, rest, errors, cells, codes);
                }
              });
      if (to < n) {
        Tensor batchErrors =
            Tensor.view(errors, 0, new int[] {rows, to - from}, new int[] {BATCH, 1});
        MatrixProduct.multiply(
            -1, batchErrors, u.slice(0, from, to).slice(1, to, n), 1, restMatrix.slice(1, to, n));
      }
    }
    return codes;
  }

  private void roundBatch(
      int row, int from, int to, double[] rest, double[] errors, Grid cells, byte[] codes) {
    int n = order.length;
    for (int j = from; j < to; j++) {
      double value = rest[row * n + j];
      int index = row * n + order[j];
      int code = cells.code((float) value, index);
      codes[index] = (byte) code;
      double error = (value - cells.value(code, index)) / upper[j * n + j];
      errors[row * BATCH + j - from] = error;
      for (int k = j + 1; k < to; k++) {
        rest[row * n + k] -= error * upper[j * n + k];
      }
    }
  }

  /** The values that each weight can take. */
  private record Grid(
      Codebook codebook, BlockLayout layout, float[] scales, Optional<byte[]> zeroCodes) {

    static Grid of(QuantizedMatrix matrix) {
      BlockLayout layout =
          BlockLayout.of(
              matrix.rows(), matrix.cols(), matrix.config().blockSize(), matrix.rowAligned());
      return new Grid(matrix.codebook(), layout, matrix.blockScales(), matrix.zeroCodes());
    }

    private float zero(int block) {
      return zeroCodes.isEmpty() ? 0 : codebook.level(zeroCodes.get()[block] & 0xff);
    }

    int code(float value, int index) {
      int block = layout.blockOf(index);
      float scale = scales[block];
      float divisor = scale == 0 ? Float.POSITIVE_INFINITY : scale;
      return codebook.code(value / divisor + zero(block));
    }

    double value(int code, int index) {
      int block = layout.blockOf(index);
      return (codebook.level(code) - zero(block)) * scales[block];
    }
  }
}
