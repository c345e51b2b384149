package org.quadrille.lowrank;

import java.util.Arrays;
import org.quadrille.linalg.Arithmetic;
import org.quadrille.linalg.DType;
import org.quadrille.linalg.LowRank;
import org.quadrille.linalg.Norms;
import org.quadrille.linalg.Svd;
import org.quadrille.linalg.Tensor;
import org.quadrille.lowrank.spectrum.Spectrum;
import org.quadrille.lowrank.spectrum.SpectrumSource;

/**
 * The nearest matrix of smaller rank to an update, with the error it makes.
 *
 * {@snippet :
 * LowRank sum = UpdateSum.of(first, second, third); // exact, ranks add up
 * Recompression small = Recompression.of(sum, RankChoice.energy(0.99));
 * LowRank update = small.update();
 * double error = small.frobeniusError(); // no update of that rank is nearer
 * }
 *
 * <p>The singular values come from the factors (QR of both, a small SVD): O((m + n) R^2 + R^3) for
 * the inner size R, the m x n product is never formed unless R reaches its smaller side. They are
 * computed in double precision and are within a small multiple of {@code max(m, n) 2^-52 sum |b_i|
 * |a_i|} of those of the stored factors; values below that are reported as zero, so {@code s B A -
 * s B A} has rank 0. By Eckart and Young (The approximation of one matrix by another of lower rank,
 * Psychometrika 1, 1936) the truncation is the best in both norms.
 */
public final class Recompression {
  private final LowRank update;
  private final LowRank exact;
  private final double[] values;
  private final int rank;

  private Recompression(LowRank update, LowRank exact, double[] values, int rank) {
    this.update = update;
    this.exact = exact;
    this.values = values;
    this.rank = rank;
  }

  /**
   * Truncates an update.
   *
   * @param update not modified
   * @param choice how many singular values to keep
   * @throws IllegalArgumentException if the choice returns a number outside its range
   */
  public static Recompression of(LowRank update, RankChoice choice) {
    FactorSvd svd = FactorSvd.of(update);
    int k = checked(choice, svd.values());
    LowRank small = canonical(svd.left(k), svd.values(), svd.right(k), k, update.dtype());
    return new Recompression(small, update, svd.values(), k);
  }

  /**
   * The nearest update of small rank to a dense matrix, by its singular value decomposition in
   * double precision.
   *
   * @param matrix shape [m, n], not modified
   * @param choice how many singular values to keep
   * @throws IllegalArgumentException if matrix is not a matrix or not finite
   */
  public static Recompression ofDense(Tensor matrix, RankChoice choice) {
    Svd svd = Svd.exact(matrix.to(DType.F64));
    double[] values = svd.singularValues().toDoubles();
    int k = checked(choice, values);
    Svd leading = svd.truncate(k);
    LowRank small = canonical(leading.u().copy(), values, leading.v().copy(), k, matrix.dtype());
    LowRank exact = svd.toLowRank();
    return new Recompression(small, exact, values, k);
  }

  /**
   * The adapter in what finetuning changed: {@code tuned - base}, subtracted in double precision
   * and truncated.
   *
   * @param tuned shape [m, n], not modified
   * @param base of the same shape and dtype, not modified
   * @param choice how many singular values to keep
   * @return an update in the dtype of the weights
   * @throws IllegalArgumentException if shapes or dtypes differ or an element is not finite
   */
  public static Recompression extract(Tensor tuned, Tensor base, RankChoice choice) {
    if (tuned.dtype() != base.dtype() || !Arrays.equals(tuned.shape(), base.shape())) {
      throw new IllegalArgumentException(
          "tuned " + tuned + " and base " + base + ": expected one shape and one dtype");
    }
    Norms.requireFinite("tuned", tuned);
    Norms.requireFinite("base", base);
    Tensor difference = Arithmetic.subtract(tuned.to(DType.F64), base.to(DType.F64));
    Recompression wide = ofDense(difference, choice);
    LowRank small = wide.update;
    LowRank stored = LowRank.of(small.left().to(tuned.dtype()), small.right().to(tuned.dtype()));
    return new Recompression(stored, wide.exact, wide.values, wide.rank);
  }

