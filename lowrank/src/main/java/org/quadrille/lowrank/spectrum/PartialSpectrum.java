package org.quadrille.lowrank.spectrum;

import java.util.Arrays;
import org.quadrille.linalg.Arithmetic;
import org.quadrille.linalg.DType;
import org.quadrille.linalg.GaussianMatrix;
import org.quadrille.linalg.LinearOperator;
import org.quadrille.linalg.MatrixProduct;
import org.quadrille.linalg.Norms;
import org.quadrille.linalg.Svd;
import org.quadrille.linalg.Tensor;

/**
 * What the singular values {@code s~_i} of a part {@code Q Q^T M} or {@code M Q Q^T} prove about
 * those of M.
 *
 * <p>With the rest {@code E = M - Q Q^T M}, whose Frobenius norm follows from {@code |E|_F^2 =
 * |M|_F^2 - sum s~_i^2}, and e a bound of its spectral norm, {@code M^T M = (Q Q^T M)^T (Q Q^T M) +
 * E^T E} gives, by Weyl and by Ky Fan,
 *
 * <pre>
 *   s~_i^2 <= s_i^2 <= s~_i^2 + e^2,   sum_{i <= k} s_i^2 <= sum_{i <= k} s~_i^2 + min(k e^2, |E|_F^2)
 * </pre>
 *
 * and so an interval for the rank that holds any share of the energy, without the whole spectrum.
 */
public final class PartialSpectrum {
  private final double[] values;
  private final double frobeniusNorm;
  private final double frobeniusError;
  private final double spectralError;
  private final int rows;
  private final int cols;
  private final DType dtype;

  /**
   * A part of a spectrum.
   *
   * @param values singular values of the part, descending, not negative
   * @param frobeniusNorm of the whole matrix
   * @param frobeniusError of the rest, which also bounds its spectral norm
   * @param rows of the matrix
   * @param cols of the matrix
   * @param dtype in which the part was computed: how much of an energy may be rounding
   * @throws IllegalArgumentException if a number is negative or not finite, or there are more
   *     values than the smaller side
   */
  public PartialSpectrum(
      double[] values,
      double frobeniusNorm,
      double frobeniusError,
      int rows,
      int cols,
      DType dtype) {
    this(values, frobeniusNorm, frobeniusError, frobeniusError, rows, cols, dtype);
  }

  private PartialSpectrum(
      double[] values,
      double frobeniusNorm,
      double frobeniusError,
      double spectralError,
      int rows,
      int cols,
      DType dtype) {
    Spectrum checked = Spectrum.of(values, rows, cols, dtype, SpectrumSource.EXACT);
    this.values = Arrays.copyOf(checked.values(), values.length);
    check("frobeniusNorm", frobeniusNorm);
    check("frobeniusError", frobeniusError);
    check("spectralError", spectralError);
    this.frobeniusNorm = frobeniusNorm;
    this.frobeniusError = frobeniusError;
    this.spectralError = spectralError;
    this.rows = rows;
    this.cols = cols;
    this.dtype = dtype;
  }

  private static void check(String name, double value) {
    if (!(value >= 0 && value <= Double.MAX_VALUE)) {
      throw new IllegalArgumentException(
          name + ": given " + value + ", expected a finite number of at least 0");
    }
  }

  /** The part of a decomposition of a matrix with known norm: the rest follows. */
  public static PartialSpectrum of(Svd part, double frobeniusNorm, int rows, int cols) {
    double[] values = part.singularValues().toDoubles();
    double left = frobeniusNorm > 0 ? 1 : 0;
    for (double value : values) {
      double share = frobeniusNorm > 0 ? value / frobeniusNorm : 0;
      left -= share * share;
    }
    double error = Math.sqrt(Math.max(0, left)) * frobeniusNorm;
    return new PartialSpectrum(
        values, frobeniusNorm, error, rows, cols, part.singularValues().dtype());
  }

