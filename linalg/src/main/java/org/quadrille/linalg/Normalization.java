package org.quadrille.linalg;

import org.quadrille.kernels.cpu.KernelProvider;
import org.quadrille.kernels.cpu.Kernels;

/**
 * Normalization along the last axis, with scale and shift: {@code y = (x - mean) / sqrt(variance +
 * epsilon) * gamma + beta}.
 *
 * <p>Layer normalization (Ba, Kiros and Hinton, 2016) takes off the mean of the row; root mean
 * square normalization (Zhang and Sennrich, 2019) does not. The variance is summed in a second pass
 * over what is left. Sums have a fixed order, so the bits do not depend on threads or backend.
 *
 * {@snippet :
 * Normalization layer = Normalization.layer(gamma, beta, 1e-5);
 * Normalization.Result forward = layer.apply(x);        // values, and what the backward step needs
 * Normalization.Gradients g = layer.gradients(x, forward, dy);
 * }
 *
 * @param gamma shape [n]
 * @param beta shape [n], dtype of gamma
 * @param epsilon positive
 * @param centered whether the mean is taken off
 */
public record Normalization(Tensor gamma, Tensor beta, double epsilon, boolean centered) {

  /** Checks the parameters; they are not copied. */
  public Normalization {
    Elementwise.requireAlike("Normalization", gamma, beta);
    if (gamma.rank() != 1 || gamma.size(0) == 0) {
      throw new IllegalArgumentException(
          "Normalization: given gamma " + gamma + ", expected a vector of at least one element");
    }
    if (!(epsilon > 0) || !Double.isFinite(epsilon)) {
      throw new IllegalArgumentException(
          "Normalization: epsilon " + epsilon + " given, expected a positive number such as 1e-5");
    }
    gamma = gamma.contiguous();
    beta = beta.contiguous();
  }

  /** Layer normalization. */
  public static Normalization layer(Tensor gamma, Tensor beta, double epsilon) {
    return new Normalization(gamma, beta, epsilon, true);
  }

  /** Root mean square normalization, without shift. */
  public static Normalization rootMeanSquare(Tensor gamma, double epsilon) {
    return new Normalization(gamma, Tensor.zeros(gamma.dtype(), gamma.shape()), epsilon, false);
  }

  /**
   * The values and the statistics of every row.
   *
   * @param values shape of x
   * @param means shape [rows]; zeros if not centered
   * @param inverseDeviations shape [rows], {@code 1 / sqrt(variance + epsilon)}
   */
  public record Result(Tensor values, Tensor means, Tensor inverseDeviations) {}

  /**
   * Gradients with respect to x and the parameters.
   *
   * @param x shape of x
   * @param gamma shape [n]
   * @param beta shape [n]
   */
  public record Gradients(Tensor x, Tensor gamma, Tensor beta) {}

  /**
   * Normalizes every row.
   *
   * @param x shape [..., n] with the dtype of the parameters, finite; not modified
   * @throws IllegalArgumentException if shape or dtype do not fit, or x has a NaN or infinite
   *     element or one whose square overflows
   */
  public Result apply(Tensor x) {
    RowMatrix from = rows(x);
    int rows = from.rows();
    Tensor y = Tensor.zeros(x.dtype(), x.shape());
    Tensor means = Tensor.zeros(x.dtype(), rows);
    Tensor inverses = Tensor.zeros(x.dtype(), rows);
    Kernels kernels = KernelProvider.active();
    if (x.dtype() == DType.F32) {
      kernels.normalizeRows(
          centered,
          rows,
          from.cols(),
          from.tensor().floats(),
          from.offset(),
          from.rowStride(),
          gamma.floats(),
          gamma.offset(),
          beta.floats(),
          beta.offset(),
          (float) epsilon,
          y.floats(),
          0,
          from.cols(),
          means.floats(),
          inverses.floats());
    } else {
      kernels.normalizeRows(
          centered,
          rows,
          from.cols(),
          from.tensor().doubles(),
          from.offset(),
          from.rowStride(),
          gamma.doubles(),
          gamma.offset(),
          beta.doubles(),
          beta.offset(),
          epsilon,
          y.doubles(),
          0,
          from.cols(),
          means.doubles(),
          inverses.doubles());
    }
    for (int i = 0; i < rows; i++) {
      double inverse = inverses.get(i);
      if (!(inverse > 0) || inverse == Double.POSITIVE_INFINITY) {
        throw new IllegalArgumentException(
            "Normalization.apply: row "
                + i
                + " of "
                + x
                + " has variance NaN, infinite or 0 after rounding epsilon, expected finite numbers whose squares do not"
                + " overflow; scale or repair the input");
      }
    }
    return new Result(y, means, inverses);
  }

  /**
   * Gradients for the gradient {@code dy} of the values.
   *
   * @param x what was normalized; not modified
   * @param forward the result of {@link #apply} for x
   * @param dy shape of x, not modified
   */
  public Gradients gradients(Tensor x, Result forward, Tensor dy) {
    Elementwise.requireAlike("Normalization.gradients", x, dy);
    RowMatrix from = rows(x);
    RowMatrix gradient = RowMatrix.of("Normalization.gradients", dy);
    int rows = from.rows();
    if (forward.means().length() != rows) {
      throw new IllegalArgumentException(
          "Normalization.gradients: statistics of "
              + forward.means().length()
              + " rows given for "
              + x
              + ", expected "
              + rows
              + "; pass the result of apply(x)");
    }
    Tensor dx = Tensor.zeros(x.dtype(), x.shape());
    Tensor dgamma = Tensor.zeros(x.dtype(), from.cols());
    Tensor dbeta = Tensor.zeros(x.dtype(), from.cols());
    Kernels kernels = KernelProvider.active();
    if (x.dtype() == DType.F32) {
      kernels.normalizeRowsGradient(
          centered,
          rows,
          from.cols(),
          from.tensor().floats(),
          from.offset(),
          from.rowStride(),
          gamma.floats(),
          gamma.offset(),
          forward.means().floats(),
          forward.inverseDeviations().floats(),
          gradient.tensor().floats(),
          gradient.offset(),
          gradient.rowStride(),
          dx.floats(),
          0,
          from.cols(),
          dgamma.floats(),
          0,
          dbeta.floats(),
          0);
    } else {
      kernels.normalizeRowsGradient(
          centered,
          rows,
          from.cols(),
          from.tensor().doubles(),
          from.offset(),
          from.rowStride(),
          gamma.doubles(),
          gamma.offset(),
          forward.means().doubles(),
          forward.inverseDeviations().doubles(),
          gradient.tensor().doubles(),
          gradient.offset(),
          gradient.rowStride(),
          dx.doubles(),
          0,
          from.cols(),
          dgamma.doubles(),
          0,
          dbeta.doubles(),
          0);
    }
    return new Gradients(dx, dgamma, dbeta);
  }

  private RowMatrix rows(Tensor x) {
    if (x.rank() == 0 || x.size(x.rank() - 1) != gamma.size(0) || x.dtype() != gamma.dtype()) {
      throw new IllegalArgumentException(
          "Normalization: given "
              + x
              + ", expected "
              + gamma.dtype()
              + " with "
              + gamma.size(0)
              + " elements along the last axis, like gamma");
    }
    return RowMatrix.of("Normalization", x);
  }
}
