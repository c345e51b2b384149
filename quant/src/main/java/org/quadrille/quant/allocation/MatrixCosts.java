package org.quadrille.quant.allocation;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.quadrille.linalg.DType;
import org.quadrille.linalg.LowRank;
import org.quadrille.linalg.MatrixProduct;
import org.quadrille.linalg.RandomizedSvd;
import org.quadrille.linalg.Tensor;
import org.quadrille.quant.BlockQuantizer;
import org.quadrille.quant.BlockRounding;
import org.quadrille.quant.Fisher;
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

  /** The middle block size of the grid stands for all when gains are measured. */
  private static final QuantizationConfig TYPICAL = QuantizationConfig.parse("nf4/32/fp8/256");

  private final Tensor matrix;
  private final Optional<Fisher> fisher;
  private final long seed;
  private final int largestRank;
  private final int iterations;
  private final Tensor residual;
  private final float[] rounded;
  private final Map<String, Double> gains = new HashMap<>();
  private int residualRank = -1;
  private LowRank leading;

  MatrixCosts(Tensor matrix, Optional<Fisher> fisher, long seed, int largestRank, int iterations) {
    this.matrix = matrix;
    this.fisher = fisher;
    fisher.ifPresent(f -> f.requireShape(matrix.size(0), matrix.size(1)));
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
      double first = squaredError(option.config());
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
        leading = leadingPart(usedRank(largestRank));
      }
      Tensor left = leading.left().slice(1, 0, rank);
      Tensor right = leading.right().slice(0, 0, rank);
      MatrixProduct.multiply(-1, left, right, 1, residual);
    }
    residualRank = rank;
  }

  /** Factors of the best approximation to the matrix, where errors are weighted in that measure. */
  private LowRank leadingPart(int rank) {
    if (fisher.isEmpty()) {
      return RandomizedSvd.decompose(residual, RandomizedSvd.Options.rank(rank).withSeed(seed))
          .toLowRank();
    }
    // the first factors of a decomposition do not depend on its quantizer
    LqOptions options = options(QuantizationConfig.DEFAULT, rank).withPolish(false);
    return LqDecomposition.decompose(matrix, options.withIterations(1, 0)).lowRank();
  }

  private LqOptions options(QuantizationConfig config, int rank) {
    LqOptions options =
        LqOptions.of(config, rank).withIterations(iterations, TOLERANCE).withSeed(seed);
    return fisher.map(options::withFisher).orElse(options);
  }

  /** Error of the quantized residual. */
  private double squaredError(QuantizationConfig config) {
    BlockRounding rounding = BlockQuantizer.of(config).rounding(matrix.size(0), matrix.size(1));
    if (fisher.isEmpty()) {
      return rounding.squaredError(residual.floats(), rounded);
    }
    rounding.apply(residual.floats(), rounded);
    double distance = fisher.get().distance(residual.floats(), rounded);
    return distance * distance;
  }

  /** Squared error of a whole decomposition over that of its first iteration. */
  private double gain(QuantizationConfig config, int rank) {
    return gains.computeIfAbsent(
        config.bits() + " " + rank,
        pair -> {
          LqResult whole =
              LqDecomposition.decompose(matrix, options(TYPICAL.withBits(config.bits()), rank));
          double first = whole.objective().getFirst();
          double ratio = first == 0 ? 1 : whole.weightedError() / first;
          return ratio * ratio;
        });
  }
}
