package org.quadrille.linalg;

/**
 * A square matrix that is zero off its diagonal; its parameter is {@code diagonal}.
 *
 * <p>Cost: n flops a column.
 */
public final class Diagonal implements ParametricOperator {
  private static final String DIAGONAL = "diagonal";
  private final Tensor diagonal;

  private Diagonal(Tensor diagonal) {
    this.diagonal = diagonal;
  }

  /**
   * The operator that multiplies row i of its operand by {@code diagonal[i]}.
   *
   * @param diagonal shape [n], shared, not copied
   * @throws IllegalArgumentException if it is not a vector or has a NaN or infinite element
   */
  public static Diagonal of(Tensor diagonal) {
    OperatorChecks.checkParameter(DIAGONAL, diagonal, 1);
    return new Diagonal(diagonal);
  }

  /** The entries on the diagonal, shape [n], shared. */
  public Tensor diagonal() {
    return diagonal;
  }

  @Override
  public int rows() {
    return diagonal.size(0);
  }

  @Override
  public int cols() {
    return diagonal.size(0);
  }

  @Override
  public DType dtype() {
    return diagonal.dtype();
  }

  @Override
  public Tensor apply(Tensor x, Tensor out) {
    OperatorChecks.check(this, x, out, rows(), cols(), "apply");
    scaleRows(OperatorChecks.columns(x), OperatorChecks.columns(out));
    return out;
  }

  @Override
  public Tensor applyTransposed(Tensor y, Tensor out) {
    OperatorChecks.check(this, y, out, cols(), rows(), "applyTransposed");
    scaleRows(OperatorChecks.columns(y), OperatorChecks.columns(out));
    return out;
  }

  /** {@code out_ij := d_i x_ij}. */
  private void scaleRows(Tensor x, Tensor out) {
    int k = x.size(1);
    for (int i = 0; i < rows(); i++) {
      int dAt = diagonal.offset() + i * diagonal.stride(0);
      int xAt = x.offset() + i * x.stride(0);
      int outAt = out.offset() + i * out.stride(0);
      if (dtype() == DType.F32) {
        scaleRow(
            diagonal.floats()[dAt],
            x.floats(),
            xAt,
            x.stride(1),
            out.floats(),
            outAt,
            out.stride(1),
            k);
      } else {
        scaleRow(
            diagonal.doubles()[dAt],
            x.doubles(),
            xAt,
            x.stride(1),
            out.doubles(),
            outAt,
            out.stride(1),
            k);
      }
    }
  }

  private static void scaleRow(
      float d, float[] x, int xAt, int xStride, float[] out, int outAt, int outStride, int k) {
    for (int j = 0; j < k; j++) {
      out[outAt + j * outStride] = d * x[xAt + j * xStride];
    }
  }

  private static void scaleRow(
      double d, double[] x, int xAt, int xStride, double[] out, int outAt, int outStride, int k) {
    for (int j = 0; j < k; j++) {
      out[outAt + j * outStride] = d * x[xAt + j * xStride];
    }
  }

  @Override
  public Tensor toDense() {
    Tensor dense = Tensor.zeros(dtype(), rows(), rows());
    for (int i = 0; i < rows(); i++) {
      dense.set(diagonal.get(i), i, i);
    }
    return dense;
  }

  @Override
  public long parameterCount() {
    return diagonal.length();
  }

  @Override
  public long storageBits() {
    return (long) diagonal.length() * dtype().bits();
  }

  @Override
  public long flops(long k) {
    return rows() * k;
  }

  @Override
  public Tensors parameters() {
    return Tensors.of(DIAGONAL, diagonal);
  }

  @Override
  public void accumulateGradients(Tensor x, Tensor gradY, Tensors gradients) {
    OperatorChecks.checkGradient(this, x, gradY);
    Tensor target = OperatorChecks.gradient(gradients, DIAGONAL, diagonal);
    Tensor columns = OperatorChecks.columns(x);
    Tensor g = OperatorChecks.columns(gradY);
    // dL/dd_i = sum_j dL/dy_ij x_ij
    for (int i = 0; i < rows(); i++) {
      target.set(target.get(i) + Arithmetic.dot(g.row(i), columns.row(i)), i);
    }
  }

  @Override
  public String toString() {
    return "Diagonal(" + diagonal + ")";
  }
}
