package org.quadrille.quant;

import java.util.Arrays;
import java.util.Optional;
import org.quadrille.linalg.DType;
import org.quadrille.linalg.Tensor;

/**
 * Error feedback by second moments of the inputs (E. Frantar et al., "GPTQ: Accurate Post-Training
 * Quantization for Generative Pre-trained Transformers", ICLR 2023): columns are quantized one
 * after the other, and the error of each is made good, as far as possible, by the columns still to
 * come.
 *
 * <p>Scales, zero codes, levels and column transform are those that the inner quantizer chooses for
 * the matrix as it is ("static groups"); only the codes change. So any inner quantizer will do,
 * also with activation order, and files and products need nothing new.
 *
 * <p><b>Cost</b>: 2 cols^3 flops once, rows cols^2 a matrix, in double. <b>Bits</b>: the same for
 * any number of threads and any backend. <b>Thread safety</b>: immutable.
 */
public final class GptqQuantizer implements Quantizer {
  /** Part of the mean of the diagonal that is added to it. */
  public static final double USUAL_DAMPING = 0.01;

  private final Quantizer inner;
  private final Tensor moments;
  private final double damping;
  private final boolean activationOrder;
  private final ErrorFeedback plain;

  private GptqQuantizer(Quantizer inner, Tensor moments, double damping, boolean activationOrder) {
    this.inner = inner;
    this.moments = moments;
    this.damping = damping;
    this.activationOrder = activationOrder;
    this.plain = ErrorFeedback.of(moments, damping, activationOrder);
  }

  /**
   * With damping 0.01 and columns in descending order of their inputs' energy.
   *
   * @param inner chooses scales
   * @param inputs at least one sample
   */
  public static GptqQuantizer of(Quantizer inner, ActivationStatistics inputs) {
    return of(inner, inputs.secondMoments(), USUAL_DAMPING, true);
  }

  /**
   * With all choices.
   *
   * @param inner chooses scales
   * @param moments E[x x^T] up to a factor, shape [cols, cols], symmetric, not modified
   * @param damping part of the mean of the diagonal that is added to it, above 0
   * @param activationOrder whether columns of large energy come first, or all from left to right
   * @throws IllegalArgumentException if the moments are not square, not finite, zero, or not
   *     positive semidefinite to working precision
   */
  public static GptqQuantizer of(
      Quantizer inner, Tensor moments, double damping, boolean activationOrder) {
    if (!(damping > 0 && damping <= 1e6)) {
      throw new IllegalArgumentException(
          "damping: given " + damping + ", expected above 0 (0.01 is usual)");
    }
    if (moments.rank() != 2 || moments.size(0) != moments.size(1) || moments.length() == 0) {
      throw new IllegalArgumentException(
          "moments: given " + moments + ", expected shape [cols, cols]");
    }
    return new GptqQuantizer(inner, moments.to(DType.F64).copy(), damping, activationOrder);
  }

  @Override
  public QuantizedMatrix quantize(Tensor weights) {
    BlockQuantizer.checkMatrix(weights);
    int cols = moments.size(0);
    if (weights.size(1) != cols) {
      throw new IllegalArgumentException(
          "weights: given " + weights + ", expected " + cols + " columns as the moments have");
    }
    QuantizedMatrix rounded = inner.quantize(weights);
    Tensor target = weights.to(DType.F32).copy();
    Optional<ColumnTransform> transform = rounded.transform();
    transform.ifPresent(t -> t.transform(target.floats(), 0, target.size(0)));
    ErrorFeedback feedback =
        transform
            .map(t -> ErrorFeedback.of(transformed(t), damping, activationOrder))
            .orElse(plain);
    byte[] codes = feedback.codes(target, rounded);
    return withCodes(rounded, codes);
  }

  /** T^-1 H T^-T, the second moments of transformed operands. */
  private Tensor transformed(ColumnTransform transform) {
    int cols = moments.size(0);
    double[] exact = moments.toDoubles();
    double largest = Arrays.stream(exact).map(Math::abs).max().orElseThrow();
    float[] values = new float[exact.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (exact[i] / largest); // a common factor changes nothing
    }
    transform.transformOperand(values, 0, cols);
    float[] transposed = Tensor.of(values, cols, cols).transpose().toFloats();
    transform.transformOperand(transposed, 0, cols);
    Tensor result = Tensor.of(transposed, cols, cols).to(DType.F64);
    for (int i = 0; i < cols; i++) {
      for (int j = 0; j < i; j++) {
        result.set(result.get(j, i), i, j); // symmetric to the last bit
      }
    }
    return result;
  }

  private static QuantizedMatrix withCodes(QuantizedMatrix matrix, byte[] codes) {
    QuantizedMatrix changed =
        new QuantizedMatrix(
            matrix.rows(),
            matrix.cols(),
            new BlockQuantizer(matrix.config(), matrix.codebook(), matrix.rowAligned()),
            PackedBits.pack(matrix.config().bits(), codes),
            matrix.packedScaleCodes(),
            matrix.groupScales(),
            matrix.offset());
    if (matrix.packedZeroCodes().isPresent()) {
      changed = changed.withZeroCodes(matrix.packedZeroCodes().get());
    }
    return matrix.transform().isEmpty() ? changed : changed.withTransform(matrix.transform().get());
  }

  @Override
  public long storageBits(int rows, int cols) {
    return inner.storageBits(rows, cols);
  }

  /** The inner name with {@code gptq} before it. */
  @Override
  public String name() {
    return "gptq(" + inner.name() + ")";
  }
}