  private static int checked(RankChoice choice, double[] values) {
    int k = choice.choose(values.clone());
    if (k < 0 || k > values.length) {
      throw new IllegalArgumentException(
          "choice: gave rank " + k + " for " + values.length + " singular values");
    }
    return k;
  }

  /**
   * {@code (U S^(1/2)) (S^(1/2) V^T)} with the largest entry of each left column positive: the
   * factors are unique where the singular values differ.
   */
  private static LowRank canonical(Tensor u, double[] values, Tensor v, int k, DType dtype) {
    Tensor left = u.transpose();
    Tensor right = v.transpose();
    for (int i = 0; i < k; i++) {
      double root = Math.sqrt(values[i]) * signOfLargest(left.row(i));
      Arithmetic.scale(root, left.row(i));
      Arithmetic.scale(root, right.row(i));
    }
    return LowRank.of(left.transpose().copy().to(dtype), right.copy().to(dtype));
  }

  private static int signOfLargest(Tensor vector) {
    double largest = 0;
    for (int i = 0; i < vector.length(); i++) {
      double value = vector.get(i);
      largest = Math.abs(value) > Math.abs(largest) ? value : largest;
    }
    return largest < 0 ? -1 : 1;
  }

  /**
   * The truncated update with scale 1 and balanced factors, {@code B^T B = A A^T = diag(sigma)}, in
   * the dtype of what was truncated.
   */
  public LowRank update() {
    return update;
  }

  /** The rank kept. */
  public int rank() {
    return rank;
  }

  /** All singular values before truncation, descending; a copy. */
  public double[] singularValues() {
    return values.clone();
  }

  /** The spectrum before truncation. */
  public Spectrum spectrum() {
    return Spectrum.of(values, exact.rows(), exact.cols(), exact.dtype(), SpectrumSource.FACTORS);
  }

  /** {@code |D - D_k|_F}, the root of the sum of squares of the singular values left out. */
  public double frobeniusError() {
    return tail(rank);
  }

  /** {@code |D - D_k|_2}, the largest singular value left out. */
  public double spectralError() {
    return rank < values.length ? values[rank] : 0;
  }

  /** {@link #frobeniusError} over the norm before truncation; 0 for a zero matrix. */
  public double relativeError() {
    double norm = tail(0);
    return norm == 0 ? 0 : frobeniusError() / norm;
  }

  /**
   * An upper bound of {@code |D - D_k|_F} for the factors as stored: the norm of the difference,
   * measured through its own factors, plus what rounding may hide in that measurement. Larger than
   * {@link #frobeniusError} where the factors were rounded to single precision.
   *
   * <p>Cost: O((m + n) (R + k)^2).
   */
  public double certifiedError() {
    LowRank difference =
        UpdateSum.weighted(
            new double[] {1, -1}, Arrays.asList(to64(exact), to64(update)).toArray(LowRank[]::new));
    BalancedFactors factors = BalancedFactors.of(difference);
    return UpdateNorms.frobenius(difference) + factors.noise();
  }

  /**
   * By how much a loss may change to first order if this truncation replaces the update in a
   * network: {@code |G|_F |D - D_k|_F}, by the inequality of Cauchy and Schwarz.
   *
   * @param gradientNorm Frobenius norm of the gradient of the loss with respect to the weight
   * @throws IllegalArgumentException if the norm is negative or not finite
   */
  public double lossChange(double gradientNorm) {
    if (!(gradientNorm >= 0 && gradientNorm <= Double.MAX_VALUE)) {
      throw new IllegalArgumentException(
          "gradientNorm: given " + gradientNorm + ", expected a finite number of at least 0");
    }
    return gradientNorm * frobeniusError();
  }

  private double tail(int from) {
    double norm = 0;
    for (int i = values.length - 1; i >= from; i--) {
      norm = Math.hypot(norm, values[i]);
    }
    return norm;
  }

  private static LowRank to64(LowRank update) {
    return LowRank.of(update.left().to(DType.F64), update.right().to(DType.F64), update.scale());
  }
}
