package org.quadrille.optim;

import org.quadrille.kernels.cpu.KernelProvider;
import org.quadrille.kernels.cpu.Kernels;
import org.quadrille.kernels.cpu.WorkerPool;
import org.quadrille.linalg.DType;
import org.quadrille.linalg.Elementwise;
import org.quadrille.linalg.MatrixProduct;
import org.quadrille.linalg.Norms;
import org.quadrille.linalg.Tensor;

/**
 * Running mean of the squared gradients of one matrix, held as the means of its rows and of its
 * columns, and the gradient divided by its root. A vector is a matrix of one row, for which the
 * factors are exact. The means are doubles for both precisions.
 */
final class FactoredSquare {

  private static final int BLOCK = 1 << 13;

  private final int rows;
  private final int cols;
  private final double[] rowMeans;
  private final double[] columnMeans;
  private final Tensor ones;
  private final Tensor sums;
  private final Tensor columnValues;
  private final Tensor rowFactors;
  private final Tensor columnFactors;
  private final Tensor rowValues;
  private final Tensor direction;

  /**
   * Workspaces for gradients like this one.
   *
   * @param rowMeans F64 [rows], remembered between steps
   * @param columnMeans F64 [cols], remembered between steps
   * @param space tensor of at least as many elements, overwritten at each step
   */
  FactoredSquare(Tensor like, Tensor rowMeans, Tensor columnMeans, Tensor space) {
    rows = rows(like);
    cols = cols(like);
    this.rowMeans = rowMeans.doubles();
    this.columnMeans = columnMeans.doubles();
    DType dtype = like.dtype();
    ones = Tensor.zeros(dtype, 1, rows).fill(1);
    sums = Tensor.zeros(dtype, 1, cols);
    columnValues = Tensor.zeros(DType.F64, 1, cols);
    rowValues = Tensor.zeros(DType.F64, rows);
    rowFactors = Tensor.zeros(dtype, rows);
    columnFactors = Tensor.zeros(dtype, 1, cols);
    direction = space.slice(0, 0, rows * cols).reshape(rows, cols);
  }

  static int rows(Tensor like) {
    return like.length() == 0 ? 0 : like.length() / cols(like);
  }

  static int cols(Tensor like) {
    return like.rank() == 0 ? 1 : like.size(like.rank() - 1);
  }

  /**
   * Takes a gradient into the means and returns it divided by the root of the factored mean: {@code
   * U_ij = G_ij / sqrt(R_i C_j / mean(R))}.
   *
   * @param beta decay of the means
   * @param epsilon added to the squares
   * @return [rows, cols]; overwritten by the next tensor
   */
  Tensor direction(Tensor gradient, double beta, double epsilon) {
    Tensor g = gradient.reshape(rows, cols);
    Kernels kernels = KernelProvider.active();
    // R := beta R + (1 - beta) (row means of G^2 + epsilon); norms of rows are summed in double.
    eachRow(
        i -> {
          int at = g.offset() + i * cols;
          double norm =
              g.dtype() == DType.F32
                  ? kernels.norm2(cols, g.floats(), at, 1)
                  : kernels.norm2(cols, g.doubles(), at, 1);
          rowMeans[i] = beta * rowMeans[i] + (1 - beta) * (norm * norm / cols + epsilon);
        });
    // C := beta C + (1 - beta) (column means of G^2 + epsilon)
    Elementwise.multiply(g, g, direction);
    MatrixProduct.multiply(1, ones, direction, 0, sums);
    double[] columns = columnValues.assign(sums).doubles();
    for (int j = 0; j < cols; j++) {
      columnMeans[j] = beta * columnMeans[j] + (1 - beta) * (columns[j] / rows + epsilon);
      columns[j] = 1 / Math.sqrt(columnMeans[j]);
    }
    double mean = kernels.norm1(rows, rowMeans, 0, 1) / rows;
    double[] factors = rowValues.doubles();
    for (int i = 0; i < rows; i++) {
      factors[i] = Math.sqrt(mean / rowMeans[i]);
    }
    rowFactors.assign(rowValues);
    columnFactors.assign(columnValues);
    if (g.dtype() == DType.F32) {
      divideFloats(kernels, g.floats(), g.offset());
    } else {
      divideDoubles(kernels, g.doubles(), g.offset());
    }
    return direction;
  }

  private void divideFloats(Kernels kernels, float[] g, int offset) {
    float[] u = direction.floats();
    float[] byRow = rowFactors.floats();
    float[] byColumn = columnFactors.floats();
    eachRow(
        i -> {
          kernels.multiply(cols, g, offset + i * cols, byColumn, 0, u, i * cols);
          kernels.scale(cols, byRow[i], u, i * cols, 1);
        });
  }

  private void divideDoubles(Kernels kernels, double[] g, int offset) {
    double[] u = direction.doubles();
    double[] byRow = rowFactors.doubles();
    double[] byColumn = columnFactors.doubles();
    eachRow(
        i -> {
          kernels.multiply(cols, g, offset + i * cols, byColumn, 0, u, i * cols);
          kernels.scale(cols, byRow[i], u, i * cols, 1);
        });
  }

  /** Rows in parallel, several to a task. */
  private void eachRow(java.util.function.IntConsumer action) {
    int each = Math.max(1, BLOCK / cols);
    WorkerPool.shared()
        .forEach(
            Math.ceilDiv(rows, each),
            task -> {
              int end = Math.min(rows, (task + 1) * each);
              for (int i = task * each; i < end; i++) {
                action.accept(i);
              }
            });
  }

  /** Root of the mean of the squares of all elements. */
  static double rootMeanSquare(Tensor x) {
    return Norms.frobenius(x) / Math.sqrt(x.length());
  }
}
