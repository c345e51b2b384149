package org.quadrille.quant.allocation;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.quadrille.linalg.DType;
import org.quadrille.linalg.LowRank;
import org.quadrille.linalg.MatrixProduct;
import org.quadrille.linalg.RandomizedSvd;
import org.quadrille.linalg.Tensor;
import org.quadrille.quant.BlockQuantizer;
import org.quadrille.quant.LqDecomposition;
import org.quadrille.quant.LqOptions;
import org.quadrille.quant.LqResult;
import org.quadrille.quant.QuantizationConfig;

/**
 * The errors that options leave in one matrix; see {@link CostMeasurement}. Holds the matrix, one
 * residual and scratch space of the same size; not thread safe.
 */
final class MatrixCosts {
  /** Gains below this share of the error do not decide between ranks. */
  private static final double TOLERANCE = 1e-3;

  private final Tensor matrix;
  private final long seed;
  private final int largestRank;
  private final int iterations;
  private final Tensor residual;
  private final float[] rounded;
  private final Map<String, Double> gains = new HashMap<>();
  private int residualRank = -1;
  private LowRank leading;

  MatrixCosts(Tensor matrix, long seed, int largestRank, int iterations) {
    this.matrix = matrix;
    this.seed = seed;
    this.largestRank = largestRank;
    this.iterations = iterations;
    this.residual = Tensor.zeros(DType.F32, matrix.shape());
    this.rounded = new float[matrix.length()];
  }

  /** Squared errors in the order of the options. */
  double[] squaredErrors(List<AllocationOption> options) {
    double[] errors = new double[options.size()];
    for (int i = 0; i < errors.length; i++) {
      AllocationOption option = options.get(i);
      int rank = usedRank(option.rank());
      removeLeadingPart(rank);
      double first =
          BlockQuantizer.of(option.config())
              .rounding(matrix.size(0), matrix.size(1))
              .squaredError(residual.floats(), rounded);
      errors[i] = rank == 0 || iterations == 1 ? first : first * gain(option.config(), rank);
    }
    return errors;
  }

  private int usedRank(int rank) {
    return Math.min(rank, Math.min(matrix.size(0), matrix.size(1)) - 1);
  }

  /** residual := W - L1 L2 with the best factors of that rank. */
  private void removeLeadingPart(int rank) {
    if (rank == residualRank) {
      return;
    }
    residual.assign(matrix);
    if (rank > 0) {
      if (leading == null) {
        leading =
            RandomizedSvd.decompose(
                    residual, RandomizedSvd.Options.rank(usedRank(largestRank)).withSeed(seed))
                .toLowRank();
      }
      Tensor left = leading.left().slice(1, 0, rank);
      Tensor right = leading.right().slice(0, 0, rank);
      MatrixProduct.multiply(-1, left, right, 1, residual);
    }
    residualRank = rank;
  }

  /** Squared error of a whole decomposition over that of its first iteration. */
  private double gain(QuantizationConfig config, int rank) {
    return gains.computeIfAbsent(
        config.bits() + " " + rank,
        pair -> {
          LqOptions options =
              LqOptions.of(QuantizationConfig.DEFAULT.withBits(config.bits()), rank)
                  .withIterations(iterations, TOLERANCE)
                  .withSeed(seed);
          LqResult whole = LqDecomposition.decompose(matrix, options);
          double first = whole.objective().getFirst();
          double ratio = first == 0 ? 1 : whole.error() / first;
          return ratio * ratio;
        });
  }
}
