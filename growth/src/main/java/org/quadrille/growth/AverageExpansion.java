package org.quadrille.growth;

import org.quadrille.linalg.Arithmetic;
import org.quadrille.linalg.DType;
import org.quadrille.linalg.Tensor;
import org.quadrille.linalg.Tensors;

/**
 * {@code [I; ...; I; (1/n) 1 1^T]}: as many whole copies as fit, the rest the mean of all (Y. Wang
 * et al., LEMON, ICLR 2024). Mean and, up to a factor, variance of a row of the residual stream
 * stay what they were.
 */
final class AverageExpansion extends StructuredMap {

  AverageExpansion(DType dtype, int rows, int cols) {
    super(dtype, rows, cols);
  }

  @Override
  void forward(Tensor x, Tensor out) {
    int whole = rows() / cols() * cols();
    for (int from = 0; from < whole; from += cols()) {
      out.slice(0, from, from + cols()).assign(x);
    }
    if (whole < rows()) {
      Tensor mean = out.row(whole).fill(0);
      for (int i = 0; i < cols(); i++) {
        Arithmetic.axpy(1, x.row(i), mean);
      }
      Arithmetic.scale(1.0 / cols(), mean);
      for (int j = whole + 1; j < rows(); j++) {
        out.row(j).assign(mean);
      }
    }
  }

  @Override
  void adjoint(Tensor y, Tensor out) {
    int whole = rows() / cols() * cols();
    out.fill(0);
    for (int from = 0; from < whole; from += cols()) {
      Arithmetic.axpy(1, y.slice(0, from, from + cols()), out);
    }
    for (int j = whole; j < rows(); j++) {
      for (int i = 0; i < cols(); i++) {
        Arithmetic.axpy(1.0 / cols(), y.row(j), out.row(i));
      }
    }
  }

  @Override
  void gradients(Tensor x, Tensor gradY, Tensors gradients) {
    // No parameters.
  }

  @Override
  public long flops(long k) {
    return rows() % cols() == 0 ? 0 : cols() * k;
  }
}
