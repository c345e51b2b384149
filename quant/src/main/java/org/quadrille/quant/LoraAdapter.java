package org.quadrille.quant;

import org.quadrille.linalg.Arithmetic;
import org.quadrille.linalg.LowRank;
import org.quadrille.linalg.Tensor;

/**
 * A low-rank part in the form in which adapters are trained: {@code y = x Q^T + sigma (x A^T) B^T}
 * with frozen Q (Hu et al., "LoRA", 2021).
 *
 * <p>{@code sigma = alpha / r}, or {@code alpha / r^(1/2)} if rank-stabilized (Kalajdzievski,
 * "rsLoRA", 2023). The product {@code sigma B A} is that of the low-rank part, so training starts
 * from {@code Q + L1 L2}. The base is Q now, no longer the public model: an adapter without its
 * base is worth nothing.
 *
 * {@snippet :
 * LoraAdapter adapter = LoraAdapter.of(lq.lowRank(), 16, false);
 * Sum layer = Sum.of(new Quantized(lq.quantized()), adapter.operator()); // 1.left = B, 1.right = A
 * }
 *
 * @param a shape [r, cols]
 * @param b shape [rows, r]
 * @param alpha above 0; 16 is usual
 * @param rankStabilized whether sigma falls with the root of the rank
 */
public record LoraAdapter(Tensor a, Tensor b, double alpha, boolean rankStabilized) {

  /** Checks that shapes belong together and sigma is a positive number. */
  public LoraAdapter {
    boolean fits =
        a.rank() == 2 && b.rank() == 2 && a.size(0) == b.size(1) && a.dtype() == b.dtype();
    if (!fits || a.size(0) == 0) {
      throw new IllegalArgumentException(
          "a " + a + " and b " + b + ": expected shapes [r, cols] and [rows, r] with r >= 1");
    }
    if (!(alpha > 0 && alpha <= Double.MAX_VALUE)) {
      throw new IllegalArgumentException(
          "alpha: given " + alpha + ", expected a number above 0 (16 is usual)");
    }
  }

  /**
   * Splits sigma evenly: {@code A = L2 / sigma^(1/2)}, {@code B = L1 / sigma^(1/2)} (LQ-LoRA,
   * code).
   *
   * @param lowRank of rank 1 or more, scale 1, not modified
   * @param alpha above 0
   * @param rankStabilized whether {@code sigma = alpha / r^(1/2)} instead of {@code alpha / r}
   */
  public static LoraAdapter of(LowRank lowRank, double alpha, boolean rankStabilized) {
    if (lowRank.scale() != 1 || lowRank.rank() == 0) {
      throw new IllegalArgumentException(
          "lowRank: given " + lowRank + ", expected rank 1 or more and scale 1");
    }
    LoraAdapter unscaled = new LoraAdapter(lowRank.right(), lowRank.left(), alpha, rankStabilized);
    double factor = 1 / Math.sqrt(unscaled.scaling());
    return new LoraAdapter(
        Arithmetic.scaled(factor, lowRank.right()),
        Arithmetic.scaled(factor, lowRank.left()),
        alpha,
        rankStabilized);
  }

  /** The inner size r. */
  public int rank() {
    return a.size(0);
  }

  /** sigma: {@code alpha / r}, or {@code alpha / r^(1/2)}. */
  public double scaling() {
    return alpha / (rankStabilized ? Math.sqrt(rank()) : rank());
  }

  /** {@code sigma B A} with the parameters {@code left} = B and {@code right} = A, for training. */
  public LowRank operator() {
    return LowRank.of(b, a, scaling());
  }

  /** The same product as factors {@code L1 = sigma^(1/2) B} and {@code L2 = sigma^(1/2) A}. */
  public LowRank toLowRank() {
    double factor = Math.sqrt(scaling());
    return LowRank.of(Arithmetic.scaled(factor, b), Arithmetic.scaled(factor, a));
  }
}
