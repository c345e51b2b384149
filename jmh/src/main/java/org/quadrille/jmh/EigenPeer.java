package org.quadrille.jmh;

import java.util.Arrays;
import org.bytedeco.openblas.global.openblas_full;
import org.ejml.data.DMatrixRMaj;
import org.ejml.data.FMatrixRMaj;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;
import org.ejml.dense.row.factory.DecompositionFactory_FDRM;
import org.ejml.interfaces.decomposition.EigenDecomposition_F32;
import org.ejml.interfaces.decomposition.EigenDecomposition_F64;
import org.quadrille.kernels.cpu.WorkerPool;
import org.quadrille.linalg.DType;
import org.quadrille.linalg.SymmetricEigen;
import org.quadrille.linalg.Tensor;

/** Symmetric eigenproblem of one library, always of the same matrix, which it gets as a copy. */
interface EigenPeer {

  /** Solves once; the vectors, if wanted, are computed and dropped. */
  double[] eigenvalues();

  /**
   * Returns the solver of a library.
   *
   * @param library quadrille, openblas, openblas-syevr or ejml
   * @param vectors whether eigenvectors are computed as well
   * @param a [n, n], symmetric, contiguous
   */
  static EigenPeer of(String library, boolean vectors, int threads, Tensor a) {
    boolean single = a.dtype() == DType.F32;
    return switch (library) {
      case "quadrille" -> {
        WorkerPool pool = WorkerPool.of(threads);
        yield () ->
            pool.call(
                    () -> vectors ? SymmetricEigen.decompose(a).values() : SymmetricEigen.values(a))
                .toDoubles();
      }
      case "openblas", "openblas-syevr" -> {
        openblas_full.openblas_set_num_threads(threads);
        boolean divides = library.equals("openblas");
        yield single
            ? () -> singleLapack(divides, vectors, a.floats().clone())
            : () -> doubleLapack(divides, vectors, a.doubles().clone());
      }
      case "ejml" -> {
        if (threads != 1) {
          throw new IllegalArgumentException("ejml: symmetric eigenproblems run on one thread");
        }
        yield single ? () -> singleEjml(vectors, a.copy()) : () -> doubleEjml(vectors, a.copy());
      }
      default -> throw new IllegalArgumentException("library " + library + " is not known here");
    };
  }

  private static double[] singleLapack(boolean divides, boolean vectors, float[] a) {
    int n = (int) Math.sqrt(a.length);
    byte job = (byte) (vectors ? 'V' : 'N');
    float[] w = new float[n];
    int order = openblas_full.LAPACK_COL_MAJOR;
    int info =
        divides
            ? openblas_full.LAPACKE_ssyevd(order, job, (byte) 'L', n, a, n, w)
            : openblas_full.LAPACKE_ssyevr(
                order,
                job,
                (byte) 'A',
                (byte) 'L',
                n,
                a,
                n,
                0,
                0,
                0,
                0,
                0,
                new int[1],
                w,
                vectors ? new float[n * n] : new float[1],
                n,
                new int[2 * n]);
    requireSuccess(info);
    double[] values = new double[n];
    Arrays.setAll(values, i -> w[i]);
    return values;
  }

  private static double[] doubleLapack(boolean divides, boolean vectors, double[] a) {
    int n = (int) Math.sqrt(a.length);
    byte job = (byte) (vectors ? 'V' : 'N');
    double[] w = new double[n];
    int order = openblas_full.LAPACK_COL_MAJOR;
    int info =
        divides
            ? openblas_full.LAPACKE_dsyevd(order, job, (byte) 'L', n, a, n, w)
            : openblas_full.LAPACKE_dsyevr(
                order,
                job,
                (byte) 'A',
                (byte) 'L',
                n,
                a,
                n,
                0,
                0,
                0,
                0,
                0,
                new int[1],
                w,
                vectors ? new double[n * n] : new double[1],
                n,
                new int[2 * n]);
    requireSuccess(info);
    return w;
  }

  private static double[] singleEjml(boolean vectors, Tensor a) {
    int n = a.size(0);
    EigenDecomposition_F32<FMatrixRMaj> eigen = DecompositionFactory_FDRM.eig(n, vectors, true);
    requireSuccess(eigen.decompose(FMatrixRMaj.wrap(n, n, a.floats())) ? 0 : 1);
    double[] values = new double[n];
    Arrays.setAll(values, i -> eigen.getEigenvalue(i).getReal());
    return values;
  }

  private static double[] doubleEjml(boolean vectors, Tensor a) {
    int n = a.size(0);
    EigenDecomposition_F64<DMatrixRMaj> eigen = DecompositionFactory_DDRM.eig(n, vectors, true);
    requireSuccess(eigen.decompose(DMatrixRMaj.wrap(n, n, a.doubles())) ? 0 : 1);
    double[] values = new double[n];
    Arrays.setAll(values, i -> eigen.getEigenvalue(i).getReal());
    return values;
  }

  private static void requireSuccess(int info) {
    if (info != 0) {
      throw new IllegalStateException("eigensolver failed with code " + info);
    }
  }
}
