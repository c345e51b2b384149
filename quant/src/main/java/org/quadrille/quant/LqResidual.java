package org.quadrille.quant;

import org.quadrille.kernels.cpu.WorkerPool;
import org.quadrille.linalg.DType;
import org.quadrille.linalg.LowRank;
import org.quadrille.linalg.MatrixProduct;
import org.quadrille.linalg.Norms;
import org.quadrille.linalg.Tensor;

/**
 * A matrix W and what is left of it beside a quantized and a low-rank part, in scratch space that
 * is allocated once. Not thread safe.
 */
final class LqResidual {
  private static final int WEIGHTS_PER_TASK = 1 << 16;

  private final float[] weights;
  private final int rows;
  private final int cols;
  private final Fisher fisher;
  private final Rounding rounding;

  /** Holds, in turn, W - L1 L2, its quantized values Q, W - Q, and W - Q - L1 L2. */
  private final float[] rest;

  /** A second matrix, which weighted errors need; null without a Fisher matrix. */
  private final float[] beside;

  LqResidual(Tensor matrix, LqOptions options) {
    this.rows = matrix.size(0);
    this.cols = matrix.size(1);
    this.weights = rowMajor(matrix);
    this.fisher = options.fisher().orElse(null);
    this.rounding = options.quantizer().rounding(rows, cols);
    this.rest = new float[weights.length];
    this.beside = fisher == null ? null : new float[weights.length];
  }

  private static float[] rowMajor(Tensor matrix) {
    Tensor floats = matrix.to(DType.F32);
    boolean whole =
        floats.isContiguous() && floats.offset() == 0 && floats.floats().length == floats.length();
    return whole ? floats.floats() : floats.toFloats();
  }

  /** The rest as a matrix, of which the next call changes the contents. */
  Tensor matrix() {
    return Tensor.of(rest, rows, cols);
  }

  /** The rest itself, row-major. */
  float[] values() {
    return rest;
  }

  /** Scratch space of the size of the matrix; null without a Fisher matrix. */
  float[] scratch() {
    return beside;
  }

  /** Frobenius norm of W. */
  double norm() {
    return Norms.frobenius(Tensor.of(weights, rows, cols));
  }

  /** Weighted norm of W. */
  double weightedNorm() {
    return fisher == null ? norm() : fisher.norm(weights);
  }

  /** rest := W. */
  void startOver() {
    System.arraycopy(weights, 0, rest, 0, weights.length);
  }

  /** rest := W - L1 L2. */
  void removeFromWeights(LowRank lowRank) {
    startOver();
    remove(lowRank);
  }

  /** rest := quantize(W - L1 L2); returns the weighted error beside L1 L2. */
  double quantizeBeside(LowRank lowRank) {
    removeFromWeights(lowRank);
    if (fisher == null) {
      return Math.sqrt(rounding.apply(rest, rest));
    }
    rounding.apply(rest, beside);
    double error = fisher.distance(rest, beside);
    System.arraycopy(beside, 0, rest, 0, rest.length);
    return error;
  }

  /** rest := W - rest. */
  void subtractFromWeights() {
    subtractFromWeights(rest);
  }

  /** rest := W - Q. */
  void removeFromWeights(QuantizedMatrix quantized) {
    subtractFromWeights(quantized.dequantize().floats());
  }

  private void subtractFromWeights(float[] values) {
    int tasks = Math.ceilDiv(rest.length, WEIGHTS_PER_TASK);
    WorkerPool.shared()
        .forEach(
            tasks,
            task -> {
              int end = (int) Math.min(rest.length, (task + 1L) * WEIGHTS_PER_TASK);
              for (int i = task * WEIGHTS_PER_TASK; i < end; i++) {
                rest[i] = weights[i] - values[i];
              }
            });
  }

  /** rest := rest - L1 L2. */
  void remove(LowRank lowRank) {
    if (lowRank.rank() > 0) {
      MatrixProduct.multiply(-1, lowRank.left(), lowRank.right(), 1, matrix());
    }
  }

  /** Frobenius norm of the rest. */
  double restNorm() {
    return Norms.frobenius(matrix());
  }

  /** Weighted norm of the rest. */
  double weightedRestNorm() {
    return fisher == null ? restNorm() : fisher.norm(rest);
  }
}
