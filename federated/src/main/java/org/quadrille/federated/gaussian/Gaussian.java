package org.quadrille.federated.gaussian;

import org.quadrille.linalg.Arithmetic;
import org.quadrille.linalg.DType;
import org.quadrille.linalg.Norms;
import org.quadrille.linalg.Tensor;

/**
 * A Gaussian function {@code exp(-theta' Lambda theta / 2 + eta' theta)} of d parameters in natural
 * parameters, float64: the vector {@code eta = Lambda mean} and the precision Lambda.
 *
 * <p>Both lie in one array of d + {@link PrecisionShape#length} numbers, eta first, so that sums
 * over clients, server optimizers, messages and files treat a Gaussian as one vector.
 * Multiplication and division add and subtract that vector and never ask whether the result is
 * proper: a site may have a negative precision. What needs a proper Gaussian (mean, log
 * determinant, samples, divergence) checks and says so.
 *
 * {@snippet :
 * Gaussian q = prior.multiply(site);       // eta and Lambda add
 * Gaussian cavity = q.divide(site);        // and subtract
 * Gaussian damped = site.power(0.5);       // and scale
 * sum.fma(0.1, change);                    // sum += 0.1 change, in place
 * }
 *
 * <p>Only {@link #fma} and {@link #assign} modify a Gaussian (and whoever writes into {@link
 * #natural}). Mixed shapes: results have the larger one. Not thread safe while modified.
 */
public final class Gaussian {
  private final PrecisionShape shape;
  private final int dimension;
  private final double[] natural;

  private Gaussian(PrecisionShape shape, int dimension, double[] natural) {
    this.shape = shape;
    this.dimension = dimension;
    this.natural = natural;
  }

  /**
   * The constant function 1: all natural parameters zero, improper.
   *
   * @param dimension d, at least 1
   */
  public static Gaussian one(PrecisionShape shape, int dimension) {
    return new Gaussian(shape, dimension, new double[dimension + shape.length(dimension)]);
  }

  /**
   * A Gaussian over the given natural parameters.
   *
   * @param natural eta, then the precision as its shape stores it; shared, not copied
   * @throws IllegalArgumentException if the length does not fit
   */
  public static Gaussian ofNatural(PrecisionShape shape, int dimension, double[] natural) {
    int expected = dimension + shape.length(dimension);
    if (natural.length != expected) {
      throw new IllegalArgumentException(
          "natural parameters: "
              + natural.length
              + " numbers given, expected "
              + expected
              + " ("
              + dimension
              + " of eta and "
              + shape.length(dimension)
              + " of a "
              + shape
              + " precision)");
    }
    return new Gaussian(shape, dimension, natural);
  }

  /**
   * The Gaussian of a precision and eta.
   *
   * @param eta shape [d], not modified
   * @param precision shape [1] for a scaled identity, [d] for a diagonal, [d, d] for a full
   *     precision, of which the symmetric part is taken; not modified
   */
  public static Gaussian ofNatural(PrecisionShape shape, Tensor eta, Tensor precision) {
    Gaussian gaussian = one(shape, checkVector("eta", eta));
    int d = gaussian.dimension;
    boolean fits =
        shape == PrecisionShape.FULL
            ? precision.rank() == 2 && precision.size(0) == d && precision.size(1) == d
            : precision.rank() == 1 && precision.length() == shape.length(d);
    if (!fits) {
      throw new IllegalArgumentException(
          "precision: "
              + precision
              + " given, which is no "
              + shape
              + " precision of dimension "
              + d
              + "; expected shape "
              + (shape == PrecisionShape.FULL
                  ? "[" + d + ", " + d + "]"
                  : "[" + shape.length(d) + "]"));
    }
    System.arraycopy(eta.toDoubles(), 0, gaussian.natural, 0, d);
    if (shape == PrecisionShape.FULL) {
      FullPrecision.pack(precision, gaussian.natural, d);
    } else {
      System.arraycopy(precision.toDoubles(), 0, gaussian.natural, d, shape.length(d));
    }
    return gaussian;
  }

