package org.quadrille.quant;

import org.quadrille.linalg.Tensor;

/** Rounding by the definition: quantize, dequantize, compare. */
final class DirectRounding implements Rounding {
  private final Quantizer quantizer;
  private final int rows;
  private final int cols;

  DirectRounding(Quantizer quantizer, int rows, int cols) {
    BlockQuantizer.checkShape(rows, cols);
    this.quantizer = quantizer;
    this.rows = rows;
    this.cols = cols;
  }

  @Override
  public double apply(float[] weights, float[] out) {
    checkLength("weights", weights, rows, cols);
    checkLength("out", out, rows, cols);
    float[] rounded = quantizer.quantize(Tensor.of(weights, rows, cols)).dequantize().floats();
    double error = SquaredDifference.of(weights, rounded);
    System.arraycopy(rounded, 0, out, 0, rounded.length);
    return error;
  }

  static void checkLength(String name, float[] array, int rows, int cols) {
    if (array.length != (long) rows * cols) {
      throw new IllegalArgumentException(
          name + ": given " + array.length + " elements, expected " + (long) rows * cols);
    }
  }
}
