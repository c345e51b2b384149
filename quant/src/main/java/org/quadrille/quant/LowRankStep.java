package org.quadrille.quant;

import java.util.function.IntToDoubleFunction;
import org.quadrille.kernels.cpu.WorkerPool;
import org.quadrille.linalg.Arithmetic;
import org.quadrille.linalg.DType;
import org.quadrille.linalg.GaussianMatrix;
import org.quadrille.linalg.LowRank;
import org.quadrille.linalg.Norms;
import org.quadrille.linalg.RandomizedSvd;
import org.quadrille.linalg.Svd;
import org.quadrille.linalg.Tensor;

/**
 * The low-rank half of an iteration: factors of rank r for a residual matrix A, by its singular
 * value decomposition.
 *
 * <p>With a Fisher matrix F the error {@code sum of F_ij (A - L1 L2)_ij^2} counts. With the model
 * {@code F_ij ~ d1_i^2 d2_j^2}, d1 and d2 the roots of row and column means, this is a plain
 * problem for the scaled matrix (LQ-LoRA, section 3.4):
 *
 * <pre>
 * (M1, M2) := SVD of rank r of diag(d1) A diag(d2)
 * L1 := diag(1 / d1) M1,  L2 := M2 diag(1 / d2)
 * </pre>
 *
 * <p>Exact where F is a product of energies; else alternating least squares with the full F improve
 * it. Not thread safe.
 */
final class LowRankStep {
  private static final int WEIGHTS_PER_TASK = 1 << 16;

  private final int rows;
  private final int cols;
  private final int rank;
  private final FactorFit fit;
  private final Fisher fisher;
  private final double[] rowRoots;
  private final double[] columnRoots;

  /** Scratch space for the scaled residual, if there is a Fisher matrix. */
  private final float[] scaled;

  /** A step for residuals of one shape; {@code scaled} is overwritten in every call. */
  LowRankStep(int rows, int cols, LqOptions options, float[] scaled) {
    this.rows = rows;
    this.cols = cols;
    this.rank = options.rank();
    this.fit = options.fit();
    this.fisher = options.fisher().orElse(null);
    this.rowRoots = fisher == null ? null : fisher.rowRoots();
    this.columnRoots = fisher == null ? null : fisher.columnRoots();
    this.scaled = scaled;
  }

  /**
   * Balanced factors for the residual.
   *
   * @param residual row-major, not modified
   * @param iteration decides the random numbers
   * @param previous factors found before, a start for these; null if there are none
   */
  LowRank factors(float[] residual, int iteration, LowRank previous) {
    LowRank factors = leadingPart(residual, iteration, previous);
    return improved(residual, factors, fit.sweeps());
  }

  /** Whether alternating least squares can lower the error: not below that of an optimal SVD. */
  boolean canImprove() {
    return fisher instanceof FullFisher;
  }

  /** Factors improved by sweeps of alternating least squares, where that can help. */
  LowRank improved(float[] residual, LowRank factors, int sweeps) {
    return sweeps > 0 && fisher instanceof FullFisher full
        ? WeightedLeastSquares.sweep(Tensor.of(residual, rows, cols), full, factors, sweeps)
        : factors;
  }

  private LowRank leadingPart(float[] residual, int iteration, LowRank previous) {
    if (fit.svd().resolve(rank, Math.min(rows, cols)) == SvdMethod.EXACT) {
      // In double: codes flip where a rounding error crosses a boundary, and the path with them.
      Tensor matrix = Tensor.zeros(DType.F64, rows, cols);
      double[] values = matrix.doubles();
      forEachScale((at, scale) -> values[at] = scale * residual[at]);
      return unscaled(Svd.exact(matrix).truncate(rank).toLowRank());
    }
    float[] matrix = residual;
    if (fisher != null) {
      matrix = scaled;
      forEachScale((at, scale) -> scaled[at] = (float) (scale * residual[at]));
    }
    // the test matrix meets the longer side, as in torch.svd_lowrank
    boolean wide = rows < cols;
    Tensor a = Tensor.of(matrix, rows, cols);
    Svd svd =
        RandomizedSvd.decompose(
            wide ? a.transpose() : a,
            testMatrix(iteration, wide, previous),
            rank,
            powerIterations(previous == null));
    return unscaled((wide ? new Svd(svd.v(), svd.singularValues(), svd.u()) : svd).toLowRank());
  }

