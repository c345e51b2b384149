package org.quadrille.lowrank.merge;

import java.util.function.Function;
import org.quadrille.linalg.Arithmetic;
import org.quadrille.linalg.Dense;
import org.quadrille.linalg.Frozen;
import org.quadrille.linalg.LinearOperator;
import org.quadrille.linalg.LowRank;
import org.quadrille.linalg.Norms;
import org.quadrille.linalg.Tensor;
import org.quadrille.lowrank.MergedRows;
import org.quadrille.lowrank.UpdateNorms;
import org.quadrille.lowrank.UpdateSum;

/**
 * A weight with an update folded in, as a copy: unmerging gives back the untouched base, bit for
 * bit, by never having changed it.
 *
 * {@snippet :
 * MergedWeight merged = MergedWeight.of(base, UpdateSum.of(first, second));
 * Tensor y = merged.operator().apply(x); // one product
 * Tensor same = merged.unmerge(); // the base itself
 * }
 *
 * <p>Several updates are summed first and merged once, so their order changes no more than
 * rounding. Not thread safe.
 */
public final class MergedWeight {
  private final Tensor base;
  private Tensor weight;

  private MergedWeight(Tensor base, Tensor weight) {
    this.base = base;
    this.weight = weight;
  }

  /**
   * Merges updates into a copy of a weight. 2 m n r flops, in double precision.
   *
   * @param base shape [m, n], shared, not modified; keep it unchanged as long as it may be needed
   * @param updates at least one, of the shape of the base
   * @throws IllegalArgumentException if there is no update, shapes differ, the base is not finite,
   *     or a merged weight would not be
   */
  public static MergedWeight of(Tensor base, LowRank... updates) {
    LowRank update = updates.length == 1 ? updates[0] : UpdateSum.of(updates);
    Norms.requireFinite("base", base);
    Tensor merged = Tensor.zeros(base.dtype(), base.shape());
    MergedRows.into(base, update, 1, merged);
    return new MergedWeight(base, Norms.requireFinite("merged weight", merged));
  }

  /**
   * Merges an update into an operator that holds its matrix entry by entry.
   *
   * @param base {@link Dense}, frozen or not
   * @throws IllegalArgumentException if the base is of another kind, as a quantized matrix is:
   *     rounding it again would lose most of the update. Keep the update beside it with {@code
   *     Sum.of(base, update)}, or call {@link #requantized}
   */
  public static MergedWeight of(LinearOperator base, LowRank update) {
    LinearOperator inner = base instanceof Frozen frozen ? frozen.operator() : base;
    if (inner instanceof Dense dense) {
      return of(dense.weight(), update);
    }
    throw new IllegalArgumentException(
        "base: "
            + base
            + " does not hold its entries; expected a dense matrix. Keep the update beside it"
            + " (Sum.of(base, update)), or call requantized and look at the residual");
  }

  /**
   * A merged matrix in the format of its base.
   *
   * @param operator the merged matrix
   * @param residual Frobenius norm of what the format could not hold of {@code base + update}
   * @param updateNorm Frobenius norm of the update: if the residual exceeds it, the merge lost more
   *     than the update brought
   */
  public record Requantized(LinearOperator operator, double residual, double updateNorm) {}

  /**
   * Merges into a matrix in another format: expands, adds, and gives the sum to a quantizer.
   *
   * @param base any operator, such as a quantized matrix
   * @param update of the same shape and dtype
   * @param quantizer makes an operator from the dense sum
   * @throws IllegalArgumentException if shapes differ or the sum is not finite
   */
  public static Requantized requantized(
      LinearOperator base, LowRank update, Function<Tensor, ? extends LinearOperator> quantizer) {
    Tensor sum = of(base.toDense(), update).weight;
    LinearOperator merged = quantizer.apply(sum);
    double residual = Norms.frobenius(Arithmetic.subtract(sum, merged.toDense()));
    return new Requantized(merged, residual, UpdateNorms.frobenius(update));
  }

  /**
   * The merged weight, owned by this object.
   *
   * @throws IllegalStateException after {@link #unmerge}
   */
  public Tensor weight() {
    if (weight == null) {
      throw new IllegalStateException("weight: was unmerged already; merge again");
    }
    return weight;
  }

  /** The merged weight as an operator. */
  public Dense operator() {
    return Dense.of(weight());
  }

  /**
   * Drops the merged copy.
   *
   * @return the base as it was given
   * @throws IllegalStateException if it was dropped before
   */
  public Tensor unmerge() {
    weight();
    weight = null;
    return base;
  }
}
