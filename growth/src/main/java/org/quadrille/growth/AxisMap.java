package org.quadrille.growth;

import org.quadrille.linalg.DType;
import org.quadrille.linalg.Dense;
import org.quadrille.linalg.LinearOperator;
import org.quadrille.linalg.LowRank;
import org.quadrille.linalg.Selection;
import org.quadrille.linalg.Sum;
import org.quadrille.linalg.Tensor;

/**
 * The kinds of map from a small axis to a large one. Each is a {@link LinearOperator} of shape
 * [large, small] that grows rows by {@code b.apply(w)} and columns by {@code
 * a.apply(w.transpose()).transpose()}; those with numbers to learn are {@link
 * org.quadrille.linalg.ParametricOperator}s.
 *
 * {@snippet :
 * LinearOperator b = AxisMap.identityOver(newRows); // [I; S]
 * Tensor grown = a.apply(b.apply(w).transpose()).transpose(); // B W A^T
 * }
 */
public final class AxisMap {
  private AxisMap() {}

  /** The axis keeps its size. Free of cost but for a copy. */
  public static LinearOperator identity(DType dtype, int size) {
    return new IdentityMap(dtype, size);
  }

  /**
   * A full matrix, learned entry by entry.
   *
   * @param matrix shape [large, small], shared
   */
  public static LinearOperator dense(Tensor matrix) {
    return Dense.of(matrix);
  }

  /**
   * {@code [I; S]}: old elements stay, new ones are learned mixtures.
   *
   * @param added S, shape [large - small, small], shared
   */
  public static LinearOperator identityOver(Tensor added) {
    requireMatrix("added rows", added);
    return new IdentityOver(added);
  }

  /**
   * Copies: element j is old element {@code source[j]}.
   *
   * @param small size of the old axis
   */
  public static LinearOperator selection(DType dtype, int small, int... source) {
    return Selection.of(dtype, small, source);
  }

  /**
   * Copies with factors: element j is {@code scale[j]} times old element {@code source[j]}.
   *
   * @param scale shape [large], shared
   */
  public static LinearOperator scaledSelection(int small, int[] source, Tensor scale) {
    return new ScaledSelection(small, source, scale);
  }

  /** {@code [I; 0]}. */
  public static LinearOperator padding(DType dtype, int large, int small) {
    return new ZeroPadding(dtype, large, small);
  }

  /** {@code [I; ...; I; mean]}: whole copies, the rest the mean of all elements. */
  public static LinearOperator average(DType dtype, int large, int small) {
    return new AverageExpansion(dtype, large, small);
  }

  /**
   * {@code P (x) I}: mixtures of whole heads.
   *
   * @param heads P, shape [large heads, small heads], shared
   * @param headSize elements of a head
   */
  public static LinearOperator headBlocks(Tensor heads, int headSize) {
    requireMatrix("heads", heads);
    if (headSize < 1) {
      throw new IllegalArgumentException(
          "headSize: given " + headSize + ", expected a positive number");
    }
    return new HeadBlocks(heads, headSize);
  }

  /**
   * A map of key and value heads acting on query heads: element e of query head i of a group goes
   * where the map takes element e of the group's value head (grouped queries, J. Ainslie et al.,
   * 2023). Its numbers are those of the given map, so that both are learned as one.
   *
   * @param keys the map of the key heads
   * @param groupSize query heads of a key head, before and after growth
   * @param headSize elements of a head
   */
  public static LinearOperator groupedHeads(LinearOperator keys, int groupSize, int headSize) {
    return new GroupedHeads(keys, groupSize, headSize);
  }

  /**
   * {@code [I; 0] + U V}: a learned part of low rank over plain copies.
   *
   * @param left U, shape [large, rank], shared
   * @param right V, shape [rank, small], shared
   */
  public static LinearOperator lowRankOver(Tensor left, Tensor right) {
    LowRank learned = LowRank.of(left, right);
    return Sum.of(padding(left.dtype(), learned.rows(), learned.cols()), learned);
  }

  private static void requireMatrix(String what, Tensor tensor) {
    if (tensor.rank() != 2) {
      throw new IllegalArgumentException(what + ": given " + tensor + ", expected a matrix");
    }
  }
}
