package org.quadrille.lowrank.spectrum;

import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;
import org.quadrille.linalg.DType;
import org.quadrille.linalg.Norms;
import org.quadrille.linalg.Svd;
import org.quadrille.linalg.Tensor;

/**
 * All singular values of a matrix and the ranks that can be read off them.
 *
 * {@snippet :
 * Spectrum update = Spectrum.of(Arithmetic.subtract(tuned, base));
 * int rank = update.rankForEnergy(0.9); // singular values that hold 90 % of the sum of squares
 * double relative = update.normalizedRank(0.9); // about 1 for noise of the same shape
 * }
 *
 * <p>Squares are taken of {@code sigma / sigma_1}, so matrices of any scale are fine. Of a nonzero
 * matrix {@code 1 <= stableRank <= participationRatio <= effectiveRankOfEnergy <= effectiveRank}
 * (they are exponentials of Renyi entropies of order infinity, 2, 1 of the squares and 1 of the
 * values) and {@code stableRank <= nuclearRank <= effectiveRank}. All are k where k singular values
 * are equal and the others 0; all are 0 for a zero matrix. Immutable.
 */
public final class Spectrum {
  private final double[] values;
  private final int rows;
  private final int cols;
  private final DType dtype;
  private final SpectrumSource source;

  private Spectrum(double[] values, int rows, int cols, DType dtype, SpectrumSource source) {
    this.values = values;
    this.rows = rows;
    this.cols = cols;
    this.dtype = dtype;
    this.source = source;
  }

  /**
   * The spectrum of a matrix, computed in double precision whatever its dtype.
   *
   * @param a shape [m, n], not modified; about {@code 8/3 m n min(m, n)} flops
   * @throws IllegalArgumentException if a is not a matrix or has a NaN or infinite element
   */
  public static Spectrum of(Tensor a) {
    checkMatrix(a);
    double[] values = Svd.values(a.to(DType.F64)).toDoubles();
    return new Spectrum(values, a.size(0), a.size(1), a.dtype(), SpectrumSource.EXACT);
  }

  /**
   * The spectrum from the eigenvalues of {@code A A^T} or {@code A^T A}, whichever is smaller, in
   * double precision: quicker, right for energies, and useless for singular values below {@code
   * 1e-8 sigma_1}.
   *
   * @param a shape [m, n], not modified
   * @throws IllegalArgumentException if a is not a matrix or has a NaN or infinite element
   */
  public static Spectrum byGram(Tensor a) {
    checkMatrix(a);
    double[] values = GramValues.of(a.to(DType.F64));
    return new Spectrum(values, a.size(0), a.size(1), a.dtype(), SpectrumSource.GRAM);
  }

  /**
   * A spectrum whose singular values are known.
   *
   * @param values at most min(rows, cols) numbers, none negative, descending; the rest are zeros
   * @param rows of the matrix
   * @param cols of the matrix
   * @param dtype of the matrix: what counts as zero depends on it
   * @param source how the values were found
   * @throws IllegalArgumentException if the values are not such
   */
  public static Spectrum of(
      double[] values, int rows, int cols, DType dtype, SpectrumSource source) {
    if (rows < 0 || cols < 0 || values.length > Math.min(rows, cols)) {
      throw new IllegalArgumentException(
          "values: given "
              + values.length
              + " for shape ["
              + rows
              + ", "
              + cols
              + "], expected at most the smaller side");
    }
    for (int i = 0; i < values.length; i++) {
      boolean fits = values[i] >= 0 && values[i] <= (i == 0 ? Double.MAX_VALUE : values[i - 1]);
      if (!fits) {
        throw new IllegalArgumentException(
            "values: given "
                + values[i]
                + " at "
                + i
                + (i == 0 ? "" : " after " + values[i - 1])
                + ", expected finite numbers in descending order, none negative");
      }
    }
    return new Spectrum(Arrays.copyOf(values, Math.min(rows, cols)), rows, cols, dtype, source);
  }

  private static void checkMatrix(Tensor a) {
    if (a.rank() != 2) {
      throw new IllegalArgumentException("Spectrum: given " + a + ", expected a matrix");
    }
    Norms.requireFinite("Spectrum", a);
  }

  /** A copy of the min(rows, cols) singular values, descending. */
  public double[] values() {
    return values.clone();
  }

  /** The i-th singular value, from 0. */
  public double value(int i) {
    return values[i];
  }

