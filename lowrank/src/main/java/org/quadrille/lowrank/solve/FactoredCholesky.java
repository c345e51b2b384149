package org.quadrille.lowrank.solve;

import org.quadrille.linalg.Cholesky;
import org.quadrille.linalg.DType;
import org.quadrille.linalg.Tensor;

/** {@code W = L L^T}. */
record FactoredCholesky(Cholesky cholesky) implements FactoredMatrix {

  @Override
  public int size() {
    return cholesky.lower().size(0);
  }

  @Override
  public DType dtype() {
    return cholesky.lower().dtype();
  }

  @Override
  public Tensor solve(Tensor b) {
    return cholesky.solve(b);
  }

  @Override
  public Tensor solveTransposed(Tensor b) {
    return cholesky.solve(b);
  }

  @Override
  public double logDeterminant() {
    return cholesky.logDeterminant();
  }

  @Override
  public int determinantSign() {
    return 1;
  }
}
