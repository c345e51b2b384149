package org.quadrille.quant;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.quadrille.linalg.Arithmetic;
import org.quadrille.linalg.DType;
import org.quadrille.linalg.GaussianMatrix;
import org.quadrille.linalg.LowRank;
import org.quadrille.linalg.Norms;
import org.quadrille.linalg.Tensor;

/**
 * Decomposes a matrix into a quantized and a low-rank part, W = Q + L1 L2 + rest (LQ-LoRA, section
 * 3.1 and algorithm 2).
 *
 * <pre>
 * Q := 0
 * repeat
 *   L1 L2 := best approximation of rank r to W - Q
 *   Q     := quantize(W - L1 L2)
 * until the error |W - Q - L1 L2| rises or hardly falls
 * </pre>
 *
 * <p>The first half of an iteration never raises the error (Eckart and Young), the second can. So
 * the best iterate is kept, and the factors are refitted to it once more.
 *
 * <p>With a {@link Fisher} matrix F the error is {@code (sum of F_ij E_ij^2)^(1/2)}: the first half
 * becomes a weighted approximation (section 3.4), the quantizer stays as it is, and F is used in
 * full wherever errors are compared.
 *
 * {@snippet :
 * LqResult lq = LqDecomposition.decompose(w, LqOptions.of(QuantizationConfig.DEFAULT, 64));
 * double error = lq.relativeError();
 * }
 *
 * <p><b>Cost</b> of an iteration with randomized SVD and two power iterations: {@code 8 (r +
 * oversampling) + 2 r} flops and about 1.5 ns a weight, with F a few more passes over the matrix; a
 * sweep of alternating least squares {@code 2 r^2} flops in double a weight. <b>Memory</b>: one
 * scratch matrix beside W, with F two, allocated once. <b>Bits</b>: the same for any number of
 * threads and any backend; errors are summed in double. <b>Thread safety</b>: stateless.
 */
public final class LqDecomposition {
  private final int rows;
  private final int cols;
  private final LqOptions options;
  private final LqResidual residual;
  private final LowRankStep lowRankStep;
  private final double norm;

  /** Factors that the quantized part was made from, factors beside it, and the weighted error. */
  private record Iterate(LowRank quantizedFrom, LowRank lowRank, double error) {}

  private LqDecomposition(Tensor matrix, LqOptions options) {
    this.rows = matrix.size(0);
    this.cols = matrix.size(1);
    this.options = options;
    this.residual = new LqResidual(matrix, options);
    this.lowRankStep = new LowRankStep(rows, cols, options, residual.scratch());
    this.norm = residual.norm();
  }

  /** As {@link #decompose(Tensor, LqOptions, IterationListener)} without a listener. */
  public static LqResult decompose(Tensor weights, LqOptions options) {
    return decompose(weights, options, IterationListener.NONE);
  }

  /**
   * Decomposes a matrix.
   *
   * @param weights shape [rows, cols], any strides, not modified; doubles are rounded to single
   * @param options rank, quantizer, when to stop
   * @param listener called after each iteration
   * @throws IllegalArgumentException if it is no matrix, empty, has an element that is not finite,
   *     the rank exceeds min(rows, cols), or the Fisher matrix has another shape
   * @throws ArithmeticException if a group scale exceeds its number format
   * @throws org.quadrille.linalg.NotConvergedException if a singular value decomposition fails
   */
  public static LqResult decompose(Tensor weights, LqOptions options, IterationListener listener) {
    BlockQuantizer.checkMatrix(weights);
    int smaller = Math.min(weights.size(0), weights.size(1));
    if (options.rank() > smaller) {
      throw new IllegalArgumentException(
          "rank: given " + options.rank() + " for " + weights + ", expected 0 to " + smaller);
    }
    options.fisher().ifPresent(f -> f.requireShape(weights.size(0), weights.size(1)));
    Norms.requireFinite("weights", weights);
    return new LqDecomposition(weights, options).run(listener);
  }

  private LqResult run(IterationListener listener) {
    List<Double> objective = new ArrayList<>();
    Iterate current = null;
    Iterate kept = null;
    int keptIteration = 0;
    StopRule rule = null;
    while (rule == null) {
      double last = current == null ? Double.POSITIVE_INFINITY : current.error;
      int iteration = objective.size() + 1;
      current = iterate(current, iteration);
      objective.add(current.error);
      if (kept == null || !options.stop().keepBest() || current.error < kept.error) {
        kept = current;
        keptIteration = iteration;
      }
      boolean goOn = listener.afterIteration(iteration, current.error);
      rule = isFitted() && current.error > 0 ? null : StopRule.NOTHING_TO_ITERATE;
      rule = rule == null ? options.stop().rule(iteration, last, current.error) : rule;
      rule = rule == null && !goOn ? StopRule.CANCELLED : rule;
    }
    return finish(kept, keptIteration, rule, objective);
  }

