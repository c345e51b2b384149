package org.quadrille.federated.inference;

import java.util.Arrays;
import org.quadrille.linalg.DType;
import org.quadrille.linalg.SymmetricEigen;
import org.quadrille.linalg.Tensor;

/**
 * Nodes and weights of Gauss quadrature for the weight {@code exp(-x^2 / 2) / sqrt(2 pi)}: averages
 * over a standard normal number, exact for polynomials of degree {@code 2 n - 1}.
 *
 * <p>Nodes are the eigenvalues of the Jacobi matrix with off-diagonal {@code sqrt(i)} (Golub and
 * Welsch 1969), improved by Newton steps on the orthonormal Hermite polynomials {@code sqrt(i + 1)
 * h_{i+1} = x h_i - sqrt(i) h_{i-1}}; weights are {@code 1 / (sum of h_i^2)}.
 *
 * @param nodes n numbers, ascending
 * @param weights n positive numbers of sum 1
 */
record GaussHermite(double[] nodes, double[] weights) {

  /** The rule of n nodes, 1 to 100. */
  static GaussHermite of(int n) {
    if (n < 1 || n > 100) {
      throw new IllegalArgumentException("nodes: " + n + " given, expected 1 to 100");
    }
    Tensor jacobi = Tensor.zeros(DType.F64, n, n);
    for (int i = 1; i < n; i++) {
      jacobi.set(Math.sqrt(i), i - 1, i);
      jacobi.set(Math.sqrt(i), i, i - 1);
    }
    double[] nodes = SymmetricEigen.values(jacobi).toDoubles();
    Arrays.sort(nodes);
    double[] weights = new double[n];
    for (int k = 0; k < n; k++) {
      double[] h = hermite(n, nodes[k]);
      // h_n' = sqrt(n) h_{n-1}
      nodes[k] -= h[n] / (Math.sqrt(n) * h[n - 1]);
      h = hermite(n, nodes[k]);
      double sum = 0;
      for (int i = 0; i < n; i++) {
        sum += h[i] * h[i];
      }
      weights[k] = 1 / sum;
    }
    return new GaussHermite(nodes, weights);
  }

  private static double[] hermite(int n, double x) {
    double[] h = new double[n + 1];
    h[0] = 1;
    h[1] = x;
    for (int i = 1; i < n; i++) {
      h[i + 1] = (x * h[i] - Math.sqrt(i) * h[i - 1]) / Math.sqrt(i + 1.0);
    }
    return h;
  }
}
