package org.quadrille.jmh;

import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.mkl.global.mkl_rt;
import org.bytedeco.openblas.global.openblas_full;

/** A native library behind the C interface of BLAS, on memory outside the heap, row-major. */
interface NativeBlas {

  /** Sets how many threads its products use. */
  void threads(int number);

  /** {@code C := op(A) op(B)} in single precision. */
  void multiply(
      boolean transposeA,
      boolean transposeB,
      int m,
      int n,
      int k,
      FloatPointer a,
      int aRowStride,
      FloatPointer b,
      int bRowStride,
      FloatPointer c,
      int cRowStride);

  /** {@code C := op(A) op(B)} in double precision. */
  void multiply(
      boolean transposeA,
      boolean transposeB,
      int m,
      int n,
      int k,
      DoublePointer a,
      int aRowStride,
      DoublePointer b,
      int bRowStride,
      DoublePointer c,
      int cRowStride);

  /** Whether a library of that name is one of these. */
  static boolean isNative(String library) {
    return library.equals("openblas") || library.equals("mkl");
  }

  /** The library of a name, {@code openblas} or {@code mkl}. */
  static NativeBlas of(String library) {
    return switch (library) {
      case "openblas" -> new OpenBlas();
      case "mkl" -> new Mkl();
      default ->
          throw new IllegalArgumentException("library " + library + ": expected openblas or mkl");
    };
  }

  /** OpenBLAS. */
  final class OpenBlas implements NativeBlas {
    private static int operation(boolean transposed) {
      return transposed ? openblas_full.CblasTrans : openblas_full.CblasNoTrans;
    }

    @Override
    public void threads(int number) {
      openblas_full.openblas_set_num_threads(number);
    }

    @Override
    public void multiply(
        boolean transposeA,
        boolean transposeB,
        int m,
        int n,
        int k,
        FloatPointer a,
        int aRowStride,
        FloatPointer b,
        int bRowStride,
        FloatPointer c,
        int cRowStride) {
      openblas_full.cblas_sgemm(
          openblas_full.CblasRowMajor,
          operation(transposeA),
          operation(transposeB),
          m,
          n,
          k,
          1,
          a,
          aRowStride,
          b,
          bRowStride,
          0,
          c,
          cRowStride);
    }

    @Override
    public void multiply(
        boolean transposeA,
        boolean transposeB,
        int m,
        int n,
        int k,
        DoublePointer a,
        int aRowStride,
        DoublePointer b,
        int bRowStride,
        DoublePointer c,
        int cRowStride) {
      openblas_full.cblas_dgemm(
          openblas_full.CblasRowMajor,
          operation(transposeA),
          operation(transposeB),
          m,
          n,
          k,
          1,
          a,
          aRowStride,
          b,
          bRowStride,
          0,
          c,
          cRowStride);
    }
  }

  /** Intel's MKL; its native libraries come with the profile {@code mkl} of the build. */
  final class Mkl implements NativeBlas {
    private static int operation(boolean transposed) {
      return transposed ? mkl_rt.CblasTrans : mkl_rt.CblasNoTrans;
    }

    @Override
    public void threads(int number) {
      mkl_rt.MKL_Set_Num_Threads(number);
    }

    @Override
    public void multiply(
        boolean transposeA,
        boolean transposeB,
        int m,
        int n,
        int k,
        FloatPointer a,
        int aRowStride,
        FloatPointer b,
        int bRowStride,
        FloatPointer c,
        int cRowStride) {
      mkl_rt.cblas_sgemm(
          mkl_rt.CblasRowMajor,
          operation(transposeA),
          operation(transposeB),
          m,
          n,
          k,
          1,
          a,
          aRowStride,
          b,
          bRowStride,
          0,
          c,
          cRowStride);
    }

    @Override
    public void multiply(
        boolean transposeA,
        boolean transposeB,
        int m,
        int n,
        int k,
        DoublePointer a,
        int aRowStride,
        DoublePointer b,
        int bRowStride,
        DoublePointer c,
        int cRowStride) {
      mkl_rt.cblas_dgemm(
          mkl_rt.CblasRowMajor,
          operation(transposeA),
          operation(transposeB),
          m,
          n,
          k,
          1,
          a,
          aRowStride,
          b,
          bRowStride,
          0,
          c,
          cRowStride);
    }
  }
}
