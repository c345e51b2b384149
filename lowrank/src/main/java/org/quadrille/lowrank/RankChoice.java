package org.quadrille.lowrank;

import org.quadrille.linalg.DType;
import org.quadrille.lowrank.spectrum.Spectrum;
import org.quadrille.lowrank.spectrum.SpectrumSource;

/**
 * How many of a matrix's singular values to keep.
 *
 * {@snippet :
 * Recompression.of(update, RankChoice.energy(0.99)); // all but 1 % of the sum of squares
 * Recompression.of(update, RankChoice.relativeFrobenius(1e-3)); // error at most 0.1 % of the norm
 * }
 *
 * <p>No choice keeps singular values that are zero.
 */
@FunctionalInterface
public interface RankChoice {

  /**
   * The number of singular values to keep.
   *
   * @param singularValues descending, not negative; not modified
   * @return 0 to the number of values
   */
  int choose(double[] singularValues);

  /** At most that many. */
  static RankChoice rank(int rank) {
    if (rank < 0) {
      throw new IllegalArgumentException("rank: given " + rank + ", expected at least 0");
    }
    return sigma -> Math.min(rank, positive(sigma));
  }

  /** All that are not zero: the same matrix with as few factors as it needs. */
  static RankChoice all() {
    return RankChoice::positive;
  }

  /**
   * As few as leave a Frobenius error of at most {@code tolerance} times the norm of the matrix.
   */
  static RankChoice relativeFrobenius(double tolerance) {
    checkTolerance(tolerance);
    return sigma -> {
      double first = sigma.length == 0 ? 0 : sigma[0];
      return first == 0 ? 0 : withTail(sigma, tolerance * scaledNorm(sigma), first);
    };
  }

  /** As few as leave a Frobenius error of at most {@code tolerance}. */
  static RankChoice absoluteFrobenius(double tolerance) {
    checkTolerance(tolerance);
    return sigma -> {
      double first = sigma.length == 0 ? 0 : sigma[0];
      return first == 0 ? 0 : withTail(sigma, tolerance / first, first);
    };
  }

  /** As few as leave a spectral error of at most {@code tolerance} times the largest value. */
  static RankChoice spectral(double tolerance) {
    checkTolerance(tolerance);
    return sigma -> {
      int k = 0;
      while (k < sigma.length && sigma[k] > tolerance * sigma[0]) {
        k++;
      }
      return k;
    };
  }

  /**
   * As few as hold a share of the sum of squares.
   *
   * @param share above 0, at most 1
   */
  static RankChoice energy(double share) {
    if (!(share > 0 && share <= 1)) {
      throw new IllegalArgumentException(
          "energy: given " + share + ", expected a share above 0 and at most 1, such as 0.99");
    }
    return sigma ->
        Spectrum.of(sigma, sigma.length, sigma.length, DType.F64, SpectrumSource.EXACT)
            .rankForEnergy(share);
  }

  private static void checkTolerance(double tolerance) {
    if (!(tolerance >= 0 && tolerance <= Double.MAX_VALUE)) {
      throw new IllegalArgumentException(
          "tolerance: given " + tolerance + ", expected a finite number of at least 0");
    }
  }

  private static int positive(double[] sigma) {
    int k = 0;
    while (k < sigma.length && sigma[k] > 0) {
      k++;
    }
    return k;
  }

  /** Smallest k with {@code (sum over i >= k of (sigma_i / first)^2)^(1/2) <= allowed}. */
  private static int withTail(double[] sigma, double allowed, double first) {
    int k = positive(sigma);
    double tail = 0;
    while (k > 0) {
      double p = sigma[k - 1] / first;
      tail += p * p;
      if (Math.sqrt(tail) > allowed) {
        return k;
      }
      k--;
    }
    return 0;
  }

  private static double scaledNorm(double[] sigma) {
    double sum = 0;
    for (int i = sigma.length - 1; i >= 0; i--) {
      double p = sigma[i] / sigma[0];
      sum += p * p;
    }
    return Math.sqrt(sum);
  }
}
