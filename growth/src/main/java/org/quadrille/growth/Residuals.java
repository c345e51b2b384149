package org.quadrille.growth;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.quadrille.linalg.Arithmetic;
import org.quadrille.linalg.DType;
import org.quadrille.linalg.Dense;
import org.quadrille.linalg.GaussianMatrix;
import org.quadrille.linalg.LinearOperator;
import org.quadrille.linalg.LowRank;
import org.quadrille.linalg.Tensor;

/**
 * Starts of learned parts that are added to the grown weights, one for each large tensor.
 *
 * {@snippet :
 * GrowthOperator operator =
 *     LearnedStart.PUBLISHED.operator(plan, DType.F32, 1).plus(Residuals.lowRank(plan, DType.F32, 4, 2));
 * }
 */
public final class Residuals {
  /** Half the width of the published start. */
  public static final double PUBLISHED_LIMIT = 0.01;

  private Residuals() {}

  /**
   * Full tensors with entries of U(-limit, limit), as with {@code tune_residual} in the code of P.
   * Wang et al., ICLR 2023; as many numbers as the large model has.
   *
   * @param limit 0 or more; 0 starts at zero
   */
  public static Map<String, LinearOperator> uniform(
      GrowthPlan plan, DType dtype, double limit, long seed) {
    if (!(limit >= 0) || Double.isInfinite(limit)) {
      throw new IllegalArgumentException(
          "limit: given " + limit + ", expected a finite number, 0 or more");
    }
    SplittableRandom random = new SplittableRandom(seed);
    Map<String, LinearOperator> parts = new LinkedHashMap<>();
    plan.largeShapes()
        .forEach(
            (name, given) -> {
              int[] shape = GrowthOperator.matrixShape(given);
              Tensor part = Tensor.zeros(dtype, shape);
              for (int i = 0; limit > 0 && i < shape[0]; i++) {
                for (int j = 0; j < shape[1]; j++) {
                  part.set(limit * (2 * random.nextDouble() - 1), i, j);
                }
              }
              parts.put(name, Dense.of(part));
            });
    return parts;
  }

  /**
   * Products {@code U V} of rank r for the matrices, U random N(0, 1 / r) and V zero, so that they
   * start at zero and learn from the first step; full vectors, zero, for the vectors.
   *
   * @param rank at least 1; less where a matrix is smaller
   */
  public static Map<String, LinearOperator> lowRank(
      GrowthPlan plan, DType dtype, int rank, long seed) {
    if (rank < 1) {
      throw new IllegalArgumentException("rank: given " + rank + ", expected at least 1");
    }
    Map<String, LinearOperator> parts = new LinkedHashMap<>();
    plan.largeShapes()
        .forEach(
            (name, shape) -> {
              if (shape.length == 1) {
                parts.put(name, Dense.of(Tensor.zeros(dtype, shape[0], 1)));
                return;
              }
              int r = Math.min(rank, Math.min(shape[0], shape[1]));
              Tensor left = GaussianMatrix.of(dtype, seed * 1_000_003 + parts.size(), shape[0], r);
              Arithmetic.scale(1 / Math.sqrt(r), left);
              parts.put(name, LowRank.of(left, Tensor.zeros(dtype, r, shape[1])));
            });
    return parts;
  }
}
