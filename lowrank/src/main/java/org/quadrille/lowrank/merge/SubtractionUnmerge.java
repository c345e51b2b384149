package org.quadrille.lowrank.merge;

import org.quadrille.linalg.DType;
import org.quadrille.linalg.LowRank;
import org.quadrille.linalg.Norms;
import org.quadrille.linalg.Tensor;
import org.quadrille.lowrank.MergedRows;

/**
 * The base of a merged weight by subtraction, where only the merged weight and the update are left,
 * with the error it may have.
 *
 * <p>Merging rounds {@code W + D} and this rounds {@code M - D} with the same D, so each entry
 * obeys {@code |W' - W| <= u (|M| + |W'|) (1 + u)} with u = 2^-24 or 2^-53. Relative to the base
 * that is u |M| / |W|: hopeless where the update is much larger than the base.
 *
 * @param weight the recovered base W'
 * @param largestError bound of the error of every entry
 * @param frobeniusError bound of the Frobenius norm of the error
 */
public record SubtractionUnmerge(Tensor weight, double largestError, double frobeniusError) {

  /**
   * Subtracts an update from a weight it was merged into by this package.
   *
   * @param merged shape [m, n], not modified
   * @param update what was merged, the same factors and scale
   * @throws IllegalArgumentException if shapes differ or a number is not finite
   */
  public static SubtractionUnmerge of(Tensor merged, LowRank update) {
    Norms.requireFinite("merged", merged);
    Tensor weight = Tensor.zeros(merged.dtype(), merged.shape());
    MergedRows.into(merged, update, -1, weight);
    Norms.requireFinite("unmerged weight", weight);
    double u = merged.dtype() == DType.F32 ? 0x1p-24 : 0x1p-53;
    double[] m = merged.toDoubles();
    double[] w = weight.toDoubles();
    double largest = 0;
    double squares = 0;
    for (int i = 0; i < m.length; i++) {
      double bound = Math.abs(m[i]) + Math.abs(w[i]);
      largest = Math.max(largest, bound);
      squares += bound * bound;
    }
    double unit = u * (1 + u);
    return new SubtractionUnmerge(weight, unit * largest, unit * Math.sqrt(squares));
  }

  /**
   * {@link #frobeniusError} over the norm of the recovered base: above 1, nothing is left of it.
   */
  public double relativeError() {
    return frobeniusError == 0 ? 0 : frobeniusError / Norms.frobenius(weight);
  }
}
