package org.quadrille.quant;

import org.quadrille.linalg.DType;
import org.quadrille.linalg.LinearOperator;
import org.quadrille.linalg.LowRank;
import org.quadrille.linalg.Product;
import org.quadrille.linalg.Tensor;

/**
 * A low-rank part whose factors are quantized matrices themselves: what a finished model stores.
 *
 * <p>The paper counts factors in NF8, 8.127 bits an entry, after training (LQ-LoRA, section 4.1);
 * with rank 64 that is 0.2 bits a weight of a matrix of 4096 x 4096.
 *
 * @param left codes of L1, shape [rows, r]
 * @param right codes of L2, shape [r, cols]
 */
public record QuantizedFactors(QuantizedMatrix left, QuantizedMatrix right) {

  /** Checks that the shapes belong together. */
  public QuantizedFactors {
    if (left.cols() != right.rows()) {
      throw new IllegalArgumentException(
          "left " + left + " and right " + right + "; expected shapes [rows, r] and [r, cols]");
    }
  }

  /**
   * Quantizes L1, refits L2 to the quantized L1 by (weighted) least squares, and quantizes that: so
   * L2 makes up for a part of what L1 loses.
   *
   * @param factors L1 and L2 in single precision, of rank 1 or more, not modified
   * @param target what they stand for, W - Q, shape [rows, cols], not modified
   * @param fisher weights of the errors, or null where all count the same
   * @param quantizer of both factors
   * @throws IllegalArgumentException if shapes do not fit
   */
  static QuantizedFactors fit(LowRank factors, Tensor target, Fisher fisher, Quantizer quantizer) {
    QuantizedMatrix left = quantizer.quantize(factors.left());
    Tensor right =
        WeightedLeastSquares.refitRight(target, fisher, left.dequantize(), factors.right());
    return new QuantizedFactors(left, quantizer.quantize(right));
  }

  /** Quantizes both factors as they are. */
  public static QuantizedFactors of(LowRank factors, Quantizer quantizer) {
    if (factors.scale() != 1 || factors.rank() == 0) {
      throw new IllegalArgumentException(
          "factors: given " + factors + ", expected rank 1 or more and scale 1");
    }
    return new QuantizedFactors(
        quantizer.quantize(factors.left().to(DType.F32)),
        quantizer.quantize(factors.right().to(DType.F32)));
  }

  /** The inner size r. */
  public int rank() {
    return left.cols();
  }

  /** The factors in single precision. */
  public LowRank dequantize() {
    return LowRank.of(left.dequantize(), right.dequantize());
  }

  /** The product as an operator that works on the codes. */
  public LinearOperator operator() {
    return Product.of(new Quantized(left), new Quantized(right));
  }

  /** Exact bits of codes and scales of both factors; 32 bits of offset each come besides. */
  public long storageBits() {
    return left.storageBits() + right.storageBits();
  }
}
