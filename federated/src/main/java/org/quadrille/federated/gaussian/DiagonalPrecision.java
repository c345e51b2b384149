package org.quadrille.federated.gaussian;

import java.util.function.DoubleBinaryOperator;
import org.quadrille.linalg.Diagonal;
import org.quadrille.linalg.Norms;
import org.quadrille.linalg.Tensor;

/** A diagonal precision: d numbers. */
public final class DiagonalPrecision implements Precision {
  private final Tensor values;

  DiagonalPrecision(Tensor values) {
    this.values = values;
  }

  @Override
  public PrecisionShape shape() {
    return PrecisionShape.DIAGONAL;
  }

  @Override
  public Tensor values() {
    return values;
  }

  @Override
  public int rows() {
    return values.length();
  }

  @Override
  public Tensor diagonal() {
    return values.copy();
  }

  @Override
  public double trace() {
    double sum = 0;
    for (int i = 0; i < rows(); i++) {
      sum += at(i);
    }
    return sum;
  }

  @Override
  public double frobenius() {
    return Norms.frobenius(values);
  }

  @Override
  public boolean isPositiveDefinite() {
    for (int i = 0; i < rows(); i++) {
      if (!(at(i) > 0 && at(i) < Double.POSITIVE_INFINITY)) {
        return false;
      }
    }
    return true;
  }

  @Override
  public double minEigenBound() {
    Norms.requireFinite("precision", values);
    double least = Double.POSITIVE_INFINITY;
    for (int i = 0; i < rows(); i++) {
      least = Math.min(least, at(i));
    }
    return least;
  }

  /** {@code sum of log Lambda_i}. */
  @Override
  public double logDeterminant() {
    requirePositive();
    double sum = 0;
    for (int i = 0; i < rows(); i++) {
      sum += StrictMath.log(at(i));
    }
    return sum;
  }

  @Override
  public Tensor solve(Tensor b) {
    return each(b, "b", (bi, lambda) -> bi / lambda);
  }

  @Override
  public Tensor correlate(Tensor z) {
    return each(z, "z", (zi, lambda) -> zi / Math.sqrt(lambda));
  }

  @Override
  public Tensor variances() {
    return each(Tensor.zeros(dtype(), rows()), "0", (zero, lambda) -> 1 / lambda);
  }

  private Tensor each(Tensor b, String name, DoubleBinaryOperator function) {
    requirePositive();
    double[] x = VectorOperand.copyOf(b, rows(), name);
    for (int i = 0; i < x.length; i++) {
      x[i] = function.applyAsDouble(x[i], at(i));
    }
    return Tensor.of(x, x.length);
  }

  @Override
  public Tensor apply(Tensor x, Tensor out) {
    VectorOperand.check(this, x, out);
    return Diagonal.of(values).apply(x, out);
  }

  @Override
  public Tensor toDense() {
    Tensor dense = Tensor.zeros(dtype(), rows(), rows());
    for (int i = 0; i < rows(); i++) {
      dense.set(at(i), i, i);
    }
    return dense;
  }

  @Override
  public long flops(long k) {
    return rows() * k;
  }

  private double at(int i) {
    return values.doubles()[values.offset() + i];
  }

  private void requirePositive() {
    for (int i = 0; i < rows(); i++) {
      if (!(at(i) > 0 && at(i) < Double.POSITIVE_INFINITY)) {
        throw new IllegalArgumentException(
            "precision: entry "
                + i
                + " is "
                + at(i)
                + ", expected positive finite numbers; ask isProper() first");
      }
    }
  }
}
