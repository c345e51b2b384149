package org.quadrille.linalg;

/**
 * Leading singular values and vectors of a large matrix or operator by random projection.
 *
 * <p>Halko, Martinsson and Tropp, "Finding structure with randomness", SIAM Review 53 (2011),
 * algorithms 4.4 and 5.1: the range of A is sampled by a Gaussian test matrix with a few columns
 * more than the rank asked for, sharpened by power iterations that are orthonormalized after every
 * product, and A is decomposed within it. A wide matrix is treated through its transpose. Singular
 * values never exceed the true ones (up to rounding).
 *
 * {@snippet :
 * Svd svd = RandomizedSvd.decompose(a, RandomizedSvd.Options.rank(64));
 * Svd ofOperator = RandomizedSvd.decompose(Kronecker.of(b, c), RandomizedSvd.Options.rank(8));
 * }
 *
 * <p><b>Accuracy</b>: with l = rank + oversampling columns, no power iteration and s the singular
 * values of A, the expected Frobenius error of the sampled range is at most {@code (1 + rank /
 * (oversampling - 1))^(1/2) (sum over j > rank of s_j^2)^(1/2)} (theorem 10.5); power iterations
 * drive it to the optimum. <b>Cost</b>: 2 + 2 powerIterations products of A with l columns, O((m +
 * n) l^2) for the bases. A is never copied. <b>Bits</b>: the same for every number of threads and
 * every kind of kernels; on a device of {@link Backend#with} the last bits differ. <b>Thread
 * safety</b>: stateless.
 */
public final class RandomizedSvd {
  private RandomizedSvd() {}

  /**
   * What to compute and how carefully.
   *
   * @param rank singular values wanted, from 1 to min(m, n)
   * @param oversampling extra columns of the test matrix, at least 0; cut so that the total does
   *     not exceed min(m, n)
   * @param powerIterations extra products with A A^T, at least 0; needed where singular values
   *     decay slowly
   * @param seed of the Gaussian test matrix
   */
  public record Options(int rank, int oversampling, int powerIterations, long seed) {
    /** Checks the ranges that do not depend on the matrix. */
    public Options {
      if (rank < 1) {
        throw new IllegalArgumentException("rank: given " + rank + ", expected at least 1");
      }
      if (oversampling < 0) {
        throw new IllegalArgumentException(
            "oversampling: given " + oversampling + ", expected at least 0 (10 is usual)");
      }
      if (powerIterations < 0) {
        throw new IllegalArgumentException(
            "powerIterations: given " + powerIterations + ", expected at least 0 (2 is usual)");
      }
    }

    /** The defaults for a rank: oversampling 10, 2 power iterations, seed 1. */
    public static Options rank(int rank) {
      return new Options(rank, 10, 2, 1);
    }

    /** A copy with another number of extra columns. */
    public Options withOversampling(int newOversampling) {
      return new Options(rank, newOversampling, powerIterations, seed);
    }

    /** A copy with another number of power iterations. */
    public Options withPowerIterations(int newPowerIterations) {
      return new Options(rank, oversampling, newPowerIterations, seed);
    }

    /** A copy with another seed. */
    public Options withSeed(long newSeed) {
      return new Options(rank, oversampling, powerIterations, newSeed);
    }
  }

  /**
   * Leading singular values and vectors of a matrix.
   *
   * @param a shape [m, n], not modified
   * @param options rank and effort
   * @return {@code options.rank()} singular values and vectors, in the dtype of a
   * @throws IllegalArgumentException if a is not a matrix, has a NaN or infinite element, or the
   *     rank exceeds min(m, n)
   */
  public static Svd decompose(Tensor a, Options options) {
    return decompose(matrix(a), options);
  }

  /**
   * Leading singular values and vectors of an operator.
   *
   * @param a any operator, applied {@code 1 + powerIterations} times each way
   * @param options rank and effort
   * @return {@code options.rank()} singular values and vectors, in the dtype of a
   * @throws IllegalArgumentException if the products are not finite or the rank exceeds min(m, n)
   */
  public static Svd decompose(LinearOperator a, Options options) {
    int smaller = Math.min(a.rows(), a.cols());
    checkRank(a, options.rank(), smaller);
    int columns = (int) Math.min(smaller, (long) options.rank() + options.oversampling());
    Tensor test = GaussianMatrix.of(a.dtype(), options.seed(), smaller, columns);
    // The test matrix has as many rows as the operator it meets has columns: the smaller side.
    return a.rows() < a.cols()
        ? compute(Transposed.of(a), test, options.rank(), options.powerIterations()).swap()
        : compute(a, test, options.rank(), options.powerIterations());
  }

