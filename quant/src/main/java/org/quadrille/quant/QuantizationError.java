package org.quadrille.quant;

import java.util.Arrays;
import org.quadrille.linalg.Tensor;

/**
 * How far an approximation is from a matrix, accumulated in double.
 *
 * @param squaredError sum of squared differences
 * @param squaredNorm sum of squares of the matrix
 * @param maxAbsError largest magnitude of a difference
 */
public record QuantizationError(double squaredError, double squaredNorm, double maxAbsError) {

  /**
   * Compares two tensors of the same shape.
   *
   * @param original not modified
   * @param approximation not modified
   */
  public static QuantizationError between(Tensor original, Tensor approximation) {
    double[] a = original.toDoubles();
    double[] b = approximation.toDoubles();
    if (!Arrays.equals(original.shape(), approximation.shape())) {
      throw new IllegalArgumentException(
          "original " + original + " and approximation " + approximation + ": expected one shape");
    }
    double squaredError = 0;
    double squaredNorm = 0;
    double largest = 0;
    for (int i = 0; i < a.length; i++) {
      double error = a[i] - b[i];
      squaredError += error * error;
      squaredNorm += a[i] * a[i];
      largest = Math.max(largest, Math.abs(error));
    }
    return new QuantizationError(squaredError, squaredNorm, largest);
  }

  /** Frobenius norm of the difference. */
  public double frobeniusError() {
    return Math.sqrt(squaredError);
  }

  /** Frobenius norm of the difference over that of the matrix; 0 for a zero matrix met exactly. */
  public double relativeError() {
    return squaredError == 0 ? 0 : Math.sqrt(squaredError / squaredNorm);
  }
}