  /**
   * The same with a tighter bound of the spectral norm of the rest, by random probes: {@code 10
   * (2/pi)^(1/2) max_i |E w_i|} over ten normal vectors fails with a probability below 1e-10
   * (Halko, Martinsson and Tropp 2011, lemma 4.1).
   *
   * @param m the matrix
   * @param part the decomposition of the part, whose singular values these are
   * @param seed of the probes
   * @throws IllegalArgumentException if shapes or dtypes do not fit
   */
  public PartialSpectrum withProbes(LinearOperator m, Svd part, long seed) {
    int probes = 10;
    Tensor probe = GaussianMatrix.of(m.dtype(), seed, m.cols(), probes);
    // E w = M w - U S V^T w
    Tensor inner = MatrixProduct.multiply(part.v().transpose(), probe);
    for (int i = 0; i < part.rank(); i++) {
      Arithmetic.scale(part.singularValues().get(i), inner.row(i));
    }
    Tensor rest = m.apply(probe);
    MatrixProduct.multiply(-1, part.u(), inner, 1, rest);
    double largest = 0;
    for (int i = 0; i < probes; i++) {
      largest = Math.max(largest, Norms.frobenius(rest.transpose().row(i)));
    }
    double estimate = 10 * Math.sqrt(2 / Math.PI) * largest;
    return new PartialSpectrum(
        values,
        frobeniusNorm,
        frobeniusError,
        Math.min(spectralError, estimate),
        rows,
        cols,
        dtype);
  }

  /** A lower bound of the i-th singular value of M, from 0. */
  public double lowerBound(int i) {
    return i < values.length ? values[i] : 0;
  }

  /** An upper bound of the i-th singular value of M, from 0. */
  public double upperBound(int i) {
    return Math.hypot(lowerBound(i), spectralError);
  }

  /** Frobenius norm of the rest. */
  public double frobeniusError() {
    return frobeniusError;
  }

  /** Bound of the spectral norm of the rest. */
  public double spectralError() {
    return spectralError;
  }

  /**
   * The interval in which {@link Spectrum#rankForEnergy} of the whole matrix lies.
   *
   * @param energy above 0 and below 1
   * @throws IllegalArgumentException if energy is outside its range
   */
  public RankInterval rankForEnergy(double energy) {
    MarchenkoPastur.checkEnergy(energy);
    if (energy == 1) {
      throw new IllegalArgumentException(
          "energy: given 1, expected below 1; the numerical rank needs the whole spectrum");
    }
    if (frobeniusNorm == 0) {
      return new RankInterval(0, 0);
    }
    // Singular values are right to a fraction of n u; their squares to twice that.
    double slack = 2 * dtype.unitRoundoff() * Math.max(rows, cols);
    int lower = lowerRank(energy * (1 - slack));
    return new RankInterval(lower, Math.max(lower, upperRank(energy * (1 + slack))));
  }

  /** Smallest k whose largest possible energy reaches the share. */
  private int lowerRank(double energy) {
    double rest = share(frobeniusError);
    double each = share(spectralError);
    double held = 0;
    int size = Math.min(rows, cols);
    for (int k = 1; k <= size; k++) {
      held += share(lowerBound(k - 1));
      if (held + Math.min(k * each, rest) >= energy) {
        return k;
      }
    }
    return size;
  }

  /**
   * Smallest k whose energy surely reaches the share. Beyond the part, the best j directions of the
   * rest hold at least j of its rank, which is at most min(m - k, n) if rows were projected, min(m,
   * n - k) if columns were.
   */
  private int upperRank(double energy) {
    double held = 0;
    for (int k = 1; k <= values.length; k++) {
      held += share(values[k - 1]);
      if (held >= energy) {
        return k;
      }
    }
    int size = Math.min(rows, cols);
    double rest = share(frobeniusError);
    int restRank =
        Math.max(Math.min(rows - values.length, cols), Math.min(rows, cols - values.length));
    double needed = rest > 0 ? Math.ceil((energy - held) / rest * restRank) : size;
    return (int) Math.min(size, values.length + Math.max(1, needed));
  }

  /** The share of the energy that a singular value or norm holds. */
  private double share(double value) {
    double ratio = value / frobeniusNorm;
    return ratio * ratio;
  }
}