  private interface ScaledElement {
    void set(int at, double scale);
  }

  /** Hands out {@code d1_i d2_j} for every position; 1 without a Fisher matrix. */
  private void forEachScale(ScaledElement element) {
    int rowsPerTask = Math.max(1, WEIGHTS_PER_TASK / cols);
    WorkerPool.shared()
        .forEach(
            Math.ceilDiv(rows, rowsPerTask),
            task -> {
              int end = Math.min(rows, (task + 1) * rowsPerTask);
              for (int i = task * rowsPerTask; i < end; i++) {
                double rowScale = fisher == null ? 1 : rowRoots[i];
                for (int j = 0; j < cols; j++) {
                  double scale = fisher == null ? 1 : rowScale * columnRoots[j];
                  element.set(i * cols + j, scale);
                }
              }
            });
  }

  private LowRank unscaled(LowRank factors) {
    if (fisher == null) {
      return LowRank.of(factors.left().to(DType.F32), factors.right().to(DType.F32));
    }
    Tensor left = Tensor.zeros(DType.F64, rows, rank).assign(factors.left());
    Tensor right = Tensor.zeros(DType.F64, rank, cols).assign(factors.right());
    scaleRows(left, i -> 1 / rowRoots[i]);
    scaleRows(right.transpose(), j -> 1 / columnRoots[j]);
    return balanced(left, right);
  }

  private static void scaleRows(Tensor matrix, IntToDoubleFunction scale) {
    for (int i = 0; i < matrix.size(0); i++) {
      Arithmetic.scale(scale.applyAsDouble(i), matrix.row(i));
    }
  }

  /**
   * The same product with column k of the left and row k of the right factor of one norm, rounded
   * to single precision: neither is then favoured by training or quantization.
   *
   * @param left in double, modified
   * @param right in double, modified
   */
  static LowRank balanced(Tensor left, Tensor right) {
    for (int k = 0; k < right.size(0); k++) {
      Tensor column = left.transpose().row(k);
      double leftNorm = Norms.frobenius(column);
      double rightNorm = Norms.frobenius(right.row(k));
      if (leftNorm > 0 && rightNorm > 0) {
        double ratio = Math.sqrt(rightNorm) / Math.sqrt(leftNorm);
        Arithmetic.scale(ratio, column);
        Arithmetic.scale(1 / ratio, right.row(k));
      }
    }
    return LowRank.of(left.to(DType.F32), right.to(DType.F32));
  }

  /**
   * Twice as many where nothing is known yet, since the path depends on the first iterate; half as
   * many where the vectors found before are a good start.
   */
  private int powerIterations(boolean cold) {
    return cold ? 2 * fit.powerIterations() : (fit.powerIterations() + 1) / 2;
  }

  /**
   * Gaussian columns; from the second iteration on, the vectors found before take the place of the
   * first r of them, so that the subspace converges along with the iteration.
   */
  private Tensor testMatrix(int iteration, boolean wide, LowRank previous) {
    int smaller = Math.min(rows, cols);
    int columns = (int) Math.min(smaller, (long) rank + fit.oversampling());
    long seed = fit.seed() + 0x9e3779b97f4a7c15L * iteration;
    Tensor test = GaussianMatrix.of(DType.F32, seed, smaller, columns);
    if (previous != null) {
      Tensor start = test.slice(1, 0, rank);
      start.assign(wide ? previous.left() : previous.right().transpose());
      if (fisher != null) {
        double[] roots = wide ? rowRoots : columnRoots;
        scaleRows(start, i -> roots[i]);
      }
    }
    return test;
  }
}
