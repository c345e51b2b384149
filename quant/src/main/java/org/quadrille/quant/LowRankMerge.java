package org.quadrille.quant;

import org.quadrille.linalg.DType;
import org.quadrille.linalg.LowRank;
import org.quadrille.linalg.MatrixProduct;
import org.quadrille.linalg.Tensor;

/**
 * Merges a trained low-rank part into its quantized base, and says what that loses.
 *
 * {@snippet :
 * LowRankMerge.Dense dense = LowRankMerge.dense(base, adapter.operator());
 * LowRankMerge.Requantized small = LowRankMerge.requantized(base, adapter.operator(), quantizer);
 * if (small.loss().losesUpdate()) {
 *   // keep the adapter beside the base, or quantize to more bits
 * }
 * }
 *
 * <p>Requantizing to the bits of the base moves only weights that cross a decision boundary: an
 * update smaller than the error of quantization is mostly lost.
 */
public final class LowRankMerge {
  private static final int ROWS_PER_PANEL = 256;

  private LowRankMerge() {}

  /**
   * What a merge loses, measured against Q + L1 L2 in double.
   *
   * @param error Frobenius norm of merged matrix - (Q + L1 L2)
   * @param norm Frobenius norm of Q + L1 L2
   * @param updateNorm Frobenius norm of L1 L2
   * @param survivingUpdate the part of the update that is found in the merged matrix: {@code
   *     <merged - Q, L1 L2> / <L1 L2, L1 L2>}, 1 if nothing is lost, 0 for an update of 0
   */
  public record Loss(double error, double norm, double updateNorm, double survivingUpdate) {

    /** {@link #error} over {@link #norm}; 0 where the error is. */
    public double relativeError() {
      return error == 0 ? 0 : error / norm;
    }

    /** Whether the merge changed the matrix by more than the update did: keep them apart then. */
    public boolean losesUpdate() {
      return error > updateNorm;
    }
  }

  /**
   * A merged matrix in single precision.
   *
   * @param weights Q + L1 L2, shape [rows, cols]
   * @param loss of rounding to single precision
   */
  public record Dense(Tensor weights, Loss loss) {}

  /**
   * A merged matrix, quantized again.
   *
   * @param weights quantize(Q + L1 L2)
   * @param loss of quantization
   */
  public record Requantized(QuantizedMatrix weights, Loss loss) {}

  /**
   * The dense matrix {@code W' = Q + L1 L2}.
   *
   * @param base Q, not modified
   * @param update L1 L2 with any scale, of the same shape, single precision, not modified
   * @throws IllegalArgumentException if shapes differ
   */
  public static Dense dense(QuantizedMatrix base, LowRank update) {
    Tensor merged = sum(base, update);
    return new Dense(merged, loss(base, update, merged));
  }

  /**
   * The matrix {@code quantize(Q + L1 L2)}.
   *
   * @param base Q, not modified
   * @param update L1 L2 with any scale, of the same shape, single precision, not modified
   * @param quantizer of the merged matrix, such as that of the base
   * @throws IllegalArgumentException if shapes differ
   * @throws ArithmeticException if a group scale exceeds its number format
   */
  public static Requantized requantized(QuantizedMatrix base, LowRank update, Quantizer quantizer) {
    QuantizedMatrix merged = quantizer.quantize(sum(base, update));
    return new Requantized(merged, loss(base, update, merged.dequantize()));
  }

  private static Tensor sum(QuantizedMatrix base, LowRank update) {
    if (update.rows() != base.rows()
        || update.cols() != base.cols()
        || update.dtype() != DType.F32) {
      throw new IllegalArgumentException(
          "update " + update + " beside " + base + ", expected the same shape, single precision");
    }
    Tensor merged = base.dequantize();
    return update.rank() == 0
        ? merged
        : MatrixProduct.multiply(update.scale(), update.left(), update.right(), 1, merged);
  }

  private static Loss loss(QuantizedMatrix base, LowRank update, Tensor merged) {
    double error = 0;
    double norm = 0;
    double updateNorm = 0;
    double inner = 0;
    Tensor right = update.right().to(DType.F64);
    for (int from = 0; from < base.rows(); from += ROWS_PER_PANEL) {
      int to = Math.min(base.rows(), from + ROWS_PER_PANEL);
      Tensor delta = Tensor.zeros(DType.F64, to - from, base.cols());
      if (update.rank() > 0) {
        Tensor left = update.left().slice(0, from, to).to(DType.F64);
        MatrixProduct.multiply(update.scale(), left, right, 0, delta);
      }
      float[] q = new float[delta.length()];
      base.dequantizeRows(from, to, q, 0);
      double[] d = delta.doubles();
      for (int i = 0; i < d.length; i++) {
        double result = merged.floats()[from * base.cols() + i];
        double exact = q[i] + d[i];
        error += (result - exact) * (result - exact);
        norm += exact * exact;
        updateNorm += d[i] * d[i];
        inner += (result - q[i]) * d[i];
      }
    }
    return new Loss(
        Math.sqrt(error),
        Math.sqrt(norm),
        Math.sqrt(updateNorm),
        updateNorm == 0 ? 0 : inner / updateNorm);
  }
}
