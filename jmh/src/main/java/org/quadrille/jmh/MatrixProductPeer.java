package org.quadrille.jmh;

import dev.ludovic.netlib.blas.JavaBLAS;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.ejml.concurrency.EjmlConcurrency;
import org.ejml.data.DMatrixRMaj;
import org.ejml.data.FMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.ejml.dense.row.CommonOps_FDRM;
import org.ejml.dense.row.CommonOps_MT_DDRM;
import org.ejml.dense.row.CommonOps_MT_FDRM;
import org.ojalgo.OjAlgoUtils;
import org.ojalgo.matrix.store.R032Store;
import org.ojalgo.matrix.store.R064Store;
import org.quadrille.kernels.cpu.KernelProvider;
import org.quadrille.kernels.cpu.Kernels;
import org.quadrille.kernels.cpu.WorkerPool;

/**
 * Square products C = A B of one library, on arrays that stay where the library wants them.
 *
 * <p>Every library gets its factors row-major and as they are best for it: native ones outside the
 * heap, the others as arrays.
 */
interface MatrixProductPeer {

  /** Computes the product once. */
  void multiply();

  /** Element (i, j) of the last product. */
  double result(int i, int j);

  /**
   * Returns the single-precision product of a library.
   *
   * @param a row-major, n x n
   * @param b row-major, n x n
   */
  static MatrixProductPeer of(String library, int threads, int n, float[] a, float[] b) {
    float[] c = new float[n * n];
    return switch (library) {
      case "quadrille" -> quadrille(threads, n, a, b, c);
      case "openblas", "mkl" -> nativeProduct(library, threads, n, a, b);
      case "ejml" -> {
        FMatrixRMaj left = FMatrixRMaj.wrap(n, n, a);
        FMatrixRMaj right = FMatrixRMaj.wrap(n, n, b);
        FMatrixRMaj product = FMatrixRMaj.wrap(n, n, c);
        EjmlConcurrency.setMaxThreads(threads);
        yield peer(
            threads == 1
                ? () -> CommonOps_FDRM.mult(left, right, product)
                : () -> CommonOps_MT_FDRM.mult(left, right, product),
            n,
            c);
      }
      case "ojalgo" -> {
        // Column-major: the row-major arrays are the transposes, so the factors change places.
        OjAlgoUtils.limitThreadsTo(threads);
        R032Store product = R032Store.wrap(c, n);
        R032Store left = R032Store.wrap(b, n);
        R032Store right = R032Store.wrap(a, n);
        yield peer(() -> product.fillByMultiplying(left, right), n, c);
      }
      case "netlib" -> {
        oneThreadOnly(library, threads);
        JavaBLAS blas = JavaBLAS.getInstance();
        yield peer(() -> blas.sgemm("N", "N", n, n, n, 1, b, n, a, n, 0, c, n), n, c);
      }
      default -> throw unknown(library);
    };
  }

  /** The double-precision twin. */
  static MatrixProductPeer of(String library, int threads, int n, double[] a, double[] b) {
    double[] c = new double[n * n];
    return switch (library) {
      case "quadrille" -> quadrille(threads, n, a, b, c);
      case "openblas", "mkl" -> nativeProduct(library, threads, n, a, b);
      case "ejml" -> {
        DMatrixRMaj left = DMatrixRMaj.wrap(n, n, a);
        DMatrixRMaj right = DMatrixRMaj.wrap(n, n, b);
        DMatrixRMaj product = DMatrixRMaj.wrap(n, n, c);
        EjmlConcurrency.setMaxThreads(threads);
        yield peer(
            threads == 1
                ? () -> CommonOps_DDRM.mult(left, right, product)
                : () -> CommonOps_MT_DDRM.mult(left, right, product),
            n,
            c);
      }
      case "ojalgo" -> {
        OjAlgoUtils.limitThreadsTo(threads);
        R064Store product = R064Store.wrap(c, n);
        R064Store left = R064Store.wrap(b, n);
        R064Store right = R064Store.wrap(a, n);
        yield peer(() -> product.fillByMultiplying(left, right), n, c);
      }
      case "netlib" -> {
        oneThreadOnly(library, threads);
        JavaBLAS blas = JavaBLAS.getInstance();
        yield peer(() -> blas.dgemm("N", "N", n, n, n, 1, b, n, a, n, 0, c, n), n, c);
      }
      default -> throw unknown(library);
    };
  }

  private static MatrixProductPeer quadrille(int threads, int n, float[] a, float[] b, float[] c) {
    Kernels kernels = KernelProvider.active();
    WorkerPool pool = WorkerPool.of(threads);
    Runnable product = () -> kernels.gemm(n, n, n, 1, a, 0, n, 1, b, 0, n, 1, 0, c, 0, n, 1);
    return peer(() -> pool.run(product), n, c);
  }

  private static MatrixProductPeer quadrille(
      int threads, int n, double[] a, double[] b, double[] c) {
    Kernels kernels = KernelProvider.active();
    WorkerPool pool = WorkerPool.of(threads);
    Runnable product = () -> kernels.gemm(n, n, n, 1, a, 0, n, 1, b, 0, n, 1, 0, c, 0, n, 1);
    return peer(() -> pool.run(product), n, c);
  }

  private static MatrixProductPeer nativeProduct(
      String library, int threads, int n, float[] a, float[] b) {
    NativeBlas blas = NativeBlas.of(library);
    blas.threads(threads);
    FloatPointer left = new FloatPointer(a);
    FloatPointer right = new FloatPointer(b);
    FloatPointer product = new FloatPointer((long) n * n);
    return new MatrixProductPeer() {
      @Override
      public void multiply() {
        blas.multiply(false, false, n, n, n, left, n, right, n, product, n);
      }

      @Override
      public double result(int i, int j) {
        return product.get((long) i * n + j);
      }
    };
  }

  private static MatrixProductPeer nativeProduct(
      String library, int threads, int n, double[] a, double[] b) {
    NativeBlas blas = NativeBlas.of(library);
    blas.threads(threads);
    DoublePointer left = new DoublePointer(a);
    DoublePointer right = new DoublePointer(b);
    DoublePointer product = new DoublePointer((long) n * n);
    return new MatrixProductPeer() {
      @Override
      public void multiply() {
        blas.multiply(false, false, n, n, n, left, n, right, n, product, n);
      }

      @Override
      public double result(int i, int j) {
        return product.get((long) i * n + j);
      }
    };
  }

  private static MatrixProductPeer peer(Runnable product, int n, float[] c) {
    return new MatrixProductPeer() {
      @Override
      public void multiply() {
        product.run();
      }

      @Override
      public double result(int i, int j) {
        return c[i * n + j];
      }
    };
  }

  private static MatrixProductPeer peer(Runnable product, int n, double[] c) {
    return new MatrixProductPeer() {
      @Override
      public void multiply() {
        product.run();
      }

      @Override
      public double result(int i, int j) {
        return c[i * n + j];
      }
    };
  }

  private static void oneThreadOnly(String library, int threads) {
    if (threads != 1) {
      throw new IllegalArgumentException(library + " has no threads: " + threads + " asked for");
    }
  }

  private static IllegalArgumentException unknown(String library) {
    return new IllegalArgumentException(
        "library " + library + ": expected quadrille, openblas, mkl, ejml, ojalgo or netlib");
  }
}
