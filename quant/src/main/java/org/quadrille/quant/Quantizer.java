package org.quadrille.quant;

import org.quadrille.linalg.Tensor;

/**
 * Turns matrices into codes and scales: what every quantizer of this package is to a {@link
 * LqDecomposition}, which takes any of them.
 *
 * {@snippet :
 * Quantizer quantizer = BlockQuantizer.of(QuantizationConfig.parse("nf3/64/fp8/256"));
 * Tensor approximation = quantizer.quantize(weights).dequantize();
 * LqResult lq = LqDecomposition.decompose(weights, LqOptions.of(quantizer, 32));
 * }
 *
 * <p>Results have the same bits for any number of threads and any backend. <b>Thread safety</b>:
 * implementations are immutable.
 */
public interface Quantizer {

  /**
   * The quantizer of a spelling as the command line takes it: bits, block size, bits of a scale
   * code and blocks per group as in {@link QuantizationConfig#parse}, for example {@code
   * nf4/64/fp8/256} or {@code 4/8/fp32/64/256}, with these additions.
   *
   * <ul>
   *   <li>{@code int4}, {@code snf4} or {@code af4} in the place of {@code nf4}: other levels
   *   <li>{@code /rows}: every row starts a new block
   *   <li>{@code /search}: scales of least squared error
   *   <li>{@code /learned}: a table learned for each matrix
   *   <li>{@code +zero}: zero codes, with {@code int} levels
   *   <li>{@code +hadamard}: randomized Hadamard rotation of the columns
   * </ul>
   *
   * @throws IllegalArgumentException that quotes the text and says what is expected
   */
  static Quantizer parse(String text) {
    return QuantizerParser.parse(text);
  }

  /**
   * Quantizes a matrix.
   *
   * @param weights shape [rows, cols], any strides, not modified; doubles are rounded to single
   * @throws IllegalArgumentException if it is no matrix, empty, has an element that is not finite,
   *     or does not fit the data the quantizer was made with
   * @throws ArithmeticException if a group scale exceeds its number format
   */
  QuantizedMatrix quantize(Tensor weights);

  /**
   * Reusable scratch space for matrices of one shape.
   *
   * @param rows at least 1
   * @param cols at least 1
   */
  default Rounding rounding(int rows, int cols) {
    return new DirectRounding(this, rows, cols);
  }

  /**
   * Exact bits of a matrix of that shape: codes, scales and whatever else stands for its weights.
   * The 32 bits of the offset, file headers and padding are not part of it.
   */
  long storageBits(int rows, int cols);

  /** Short name for reports, the spelling of the command line where there is one. */
  String name();
}