  /** Number of singular values, the smaller side of the matrix. */
  public int size() {
    return values.length;
  }

  /** Rows of the matrix. */
  public int rows() {
    return rows;
  }

  /** Columns of the matrix. */
  public int cols() {
    return cols;
  }

  /** How the singular values were found. */
  public SpectrumSource source() {
    return source;
  }

  /** Largest singular value; 0 for a zero or empty matrix. */
  public double spectralNorm() {
    return values.length == 0 ? 0 : values[0];
  }

  /** Root of the sum of squares. */
  public double frobeniusNorm() {
    return spectralNorm() * Math.sqrt(sum(p -> p * p));
  }

  /** Sum of the singular values. */
  public double nuclearNorm() {
    return spectralNorm() * sum(p -> p);
  }

  /**
   * Number of singular values above {@code max(m, n) u sigma_1} with u = 2^-52 for doubles, 2^-23
   * for floats; not below the {@link SpectrumSource#resolution} of how they were found.
   */
  public int numericalRank() {
    double unit = Math.max(dtype == DType.F32 ? 0x1p-23 : 0x1p-52, source.resolution());
    double tolerance = Math.max(rows, cols) * unit * spectralNorm();
    int rank = 0;
    while (rank < values.length && values[rank] > tolerance) {
      rank++;
    }
    return rank;
  }

  /**
   * The smallest k for which the k largest singular values hold a share of the sum of squares.
   *
   * @param energy above 0 and at most 1; 1 asks for the numerical rank
   * @return 0 for a zero matrix
   * @throws IllegalArgumentException if energy is outside its range
   */
  public int rankForEnergy(double energy) {
    MarchenkoPastur.checkEnergy(energy);
    if (energy == 1) {
      return numericalRank();
    }
    // Sums of the same shares differ in the last digits with the order of squares.
    double needed = energy * sum(p -> p * p) * (1 - 4 * 0x1p-52);
    double held = 0;
    int k = 0;
    while (k < values.length && held < needed) {
      double p = values[k++] / values[0];
      held += p * p;
    }
    return k;
  }

  /**
   * {@link #rankForEnergy} over what noise of the same shape needs ({@link MarchenkoPastur}): about
   * 1 means as high a rank as noise. 0 for a zero matrix.
   */
  public double normalizedRank(double energy) {
    int rank = rankForEnergy(energy);
    return rank == 0 ? 0 : rank / MarchenkoPastur.rankForEnergy(rows, cols, energy);
  }

  /** {@code |A|_F^2 / |A|_2^2}. */
  public double stableRank() {
    return sum(p -> p * p);
  }

  /** Sum of the singular values over the largest. */
  public double nuclearRank() {
    return sum(p -> p);
  }

  /**
   * {@code exp(-sum p ln p)} with {@code p = sigma / sum sigma} (Roy and Vetterli, The effective
   * rank: a measure of effective dimensionality, EUSIPCO 2007).
   */
  public double effectiveRank() {
    return exponentialOfEntropy(p -> p);
  }

  /** As {@link #effectiveRank} with the shares of the energy {@code p = sigma^2 / sum sigma^2}. */
  public double effectiveRankOfEnergy() {
    return exponentialOfEntropy(p -> p * p);
  }

  /** {@code (sum sigma^2)^2 / sum sigma^4}. */
  public double participationRatio() {
    double squares = sum(p -> p * p);
    return squares == 0 ? 0 : squares * squares / sum(p -> p * p * p * p);
  }

  private double exponentialOfEntropy(DoubleUnaryOperator weight) {
    double total = sum(weight);
    if (total == 0) {
      return 0;
    }
    double entropy =
        sum(
            sigma -> {
              double p = weight.applyAsDouble(sigma) / total;
              return p == 0 ? 0 : -p * StrictMath.log(p);
            });
    return StrictMath.exp(entropy);
  }

  /** Sum of a function of {@code sigma / sigma_1}, largest first; 0 for a zero matrix. */
  private double sum(DoubleUnaryOperator function) {
    double sum = 0;
    if (spectralNorm() > 0) {
      for (double value : values) {
        sum += function.applyAsDouble(value / values[0]);
      }
    }
    return sum;
  }

  @Override
  public String toString() {
    return "Spectrum of a matrix of shape ["
        + rows
        + ", "
        + cols
        + "], largest singular value "
        + spectralNorm();
  }
}
