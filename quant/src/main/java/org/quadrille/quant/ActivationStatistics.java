package org.quadrille.quant;

import org.quadrille.linalg.DType;
import org.quadrille.linalg.MatrixProduct;
import org.quadrille.linalg.Norms;
import org.quadrille.linalg.Tensor;

/**
 * Second moments E[x x^T] of the inputs of a linear layer y = W x, gathered batch by batch: what
 * {@link GptqQuantizer} and {@link ActivationAwareQuantizer} weigh errors with, since an error D of
 * the weights moves the outputs by {@code tr(D E[x x^T] D^T)} in the mean square.
 *
 * {@snippet :
 * ActivationStatistics inputs = new ActivationStatistics(w.size(1));
 * for (Tensor batch : batches) {
 *   inputs.add(batch); // [samples, cols]
 * }
 * Quantizer quantizer = GptqQuantizer.of(Quantizer.parse("nf3/64/fp8/256/search"), inputs);
 * }
 *
 * <p><b>Memory</b>: cols^2 doubles. <b>Cost</b>: 2 cols^2 flops a sample. Not thread safe.
 */
public final class ActivationStatistics {
  private final Tensor sum;
  private long samples;

  /**
   * Statistics without samples.
   *
   * @param cols length of an input, at least 1
   */
  public ActivationStatistics(int cols) {
    if (cols < 1) {
      throw new IllegalArgumentException("cols: given " + cols + ", expected at least 1");
    }
    this.sum = Tensor.zeros(DType.F64, cols, cols);
  }

  /** Length of an input. */
  public int cols() {
    return sum.size(0);
  }

  /** Number of inputs added. */
  public long samples() {
    return samples;
  }

  /**
   * Adds inputs.
   *
   * @param inputs shape [samples, cols], either dtype, not modified
   * @throws IllegalArgumentException if the shape does not fit or an element is not finite
   */
  public ActivationStatistics add(Tensor inputs) {
    if (inputs.rank() != 2 || inputs.size(1) != cols()) {
      throw new IllegalArgumentException(
          "inputs: given " + inputs + ", expected [samples, " + cols() + "]");
    }
    Tensor x = Norms.requireFinite("inputs", inputs).to(DType.F64);
    MatrixProduct.multiply(1, x.transpose(), x, 1, sum);
    samples += inputs.size(0);
    return this;
  }

  /**
   * E[x x^T], a new F64 tensor of shape [cols, cols].
   *
   * @throws IllegalStateException if there are no samples
   */
  public Tensor secondMoments() {
    requireSamples();
    Tensor mean = sum.copy();
    double[] values = mean.doubles();
    for (int i = 0; i < values.length; i++) {
      values[i] /= samples;
    }
    return mean;
  }

  /**
   * E[x_j^2] of each column.
   *
   * @throws IllegalStateException if there are no samples
   */
  public double[] energies() {
    requireSamples();
    double[] energies = new double[cols()];
    for (int j = 0; j < energies.length; j++) {
      energies[j] = sum.get(j, j) / samples;
    }
    return energies;
  }

  /**
   * Root mean square of the change of the outputs over that of the outputs themselves: {@code
   * sqrt(tr(D H D^T) / tr(W H W^T))} with D the difference and H the second moments.
   *
   * @param weights shape [rows, cols], not modified
   * @param approximation of the same shape, not modified
   */
  public double relativeOutputError(Tensor weights, Tensor approximation) {
    Tensor moments = secondMoments();
    Tensor w = weights.to(DType.F64).contiguous();
    Tensor difference = w.copy();
    double[] approximate = approximation.toDoubles();
    if (approximate.length != difference.length()) {
      throw new IllegalArgumentException(
          "approximation " + approximation + ", expected the shape of " + weights);
    }
    for (int i = 0; i < approximate.length; i++) {
      difference.doubles()[i] -= approximate[i];
    }
    double error = energy(difference, moments);
    return error == 0 ? 0 : Math.sqrt(error / energy(w, moments));
  }

  /** tr(A H A^T). */
  private static double energy(Tensor a, Tensor moments) {
    double[] product = MatrixProduct.multiply(a, moments).toDoubles();
    double[] values = a.toDoubles();
    double sum = 0;
    for (int i = 0; i < values.length; i++) {
      sum += values[i] * product[i];
    }
    return sum;
  }

  private void requireSamples() {
    if (samples == 0) {
      throw new IllegalStateException("no inputs were added; call add first");
    }
  }

  @Override
  public String toString() {
    return "ActivationStatistics(" + samples + " samples of " + cols() + ")";
  }
}
