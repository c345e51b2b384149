package org.quadrille.lowrank.spectrum;

import org.quadrille.linalg.Arithmetic;
import org.quadrille.linalg.DType;
import org.quadrille.linalg.GaussianMatrix;
import org.quadrille.linalg.Svd;
import org.quadrille.linalg.Tensor;

/**
 * What a random perturbation does to the spectrum of a random matrix: the yardstick for changes of
 * spectra by finetuning (Biderman et al. 2024, figure S8).
 *
 * <p>A and B have independent N(0, 1) entries, n x n. The mean absolute difference of the singular
 * values of A + cB and A is about {@code (2/pi)^(1/2) c} for small c, where each moves by {@code c
 * u_i^T B v_i}, a normal number, and about {@code 8/(3 pi) n^(1/2) ((1 + c^2)^(1/2) - 1)} once this
 * is larger, since A + cB is as random as {@code (1 + c^2)^(1/2) A} and the mean singular value is
 * {@code 8/(3 pi) n^(1/2)} by the quarter circle law.
 *
 * @param base singular values of A, descending
 * @param noise singular values of c B, descending
 * @param sum singular values of A + c B, descending
 * @param meanAbsoluteDifference of {@code sum} and {@code base}
 */
public record NoiseStudy(
    double[] base, double[] noise, double[] sum, double meanAbsoluteDifference) {

  /**
   * Draws two matrices and compares.
   *
   * @param n side of the matrices, at least 1; three decompositions of {@code 8/3 n^3} flops
   * @param c size of the perturbation, finite, at least 0
   * @param seed of the draw
   * @throws IllegalArgumentException if a number is outside its range
   */
  public static NoiseStudy draw(int n, double c, long seed) {
    check(n, c);
    Tensor a = GaussianMatrix.of(DType.F64, 2 * seed, n, n);
    Tensor b = Arithmetic.scaled(c, GaussianMatrix.of(DType.F64, 2 * seed + 1, n, n));
    double[] base = Svd.values(a).toDoubles();
    double[] sum = Svd.values(Arithmetic.add(a, b)).toDoubles();
    double difference = 0;
    for (int i = 0; i < n; i++) {
      difference += Math.abs(sum[i] - base[i]) / n;
    }
    return new NoiseStudy(base, Svd.values(b).toDoubles(), sum, difference);
  }

  /**
   * The larger of the two closed forms above.
   *
   * @param n side of the matrices, at least 1
   * @param c size of the perturbation, finite, at least 0
   * @throws IllegalArgumentException if a number is outside its range
   */
  public static double expectedDifference(int n, double c) {
    check(n, c);
    double single = Math.sqrt(2 / Math.PI) * c;
    // (1 + c^2)^(1/2) - 1 without cancellation
    double growth = c * c / (Math.sqrt(1 + c * c) + 1);
    return Math.max(single, 8 / (3 * Math.PI) * Math.sqrt(n) * growth);
  }

  private static void check(int n, double c) {
    if (n < 1 || !(c >= 0 && c <= 1e100)) {
      throw new IllegalArgumentException(
          "n " + n + ", c " + c + ": expected n of at least 1 and a finite c of at least 0");
    }
  }
}
