package org.quadrille.zernike;

/**
 * How a function is interpolated on a disk.
 *
 * @param tolerance coefficients below this, over the largest one, are negligible: 0 up to 1, not
 *     included; 1e-13 by default
 * @param largestDegree degree to give up at, 16 to 8190; 1024 by default, a million samples
 * @param centreX centre of the disk
 * @param centreY centre of the disk
 * @param radius of the disk, above 0
 */
public record InterpolationOptions(
    double tolerance, int largestDegree, double centreX, double centreY, double radius) {
  /** The unit disk, 1e-13, degree 1024. */
  public static final InterpolationOptions DEFAULT = new InterpolationOptions(1e-13, 1024, 0, 0, 1);

  /** Checks the ranges. */
  public InterpolationOptions {
    if (!(tolerance > 0 && tolerance < 1)) {
      throw new IllegalArgumentException(
          "tolerance: given " + tolerance + ", expected a number between 0 and 1");
    }
    if (largestDegree < 16 || largestDegree > 8190) {
      throw new IllegalArgumentException(
          "largestDegree: given " + largestDegree + ", expected 16 to 8190");
    }
    if (!(radius > 0)
        || !Double.isFinite(radius)
        || !Double.isFinite(centreX)
        || !Double.isFinite(centreY)) {
      throw new IllegalArgumentException(
          "disk of radius "
              + radius
              + " around ("
              + centreX
              + ", "
              + centreY
              + "): expected finite numbers and a radius above 0");
    }
  }

  /** The same with another tolerance. */
  public InterpolationOptions withTolerance(double other) {
    return new InterpolationOptions(other, largestDegree, centreX, centreY, radius);
  }

  /** The same with another largest degree. */
  public InterpolationOptions withLargestDegree(int other) {
    return new InterpolationOptions(tolerance, other, centreX, centreY, radius);
  }

  /** The same on another disk. */
  public InterpolationOptions on(double x, double y, double otherRadius) {
    return new InterpolationOptions(tolerance, largestDegree, x, y, otherRadius);
  }
}
