package org.quadrille.federated.gaussian;

import java.util.Optional;
import org.quadrille.linalg.Cholesky;
import org.quadrille.linalg.MatrixProduct;
import org.quadrille.linalg.Norms;
import org.quadrille.linalg.SymmetricEigen;
import org.quadrille.linalg.Tensor;
import org.quadrille.linalg.Triangular;

/**
 * A full symmetric precision, its lower triangle packed row after row.
 *
 * <p>Cost: d^3 / 3 flops for everything that solves, d^2 memory while it does.
 */
public final class FullPrecision implements Precision {
  private final int dimension;
  private final Tensor values;

  FullPrecision(int dimension, Tensor values) {
    this.dimension = dimension;
    this.values = values;
  }

  @Override
  public PrecisionShape shape() {
    return PrecisionShape.FULL;
  }

  @Override
  public Tensor values() {
    return values;
  }

  @Override
  public int rows() {
    return dimension;
  }

  /** Where entry (i, j), j at most i, lies among the packed numbers. */
  static int place(int i, int j) {
    return i * (i + 1) / 2 + j;
  }

  /** Packs the symmetric part {@code (A + A^T) / 2} of a square matrix into {@code packed}. */
  static void pack(Tensor matrix, double[] packed, int offset) {
    int at = offset;
    for (int i = 0; i < matrix.size(0); i++) {
      for (int j = 0; j <= i; j++) {
        packed[at++] = i == j ? matrix.get(i, i) : 0.5 * (matrix.get(i, j) + matrix.get(j, i));
      }
    }
  }

  @Override
  public Tensor diagonal() {
    double[] diagonal = new double[dimension];
    for (int i = 0; i < dimension; i++) {
      diagonal[i] = at(place(i, i));
    }
    return Tensor.of(diagonal, dimension);
  }

  @Override
  public double trace() {
    double sum = 0;
    for (int i = 0; i < dimension; i++) {
      sum += at(place(i, i));
    }
    return sum;
  }

  @Override
  public double frobenius() {
    double largest = Norms.max(values);
    if (largest == 0 || !Double.isFinite(largest)) {
      return largest;
    }
    double sum = 0;
    for (int i = 0; i < dimension; i++) {
      for (int j = 0; j < i; j++) {
        double entry = at(place(i, j)) / largest;
        sum += 2 * entry * entry;
      }
      double entry = at(place(i, i)) / largest;
      sum += entry * entry;
    }
    return largest * Math.sqrt(sum);
  }

  @Override
  public boolean isPositiveDefinite() {
    return values.isFinite() && Cholesky.tryDecompose(toDense()).isPresent();
  }

  @Override
  public double minEigenBound() {
    Norms.requireFinite("precision", values);
    Tensor eigenvalues = SymmetricEigen.values(toDense());
    double least = Double.POSITIVE_INFINITY;
    for (double value : eigenvalues.toDoubles()) {
      least = Math.min(least, value);
    }
    return least - dimension * Math.ulp(1.0) * frobenius();
  }

  /** {@code 2 sum of log L_ii}. */
  @Override
  public double logDeterminant() {
    return cholesky().logDeterminant();
  }

  @Override
  public Tensor solve(Tensor b) {
    return cholesky().solve(Tensor.of(VectorOperand.copyOf(b, dimension, "b"), dimension));
  }

  /** The covariance {@code Lambda^-1}, shape [d, d], exactly symmetric, in a new tensor. */
  public Tensor inverse() {
    return cholesky().inverse();
  }

  @Override
  public Tensor variances() {
    Tensor inverse = inverse();
    double[] variances = new double[dimension];
    for (int i = 0; i < dimension; i++) {
      variances[i] = inverse.get(i, i);
    }
    return Tensor.of(variances, dimension);
  }

  @Override
  public Tensor correlate(Tensor z) {
    Tensor x = Tensor.of(VectorOperand.copyOf(z, dimension, "z"), dimension);
    return Triangular.upper(cholesky().lower().transpose()).solve(x);
  }

  @Override
  public Tensor apply(Tensor x, Tensor out) {
    VectorOperand.check(this, x, out);
    if (x.rank() == 1) {
      MatrixProduct.multiply(1, toDense(), x.reshape(dimension, 1), 0, out.reshape(dimension, 1));
      return out;
    }
    return MatrixProduct.multiply(1, toDense(), x, 0, out);
  }

  @Override
  public Tensor toDense() {
    double[] dense = new double[dimension * dimension];
    for (int i = 0; i < dimension; i++) {
      for (int j = 0; j <= i; j++) {
        double entry = at(place(i, j));
        dense[i * dimension + j] = entry;
        dense[j * dimension + i] = entry;
      }
    }
    return Tensor.of(dense, dimension, dimension);
  }

  @Override
  public long flops(long k) {
    return 2L * dimension * dimension * k;
  }

  private double at(int place) {
    return values.doubles()[values.offset() + place];
  }

  private Cholesky cholesky() {
    Norms.requireFinite("precision", values);
    Optional<Cholesky> cholesky = Cholesky.tryDecompose(toDense());
    return cholesky.orElseThrow(
        () ->
            new IllegalArgumentException(
                "precision of dimension "
                    + dimension
                    + " is not positive definite (smallest eigenvalue at least "
                    + minEigenBound()
                    + "), expected a proper Gaussian; ask isProper() first"));
  }
}
