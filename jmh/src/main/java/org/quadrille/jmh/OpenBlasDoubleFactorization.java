package org.quadrille.jmh;

import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.openblas.global.openblas_full;
import org.quadrille.linalg.Tensor;

/** The operations of {@link FactorizationPeer} by OpenBLAS and its LAPACK, in double precision. */
final class OpenBlasDoubleFactorization implements FactorizationPeer {
  private static final int ROWS = openblas_full.CblasRowMajor;
  private static final int COLUMNS = openblas_full.LAPACK_COL_MAJOR;
  private static final int LOWER = openblas_full.CblasLower;
  private static final int AS_IS = openblas_full.CblasNoTrans;

  private final String operation;
  private final int n;
  private final DoublePointer a;
  private final DoublePointer b;
  private final DoublePointer first;
  private final DoublePointer second;
  private final DoublePointer third;
  private final DoublePointer vector;

  OpenBlasDoubleFactorization(String operation, int threads, Tensor a, Tensor b) {
    openblas_full.openblas_set_num_threads(threads);
    this.operation = operation;
    n = a.size(0);
    boolean byColumns = operation.equals("qr") || operation.equals("svd");
    this.a = new DoublePointer(byColumns ? a.transpose().toDoubles() : a.toDoubles());
    this.b = new DoublePointer(b.toDoubles());
    long elements = (long) n * n;
    first = new DoublePointer(elements);
    second = new DoublePointer(elements);
    third = new DoublePointer(elements);
    vector = new DoublePointer((long) n);
  }

  @Override
  public void compute() {
    int status = 0;
    switch (operation) {
      case "syrk" -> openblas_full.cblas_dsyrk(ROWS, LOWER, AS_IS, n, n, 1, a, n, 0, first, n);
      case "trsm" -> {
        copy(b, first);
        openblas_full.cblas_dtrsm(
            ROWS,
            openblas_full.CblasLeft,
            LOWER,
            AS_IS,
            openblas_full.CblasNonUnit,
            n,
            n,
            1,
            a,
            n,
            first,
            n);
      }
      case "trmm" -> {
        copy(b, first);
        openblas_full.cblas_dtrmm(
            ROWS,
            openblas_full.CblasLeft,
            LOWER,
            AS_IS,
            openblas_full.CblasNonUnit,
            n,
            n,
            1,
            a,
            n,
            first,
            n);
      }
      case "cholesky" -> {
        copy(a, first);
        status = openblas_full.LAPACKE_dpotrf(COLUMNS, (byte) 'L', n, first, n);
      }
      case "qr" -> {
        copy(a, first);
        status = openblas_full.LAPACKE_dgeqrf(COLUMNS, n, n, first, n, vector);
        copy(first, second);
        status += openblas_full.LAPACKE_dorgqr(COLUMNS, n, n, n, first, n, vector);
      }
      case "svd" -> {
        copy(a, third);
        status =
            openblas_full.LAPACKE_dgesdd(
                COLUMNS, (byte) 'S', n, n, third, n, vector, first, n, second, n);
      }
      default -> throw FactorizationPeer.unknown(operation);
    }
    if (status != 0) {
      throw new IllegalStateException(operation + " of OpenBLAS returned " + status);
    }
  }

  private static void copy(DoublePointer from, DoublePointer to) {
    Pointer.memcpy(to, from, from.limit() * Double.BYTES);
  }

  @Override
  public Tensor[] factors() {
    return switch (operation) {
      case "cholesky" -> new Tensor[] {matrix(first).transpose()};
      case "qr" -> new Tensor[] {matrix(first).transpose(), matrix(second).transpose()};
      // The second factor comes transposed, and by columns.
      case "svd" -> new Tensor[] {matrix(first).transpose(), vector(), matrix(second)};
      default -> new Tensor[] {matrix(first)};
    };
  }

  private Tensor matrix(DoublePointer elements) {
    double[] copy = new double[n * n];
    elements.get(copy);
    return Tensor.of(copy, n, n);
  }

  private Tensor vector() {
    double[] copy = new double[n];
    vector.get(copy);
    return Tensor.of(copy, n);
  }
}
