package org.quadrille.linalg;

import java.util.Arrays;
import org.quadrille.kernels.cpu.KernelProvider;
import org.quadrille.kernels.cpu.Kernels;

/**
 * Products of dense matrices and vectors of any strides, on the active kernels and worker pool.
 *
 * <p>A transposed factor is passed as a view: {@code multiply(a.transpose(), b)} copies nothing.
 *
 * {@snippet :
 * Tensor gram = MatrixProduct.multiply(a.transpose(), a);
 * MatrixProduct.multiply(-1, q, r, 1, a); // a := a - q r
 * }
 *
 * <p><b>Accuracy</b>: each entry within k u |a| |b| of the exact sum, k the inner length and u the
 * unit roundoff of the dtype. <b>Cost</b>: 2mnk flops. <b>Bits</b>: the same for every number of
 * threads and for every backend. NaN and infinity follow IEEE 754.
 */
public final class MatrixProduct {
  private MatrixProduct() {}

  /**
   * {@code a b} in a new tensor.
   *
   * @param a shape [m, k], not modified
   * @param b shape [k, n] or [k], not modified
   * @return shape [m, n] or [m]
   * @throws IllegalArgumentException if shapes or dtypes do not fit
   */
  public static Tensor multiply(Tensor a, Tensor b) {
    checkFactors(a, b);
    Tensor c =
        b.rank() == 1
            ? Tensor.zeros(a.dtype(), a.size(0))
            : Tensor.zeros(a.dtype(), a.size(0), b.size(1));
    return compute(1, a, b, 0, c);
  }

  /**
   * {@code c := alpha a b + beta c}.
   *
   * @param alpha rounded to the dtype
   * @param a shape [m, k], not modified
   * @param b shape [k, n] or [k], not modified
   * @param beta rounded to the dtype; where it is 0, the old contents of c do not matter
   * @param c shape [m, n] or [m], overwritten; must not share elements with a or b
   * @return c
   * @throws IllegalArgumentException if shapes or dtypes do not fit or c shares elements
   */
  public static Tensor multiply(double alpha, Tensor a, Tensor b, double beta, Tensor c) {
    checkFactors(a, b);
    int[] expected = b.rank() == 1 ? new int[] {a.size(0)} : new int[] {a.size(0), b.size(1)};
    if (!Arrays.equals(c.shape(), expected) || c.dtype() != a.dtype()) {
      throw new IllegalArgumentException(
          "product of "
              + a
              + " and "
              + b
              + " cannot be written to "
              + c
              + "; expected "
              + a.dtype()
              + Arrays.toString(expected));
    }
    if (Aliasing.shareElements(a, c) || Aliasing.shareElements(b, c)) {
      throw new IllegalArgumentException(
          "product of "
              + a
              + " and "
              + b
              + " cannot be written to "
              + c
              + ", which shares elements with a factor; pass another tensor");
    }
    return compute(alpha, a, b, beta, c);
  }

  /**
   * Products {@code a_i b_i} of many matrices of equal shape, in a new tensor; each has the bits of
   * {@link #multiply(Tensor, Tensor)} of its two matrices. Threads share out the products. 2mnk
   * flops each.
   *
   * @param a shape [count, m, k], or [m, k]: the same matrix in every product; not modified
   * @param b shape [count, k, n], or [k, n] if a has three axes; not modified
   * @return shape [count, m, n]
   * @throws IllegalArgumentException if shapes or dtypes do not fit
   */
  public static Tensor multiplyBatch(Tensor a, Tensor b) {
    BatchProduct product = new BatchProduct(a, b);
    return product.compute(1, 0, Tensor.zeros(a.dtype(), product.shape()));
  }

  /**
   * {@code c_i := alpha a_i b_i + beta c_i} for many matrices of equal shape, see {@link
   * #multiplyBatch(Tensor, Tensor)}.
   *
   * @param alpha rounded to the dtype
   * @param a shape [count, m, k] or [m, k], not modified
   * @param b shape [count, k, n] or [k, n], not modified
   * @param beta rounded to the dtype; where it is 0, the old contents of c do not matter
   * @param c shape [count, m, n], overwritten; must not share elements with a or b
   * @return c
   * @throws IllegalArgumentException if shapes or dtypes do not fit or c shares elements
   */
  public static Tensor multiplyBatch(double alpha, Tensor a, Tensor b, double beta, Tensor c) {
    return new BatchProduct(a, b).into(alpha, beta, c);
  }

