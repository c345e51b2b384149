package org.quadrille.zernike.wavefront;

import org.quadrille.zernike.DiskModes;

/**
 * What to fit to measured wavefronts or slopes, and how.
 *
 * {@snippet :
 * WavefrontFit fit = new FitOptions(8).fit(x, y, w, null);
 * WavefrontFit annular = new FitOptions(8).withBasis(basis).withRidge(1e-8).fit(x, y, w, null);
 * WavefrontFit slopes = new FitOptions(8).fitSlopes(x, y, slopeX, slopeY, null); // Shack-Hartmann
 * }
 *
 * <p>A sample that is NaN or infinite, in any of its numbers, or outside the unit disk or without
 * weight, is dropped and counted, never an error: that is what missing data look like. Points are
 * taken in blocks, so that memory does not grow with them. <b>Method</b>: Householder QR of the
 * design matrix; for more than one block of points and a condition number to 1e5, the corrected
 * seminormal equations, as accurate and several times as fast. <b>Bits</b>: the same for every
 * number of threads. <b>Cost</b>: p n^2 to 4 p n^2 flops for p points and n modes.
 *
 * @param degree L: all modes to it are fitted, 0 to 150
 * @param basis the modes to fit; null for the orthonormal Zernike modes of the disk
 * @param ridge lambda: {@code lambda sum d^4 c^2} is added to the mean square of the residuals, d
 *     the degree of a mode; 0 for none
 * @param rankTolerance singular values of the design matrix below it times the largest are taken
 *     for 0, and the shortest solution is given; 0 refuses matrices that are singular to rounding
 *     error
 */
public record FitOptions(int degree, PupilBasis basis, double ridge, double rankTolerance) {

  /** Zernike modes to a degree, without ridge or rank tolerance. */
  public FitOptions(int degree) {
    this(degree, null, 0, 0);
  }

  /** Checks the ranges. */
  public FitOptions {
    OsaCoefficients.requireMatrixDegree(degree);
    if (basis != null && basis.degree() != degree) {
      throw new IllegalArgumentException(
          "basis: given one of degree " + basis.degree() + ", expected " + degree);
    }
    if (!(ridge >= 0 && ridge < 1e300) || !(rankTolerance >= 0 && rankTolerance < 1)) {
      throw new IllegalArgumentException(
          "ridge "
              + ridge
              + ", rank tolerance "
              + rankTolerance
              + "; expected a ridge of 0 or more and a tolerance from 0 to less than 1");
    }
  }

  /** With the modes of a pupil in place of those of the disk. */
  public FitOptions withBasis(PupilBasis pupilBasis) {
    return new FitOptions(degree, pupilBasis, ridge, rankTolerance);
  }

  /** With a ridge. */
  public FitOptions withRidge(double lambda) {
    return new FitOptions(degree, basis, lambda, rankTolerance);
  }

  /** With a rank tolerance. */
  public FitOptions withRankTolerance(double tolerance) {
    return new FitOptions(degree, basis, ridge, tolerance);
  }

  /** Number of coefficients, (L + 1)(L + 2) / 2. */
  public int modes() {
    return DiskModes.count(degree);
  }

  /**
   * Fits samples of a wavefront.
   *
   * @param x positions in pupil radii, not modified
   * @param y positions, as many
   * @param values samples, as many
   * @param weights as many, 0 or more, inverse variances but for a factor; null for equal weights
   * @throws IllegalArgumentException if lengths differ, a weight is negative, or the samples do not
   *     determine the modes
   */
  public WavefrontFit fit(double[] x, double[] y, double[] values, double[] weights) {
    requireLength("y", y.length, x.length);
    requireLength("values", values.length, x.length);
    return new FitRun(this, x, y, weights).values(values);
  }

  /**
   * Fits the pixels of an image whose centres lie in the unit disk; NaN marks dark ones.
   *
   * @param grid where the pixels lie
   * @param pixels row-major, not modified
   */
  public WavefrontFit fitPixels(PixelGrid grid, double[] pixels) {
    grid.requirePixels("pixels", pixels);
    int[] inside = grid.inside();
    double[] x = new double[inside.length];
    double[] y = new double[inside.length];
    double[] values = new double[inside.length];
    for (int i = 0; i < inside.length; i++) {
      x[i] = grid.x(inside[i]);
      y[i] = grid.y(inside[i]);
      values[i] = pixels[inside[i]];
    }
    return fit(x, y, values, null);
  }

  /**
   * Fits slopes, as a Shack-Hartmann sensor or a shearing interferometer measures them. Piston has
   * no slope: its coefficient is 0.
   *
   * @param x positions in pupil radii, not modified
   * @param y positions, as many
   * @param slopeX dW/dx in units of the wavefront per pupil radius, as many
   * @param slopeY dW/dy
   * @param weights one for both slopes of a position, 0 or more; null for equal weights
   * @throws IllegalArgumentException if lengths differ, a weight is negative, the degree is 0, or
   *     the samples do not determine the modes
   */
  public WavefrontFit fitSlopes(
      double[] x, double[] y, double[] slopeX, double[] slopeY, double[] weights) {
    requireLength("y", y.length, x.length);
    requireLength("slopeX", slopeX.length, x.length);
    requireLength("slopeY", slopeY.length, x.length);
    if (degree == 0) {
      throw new IllegalArgumentException(
          "slopes fit: degree 0 is piston alone, which has no slope; expected degree 1 or more");
    }
    return new FitRun(this, x, y, weights).slopes(slopeX, slopeY);
  }

  private static void requireLength(String name, int given, int expected) {
    if (given != expected) {
      throw new IllegalArgumentException(
          name + ": given " + given + " numbers, expected " + expected + ", as many as x");
    }
  }
}
