package org.quadrille.quant;

import org.quadrille.linalg.DType;
import org.quadrille.linalg.LowRank;
import org.quadrille.linalg.MatrixProduct;
import org.quadrille.linalg.Norms;
import org.quadrille.linalg.RandomizedSvd;
import org.quadrille.linalg.Tensor;

/**
 * PiSSA (Meng, Wang and Zhang, "PiSSA: Principal Singular Values and Singular Vectors Adaptation",
 * 2024, section 3): the best approximation of rank r becomes the adapter that is trained, the rest
 * the frozen base, not quantized. {@link LqOptions#qpissa} quantizes the base.
 *
 * {@snippet :
 * PrincipalPart parts = PrincipalPart.of(w, 16, 1);
 * LinearOperator layer = Sum.of(Dense.of(parts.rest()), parts.adapter()); // equals W at the start
 * }
 *
 * @param adapter balanced factors of shape [rows, r] and [r, cols], single precision
 * @param rest W - L1 L2, shape [rows, cols], single precision
 */
public record PrincipalPart(LowRank adapter, Tensor rest) {

  /**
   * Splits a matrix. {@code 2 (6 (r + 10) + r)} flops a weight.
   *
   * @param weights shape [rows, cols], any strides, not modified; doubles are rounded to single
   * @param rank 1 to min(rows, cols)
   * @param seed of the randomized SVD (oversampling 10, 2 power iterations)
   * @throws IllegalArgumentException if it is no matrix, has an element that is not finite, or the
   *     rank does not fit
   */
  public static PrincipalPart of(Tensor weights, int rank, long seed) {
    BlockQuantizer.checkMatrix(weights);
    Norms.requireFinite("weights", weights);
    Tensor rest = Tensor.zeros(DType.F32, weights.shape()).assign(weights);
    LowRank adapter =
        RandomizedSvd.decompose(rest, RandomizedSvd.Options.rank(rank).withSeed(seed)).toLowRank();
    MatrixProduct.multiply(-1, adapter.left(), adapter.right(), 1, rest);
    return new PrincipalPart(adapter, rest);
  }
}
