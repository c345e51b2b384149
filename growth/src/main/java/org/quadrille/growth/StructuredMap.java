package org.quadrille.growth;

import org.quadrille.linalg.DType;
import org.quadrille.linalg.LinearOperator;
import org.quadrille.linalg.OperatorChecks;
import org.quadrille.linalg.ParametricOperator;
import org.quadrille.linalg.Tensor;
import org.quadrille.linalg.Tensors;

/** What the structured axis maps share: border checks, vectors as matrices of one column. */
abstract class StructuredMap implements ParametricOperator {
  private final DType dtype;
  private final int rows;
  private final int cols;

  StructuredMap(DType dtype, int rows, int cols) {
    if (cols < 1 || rows < cols) {
      throw new IllegalArgumentException(
          "map from "
              + cols
              + " to "
              + rows
              + ": expected at least one, and not fewer after than before; to shrink, use the"
              + " transpose");
    }
    this.dtype = dtype;
    this.rows = rows;
    this.cols = cols;
  }

  /** {@code out := A x} for matrices. */
  abstract void forward(Tensor x, Tensor out);

  /** {@code out := A^T y} for matrices. */
  abstract void adjoint(Tensor y, Tensor out);

  /** Adds the gradients of the parameters, for matrices. */
  abstract void gradients(Tensor x, Tensor gradY, Tensors gradients);

  @Override
  public final int rows() {
    return rows;
  }

  @Override
  public final int cols() {
    return cols;
  }

  @Override
  public final DType dtype() {
    return dtype;
  }

  @Override
  public final Tensor apply(Tensor x, Tensor out) {
    OperatorChecks.check(this, x, out, rows, cols, "apply");
    OperatorChecks.checkSeparate(x, out, "apply");
    forward(matrix(x), matrix(out));
    return out;
  }

  @Override
  public final Tensor applyTransposed(Tensor y, Tensor out) {
    OperatorChecks.check(this, y, out, cols, rows, "applyTransposed");
    OperatorChecks.checkSeparate(y, out, "applyTransposed");
    adjoint(matrix(y), matrix(out));
    return out;
  }

  @Override
  public final void accumulateGradients(Tensor x, Tensor gradY, Tensors gradients) {
    OperatorChecks.check(this, x, gradY, rows, cols, "accumulateGradients");
    gradients(matrix(x), matrix(gradY), gradients);
  }

  @Override
  public Tensors parameters() {
    return Tensors.empty();
  }

  @Override
  public long parameterCount() {
    return parameters().elementCount();
  }

  @Override
  public long storageBits() {
    return parameterCount() * dtype.bits();
  }

  @Override
  public final Tensor toDense() {
    return apply(identity(dtype, cols));
  }

  @Override
  public String toString() {
    return getClass().getSimpleName() + "(" + dtype + "[" + rows + ", " + cols + "])";
  }

  /** The gradient of a parameter, checked to have its shape. */
  static Tensor target(Tensors gradients, String name, Tensor parameter) {
    Tensor target = gradients.get(name);
    if (!java.util.Arrays.equals(target.shape(), parameter.shape())
        || target.dtype() != parameter.dtype()) {
      throw new IllegalArgumentException(
          "gradient of \"" + name + "\": given " + target + ", expected the shape of " + parameter);
    }
    return target;
  }

  /** The identity matrix. */
  static Tensor identity(DType dtype, int n) {
    Tensor identity = Tensor.zeros(dtype, n, n);
    for (int i = 0; i < n; i++) {
      identity.set(1, i, i);
    }
    return identity;
  }

  /** A vector as a matrix of one column (a view), a matrix unchanged. */
  static Tensor matrix(Tensor x) {
    return x.rank() == 2
        ? x
        : view(x, x.offset(), new int[] {x.size(0), 1}, new int[] {x.stride(0), 1});
  }

  /** Every {@code step}-th row, from row {@code first}: a view of {@code count} rows. */
  static Tensor everyRow(Tensor x, int first, int step, int count) {
    return view(
        x,
        x.offset() + first * x.stride(0),
        new int[] {count, x.size(1)},
        new int[] {step * x.stride(0), x.stride(1)});
  }

  private static Tensor view(Tensor x, int offset, int[] shape, int[] strides) {
    return x.dtype() == DType.F32
        ? Tensor.view(x.floats(), offset, shape, strides)
        : Tensor.view(x.doubles(), offset, shape, strides);
  }

  /** Checks that an operator maps between these sizes. */
  static void requireSize(String what, LinearOperator map, int rows, int cols, DType dtype) {
    if (map.rows() != rows || map.cols() != cols || map.dtype() != dtype) {
      throw new IllegalArgumentException(
          what
              + ": given "
              + map
              + " from "
              + map.cols()
              + " to "
              + map.rows()
              + " of "
              + map.dtype()
              + ", expected from "
              + cols
              + " to "
              + rows
              + " of "
              + dtype);
    }
  }
}