  /**
   * Leading singular values and vectors of a matrix from a given test matrix; deterministic up to
   * the signs of the vectors.
   *
   * @param a shape [m, n], not modified
   * @param testMatrix shape [n, l] with rank &lt;= l &lt;= min(m, n), not modified
   * @param rank singular values wanted, from 1 to l
   * @param powerIterations at least 0
   * @throws IllegalArgumentException if a shape, dtype or number does not fit or is not finite
   */
  public static Svd decompose(Tensor a, Tensor testMatrix, int rank, int powerIterations) {
    return decompose(matrix(a), testMatrix, rank, powerIterations);
  }

  /** As {@link #decompose(Tensor, Tensor, int, int)}, for any operator. */
  public static Svd decompose(LinearOperator a, Tensor testMatrix, int rank, int powerIterations) {
    Options options = new Options(rank, 0, powerIterations, 0);
    boolean fits =
        testMatrix.rank() == 2
            && testMatrix.size(0) == a.cols()
            && testMatrix.size(1) >= rank
            && testMatrix.size(1) <= Math.min(a.rows(), a.cols());
    if (!fits || testMatrix.dtype() != a.dtype()) {
      throw new IllegalArgumentException(
          "testMatrix: given "
              + testMatrix
              + " for rank "
              + rank
              + " of an operator of shape ["
              + a.rows()
              + ", "
              + a.cols()
              + "]; expected "
              + a.dtype()
              + "["
              + a.cols()
              + ", l] with "
              + rank
              + " <= l <= "
              + Math.min(a.rows(), a.cols()));
    }
    Norms.requireFinite("testMatrix", testMatrix);
    return compute(a, testMatrix, options.rank(), options.powerIterations());
  }

  private static Svd compute(LinearOperator a, Tensor test, int rank, int powerIterations) {
    try (PreparedOperator prepared = ActiveBackend.prepare(a)) {
      return compute(a, prepared, test, rank, powerIterations);
    }
  }

  private static Svd compute(
      LinearOperator a, LinearOperator on, Tensor test, int rank, int powerIterations) {
    // Y = (A A^T)^powerIterations A test, orthonormalized after every product
    Tensor y = finite(a, on.apply(test));
    for (int i = 0; i < powerIterations; i++) {
      Tensor rows = OrthonormalPanel.approximateBasis(y);
      Tensor z = finite(a, on.applyTransposed(rows));
      y = finite(a, on.apply(OrthonormalPanel.approximateBasis(z)));
    }
    OrthonormalPanel range = OrthonormalPanel.of(y);
    // B^T = A^T Q = P R and R = W S Z^T give A ~ Q B = (Q Z) S (P W)^T
    Tensor projection = finite(a, on.applyTransposed(range.q().to(a.dtype())));
    OrthonormalPanel projected = OrthonormalPanel.of(projection);
    Svd small = ExactSvd.decompose(projected.r()).truncate(rank);
    Tensor u = MatrixProduct.multiply(range.q(), small.v());
    Tensor v = MatrixProduct.multiply(projected.q(), small.u());
    return new Svd(u, small.singularValues().copy(), v).to(a.dtype());
  }

  /** Checks products instead of the operator: they are smaller, and NaN and infinity spread. */
  private static Tensor finite(LinearOperator a, Tensor product) {
    if (Double.isFinite(Norms.max(product))) {
      return product;
    }
    LinearOperator core = a instanceof Transposed transposed ? transposed.inner() : a;
    if (core instanceof Dense dense) {
      Norms.requireFinite("RandomizedSvd", dense.weight());
    }
    throw new IllegalArgumentException(
        "RandomizedSvd: a product with the operator of shape ["
            + a.rows()
            + ", "
            + a.cols()
            + "] is not finite, expected finite numbers; check its parameters, or scale them down"
            + " if they are near the largest "
            + a.dtype());
  }

  private static Dense matrix(Tensor a) {
    if (a.rank() != 2) {
      throw new IllegalArgumentException("RandomizedSvd: given " + a + ", expected a matrix");
    }
    // Finiteness is checked on the first product, which is much smaller.
    return Dense.unchecked(a);
  }

  private static void checkRank(LinearOperator a, int rank, int smaller) {
    if (rank > smaller) {
      throw new IllegalArgumentException(
          "rank: given "
              + rank
              + " for shape ["
              + a.rows()
              + ", "
              + a.cols()
              + "], expected 1 to "
              + smaller);
    }
  }
}
