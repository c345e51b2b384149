package org.quadrille.lowrank.peft;

import java.util.Optional;
import org.quadrille.linalg.Arithmetic;
import org.quadrille.linalg.DType;
import org.quadrille.linalg.LowRank;
import org.quadrille.linalg.Norms;
import org.quadrille.linalg.Tensor;
import org.quadrille.lowrank.MergedRows;
import org.quadrille.lowrank.merge.MergedWeight;

/**
 * The adapter of one module: {@code W + s B A}, with DoRA each row of that sum at a given length.
 *
 * @param module name of the module in the base model, without {@code .weight}
 * @param a shape [r, inputs]
 * @param b shape [outputs, r]
 * @param alpha finite
 * @param rankStabilized whether {@code s = alpha / r^(1/2)} instead of {@code alpha / r}
 * @param magnitude with DoRA the lengths of the rows, shape [outputs]
 */
public record PeftAdapter(
    String module,
    Tensor a,
    Tensor b,
    double alpha,
    boolean rankStabilized,
    Optional<Tensor> magnitude) {

  /** Checks shapes and finiteness. */
  public PeftAdapter {
    boolean fits =
        a.rank() == 2 && b.rank() == 2 && a.size(0) == b.size(1) && a.dtype() == b.dtype();
    if (!fits || a.size(0) == 0) {
      throw new IllegalArgumentException(
          module
              + ": A "
              + a
              + " and B "
              + b
              + ", expected shapes [r, inputs] and [outputs, r] with r >= 1");
    }
    if (!Double.isFinite(alpha)) {
      throw new IllegalArgumentException(
          module + ": alpha " + alpha + ", expected a finite number");
    }
    Norms.requireFinite(module + ": A", a);
    Norms.requireFinite(module + ": B", b);
    if (magnitude.isPresent()) {
      Tensor m = magnitude.get();
      if (m.rank() != 1 || m.size(0) != b.size(0)) {
        throw new IllegalArgumentException(
            module + ": magnitude " + m + ", expected shape [" + b.size(0) + "]");
      }
      Norms.requireFinite(module + ": magnitude", m);
    }
  }

  /** An adapter without magnitudes. */
  public static PeftAdapter of(
      String module, Tensor a, Tensor b, double alpha, boolean rankStabilized) {
    return new PeftAdapter(module, a, b, alpha, rankStabilized, Optional.empty());
  }

  /**
   * An update as an adapter of the same product: {@code alpha = scale r}, or {@code scale r^(1/2)}.
   *
   * @param module name of the module
   * @param update of rank 1 or more; its factors are shared
   * @param rankStabilized which rule the scale follows
   */
  public static PeftAdapter of(String module, LowRank update, boolean rankStabilized) {
    double rank = update.rank();
    double alpha = update.scale() * (rankStabilized ? Math.sqrt(rank) : rank);
    return of(module, update.right(), update.left(), alpha, rankStabilized);
  }

  /** The inner size r. */
  public int rank() {
    return a.size(0);
  }

  /** s: {@code alpha / r}, or {@code alpha / r^(1/2)} (rsLoRA, Kalajdzievski 2023). */
  public double scale() {
    return alpha / (rankStabilized ? Math.sqrt(rank()) : rank());
  }

  /** {@code s B A} on the factors of this adapter. */
  public LowRank update() {
    return LowRank.of(b, a, scale());
  }

  /**
   * The merged weight: {@code W + s B A}, with DoRA {@code diag(m / c) (W + s B A)} where c are the
   * lengths of its rows (Liu et al., DoRA, 2024, equation 5), in double precision and rounded once.
   *
   * @param weight shape [outputs, inputs], not modified
   * @throws IllegalArgumentException if shapes differ, a number is not finite, or a row has length
   *     0 and a magnitude that is not
   */
  public Tensor mergedInto(Tensor weight) {
    if (magnitude.isEmpty()) {
      return MergedWeight.of(weight, update()).weight();
    }
    Norms.requireFinite(module, weight);
    Tensor sum = Tensor.zeros(DType.F64, weight.shape());
    MergedRows.into(weight.to(DType.F64), update(), 1, sum);
    for (int i = 0; i < sum.size(0); i++) {
      double length = Norms.frobenius(sum.row(i));
      double wanted = magnitude.get().get(i);
      if (length == 0 && wanted != 0) {
        throw new IllegalArgumentException(
            module
                + ": row "
                + i
                + " of W + s B A is zero, expected a direction for length "
                + wanted);
      }
      Arithmetic.scale(length == 0 ? 1 : wanted / length, sum.row(i));
    }
    return Norms.requireFinite(module + " merged", sum.to(weight.dtype()));
  }
}
