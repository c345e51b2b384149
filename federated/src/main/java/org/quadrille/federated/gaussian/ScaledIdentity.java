package org.quadrille.federated.gaussian;

import java.util.Arrays;
import org.quadrille.linalg.Arithmetic;
import org.quadrille.linalg.Tensor;

/** The precision {@code lambda I}: one number whatever the dimension. */
public final class ScaledIdentity implements Precision {
  private final int dimension;
  private final Tensor values;

  ScaledIdentity(int dimension, Tensor values) {
    this.dimension = dimension;
    this.values = values;
  }

  /** The factor lambda. */
  public double lambda() {
    return values.get(0);
  }

  @Override
  public PrecisionShape shape() {
    return PrecisionShape.SCALED_IDENTITY;
  }

  @Override
  public Tensor values() {
    return values;
  }

  @Override
  public int rows() {
    return dimension;
  }

  @Override
  public Tensor diagonal() {
    return Tensor.zeros(dtype(), dimension).fill(lambda());
  }

  @Override
  public double trace() {
    return dimension * lambda();
  }

  @Override
  public double frobenius() {
    return Math.sqrt(dimension) * Math.abs(lambda());
  }

  @Override
  public boolean isPositiveDefinite() {
    return lambda() > 0 && Double.isFinite(lambda());
  }

  @Override
  public double minEigenBound() {
    if (!Double.isFinite(lambda())) {
      throw new IllegalArgumentException(
          "precision: lambda " + lambda() + " given, expected a finite number");
    }
    return lambda();
  }

  /** {@code d log lambda}. */
  @Override
  public double logDeterminant() {
    return dimension * StrictMath.log(positive());
  }

  @Override
  public Tensor solve(Tensor b) {
    double lambda = positive();
    double[] x = VectorOperand.copyOf(b, dimension, "b");
    for (int i = 0; i < x.length; i++) {
      x[i] /= lambda;
    }
    return Tensor.of(x, dimension);
  }

  @Override
  public Tensor variances() {
    double[] variances = new double[dimension];
    Arrays.fill(variances, 1 / positive());
    return Tensor.of(variances, dimension);
  }

  @Override
  public Tensor correlate(Tensor z) {
    double root = Math.sqrt(positive());
    double[] x = VectorOperand.copyOf(z, dimension, "z");
    for (int i = 0; i < x.length; i++) {
      x[i] /= root;
    }
    return Tensor.of(x, dimension);
  }

  @Override
  public Tensor apply(Tensor x, Tensor out) {
    VectorOperand.check(this, x, out);
    return Arithmetic.scale(lambda(), out.assign(x));
  }

  @Override
  public Tensor toDense() {
    Tensor dense = Tensor.zeros(dtype(), dimension, dimension);
    for (int i = 0; i < dimension; i++) {
      dense.set(lambda(), i, i);
    }
    return dense;
  }

  @Override
  public long flops(long k) {
    return dimension * k;
  }

  private double positive() {
    if (!isPositiveDefinite()) {
      throw new IllegalArgumentException(
          "precision: lambda "
              + lambda()
              + " is not positive, expected a proper Gaussian; ask isProper() first");
    }
    return lambda();
  }
}
