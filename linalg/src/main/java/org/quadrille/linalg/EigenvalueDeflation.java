package org.quadrille.linalg;

/**
 * Splits {@code diag(d) + rho z z^T} into eigenvalues that rounding does not let it change, and a
 * smaller problem for the others (Dongarra and Sorensen 1987; LAPACK's laed2).
 *
 * <p>An eigenvalue is final where its weight z_i is negligible. Where two poles are so close that a
 * rotation of their vectors which zeroes one weight leaves a negligible element beside the
 * diagonal, that one is final too. Each change is below {@code 8 u max(|d|, |z|)}.
 *
 * <p>Vectors of the first half have zeros in the second half and the reverse; a rotation across the
 * halves fills both. The products that follow leave the zeros out.
 */
final class EigenvalueDeflation {

  /** Where the vector of a pole is not zero. */
  enum Support {
    FIRST,
    BOTH,
    SECOND
  }

  /** Receives the rotations of vectors. */
  interface Rotation {
    /** Vectors i and j become {@code c v_i + s v_j} and {@code c v_j - s v_i}. */
    void rotate(int i, int j, double c, double s);
  }

  private final double[] d;
  private final double[] z;
  private final double tolerance;
  private final Rotation rotation;
  private final Support[] support;

  /** Indices of poles that stay, their d strictly ascending. */
  final int[] kept;

  int keptCount;

  /** Indices whose d is an eigenvalue now, in the order found: almost ascending. */
  final int[] settled;

  int settledCount;

  /**
   * Deflates; changes d and z where it rotates.
   *
   * @param d poles
   * @param z weights, of norm about 1
   * @param rho positive
   * @param ascending the order of d
   * @param firstHalf how many of the poles belong to the first half
   * @param unitRoundoff of the precision of the vectors
   */
  EigenvalueDeflation(
      double[] d,
      double[] z,
      double rho,
      int[] ascending,
      int firstHalf,
      double unitRoundoff,
      Rotation rotation) {
    int n = d.length;
    this.d = d;
    this.z = z;
    this.rotation = rotation;
    this.support = new Support[n];
    this.kept = new int[n];
    this.settled = new int[n];
    double largestPole = 0;
    double largestWeight = 0;
    for (int i = 0; i < n; i++) {
      support[i] = i < firstHalf ? Support.FIRST : Support.SECOND;
      largestPole = Math.max(largestPole, Math.abs(d[i]));
      largestWeight = Math.max(largestWeight, Math.abs(z[i]));
    }
    this.tolerance = 8 * unitRoundoff * Math.max(largestPole, largestWeight);
    if (rho * largestWeight <= tolerance) {
      System.arraycopy(ascending, 0, settled, 0, n);
      settledCount = n;
    } else {
      sweep(ascending, rho);
    }
  }

  /** Where the vector of pole i is not zero. */
  Support support(int i) {
    return support[i];
  }

  private void sweep(int[] ascending, double rho) {
    int candidate = -1;
    for (int next : ascending) {
      if (rho * Math.abs(z[next]) <= tolerance) {
        settled[settledCount++] = next;
      } else if (candidate < 0) {
        candidate = next;
      } else {
        if (merges(candidate, next)) {
          settled[settledCount++] = candidate;
        } else {
          kept[keptCount++] = candidate;
        }
        candidate = next;
      }
    }
    if (candidate >= 0) {
      kept[keptCount++] = candidate;
    }
  }

  /** Moves the weight of pole i to pole j >= i, if they are close enough. */
  private boolean merges(int i, int j) {
    double norm = Norms.hypot(Math.abs(z[i]), Math.abs(z[j]));
    double c = z[j] / norm;
    double s = -z[i] / norm;
    double gap = d[j] - d[i];
    if (Math.abs(gap * c * s) > tolerance) {
      return false;
    }
    z[j] = norm;
    z[i] = 0;
    if (support[i] != support[j]) {
      support[j] = Support.BOTH;
    }
    rotation.rotate(i, j, c, s);
    double settledValue = d[i] * c * c + d[j] * s * s;
    d[j] = d[i] * s * s + d[j] * c * c;
    d[i] = settledValue;
    return true;
  }
}
