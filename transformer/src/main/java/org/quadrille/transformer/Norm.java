package org.quadrille.transformer;

import org.quadrille.kernels.cpu.KernelProvider;
import org.quadrille.kernels.cpu.Kernels;
import org.quadrille.linalg.DType;
import org.quadrille.linalg.Tensor;

/**
 * Normalization of rows with learned scale and shift, into buffers that are kept: {@code y = (x -
 * mean) / sqrt(variance + epsilon) * gamma + beta}; without mean and shift for root mean squares.
 */
final class Norm {
  private final String name;
  private final Tensor gamma;
  private final Tensor beta;
  private final double epsilon;
  private final boolean centered;

  /** Means and inverse deviations of the rows of one pass. */
  record Statistics(Tensor means, Tensor inverses) {
    static Statistics of(DType dtype, int rows) {
      return new Statistics(Tensor.zeros(dtype, rows), Tensor.zeros(dtype, rows));
    }
  }

  Norm(String name, Tensor gamma, Tensor beta, double epsilon) {
    this.name = name;
    this.gamma = gamma;
    this.centered = beta != null;
    this.beta = centered ? beta : Tensor.zeros(gamma.dtype(), gamma.shape());
    this.epsilon = epsilon;
  }

  void forward(Tensor x, Tensor y, Statistics statistics) {
    Kernels kernels = KernelProvider.active();
    int rows = x.size(0);
    int n = x.size(1);
    if (x.dtype() == DType.F32) {
      kernels.normalizeRows(
          centered,
          rows,
          n,
          x.floats(),
          x.offset(),
          x.stride(0),
          gamma.floats(),
          gamma.offset(),
          beta.floats(),
          beta.offset(),
          (float) epsilon,
          y.floats(),
          y.offset(),
          y.stride(0),
          statistics.means().floats(),
          statistics.inverses().floats());
    } else {
      kernels.normalizeRows(
          centered,
          rows,
          n,
          x.doubles(),
          x.offset(),
          x.stride(0),
          gamma.doubles(),
          gamma.offset(),
          beta.doubles(),
          beta.offset(),
          epsilon,
          y.doubles(),
          y.offset(),
          y.stride(0),
          statistics.means().doubles(),
          statistics.inverses().doubles());
    }
  }

  /** Writes the gradients of gamma and beta, and of x into dx, which may be dy. */
  void backward(Tensor x, Statistics statistics, Tensor dy, Tensor dx, Gradients gradients) {
    Tensor dgamma = gradients.orScratch(name + ".weight", gamma);
    Tensor dbeta = gradients.orScratch(name + ".bias", beta);
    Kernels kernels = KernelProvider.active();
    int rows = x.size(0);
    int n = x.size(1);
    if (x.dtype() == DType.F32) {
      kernels.normalizeRowsGradient(
          centered,
          rows,
          n,
          x.floats(),
          x.offset(),
          x.stride(0),
          gamma.floats(),
          gamma.offset(),
          statistics.means().floats(),
          statistics.inverses().floats(),
          dy.floats(),
          dy.offset(),
          dy.stride(0),
          dx.floats(),
          dx.offset(),
          dx.stride(0),
          dgamma.floats(),
          dgamma.offset(),
          dbeta.floats(),
          dbeta.offset());
    } else {
      kernels.normalizeRowsGradient(
          centered,
          rows,
          n,
          x.doubles(),
          x.offset(),
          x.stride(0),
          gamma.doubles(),
          gamma.offset(),
          statistics.means().doubles(),
          statistics.inverses().doubles(),
          dy.doubles(),
          dy.offset(),
          dy.stride(0),
          dx.doubles(),
          dx.offset(),
          dx.stride(0),
          dgamma.doubles(),
          dgamma.offset(),
          dbeta.doubles(),
          dbeta.offset());
    }
  }
}
