package org.quadrille.quant;

import java.util.ArrayList;
import java.util.List;
import org.quadrille.kernels.cpu.WorkerPool;
import org.quadrille.linalg.DType;
import org.quadrille.linalg.GaussianMatrix;
import org.quadrille.linalg.LowRank;
import org.quadrille.linalg.MatrixProduct;
import org.quadrille.linalg.Norms;
import org.quadrille.linalg.RandomizedSvd;
import org.quadrille.linalg.Svd;
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
 * {@snippet :
 * LqResult lq = LqDecomposition.decompose(w, LqOptions.of(QuantizationConfig.DEFAULT, 64));
 * double error = lq.relativeError();
 * }
 *
 * <p><b>Cost</b> of an iteration with randomized SVD and two power iterations: {@code 8 (r +
 * oversampling) + 2 r} flops and about 1.5 ns a weight. <b>Memory</b>: one scratch matrix beside W,
 * allocated once. <b>Bits</b>: the same for any number of threads and any backend; errors are
 * summed in double. <b>Thread safety</b>: stateless.
 */
public final class LqDecomposition {
  private static final int WEIGHTS_PER_TASK = 1 << 16;

  private final float[] weights;
  private final int rows;
  private final int cols;
  private final LqOptions options;
  private final Rounding rounding;

  /** Holds, in turn, W - L1 L2, its quantized values Q, and W - Q. */
  private final float[] scratch;

  /** Factors that the quantized part was made from, and factors beside it. */
  private record Iterate(LowRank quantizedFrom, LowRank lowRank, double error) {}

  private LqDecomposition(Tensor matrix, LqOptions options) {
    this.rows = matrix.size(0);
    this.cols = matrix.size(1);
    this.weights = rowMajor(matrix);
    this.options = options;
    this.rounding = options.quantizer().rounding(rows, cols);
    this.scratch = new float[weights.length];
  }

  private static float[] rowMajor(Tensor matrix) {
    Tensor floats = matrix.to(DType.F32);
    boolean whole =
        floats.isContiguous() && floats.offset() == 0 && floats.floats().length == floats.length();
    return whole ? floats.floats() : floats.toFloats();
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
   *     or the rank exceeds min(rows, cols)
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
    Norms.requireFinite("weights", weights);
    return new LqDecomposition(weights, options).run(listener);
  }

  private LqResult run(IterationListener listener) {
    double norm = Norms.frobenius(Tensor.of(weights, rows, cols));
    List<Double> objective = new ArrayList<>();
    Iterate current = null;
    Iterate kept = null;
    int keptIteration = 0;
    StopRule stop = null;
    while (stop == null) {
      double last = current == null ? Double.POSITIVE_INFINITY : current.error;
      int iteration = objective.size() + 1;
      current = iterate(current, iteration, norm);
      objective.add(current.error);
      if (kept == null || !options.keepBest() || current.error < kept.error) {
        kept = current;
        keptIteration = iteration;
      }
      boolean goOn = listener.afterIteration(iteration, current.error);
      stop = stopRule(iteration, last, current.error, goOn);
    }
    return finish(kept, keptIteration, stop, objective, norm);
  }

  private StopRule stopRule(int iteration, double last, double error, boolean goOn) {
    if (options.rank() == 0 || error == 0) {
      return StopRule.NOTHING_TO_ITERATE;
    }
    if (error > last) {
      return StopRule.ERROR_ROSE;
    }
    if (last - error < options.tolerance() * last) {
      return StopRule.SMALL_GAIN;
    }
    if (iteration == options.maxIterations()) {
      return StopRule.ITERATION_LIMIT;
    }
    return goOn ? null : StopRule.CANCELLED;
  }

  private Iterate iterate(Iterate previous, int iteration, double norm) {
    if (options.order() == LqOrder.QUANTIZED_FIRST) {
      LowRank before = previous == null ? zeroFactors() : previous.lowRank;
      quantizeRest(before);
      LowRank lowRank = fitToRest(iteration, previous == null ? null : before, norm);
      return new Iterate(before, lowRank, errorBeside(lowRank));
    }
    if (previous == null) {
      System.arraycopy(weights, 0, scratch, 0, weights.length); // W - Q with Q = 0
    } else {
      subtractFromWeights();
    }
    LowRank lowRank = factors(iteration, previous == null ? null : previous.lowRank, norm);
    return new Iterate(lowRank, lowRank, Math.sqrt(quantizeRest(lowRank)));
  }

  /** scratch := quantize(W - L1 L2); returns the squared error. */
  private double quantizeRest(LowRank lowRank) {
    System.arraycopy(weights, 0, scratch, 0, weights.length);
    if (lowRank.rank() > 0) {
      Tensor rest = Tensor.of(scratch, rows, cols);
      MatrixProduct.multiply(-1, lowRank.left(), lowRank.right(), 1, rest);
    }
    return rounding.apply(scratch, scratch);
  }

