package org.quadrille.quant;

import org.quadrille.kernels.cpu.WorkerPool;
import org.quadrille.linalg.Tensor;

/**
 * Mean square of the gradients of a weight matrix over samples: the diagonal of the empirical
 * Fisher information (LQ-LoRA, section 3.4).
 *
 * {@snippet :
 * var fisher = new FisherAccumulator(rows, cols);
 * for (Sample sample : samples) {
 *   fisher.add(gradientOf(sample)); // dloss/dW of this sample alone
 * }
 * LqOptions options = LqOptions.of(config, 8).withFisher(fisher.mean());
 * }
 *
 * <p>A gradient must be that of one sample: the square of a sum over a batch is another quantity.
 * Sums are kept in double, 8 bytes a weight. {@link FactoredFisherAccumulator} needs rows + cols
 * numbers. Not thread safe; adding splits over the worker pool and has the same bits for any number
 * of threads.
 */
public final class FisherAccumulator {
  private static final int WEIGHTS_PER_TASK = 1 << 16;

  private final int rows;
  private final int cols;
  private final double[] sums;
  private long count;

  /**
   * An accumulator without samples.
   *
   * @param rows of the weight, at least 1
   * @param cols of the weight, at least 1
   */
  public FisherAccumulator(int rows, int cols) {
    if (rows < 1 || cols < 1 || rows > (Integer.MAX_VALUE - 8) / cols) {
      throw new IllegalArgumentException(
          "shape ["
              + rows
              + ", "
              + cols
              + "]: expected at least one row and one column, and fewer than 2^31 - 8 weights");
    }
    this.rows = rows;
    this.cols = cols;
    this.sums = new double[rows * cols];
  }

  /**
   * Adds the squares of the gradient of one sample; nothing is added if it is refused.
   *
   * @param gradient shape [rows, cols], either dtype, any strides, finite, not modified
   * @throws IllegalArgumentException if the shape differs or an element is not finite, or its
   *     square overflows double
   */
  public void add(Tensor gradient) {
    if (gradient.rank() != 2 || gradient.size(0) != rows || gradient.size(1) != cols) {
      throw new IllegalArgumentException(
          "gradient: given " + gradient + ", expected shape [" + rows + ", " + cols + "]");
    }
    double[] values = gradient.toDoubles();
    for (int i = 0; i < values.length; i++) {
      if (!(values[i] * values[i] <= Double.MAX_VALUE)) {
        throw new IllegalArgumentException(
            "gradient: element ["
                + i / cols
                + ", "
                + i % cols
                + "] is "
                + values[i]
                + ", expected a finite number whose square is finite; leave the sample out");
      }
    }
    WorkerPool.shared()
        .forEach(
            Math.ceilDiv(values.length, WEIGHTS_PER_TASK),
            task -> {
              int end = (int) Math.min(values.length, (task + 1L) * WEIGHTS_PER_TASK);
              for (int i = task * WEIGHTS_PER_TASK; i < end; i++) {
                sums[i] += values[i] * values[i];
              }
            });
    count++;
  }

  /** Number of samples added. */
  public long count() {
    return count;
  }

  /**
   * The mean over the samples so far.
   *
   * @throws IllegalStateException if there is none
   * @throws IllegalArgumentException if all gradients were 0
   */
  public Fisher mean() {
    if (count == 0) {
      throw new IllegalStateException("no gradient has been added; call add(gradient) first");
    }
    double[] means = new double[sums.length];
    for (int i = 0; i < means.length; i++) {
      means[i] = sums[i] / count;
    }
    return Fisher.of(Tensor.of(means, rows, cols));
  }
}
