package org.quadrille.jmh;

import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.openblas.global.openblas_full;
import org.quadrille.linalg.Tensor;

/** The operations of {@link FactorizationPeer} by OpenBLAS and its LAPACK, in single precision. */
final class OpenBlasFloatFactorization implements FactorizationPeer {
  private static final int ROWS = openblas_full.CblasRowMajor;
  private static final int COLUMNS = openblas_full.LAPACK_COL_MAJOR;
  private static final int LOWER = openblas_full.CblasLower;
  private static final int AS_IS = openblas_full.CblasNoTrans;

  private final String operation;
  private final int n;
  private final FloatPointer a;
  private final FloatPointer b;
  private final FloatPointer first;
  private final FloatPointer second;
  private final FloatPointer third;
  private final FloatPointer vector;

  OpenBlasFloatFactorization(String operation, int threads, Tensor a, Tensor b) {
    openblas_full.openblas_set_num_threads(threads);
    this.operation = operation;
    n = a.size(0);
    boolean byColumns = operation.equals("qr") || operation.equals("svd");
    this.a = new FloatPointer(byColumns ? a.transpose().toFloats() : a.toFloats());
    this.b = new FloatPointer(b.toFloats());
    long elements = (long) n * n;
    first = new FloatPointer(elements);
    second = new FloatPointer(elements);
    third = new FloatPointer(elements);
    vector = new FloatPointer((long) n);
  }

  @Override
  public void compute() {
    int status = 0;
    switch (operation) {
      case "syrk" -> openblas_full.cblas_ssyrk(ROWS, LOWER, AS_IS, n, n, 1, a, n, 0, first, n);
      case "trsm" -> {
        copy(b, first);
        openblas_full.cblas_strsm(
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
        openblas_full.cblas_strmm(
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
        status = openblas_full.LAPACKE_spotrf(COLUMNS, (byte) 'L', n, first, n);
      }
      case "qr" -> {
        copy(a, first);
        status = openblas_full.LAPACKE_sgeqrf(COLUMNS, n, n, first, n, vector);
        copy(first, second);
        status += openblas_full.LAPACKE_sorgqr(COLUMNS, n, n, n, first, n, vector);
      }
      case "svd" -> {
        copy(a, third);
        status =
            openblas_full.LAPACKE_sgesdd(
                COLUMNS, (byte) 'S', n, n, third, n, vector, first, n, second, n);
      }
      default -> throw FactorizationPeer.unknown(operation);
    }
    if (status != 0) {
      throw new IllegalStateException(operation + " of OpenBLAS returned " + status);
    }
  }

  private static void copy(FloatPointer from, FloatPointer to) {
    Pointer.memcpy(to, from, from.limit() * Float.BYTES);
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

  private Tensor matrix(FloatPointer elements) {
    float[] copy = new float[n * n];
    elements.get(copy);
    return Tensor.of(copy, n, n);
  }

  private Tensor vector() {
    float[] copy = new float[n];
    vector.get(copy);
    return Tensor.of(copy, n);
  }
}
