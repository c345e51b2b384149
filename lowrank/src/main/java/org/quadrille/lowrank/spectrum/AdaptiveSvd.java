package org.quadrille.lowrank.spectrum;

import java.util.ArrayList;
import java.util.List;
import org.quadrille.linalg.DType;
import org.quadrille.linalg.GaussianMatrix;
import org.quadrille.linalg.LinearOperator;
import org.quadrille.linalg.MatrixProduct;
import org.quadrille.linalg.Norms;
import org.quadrille.linalg.Qr;
import org.quadrille.linalg.Svd;
import org.quadrille.linalg.Tensor;

/**
 * A randomized singular value decomposition that grows until its error is small enough, and knows
 * the error.
 *
 * <p>Blocks of random vectors are mapped by M, sharpened by power iterations, orthonormalized
 * against what was found and appended to the basis Q, until {@code |M|_F^2 - |Q^T M|_F^2 <= t^2
 * |M|_F^2}: the left side is the square of {@code |M - Q Q^T M|_F} exactly (Halko, Martinsson and
 * Tropp, SIAM Review 53, 2011, section 4.4; Yu, Gu and Li, Efficient randomized algorithms for the
 * fixed-precision low-rank matrix approximation, SIAM J. Matrix Anal. Appl. 39, 2018).
 *
 * {@snippet :
 * AdaptiveSvd found = AdaptiveSvd.of(Dense.of(matrix), Norms.frobenius(matrix), options);
 * PartialSpectrum spectrum = found.spectrum(); // certified intervals for ranks
 * }
 *
 * <p>The difference of squares says nothing below {@code 1e-8 |M|_F} in doubles and {@code 1e-4} in
 * floats; tolerances below that are refused. <b>Cost</b>: {@code 2 + 2 q} products of M with as
 * many columns as the rank found, O((m + n) rank^2). <b>Bits</b>: the same for any number of
 * threads.
 *
 * @param svd the decomposition of {@code Q Q^T M}
 * @param frobeniusNorm {@code |M|_F}
 * @param frobeniusError {@code |M - Q Q^T M|_F}
 * @param converged whether the tolerance was met within the largest rank allowed
 * @param rows of M
 * @param cols of M
 */
