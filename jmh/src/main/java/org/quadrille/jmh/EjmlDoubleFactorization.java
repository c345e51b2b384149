package org.quadrille.jmh;

import java.util.function.Supplier;
import org.ejml.concurrency.EjmlConcurrency;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.ejml.dense.row.CommonOps_MT_DDRM;
import org.ejml.dense.row.decomposition.TriangularSolver_DDRM;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;
import org.ejml.dense.row.factory.DecompositionFactory_MT_DDRM;
import org.ejml.interfaces.decomposition.CholeskyDecomposition_F64;
import org.ejml.interfaces.decomposition.QRDecomposition;
import org.ejml.interfaces.decomposition.SingularValueDecomposition_F64;
import org.quadrille.linalg.Tensor;

/** The operations of {@link FactorizationPeer} by EJML, in double precision. */
final class EjmlDoubleFactorization implements FactorizationPeer {
  private final boolean parallel;
  private final int n;
  private final DMatrixRMaj a;
  private final DMatrixRMaj b;
  private final Supplier<Tensor[]> operation;
  private Tensor[] factors = {};

  EjmlDoubleFactorization(String name, int threads, Tensor a, Tensor b) {
    EjmlConcurrency.setMaxThreads(threads);
    parallel = threads > 1;
    n = a.size(0);
    // EJML has A^T A, not A A^T.
    this.a = matrix(name.equals("syrk") ? a.transpose() : a);
    this.b = matrix(b);
    operation = operation(name);
  }

  private DMatrixRMaj matrix(Tensor tensor) {
    return DMatrixRMaj.wrap(n, n, tensor.toDoubles());
  }

  private Supplier<Tensor[]> operation(String name) {
    DMatrixRMaj c = new DMatrixRMaj(n, n);
    return switch (name) {
      case "syrk" ->
          () -> {
            if (parallel) {
              CommonOps_MT_DDRM.multInner(a, c);
            } else {
              CommonOps_DDRM.multInner(a, c);
            }
            return new Tensor[] {tensor(c)};
          };
      case "trsm" ->
          () -> {
            c.setTo(b);
            TriangularSolver_DDRM.solveL(a.data, c.data, n, n);
            return new Tensor[] {tensor(c)};
          };
      case "cholesky" -> this::cholesky;
      case "qr" -> this::qr;
      case "svd" -> this::svd;
      default -> throw FactorizationPeer.unknown(name);
    };
  }

  private Tensor[] cholesky() {
    CholeskyDecomposition_F64<DMatrixRMaj> cholesky =
        parallel
            ? DecompositionFactory_MT_DDRM.chol(n, true)
            : DecompositionFactory_DDRM.chol(n, true);
    require(cholesky.decompose(a.copy()));
    return new Tensor[] {tensor(cholesky.getT(null))};
  }

  private Tensor[] qr() {
    QRDecomposition<DMatrixRMaj> qr =
        parallel ? DecompositionFactory_MT_DDRM.qr(n, n) : DecompositionFactory_DDRM.qr(n, n);
    require(qr.decompose(a.copy()));
    return new Tensor[] {tensor(qr.getQ(null, true)), tensor(qr.getR(null, true))};
  }

  private Tensor[] svd() {
    SingularValueDecomposition_F64<DMatrixRMaj> svd =
        parallel
            ? DecompositionFactory_MT_DDRM.svd(n, n, true, true, true)
            : DecompositionFactory_DDRM.svd(n, n, true, true, true);
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

  private static Tensor tensor(DMatrixRMaj matrix) {
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