  /** Whether there are factors to be fitted to anything. */
  private boolean isFitted() {
    return options.rank() > 0 && options.order() != LqOrder.QUANTIZED_ONLY;
  }

  private Iterate iterate(Iterate previous, int iteration) {
    if (!isFitted()) {
      LowRank start = zeroProduct();
      return new Iterate(start, start, residual.quantizeBeside(start));
    }
    if (options.order() == LqOrder.QUANTIZED_FIRST) {
      LowRank before = previous == null ? zeroProduct() : previous.lowRank;
      residual.quantizeBeside(before);
      residual.subtractFromWeights();
      LowRank lowRank = factors(iteration, previous == null ? null : before);
      return new Iterate(before, lowRank, errorBeside(lowRank));
    }
    if (previous == null) {
      residual.startOver(); // W - Q with Q = 0
    } else {
      residual.subtractFromWeights();
    }
    LowRank lowRank = factors(iteration, previous == null ? null : previous.lowRank);
    return new Iterate(lowRank, lowRank, residual.quantizeBeside(lowRank));
  }

  private LowRank factors(int iteration, LowRank previous) {
    return norm == 0 ? zeroProduct() : lowRankStep.factors(residual.values(), iteration, previous);
  }

  /** Weighted norm of W - Q - L1 L2 where the residual holds W - Q. */
  private double errorBeside(LowRank lowRank) {
    residual.remove(lowRank);
    return residual.weightedRestNorm();
  }

  /** L1 = 0 and L2 = 0 or, where training starts from it, Gaussian. */
  private LowRank zeroProduct() {
    int rank = options.rank();
    Tensor right =
        options.order() == LqOrder.QUANTIZED_ONLY && rank > 0
            ? Arithmetic.scale(
                1.0 / rank, GaussianMatrix.of(DType.F32, options.fit().seed(), rank, cols))
            : Tensor.zeros(DType.F32, rank, cols);
    return LowRank.of(Tensor.zeros(DType.F32, rows, rank), right);
  }

  /** Makes the quantized part of the kept iterate again, bit for bit, and polishes. */
  private LqResult finish(Iterate kept, int keptIteration, StopRule rule, List<Double> objective) {
    residual.removeFromWeights(kept.quantizedFrom);
    QuantizedMatrix quantized = options.quantizer().quantize(residual.matrix());
    Parts parts = new Parts(quantized, kept.lowRank, Optional.empty(), kept.error);
    if (options.fit().polish() && isFitted() && parts.error > 0) {
      parts = swept(refitted(parts));
    }
    if (options.factorQuantizer().isPresent() && options.rank() > 0) {
      parts = withQuantizedFactors(parts, options.factorQuantizer().get());
    }
    double plainError = parts.error;
    if (options.fisher().isPresent()) {
      residual.removeFromWeights(parts.quantized);
      residual.remove(parts.lowRank);
      plainError = residual.restNorm();
    }
    return new LqResult(
        parts.quantized,
        parts.lowRank,
        parts.factors,
        objective,
        keptIteration,
        rule,
        plainError,
        norm,
        parts.error,
        residual.weightedNorm());
  }

  /** What the result will consist of, with its weighted error. */
  private record Parts(
      QuantizedMatrix quantized,
      LowRank lowRank,
      Optional<QuantizedFactors> factors,
      double error) {

    Parts orBetter(LowRank other, double otherError) {
      return otherError < error ? new Parts(quantized, other, factors, otherError) : this;
    }
  }

  private Parts refitted(Parts parts) {
    residual.removeFromWeights(parts.quantized);
    LowRank refitted = factors(0, parts.lowRank);
    return parts.orBetter(refitted, errorBeside(refitted));
  }

  private Parts swept(Parts parts) {
    int sweeps = options.fit().polishSweeps();
    if (sweeps == 0 || !lowRankStep.canImprove()) {
      return parts;
    }
    residual.removeFromWeights(parts.quantized);
    LowRank improved = lowRankStep.improved(residual.values(), parts.lowRank, sweeps);
    return parts.orBetter(improved, errorBeside(improved));
  }

  /** Either Q as it is, or quantized once more beside the quantized factors. */
  private Parts withQuantizedFactors(Parts parts, Quantizer factorQuantizer) {
    residual.removeFromWeights(parts.quantized);
    QuantizedFactors factors =
        isFitted()
            ? QuantizedFactors.fit(
                parts.lowRank, residual.matrix(), options.fisher().orElse(null), factorQuantizer)
            : QuantizedFactors.of(parts.lowRank, factorQuantizer);
    LowRank lowRank = factors.dequantize();
    double error = errorBeside(lowRank);
    residual.removeFromWeights(lowRank);
    QuantizedMatrix again = options.quantizer().quantize(residual.matrix());
    residual.removeFromWeights(again);
    double errorAgain = errorBeside(lowRank);
    return errorAgain < error
        ? new Parts(again, lowRank, Optional.of(factors), errorAgain)
        : new Parts(parts.quantized, lowRank, Optional.of(factors), error);
  }
}