  /**
   * The Gaussian of a mean and a precision: {@code eta = Lambda mean}.
   *
   * @param mean shape [d], not modified
   * @param precision as in {@link #ofNatural(PrecisionShape, Tensor, Tensor)}
   */
  public static Gaussian ofMean(PrecisionShape shape, Tensor mean, Tensor precision) {
    Gaussian gaussian = ofNatural(shape, mean, precision);
    return gaussian.moveTo(mean);
  }

  /**
   * The Gaussian of precision {@code lambda I} and a mean.
   *
   * @param mean shape [d], not modified
   */
  public static Gaussian isotropic(PrecisionShape shape, double lambda, Tensor mean) {
    int d = checkVector("mean", mean);
    Gaussian gaussian = one(PrecisionShape.SCALED_IDENTITY, d);
    gaussian.natural[d] = lambda;
    return gaussian.moveTo(mean).as(shape);
  }

  /**
   * The Gaussian of a mean and a covariance matrix, with a full precision.
   *
   * @param mean shape [d], not modified
   * @param covariance shape [d, d], symmetric positive definite, not modified
   * @throws IllegalArgumentException if the covariance is not positive definite
   */
  public static Gaussian ofMoments(Tensor mean, Tensor covariance) {
    Tensor zero = Tensor.zeros(DType.F64, checkVector("mean", mean));
    Gaussian inverse = ofNatural(PrecisionShape.FULL, zero, covariance.to(DType.F64));
    Tensor precision = ((FullPrecision) inverse.precision()).inverse();
    return ofMean(PrecisionShape.FULL, mean, precision);
  }

  /** How the precision is stored. */
  public PrecisionShape shape() {
    return shape;
  }

  /** Number of parameters d. */
  public int dimension() {
    return dimension;
  }

  /** Eta and the precision as one array of d + {@link PrecisionShape#length} numbers, shared. */
  public double[] natural() {
    return natural;
  }

  /** The vector eta, shape [d], a shared view. */
  public Tensor eta() {
    return Tensor.view(natural, 0, new int[] {dimension}, new int[] {1});
  }

  /** The precision, a shared view. */
  public Precision precision() {
    Tensor values =
        Tensor.view(natural, dimension, new int[] {natural.length - dimension}, new int[] {1});
    return switch (shape) {
      case SCALED_IDENTITY -> new ScaledIdentity(dimension, values);
      case DIAGONAL -> new DiagonalPrecision(values);
      case FULL -> new FullPrecision(dimension, values);
    };
  }

  /** An independent copy. */
  public Gaussian copy() {
    return new Gaussian(shape, dimension, natural.clone());
  }

  /**
   * The same function in another shape; exact.
   *
   * @throws IllegalArgumentException if the shape is a smaller one: that takes a {@link Projection}
   */
  public Gaussian as(PrecisionShape larger) {
    if (larger == shape) {
      return copy();
    }
    if (larger.compareTo(shape) < 0) {
      throw new IllegalArgumentException(
          "a " + shape + " precision is no " + larger + "; choose a Projection");
    }
    Tensor precision =
        larger == PrecisionShape.DIAGONAL ? precision().diagonal() : precision().toDense();
    return ofNatural(larger, eta(), precision);
  }

  /** The product with another Gaussian: natural parameters add. */
  public Gaussian multiply(Gaussian other) {
    return combine(1, other);
  }

  /** The quotient by another Gaussian: natural parameters subtract; it may be improper. */
  public Gaussian divide(Gaussian other) {
    return combine(-1, other);
  }

  private Gaussian combine(double sign, Gaussian other) {
    requireDimension(other);
    return as(shape.orLarger(other.shape)).fma(sign, other);
  }

  /** This function to the power a: natural parameters times a. */
  public Gaussian power(double a) {
    Gaussian result = copy();
    for (int i = 0; i < natural.length; i++) {
      result.natural[i] *= a;
    }
    return result;
  }

  /**
   * {@code this := this * x^a}: adds {@code a} times the natural parameters of x, in place.
   *
   * @param x of the same dimension and the same or a smaller shape, not modified
   * @return this
   * @throws IllegalArgumentException if x does not fit
   */
  public Gaussian fma(double a, Gaussian x) {
    requireDimension(x);
    Gaussian same = x.shape == shape ? x : x.as(shape);
    for (int i = 0; i < natural.length; i++) {
      natural[i] = Math.fma(a, same.natural[i], natural[i]);
    }
    return this;
  }

