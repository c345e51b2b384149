package org.quadrille.lowrank.spectrum;

import org.quadrille.linalg.Arithmetic;
import org.quadrille.linalg.Norms;
import org.quadrille.linalg.SymmetricEigen;
import org.quadrille.linalg.SymmetricRankUpdate;
import org.quadrille.linalg.Tensor;

/** Singular values as square roots of the eigenvalues of the smaller Gram matrix. */
final class GramValues {
  private GramValues() {}

  /**
   * Descending singular values of a matrix of doubles of any scale.
   *
   * @param a shape [m, n], finite, not modified
   */
  static double[] of(Tensor a) {
    Tensor tall = a.size(0) < a.size(1) ? a.transpose() : a;
    double largest = Norms.max(tall);
    if (largest == 0) {
      return new double[tall.size(1)];
    }
    // The squares of very large or very small entries would leave the range of doubles.
    int exponent = Math.clamp(Math.getExponent(largest), -1000, 1000);
    Tensor scaled = Arithmetic.scaled(Math.scalb(1.0, -exponent), tall);
    double[] eigen = SymmetricEigen.values(SymmetricRankUpdate.gram(scaled)).toDoubles();
    double[] values = new double[eigen.length];
    for (int i = 0; i < eigen.length; i++) {
      double square = Math.max(0, eigen[eigen.length - 1 - i]);
      values[i] = Math.scalb(Math.sqrt(square), exponent);
    }
    return values;
  }
}