  /** As {@link #multiply(double, Tensor, Tensor, double, Tensor)}, unchecked, for inner loops. */
  static Tensor compute(double alpha, Tensor a, Tensor b, double beta, Tensor c) {
    if (c.length() == 0) {
      return c;
    }
    if (a.size(1) == 0) {
      return beta == 0 ? c.fill(0) : Arithmetic.scale(beta, c);
    }
    if (b.rank() == 1) {
      gemv(alpha, a, b, b.stride(0), beta, c, c.stride(0));
    } else if (b.size(1) == 1) {
      gemv(alpha, a, b, b.stride(0), beta, c, c.stride(0));
    } else if (a.size(0) == 1) {
      // c^T = b^T a^T
      gemv(alpha, b.transpose(), a, a.stride(1), beta, c, c.stride(1));
    } else {
      gemm(alpha, a, b, beta, c);
    }
    return c;
  }

  private static void gemv(
      double alpha, Tensor a, Tensor x, int xStride, double beta, Tensor y, int yStride) {
    Kernels kernels = KernelProvider.active();
    int m = a.size(0);
    int n = a.size(1);
    int aRow = a.stride(0);
    int aCol = a.stride(1);
    if (a.dtype() == DType.F32) {
      kernels.gemv(
          m,
          n,
          (float) alpha,
          a.floats(),
          a.offset(),
          aRow,
          aCol,
          x.floats(),
          x.offset(),
          xStride,
          (float) beta,
          y.floats(),
          y.offset(),
          yStride);
    } else {
      kernels.gemv(
          m,
          n,
          alpha,
          a.doubles(),
          a.offset(),
          aRow,
          aCol,
          x.doubles(),
          x.offset(),
          xStride,
          beta,
          y.doubles(),
          y.offset(),
          yStride);
    }
  }

  private static void gemm(double alpha, Tensor a, Tensor b, double beta, Tensor c) {
    Kernels kernels = KernelProvider.active();
    int m = a.size(0);
    int n = b.size(1);
    int k = a.size(1);
    if (a.dtype() == DType.F32) {
      kernels.gemm(
          m,
          n,
          k,
          (float) alpha,
          a.floats(),
          a.offset(),
          a.stride(0),
          a.stride(1),
          b.floats(),
          b.offset(),
          b.stride(0),
          b.stride(1),
          (float) beta,
          c.floats(),
          c.offset(),
          c.stride(0),
          c.stride(1));
    } else {
      kernels.gemm(
          m,
          n,
          k,
          alpha,
          a.doubles(),
          a.offset(),
          a.stride(0),
          a.stride(1),
          b.doubles(),
          b.offset(),
          b.stride(0),
          b.stride(1),
          beta,
          c.doubles(),
          c.offset(),
          c.stride(0),
          c.stride(1));
    }
  }

  private static void checkFactors(Tensor a, Tensor b) {
    if (a.rank() != 2 || (b.rank() != 1 && b.rank() != 2)) {
      throw new IllegalArgumentException(
          "product of " + a + " and " + b + "; expected a matrix times a matrix or a vector");
    }
    if (a.size(1) != b.size(0)) {
      String hint =
          a.size(0) == b.size(0)
              ? "; did you mean a.transpose()?"
              : b.rank() == 2 && a.size(1) == b.size(1) ? "; did you mean b.transpose()?" : "";
      throw new IllegalArgumentException(
          "product of "
              + a
              + " and "
              + b
              + "; expected the second factor to have "
              + a.size(1)
              + " rows"
              + hint);
    }
    if (a.dtype() != b.dtype()) {
      throw new IllegalArgumentException(
          "product of "
              + a
              + " and "
              + b
              + "; expected one dtype; convert one with to(DType."
              + a.dtype()
              + ")");
    }
  }
}
