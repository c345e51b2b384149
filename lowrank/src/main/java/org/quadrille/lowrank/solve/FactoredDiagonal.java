package org.quadrille.lowrank.solve;

import org.quadrille.linalg.Arithmetic;
import org.quadrille.linalg.DType;
import org.quadrille.linalg.Norms;
import org.quadrille.linalg.Tensor;

/** {@code W = diag(d)}. */
final class FactoredDiagonal implements FactoredMatrix {
  private final Tensor diagonal;
  private final double logDeterminant;
  private final int sign;

  FactoredDiagonal(Tensor diagonal) {
    if (diagonal.rank() != 1) {
      throw new IllegalArgumentException("diagonal: given " + diagonal + ", expected a vector");
    }
    Norms.requireFinite("diagonal", diagonal);
    double log = 0;
    int product = 1;
    for (int i = 0; i < diagonal.length(); i++) {
      double d = diagonal.get(i);
      if (d == 0) {
        throw new IllegalArgumentException(
            "diagonal: element " + i + " is 0, expected a matrix of full rank");
      }
      log += StrictMath.log(Math.abs(d));
      product = d < 0 ? -product : product;
    }
    this.diagonal = diagonal;
    this.logDeterminant = log;
    this.sign = product;
  }

  @Override
  public int size() {
    return diagonal.length();
  }

  @Override
  public DType dtype() {
    return diagonal.dtype();
  }

  @Override
  public Tensor solve(Tensor b) {
    boolean fits = (b.rank() == 1 || b.rank() == 2) && b.size(0) == size();
    if (!fits || b.dtype() != dtype()) {
      throw new IllegalArgumentException(
          "solve: given "
              + b
              + ", expected "
              + dtype()
              + " of shape ["
              + size()
              + "] or ["
              + size()
              + ", k]");
    }
    Norms.requireFinite("solve", b);
    Tensor x = b.copy();
    for (int i = 0; i < size(); i++) {
      if (b.rank() == 1) {
        x.set(x.get(i) / diagonal.get(i), i);
      } else {
        Arithmetic.scale(1 / diagonal.get(i), x.row(i));
      }
    }
    return Norms.requireFinite("solution", x);
  }

  @Override
  public Tensor solveTransposed(Tensor b) {
    return solve(b);
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
