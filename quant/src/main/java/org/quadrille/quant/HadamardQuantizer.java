package org.quadrille.quant;

import org.quadrille.linalg.DType;
import org.quadrille.linalg.Tensor;

/**
 * Any quantizer after a randomized Hadamard rotation of the columns, which turns rows with outliers
 * into nearly normal ones (QuIP#, section 3; see {@link RandomizedHadamard}).
 *
 * {@snippet :
 * Quantizer rotated = HadamardQuantizer.of(BlockQuantizer.of(QuantizationConfig.DEFAULT));
 * }
 *
 * @param inner quantizes the rotated matrix; must not rotate or scale columns itself
 * @param blockSize columns that are rotated together, a power of two
 * @param seed of the signs
 */
public record HadamardQuantizer(Quantizer inner, int blockSize, long seed) implements Quantizer {

  /** Checks the sizes. */
  public HadamardQuantizer {
    new RandomizedHadamard(1, blockSize, seed);
  }

  /** Runs of 128 columns and seed 1. */
  public static HadamardQuantizer of(Quantizer inner) {
    return new HadamardQuantizer(inner, RandomizedHadamard.USUAL_BLOCK, 1);
  }

  @Override
  public QuantizedMatrix quantize(Tensor weights) {
    BlockQuantizer.checkMatrix(weights);
    return quantize(weights, new RandomizedHadamard(weights.size(1), blockSize, seed), inner);
  }

  /** The codes of W T with their transform. */
  static QuantizedMatrix quantize(Tensor weights, ColumnTransform transform, Quantizer inner) {
    Tensor transformed = weights.to(DType.F32).copy();
    BlockQuantizer.checkFinite(transformed);
    RowTasks.of(transformed.size(0), transformed.size(1))
        .forEach(
            (from, to) ->
                transform.transform(transformed.floats(), from * transform.cols(), to - from));
    return inner.quantize(transformed).withTransform(transform);
  }

  @Override
  public long storageBits(int rows, int cols) {
    return inner.storageBits(rows, cols)
        + new RandomizedHadamard(cols, blockSize, seed).storageBits();
  }

  @Override
  public String name() {
    return inner.name() + "+hadamard";
  }
}
