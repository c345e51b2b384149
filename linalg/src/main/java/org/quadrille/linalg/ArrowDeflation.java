package org.quadrille.linalg;

import java.util.Arrays;

/**
 * Sorts out the singular values of an arrow matrix (see {@link ArrowSvd}) that are known already:
 * those with a negligible z, and all but one of several that are equal to rounding, after a
 * rotation has made their z vanish (Gu and Eisenstat 1995, section 4.1; LAPACK's {@code lasd2}).
 *
 * <p>Entries stand for rows of the singular vector matrices: 0 is the row of the spike, the others
 * come with d ascending.
 */
final class ArrowDeflation {

  /** Where the vectors of an entry are nonzero. */
  enum Part {
    TOP,
    EVERYWHERE,
    BOTTOM
  }

  /** Receives the rotations: {@code (row_i, row_j) := (c row_i - s row_j, s row_i + c row_j)}. */
  interface Rotations {
    /** Rotates right singular vectors, and left ones unless entry i is 0. */
    void rotate(int i, int j, double c, double s);
  }

  private final double[] d;
  private final double[] z;
  private final Part[] parts;
  private final double tolerance;

  /** Entries that remain, ascending; the first one is 0. */
  final int[] kept;

  /** Entries that are singular values already. */
  final int[] deflated;

  private int keptCount;
  private int deflatedCount;

  /**
   * Deflates.
   *
   * @param d ascending, {@code d_0 = 0}; not modified
   * @param z modified
   * @param parts modified: entries that mix both halves become EVERYWHERE
   * @param tolerance what counts as zero
   * @param rotations told about each rotation in turn
   */
  ArrowDeflation(double[] d, double[] z, Part[] parts, double tolerance, Rotations rotations) {
    this.d = d;
    this.z = z;
    this.parts = parts;
    this.tolerance = tolerance;
    int[] keep = new int[d.length];
    int[] done = new int[d.length];
    scan(keep, done, rotations);
    this.kept = Arrays.copyOf(keep, keptCount);
    this.deflated = Arrays.copyOf(done, deflatedCount);
  }

  private void scan(int[] keep, int[] done, Rotations rotations) {
    if (Math.abs(z[0]) <= tolerance) {
      z[0] = tolerance;
    }
    int last = 0;
    for (int j = 1; j < d.length; j++) {
      if (Math.abs(z[j]) <= tolerance) {
        done[deflatedCount++] = j;
      } else if (last == 0 && d[j] <= tolerance) {
        // Row j of the arrow is zero to rounding, so columns 0 and j may be rotated freely.
        double norm = Norms.hypot(Math.abs(z[0]), Math.abs(z[j]));
        rotations.rotate(j, 0, z[0] / norm, z[j] / norm);
        z[0] = norm;
        done[deflatedCount++] = j;
      } else if (last > 0 && d[j] - d[last] <= tolerance) {
        double norm = Norms.hypot(Math.abs(z[last]), Math.abs(z[j]));
        rotations.rotate(last, j, z[j] / norm, z[last] / norm);
        z[j] = norm;
        if (parts[last] != parts[j]) {
          parts[j] = Part.EVERYWHERE;
        }
        done[deflatedCount++] = last;
        last = j;
      } else {
        keep[keptCount++] = last;
        last = j;
      }
    }
    keep[keptCount++] = last;
  }
}
