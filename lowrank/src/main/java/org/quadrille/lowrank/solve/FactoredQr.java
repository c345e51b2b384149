package org.quadrille.lowrank.solve;

import org.quadrille.linalg.DType;
import org.quadrille.linalg.MatrixProduct;
import org.quadrille.linalg.Qr;
import org.quadrille.linalg.Tensor;
import org.quadrille.linalg.Triangular;

/** {@code W = Q R}, square and of full rank; the diagonal of R is positive. */
final class FactoredQr implements FactoredMatrix {
  private final Qr qr;
  private final double logDeterminant;
  private final int sign;

  FactoredQr(Qr qr) {
    Tensor r = qr.r();
    if (qr.q().size(0) != r.size(1)) {
      throw new IllegalArgumentException(
          "QR of shape [" + qr.q().size(0) + ", " + r.size(1) + "], expected a square matrix");
    }
    double log = 0;
    for (int i = 0; i < r.size(0); i++) {
      if (r.get(i, i) == 0) {
        throw new IllegalArgumentException(
            "the matrix is singular: element " + i + " of the diagonal of R is 0");
      }
      log += StrictMath.log(Math.abs(r.get(i, i)));
    }
    this.qr = qr;
    this.logDeterminant = log;
    this.sign = PivotedLu.of(qr.q()).determinantSign();
  }

  @Override
  public int size() {
    return qr.r().size(0);
  }

  @Override
  public DType dtype() {
    return qr.r().dtype();
  }

  @Override
  public Tensor solve(Tensor b) {
    return qr.solve(b);
  }

  @Override
  public Tensor solveTransposed(Tensor b) {
    // W^T = R^T Q^T
    return MatrixProduct.multiply(qr.q(), Triangular.upper(qr.r()).transpose().solve(b));
  }

  @Override
  public double logDeterminant() {
    return logDeterminant;
  }

  @Override
  public int determinantSign() {
    return sign;
  }
}
