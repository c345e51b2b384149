package org.quadrille.growth;

import java.util.Arrays;
import org.quadrille.linalg.DType;
import org.quadrille.linalg.MatrixProduct;
import org.quadrille.linalg.RowGather;
import org.quadrille.linalg.Tensor;
import org.quadrille.linalg.Tensors;

/**
 * {@code [I; ...; I; (1/n) 1 1^T]}: as many whole copies as fit, the rest the mean of all (Y. Wang
 * et al., LEMON, ICLR 2024). Mean and, up to a factor, variance of a row of the residual stream
 * stay what they were.
 */
final class AverageExpansion extends StructuredMap {

  private final int whole;
  private final RowGather copies;
  private final RowGather repeats;
  private final Tensor ones;

  AverageExpansion(DType dtype, int rows, int cols) {
    super(dtype, rows, cols);
    whole = rows / cols * cols;
    int[] source = new int[whole];
    Arrays.setAll(source, j -> j % cols);
    copies = new RowGather(source, cols);
    repeats = new RowGather(new int[Math.max(0, rows - whole - 1)], 1);
    ones = Tensor.zeros(dtype, 1, cols).fill(1);
  }

  @Override
  void forward(Tensor x, Tensor out) {
    copies.gather(null, x, out.slice(0, 0, whole));
    if (whole < rows()) {
      // (1/n) 1^T x, once and again
      MatrixProduct.multiply(1.0 / cols(), x.transpose(), ones.row(0), 0, out.row(whole));
      repeats.gather(null, out.slice(0, whole, whole + 1), out.slice(0, whole + 1, rows()));
    }
  }

  @Override
  void adjoint(Tensor y, Tensor out) {
    copies.scatter(null, y.slice(0, 0, whole), out);
    if (whole < rows()) {
      // out += 1 (1/n) (1^T y_rest); there are fewer than n rows in the rest
      Tensor rest = y.slice(0, whole, rows());
      Tensor sum = Tensor.zeros(dtype(), 1, y.size(1));
      Tensor count = ones.row(0).slice(0, 0, rows() - whole);
      MatrixProduct.multiply(1.0 / cols(), rest.transpose(), count, 0, sum.row(0));
      MatrixProduct.multiply(1, ones.transpose(), sum, 1, out);
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
