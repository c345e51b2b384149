package org.quadrille.linalg;

import java.util.Arrays;
import org.quadrille.kernels.cpu.KernelProvider;
import org.quadrille.kernels.cpu.Kernels;

/** Many products of equal shape; either factor may be one matrix for all. */
record BatchProduct(Tensor a, Tensor b) {

  BatchProduct {
    boolean fits =
        (a.rank() == 3 || b.rank() == 3)
            && a.rank() >= 2
            && b.rank() >= 2
            && a.rank() <= 3
            && b.rank() <= 3
            && (a.rank() == 2 || b.rank() == 2 || a.size(0) == b.size(0))
            && a.size(a.rank() - 1) == b.size(b.rank() - 2);
    if (!fits) {
      throw new IllegalArgumentException(
          "batch product of "
              + a
              + " and "
              + b
              + "; expected shapes [count, m, k] and [count, k, n], one of them without count to use"
              + " the same matrix in every product");
    }
    if (a.dtype() != b.dtype()) {
      throw new IllegalArgumentException(
          "batch product of "
              + a
              + " and "
              + b
              + "; expected one dtype; convert one with to(DType."
              + a.dtype()
              + ")");
    }
  }

  /** Shape of the result: count, m, n. */
  int[] shape() {
    int count = a.rank() == 3 ? a.size(0) : b.size(0);
    return new int[] {count, a.size(a.rank() - 2), b.size(b.rank() - 1)};
  }

  Tensor into(double alpha, double beta, Tensor c) {
    if (!Arrays.equals(c.shape(), shape()) || c.dtype() != a.dtype()) {
      throw new IllegalArgumentException(
          "batch product of "
              + a
              + " and "
              + b
              + " cannot be written to "
              + c
              + "; expected "
              + a.dtype()
              + Arrays.toString(shape()));
    }
    if (Aliasing.shareElements(a, c) || Aliasing.shareElements(b, c)) {
      throw new IllegalArgumentException(
          "batch product of "
              + a
              + " and "
              + b
              + " cannot be written to "
              + c
              + ", which shares elements with a factor; pass another tensor");
    }
    return compute(alpha, beta, c);
  }

  Tensor compute(double alpha, double beta, Tensor c) {
    if (c.length() == 0) {
      return c;
    }
    if (a.size(a.rank() - 1) == 0) {
      return beta == 0 ? c.fill(0) : Arithmetic.scale(beta, c);
    }
    if (a.dtype() == DType.F32) {
      floats((float) alpha, (float) beta, c);
    } else {
      doubles(alpha, beta, c);
    }
    return c;
  }

  private static int batchStride(Tensor factor) {
    return factor.rank() == 3 ? factor.stride(0) : 0;
  }

  private static int rowStride(Tensor factor) {
    return factor.stride(factor.rank() - 2);
  }

  private static int colStride(Tensor factor) {
    return factor.stride(factor.rank() - 1);
  }

  private void floats(float alpha, float beta, Tensor c) {
    Kernels kernels = KernelProvider.active();
    kernels.gemmBatch(
        c.size(0),
        c.size(1),
        c.size(2),
        a.size(a.rank() - 1),
        alpha,
        a.floats(),
        a.offset(),
        batchStride(a),
        rowStride(a),
        colStride(a),
        b.floats(),
        b.offset(),
        batchStride(b),
        rowStride(b),
        colStride(b),
        beta,
        c.floats(),
        c.offset(),
        c.stride(0),
        c.stride(1),
        c.stride(2));
  }

  private void doubles(double alpha, double beta, Tensor c) {
    Kernels kernels = KernelProvider.active();
    kernels.gemmBatch(
        c.size(0),
        c.size(1),
        c.size(2),
        a.size(a.rank() - 1),
        alpha,
        a.doubles(),
        a.offset(),
        batchStride(a),
        rowStride(a),
        colStride(a),
        b.doubles(),
        b.offset(),
        batchStride(b),
        rowStride(b),
        colStride(b),
        beta,
        c.doubles(),
        c.offset(),
        c.stride(0),
        c.stride(1),
        c.stride(2));
  }
}
