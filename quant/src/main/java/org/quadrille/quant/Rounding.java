package org.quadrille.quant;

/**
 * Quantizes and dequantizes matrices of one shape, over scratch space that is allocated once: the
 * inner step of a decomposition and of a cost table.
 *
 * <p>The values written are, bit for bit, those of {@link Quantizer#quantize} followed by {@link
 * QuantizedMatrix#dequantize}. A call does not depend on the calls before. <b>Thread safety</b>: an
 * instance serves one caller at a time.
 */
public interface Rounding {

  /**
   * Writes what dequantization of the quantized weights gives.
   *
   * @param weights row-major, rows * cols finite values, not modified unless it is {@code out}
   * @param out overwritten; may be {@code weights} itself
   * @return sum of squared differences, in double
   * @throws IllegalArgumentException naming the first weight that is not finite
   * @throws ArithmeticException if a group scale exceeds its number format
   */
  double apply(float[] weights, float[] out);
}
