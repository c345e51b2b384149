package org.quadrille.quant;

import org.quadrille.linalg.DType;
import org.quadrille.linalg.Tensor;

/**
 * Scales columns by a power of their inputs' magnitude before they are quantized, so that columns
 * with large inputs get finer steps (J. Lin et al., "AWQ: Activation-aware Weight Quantization for
 * LLM Compression and Acceleration", 2023, section 3.2).
 *
 * <p>The factor of column j is {@code E[x_j^2]^(alpha/2)}, divided by the root of largest times
 * smallest factor and rounded to bfloat16. The exponent alpha is that of 0, 1/20, ..., 1 which
 * makes {@code sum_ij E[x_j^2] (W - W')_ij^2} least, the mean square change of the outputs where
 * inputs are uncorrelated. Exponent 0 is no scaling, so the weighted error is never above the inner
 * one's.
 *
 * <p><b>Cost</b>: 22 times that of the inner quantizer. Factors take 16 bits a column.
 */
public final class ActivationAwareQuantizer implements Quantizer {
  private static final int STEPS = 20;

  /** Energies below this part of the largest count as it. */
  private static final double SMALLEST_ENERGY = 1e-12;

  private final Quantizer inner;
  private final double[] energies;

  private ActivationAwareQuantizer(Quantizer inner, double[] energies) {
    this.inner = inner;
    this.energies = energies;
  }

  /**
   * A quantizer for the weights of one layer.
   *
   * @param inner quantizes the scaled matrix; must not rotate or scale columns itself
   * @param energies E[x_j^2] of each column up to a common factor, 0 or more, not all 0; copied
   */
  public static ActivationAwareQuantizer of(Quantizer inner, double... energies) {
    double largest = 0;
    for (int j = 0; j < energies.length; j++) {
      if (!(energies[j] >= 0 && energies[j] <= Double.MAX_VALUE)) {
        throw new IllegalArgumentException(
            "energy " + j + " is " + energies[j] + ", expected a finite number, 0 or more");
      }
      largest = Math.max(largest, energies[j]);
    }
    if (largest == 0) {
      throw new IllegalArgumentException(
          "energies: given " + energies.length + " zeros, expected one number per column");
    }
    double[] relative = new double[energies.length];
    for (int j = 0; j < relative.length; j++) {
      relative[j] = Math.max(energies[j] / largest, SMALLEST_ENERGY);
    }
    return new ActivationAwareQuantizer(inner, relative);
  }

  /** The same from inputs that were seen. */
  public static ActivationAwareQuantizer of(Quantizer inner, ActivationStatistics inputs) {
    return of(inner, inputs.energies());
  }

  @Override
  public QuantizedMatrix quantize(Tensor weights) {
    BlockQuantizer.checkMatrix(weights);
    if (weights.size(1) != energies.length) {
      throw new IllegalArgumentException(
          "weights: given " + weights + ", expected " + energies.length + " columns");
    }
    Tensor floats = weights.to(DType.F32).copy();
    BlockQuantizer.checkFinite(floats);
    Rounding rounding = inner.rounding(floats.size(0), floats.size(1));
    DiagonalScaling best = null;
    double least = Double.POSITIVE_INFINITY;
    for (int step = 0; step <= STEPS; step++) {
      DiagonalScaling scaling = scaling((double) step / STEPS);
      double error = weightedError(floats.floats(), scaling, rounding);
      if (error < least) {
        least = error;
        best = scaling;
      }
    }
    return HadamardQuantizer.quantize(floats, best, inner);
  }

  /** Factors for one exponent. */
  private DiagonalScaling scaling(double exponent) {
    double[] factors = new double[energies.length];
    double largest = 0;
    double smallest = Double.POSITIVE_INFINITY;
    for (int j = 0; j < factors.length; j++) {
      factors[j] = StrictMath.pow(energies[j], exponent / 2);
      largest = Math.max(largest, factors[j]);
      smallest = Math.min(smallest, factors[j]);
    }
    float[] rounded = new float[factors.length];
    for (int j = 0; j < factors.length; j++) {
      rounded[j] = GroupType.BF16.round((float) (factors[j] / Math.sqrt(largest * smallest)));
    }
    return DiagonalScaling.of(rounded);
  }

  private double weightedError(float[] weights, DiagonalScaling scaling, Rounding rounding) {
    int cols = energies.length;
    float[] rounded = weights.clone();
    RowTasks tasks = RowTasks.of(weights.length / cols, cols);
    tasks.forEach((from, to) -> scaling.transform(rounded, from * cols, to - from));
    rounding.apply(rounded, rounded);
    double[] errors = new double[weights.length / cols];
    tasks.forEach(
        (from, to) -> {
          scaling.restore(rounded, from * cols, to - from);
          for (int row = from; row < to; row++) {
            errors[row] = rowError(weights, rounded, row * cols);
          }
        });
    double error = 0;
    for (double rowError : errors) {
      error += rowError;
    }
    return error;
  }

  private double rowError(float[] weights, float[] rounded, int offset) {
    double error = 0;
    for (int j = 0; j < energies.length; j++) {
      double difference = (double) weights[offset + j] - rounded[offset + j];
      error += energies[j] * difference * difference;
    }
    return error;
  }

  @Override
  public long storageBits(int rows, int cols) {
    return inner.storageBits(rows, cols) + 16L * cols;
  }

  /** The inner name with {@code awq} before it. */
  @Override
  public String name() {
    return "awq(" + inner.name() + ")";
  }
}
