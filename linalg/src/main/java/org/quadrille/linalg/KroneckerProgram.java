package org.quadrille.linalg;

import org.quadrille.kernels.cpu.device.DeviceMatrix;
import org.quadrille.kernels.cpu.device.DeviceStep;

/**
 * A Kronecker product for a device: with x = vec(X), X of shape [q, s, k], {@code y = vec(left X
 * right^T)}, as one product along the first axis and a batch of products along the second, in the
 * cheaper order.
 */
final class KroneckerProgram {
  private KroneckerProgram() {}

  static void emit(
      OperatorProgram to,
      Kronecker kronecker,
      boolean transposed,
      double alpha,
      DeviceMatrix x,
      double beta,
      DeviceMatrix out) {
    DeviceMatrix a = to.constant(kronecker.left());
    DeviceMatrix b = to.constant(kronecker.right());
    if (transposed) {
      a = a.transpose();
      b = b.transpose();
    }
    DeviceMatrix in = rowMajor(to, x);
    boolean direct = out.isRowMajor();
    DeviceMatrix result = direct ? out : to.scratch(out.rows(), out.cols());
    double keep = direct ? beta : 0;
    int k = x.cols();
    // flops a column: left first 2 p s (q + r), right first 2 q r (s + p)
    long leftFirst = (long) a.rows() * b.cols() * (a.cols() + b.rows());
    long rightFirst = (long) a.cols() * b.rows() * (b.cols() + a.rows());
    if (leftFirst <= rightFirst) {
      DeviceMatrix middle = to.scratch(a.rows() * b.cols(), k);
      first(to, 1, a, in, b.cols() * k, 0, middle);
      second(to, alpha, b, middle, a.rows(), k, keep, result);
    } else {
      DeviceMatrix middle = to.scratch(a.cols() * b.rows(), k);
      second(to, 1, b, in, a.cols(), k, 0, middle);
      first(to, alpha, a, middle, b.rows() * k, keep, result);
    }
    if (!direct) {
      to.program().add(new DeviceStep.AddScaled(1, result, beta, out));
    }
  }

  private static DeviceMatrix rowMajor(OperatorProgram to, DeviceMatrix x) {
    if (x.isRowMajor()) {
      return x;
    }
    DeviceMatrix copy = to.scratch(x.rows(), x.cols());
    to.program().add(new DeviceStep.AddScaled(1, x, 0, copy));
    return copy;
  }

  /** {@code Y_im := alpha sum_j A_ij X_jm + beta Y_im}, m over the second axis and the columns. */
  private static void first(
      OperatorProgram to,
      double alpha,
      DeviceMatrix a,
      DeviceMatrix x,
      int width,
      double beta,
      DeviceMatrix y) {
    DeviceMatrix from = x.reshape(a.cols(), width);
    DeviceMatrix into = y.reshape(a.rows(), width);
    to.program().add(new DeviceStep.Multiply(alpha, a, from, beta, into));
  }

  /** {@code Y_ilk := alpha sum_m B_lm X_imk + beta Y_ilk} for each of {@code count} i. */
  private static void second(
      OperatorProgram to,
      double alpha,
      DeviceMatrix b,
      DeviceMatrix x,
      int count,
      int k,
      double beta,
      DeviceMatrix y) {
    if (k == 1) {
      // Y = X B^T: one product instead of many small ones
      DeviceMatrix from = x.reshape(count, b.cols());
      DeviceMatrix into = y.reshape(count, b.rows());
      to.program().add(new DeviceStep.Multiply(alpha, from, b.transpose(), beta, into));
      return;
    }
    int xStep = b.cols() * k;
    int yStep = b.rows() * k;
    DeviceMatrix from = new DeviceMatrix(x.array(), x.offset(), b.cols(), k, k, 1);
    DeviceMatrix into = new DeviceMatrix(y.array(), y.offset(), b.rows(), k, k, 1);
    to.program().add(new DeviceStep.Multiply(alpha, b, from, beta, into, count, 0, xStep, yStep));
  }
}
