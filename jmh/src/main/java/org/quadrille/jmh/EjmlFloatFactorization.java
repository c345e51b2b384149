package org.quadrille.jmh;

import java.util.function.Supplier;
import org.ejml.concurrency.EjmlConcurrency;
import org.ejml.data.FMatrixRMaj;
import org.ejml.dense.row.CommonOps_FDRM;
import org.ejml.dense.row.CommonOps_MT_FDRM;
import org.ejml.dense.row.decomposition.TriangularSolver_FDRM;
import org.ejml.dense.row.factory.DecompositionFactory_FDRM;
import org.ejml.dense.row.factory.DecompositionFactory_MT_FDRM;
import org.ejml.interfaces.decomposition.CholeskyDecomposition_F32;
import org.ejml.interfaces.decomposition.QRDecomposition;
import org.ejml.interfaces.decomposition.SingularValueDecomposition_F32;
import org.quadrille.linalg.Tensor;

/** The operations of {@link FactorizationPeer} by EJML, in single precision. */
final class EjmlFloatFactorization implements FactorizationPeer {
  private final boolean parallel;
  private final int n;
  private final FMatrixRMaj a;
  private final FMatrixRMaj b;
  private final Supplier<Tensor[]> operation;
  private Tensor[] factors = {};

  EjmlFloatFactorization(String name, int threads, Tensor a, Tensor b) {
    EjmlConcurrency.setMaxThreads(threads);
    parallel = threads > 1;
    n = a.size(0);
    // EJML has A^T A, not A A^T.
    this.a = matrix(name.equals("syrk") ? a.transpose() : a);
    this.b = matrix(b);
    operation = operation(name);
  }

  private FMatrixRMaj matrix(Tensor tensor) {
    return FMatrixRMaj.wrap(n, n, tensor.toFloats());
  }

  private Supplier<Tensor[]> operation(String name) {
    FMatrixRMaj c = new FMatrixRMaj(n, n);
    return switch (name) {
      case "syrk" ->
          () -> {
            if (parallel) {
              CommonOps_MT_FDRM.multInner(a, c);
            } else {
              CommonOps_FDRM.multInner(a, c);
            }
            return new Tensor[] {tensor(c)};
          };
      case "trsm" ->
          () -> {
            c.setTo(b);
            TriangularSolver_FDRM.solveL(a.data, c.data, n, n);
            return new Tensor[] {tensor(c)};
          };
      case "cholesky" -> this::cholesky;
      case "qr" -> this::qr;
      case "svd" -> this::svd;
      default -> throw FactorizationPeer.unknown(name);
    };
  }

  private Tensor[] cholesky() {
    CholeskyDecomposition_F32<FMatrixRMaj> cholesky =
        parallel
            ? DecompositionFactory_MT_FDRM.chol(n, true)
            : DecompositionFactory_FDRM.chol(n, true);
    require(cholesky.decompose(a.copy()));
    return new Tensor[] {tensor(cholesky.getT(null))};
  }

  private Tensor[] qr() {
    QRDecomposition<FMatrixRMaj> qr =
        parallel ? DecompositionFactory_MT_FDRM.qr(n, n) : DecompositionFactory_FDRM.qr(n, n);
    require(qr.decompose(a.copy()));
    return new Tensor[] {tensor(qr.getQ(null, true)), tensor(qr.getR(null, true))};
  }

  private Tensor[] svd() {
    SingularValueDecomposition_F32<FMatrixRMaj> svd =
        parallel
            ? DecompositionFactory_MT_FDRM.svd(n, n, true, true, true)
            : DecompositionFactory_FDRM.svd(n, n, true, true, true);
    require(svd.decompose(a.copy()));
    return new Tensor[] {
      tensor(svd.getU(null, false)),
      Tensor.of(svd.getSingularValues(), n),
      tensor(svd.getV(null, false))
    };
  }

  private static void require(boolean success) {
    if (!success) {
      throw new IllegalStateException("EJML did not succeed");
    }
  }

  private static Tensor tensor(FMatrixRMaj matrix) {
    return Tensor.of(matrix.data, matrix.numRows, matrix.numCols);
  }

  @Override
  public void compute() {
    factors = operation.get();
  }

  @Override
  public Tensor[] factors() {
    return factors.clone();
  }
}
