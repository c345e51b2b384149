package org.quadrille.federated.data;

import org.quadrille.linalg.Tensor;

/**
 * Shift and scale of each input so that it has mean 0 and variance 1 over the examples it was
 * fitted on; an input that never changes becomes 0.
 *
 * <p>In a federation both come from sums over clients, so no example leaves its client.
 *
 * @param means of the inputs
 * @param scales one over the standard deviation; 0 for a constant input
 */
public record Standardization(double[] means, double[] scales) {

  /**
   * Fitted on rows.
   *
   * @param inputs shape [n, p], n at least 1, not modified
   * @param rows which of them
   */
  public static Standardization fit(Tensor inputs, int[] rows) {
    if (rows.length == 0) {
      throw new IllegalArgumentException("rows: none given, expected at least one example");
    }
    int p = inputs.size(1);
    double[] means = new double[p];
    double[] scales = new double[p];
    for (int j = 0; j < p; j++) {
      double sum = 0;
      for (int row : rows) {
        sum += inputs.get(row, j);
      }
      means[j] = sum / rows.length;
      double squares = 0;
      for (int row : rows) {
        double x = inputs.get(row, j) - means[j];
        squares += x * x;
      }
      double deviation = Math.sqrt(squares / rows.length);
      scales[j] = deviation > 0 ? 1 / deviation : 0;
    }
    return new Standardization(means, scales);
  }

  /** The inputs, shifted and scaled, in a new tensor. */
  public Tensor apply(Tensor inputs) {
    Tensor result = Tensor.zeros(inputs.dtype(), inputs.size(0), inputs.size(1));
    for (int i = 0; i < inputs.size(0); i++) {
      for (int j = 0; j < inputs.size(1); j++) {
        result.set((inputs.get(i, j) - means[j]) * scales[j], i, j);
      }
    }
    return result;
  }
}