  /** scratch := W - scratch. */
  private void subtractFromWeights() {
    int tasks = Math.ceilDiv(scratch.length, WEIGHTS_PER_TASK);
    WorkerPool.shared()
        .forEach(
            tasks,
            task -> {
              int end = (int) Math.min(scratch.length, (task + 1L) * WEIGHTS_PER_TASK);
              for (int i = task * WEIGHTS_PER_TASK; i < end; i++) {
                scratch[i] = weights[i] - scratch[i];
              }
            });
  }

  /** Turns Q in scratch into W - Q and fits the factors to it. */
  private LowRank fitToRest(int iteration, LowRank previous, double norm) {
    subtractFromWeights();
    return factors(iteration, previous, norm);
  }

  /** Balanced factors of the best approximation of rank r to the matrix in scratch. */
  private LowRank factors(int iteration, LowRank previous, double norm) {
    int rank = options.rank();
    if (rank == 0 || norm == 0) {
      return zeroFactors();
    }
    Tensor rest = Tensor.of(scratch, rows, cols);
    SvdMethod method = options.svd().resolve(rank, Math.min(rows, cols));
    if (method == SvdMethod.EXACT) {
      // In double: codes flip where a rounding error crosses a boundary, and the path with them.
      LowRank exact = Svd.exact(rest.to(DType.F64)).truncate(rank).toLowRank();
      return LowRank.of(exact.left().to(rest.dtype()), exact.right().to(rest.dtype()));
    }
    // the test matrix meets the longer side, as in torch.svd_lowrank
    boolean wide = rows < cols;
    Tensor tall = wide ? rest.transpose() : rest;
    Svd svd =
        RandomizedSvd.decompose(
            tall, testMatrix(iteration, wide, previous), rank, powerIterations(previous == null));
    return (wide ? new Svd(svd.v(), svd.singularValues(), svd.u()) : svd).toLowRank();
  }

  /**
   * Twice as many where nothing is known yet, since the path depends on the first iterate; half as
   * many where the vectors found before are a good start.
   */
  private int powerIterations(boolean cold) {
    return cold ? 2 * options.powerIterations() : (options.powerIterations() + 1) / 2;
  }

  /**
   * Gaussian columns; from the second iteration on, the vectors found before take the place of the
   * first r of them, so that the subspace converges along with the iteration.
   */
  private Tensor testMatrix(int iteration, boolean wide, LowRank previous) {
    int smaller = Math.min(rows, cols);
    int columns = (int) Math.min(smaller, (long) options.rank() + options.oversampling());
    long seed = options.seed() + 0x9e3779b97f4a7c15L * iteration;
    Tensor test = GaussianMatrix.of(DType.F32, seed, smaller, columns);
    if (previous != null) {
      Tensor vectors = wide ? previous.left() : previous.right().transpose();
      test.slice(1, 0, options.rank()).assign(vectors);
    }
    return test;
  }

  private LowRank zeroFactors() {
    int rank = options.rank();
    return LowRank.of(Tensor.zeros(DType.F32, rows, rank), Tensor.zeros(DType.F32, rank, cols));
  }

  /** Norm of W - Q - L1 L2 where scratch holds W - Q; overwrites it. */
  private double errorBeside(LowRank lowRank) {
    Tensor rest = Tensor.of(scratch, rows, cols);
    if (lowRank.rank() > 0) {
      MatrixProduct.multiply(-1, lowRank.left(), lowRank.right(), 1, rest);
    }
    return Norms.frobenius(rest);
  }

  /** Makes the quantized part of the kept iterate again, bit for bit, and polishes. */
  private LqResult finish(
      Iterate kept, int keptIteration, StopRule stop, List<Double> objective, double norm) {
    System.arraycopy(weights, 0, scratch, 0, weights.length);
    LowRank from = kept.quantizedFrom;
    Tensor rest = Tensor.of(scratch, rows, cols);
    if (from.rank() > 0) {
      MatrixProduct.multiply(-1, from.left(), from.right(), 1, rest);
    }
    QuantizedMatrix quantized = options.quantizer().quantize(rest);
    LowRank lowRank = kept.lowRank;
    double error = kept.error;
    if (options.polish() && options.rank() > 0 && error > 0) {
      quantizeRest(from);
      LowRank refitted = fitToRest(0, lowRank, norm);
      double refittedError = errorBeside(refitted);
      if (refittedError < error) {
        lowRank = refitted;
        error = refittedError;
      }
    }
    return new LqResult(quantized, lowRank, objective, keptIteration, stop, error, norm);
  }
}