  /** Overwrites the natural parameters by those of a Gaussian of the same shape and dimension. */
  public Gaussian assign(Gaussian x) {
    requireDimension(x);
    Gaussian same = x.shape == shape ? x : x.as(shape);
    System.arraycopy(same.natural, 0, natural, 0, natural.length);
    return this;
  }

  /** Whether all numbers are finite and the precision is positive definite. */
  public boolean isProper() {
    return isFinite() && precision().isPositiveDefinite();
  }

  /** Whether all natural parameters are finite. */
  public boolean isFinite() {
    for (double value : natural) {
      if (!Double.isFinite(value)) {
        return false;
      }
    }
    return true;
  }

  /** A number that no eigenvalue of the precision is below; see {@link Precision}. */
  public double minEigenBound() {
    return precision().minEigenBound();
  }

  /**
   * The mean {@code Lambda^-1 eta}, shape [d], in a new tensor.
   *
   * @throws IllegalArgumentException if the Gaussian is not proper
   */
  public Tensor mean() {
    return precision().solve(eta());
  }

  /** The same precision around another mean, shape [d]. */
  public Gaussian withMean(Tensor mean) {
    return copy().moveTo(mean);
  }

  private Gaussian moveTo(Tensor mean) {
    if (checkVector("mean", mean) != dimension) {
      throw new IllegalArgumentException(
          "mean: " + mean + " given, expected " + dimension + " elements");
    }
    precision().apply(mean.to(DType.F64), eta());
    return this;
  }

  /**
   * The unnormalized log density {@code -theta' Lambda theta / 2 + eta' theta}.
   *
   * @param theta shape [d], F64
   */
  public double logDensity(Tensor theta) {
    Tensor product = precision().apply(theta);
    return Arithmetic.dot(eta(), theta) - 0.5 * Arithmetic.dot(product, theta);
  }

  /**
   * One draw: {@code mean + L^-T z} with {@code Lambda = L L^T}, in a new tensor.
   *
   * @param z shape [d], F64, independent standard normal numbers, not modified
   * @throws IllegalArgumentException if the Gaussian is not proper
   */
  public Tensor sample(Tensor z) {
    return Arithmetic.add(mean(), precision().correlate(z));
  }

  /**
   * The divergence {@code KL(this || other) = 1/2 [tr(L1 S0) + (m1 - m0)' L1 (m1 - m0) - d + log
   * det L0 - log det L1]} in nats, at least 0 up to rounding.
   *
   * @throws IllegalArgumentException if one of the two is not proper or the dimensions differ
   */
  public double divergenceFrom(Gaussian other) {
    requireDimension(other);
    Precision p0 = precision();
    Precision p1 = other.precision();
    Tensor shift = Arithmetic.subtract(other.mean(), mean());
    double distance = Arithmetic.dot(shift, p1.apply(shift));
    double determinants = p0.logDeterminant() - p1.logDeterminant();
    return 0.5 * (traceOfProduct(p1, p0) + distance - dimension + determinants);
  }

  /** {@code tr(L1 S0)}; where one of the two is diagonal, only diagonals meet. */
  private static double traceOfProduct(Precision p1, Precision p0) {
    if (p0 instanceof FullPrecision full && p1 instanceof FullPrecision) {
      return Arithmetic.dot(p1.toDense(), full.inverse());
    }
    return Arithmetic.dot(p1.diagonal(), p0.variances());
  }

  /** Euclidean norm of all natural parameters: of eta and of every entry of the matrix Lambda. */
  public double norm() {
    return Math.hypot(Norms.frobenius(eta()), precision().frobenius());
  }

  private void requireDimension(Gaussian other) {
    if (other.dimension != dimension) {
      throw new IllegalArgumentException(
          "a Gaussian over "
              + other.dimension
              + " parameters given, expected "
              + dimension
              + " as in this one");
    }
  }

  private static int checkVector(String name, Tensor x) {
    if (x.rank() != 1 || x.length() < 1) {
      throw new IllegalArgumentException(
          name + ": " + x + " given, expected a vector of at least one element");
    }
    return x.length();
  }

  @Override
  public String toString() {
    return "Gaussian(" + shape + ", " + dimension + " parameters)";
  }
}