public record AdaptiveSvd(
    Svd svd, double frobeniusNorm, double frobeniusError, boolean converged, int rows, int cols) {

  /**
   * When to stop and how carefully to look.
   *
   * @param tolerance of the relative Frobenius error, above 0 and below 1
   * @param largestRank where to give up, at least 1; cut to min(m, n)
   * @param blockSize columns added at a time, at least 1
   * @param powerIterations for each block, at least 0
   * @param seed of the random vectors
   */
  public record Options(
      double tolerance, int largestRank, int blockSize, int powerIterations, long seed) {
    /** Checks the ranges. */
    public Options {
      if (!(tolerance > 0 && tolerance < 1)) {
        throw new IllegalArgumentException(
            "tolerance: given " + tolerance + ", expected a number between 0 and 1");
      }
      if (largestRank < 1 || blockSize < 1 || powerIterations < 0) {
        throw new IllegalArgumentException(
            "largestRank "
                + largestRank
                + ", blockSize "
                + blockSize
                + ", powerIterations "
                + powerIterations
                + ": expected at least 1, 1 and 0");
      }
    }

    /** No limit of the rank, blocks of 32, one power iteration, seed 1. */
    public static Options tolerance(double tolerance) {
      return new Options(tolerance, Integer.MAX_VALUE, 32, 1, 1);
    }

    /** A copy with another limit of the rank. */
    public Options withLargestRank(int rank) {
      return new Options(tolerance, rank, blockSize, powerIterations, seed);
    }
  }

  /**
   * Decomposes an operator.
   *
   * @param m applied both ways
   * @param frobeniusNorm of m, exactly: {@link Norms#frobenius} of a dense matrix, {@code
   *     UpdateNorms} of an update
   * @param options when to stop
   * @throws IllegalArgumentException if the norm is not finite or negative, the tolerance is below
   *     what the dtype can measure, or a product is not finite
   */
  public static AdaptiveSvd of(LinearOperator m, double frobeniusNorm, Options options) {
    double measurable = m.dtype() == DType.F32 ? 1e-4 : 1e-8;
    if (options.tolerance < measurable) {
      throw new IllegalArgumentException(
          "tolerance: given "
              + options.tolerance
              + ", expected at least "
              + measurable
              + " for "
              + m.dtype()
              + "; use Svd.exact for smaller errors");
    }
    if (!(frobeniusNorm >= 0 && frobeniusNorm <= Double.MAX_VALUE)) {
      throw new IllegalArgumentException(
          "frobeniusNorm: given " + frobeniusNorm + ", expected a finite number of at least 0");
    }
    return new RangeSearch(m, frobeniusNorm, options).run();
  }

  /** What the decomposition proves about the spectrum of M. */
  public PartialSpectrum spectrum() {
    return new PartialSpectrum(
        svd.singularValues().toDoubles(),
        frobeniusNorm,
        frobeniusError,
        rows,
        cols,
        svd.singularValues().dtype());
  }

  /** The growing basis. */
  private static final class RangeSearch {
    private final LinearOperator m;
    private final double norm;
    private final Options options;
    private final int limit;
    private final List<Tensor> bases = new ArrayList<>();
    private final List<Tensor> projections = new ArrayList<>();
    private int rank;

    RangeSearch(LinearOperator m, double norm, Options options) {
      this.m = m;
      this.norm = norm;
      this.options = options;
      this.limit = Math.min(options.largestRank, Math.min(m.rows(), m.cols()));
    }

    AdaptiveSvd run() {
      // Shares of the norm, whose squares stay in range
      double left = norm > 0 ? 1 : 0;
      double allowed = options.tolerance * options.tolerance;
      while (left > allowed && rank < limit) {
        Tensor q = block(Math.min(options.blockSize, limit - rank));
        Tensor projection = finite(m.applyTransposed(q));
        bases.add(q);
        projections.add(projection);
        rank += q.size(1);
        double share = Norms.frobenius(projection) / norm;
        left = Math.max(0, left - share * share);
      }
      return result(Math.sqrt(left) * norm, left <= allowed);
    }

    private Tensor block(int columns) {
      Tensor test = GaussianMatrix.of(m.dtype(), options.seed + bases.size(), m.cols(), columns);
      Tensor q = orthonormal(finite(m.apply(test)));
      for (int i = 0; i < options.powerIterations; i++) {
        Tensor z = Qr.decompose(finite(m.applyTransposed(q))).q();
        q = orthonormal(finite(m.apply(z)));
      }
      return q;
    }

    /** An orthonormal basis of what y adds to the bases found; twice is enough. */
    private Tensor orthonormal(Tensor y) {
      Tensor q = y;
      for (int round = 0; round < 2; round++) {
        for (Tensor basis : bases) {
          Tensor part = MatrixProduct.multiply(basis.transpose(), q);
          MatrixProduct.multiply(-1, basis, part, 1, q);
        }
        q = Qr.decompose(q).q();
      }
      return q;
    }

    private AdaptiveSvd result(double error, boolean converged) {
      Tensor basis = Tensor.zeros(m.dtype(), m.rows(), rank);
      Tensor projection = Tensor.zeros(m.dtype(), m.cols(), rank);
      int at = 0;
      for (int i = 0; i < bases.size(); i++) {
        int to = at + bases.get(i).size(1);
        basis.slice(1, at, to).assign(bases.get(i));
        projection.slice(1, at, to).assign(projections.get(i));
        at = to;
      }
      // M ~ Q B with B = (M^T Q)^T = V S W^T, so M ~ (Q W) S V^T
      Svd small = Svd.exact(projection);
      Tensor u = MatrixProduct.multiply(basis, small.v());
      Svd svd = new Svd(u, small.singularValues(), small.u());
      return new AdaptiveSvd(svd, norm, error, converged, m.rows(), m.cols());
    }

    private Tensor finite(Tensor product) {
      return Norms.requireFinite("product with the operator", product);
    }
  }
}
