package org.quadrille.zernike.wavefront;

import org.quadrille.zernike.DiskEvaluator;
import org.quadrille.zernike.Outside;

/**
 * The result of a least-squares fit of modes to a wavefront or to its slopes; made by {@link
 * FitOptions}. Immutable: arrays are copies.
 */
public final class WavefrontFit {
  private final FitOptions options;
  private final double[] coefficients;
  private final double[] standardErrors;
  private final double residualRms;
  private final double conditionNumber;
  private final int rank;
  private final int samplesUsed;
  private final int samplesDropped;

  WavefrontFit(
      FitOptions options,
      double[] coefficients,
      double[] standardErrors,
      double residualRms,
      double conditionNumber,
      int rank,
      int samplesUsed,
      int samplesDropped) {
    this.options = options;
    this.coefficients = coefficients;
    this.standardErrors = standardErrors;
    this.residualRms = residualRms;
    this.conditionNumber = conditionNumber;
    this.rank = rank;
    this.samplesUsed = samplesUsed;
    this.samplesDropped = samplesDropped;
  }

  /** What was asked for. */
  public FitOptions options() {
    return options;
  }

  /** Coefficients of the modes that were fitted: orthonormal, OSA order, or those of the basis. */
  public double[] coefficients() {
    return coefficients.clone();
  }

  /** The same wavefront in orthonormal Zernike modes, OSA order. */
  public double[] zernike() {
    return options.basis() == null ? coefficients() : options.basis().toZernike(coefficients);
  }

  /**
   * Standard errors of the coefficients: roots of the diagonal of {@code s^2 (A^T A)^-1}, s^2 the
   * weighted square sum of residuals over the number of equations less the rank. NaN where there
   * are no more equations than that; without meaning if the errors of samples are not independent.
   */
  public double[] standardErrors() {
    return standardErrors.clone();
  }

  /** Root of the weighted mean square of what the fit leaves, in the unit of the samples. */
  public double residualRms() {
    return residualRms;
  }

  /**
   * Largest over smallest singular value of the design matrix, ridge included; infinite if it is
   * singular. Coefficients may be off by it times the relative errors of samples.
   */
  public double conditionNumber() {
    return conditionNumber;
  }

  /** How many combinations of modes were determined: all, unless a rank tolerance left some out. */
  public int rank() {
    return rank;
  }

  /** Samples, or pairs of slopes, that were fitted. */
  public int samplesUsed() {
    return samplesUsed;
  }

  /** Samples that were not finite, outside the unit disk, or of no weight. */
  public int samplesDropped() {
    return samplesDropped;
  }

  /**
   * The fitted wavefront at points.
   *
   * @param x positions in pupil radii
   * @param y positions
   * @return one value for each point, NaN outside the unit disk
   */
  public double[] values(double[] x, double[] y) {
    double[] plain = OsaCoefficients.toPlain(zernike());
    return DiskEvaluator.ofDegree(options.degree())
        .withOutside(Outside.NAN)
        .values(plain, x, y, null);
  }

  /**
   * What the fit leaves: samples less {@link #values}; NaN where a sample is, and outside the unit
   * disk.
   *
   * @param x positions in pupil radii
   * @param y positions
   * @param samples one for each point
   */
  public double[] residuals(double[] x, double[] y, double[] samples) {
    double[] values = values(x, y);
    if (samples.length != values.length) {
      throw new IllegalArgumentException(
          "samples: given " + samples.length + ", expected " + values.length);
    }
    for (int i = 0; i < values.length; i++) {
      values[i] = samples[i] - values[i];
    }
    return values;
  }

  @Override
  public String toString() {
    return "WavefrontFit[degree "
        + options.degree()
        + ", "
        + samplesUsed
        + " samples, "
        + samplesDropped
        + " dropped, residual "
        + residualRms
        + ", condition number "
        + conditionNumber
        + ", rank "
        + rank
        + "]";
  }
}
