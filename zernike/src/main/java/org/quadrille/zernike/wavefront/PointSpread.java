package org.quadrille.zernike.wavefront;

import java.util.Arrays;
import org.quadrille.zernike.DiskEvaluator;
import org.quadrille.zernike.DiskModes;
import org.quadrille.zernike.Outside;

/**
 * A point spread function: the image of a point at infinity through a pupil with a wavefront error,
 * by Fraunhofer diffraction, {@code I(u, v) = |1/A integral of exp(2 pi i W) exp(-i pi (u x + v y))
 * dA|^2}. Without error it is 1 in the middle.
 *
 * {@snippet :
 * PointSpread psf = PointSpread.of(waves, 0.3, 129, 0.25); // central obscuration 0.3
 * double strehl = psf.strehl();                            // at the middle of the image
 * double[] image = psf.intensity();                        // [129, 129], row-major
 * }
 *
 * <p>By a matrix Fourier transform, two products: the image is sampled where it is wanted. Over a
 * disk or an annulus, on chords with Gauss rules, so that the error is that of rounding, 1e-12 of
 * the peak or less; over a mask, as a sum over its pixels. Coordinates u and v are angles in
 * wavelengths over the diameter of the pupil (positions in the image in units of wavelength times
 * focal ratio). <b>Bits</b>: the same for every number of threads. Immutable.
 */
public final class PointSpread {
  private static final int LARGEST_SIZE = 4096;
  private static final int MOST_CHORDS = 3000;

  private final int size;
  private final double step;
  private final double[] intensity;
  private final double strehl;

  private PointSpread(int size, double step, double[] intensity, double strehl) {
    this.size = size;
    this.step = step;
    this.intensity = intensity;
    this.strehl = strehl;
  }

  /**
   * The image of a circular or annular pupil.
   *
   * @param waves the wavefront, orthonormal coefficients in OSA order, in wavelengths; not modified
   * @param obscuration inner over outer radius, 0 for none
   * @param size pixels of a side, 1 to 4096; the middle is pixel {@code size / 2}
   * @param step from pixel to pixel in wavelengths over the pupil's diameter
   * @throws IllegalArgumentException for a wavefront so steep that more than 3000 points across the
   *     pupil would be needed
   */
  public static PointSpread of(double[] waves, double obscuration, int size, double step) {
    OsaCoefficients.degree(waves);
    PupilQuadrature.requireObscuration(obscuration);
    double[] axis = axis(size, step);
    double[] plain = OsaCoefficients.toPlain(waves);
    double area = Math.PI * (1 - obscuration) * (1 + obscuration);
    double[] field = disk(plain, 1, axis);
    double[] centre = disk(plain, 1, new double[] {0});
    if (obscuration > 0) {
      subtract(field, disk(plain, obscuration, axis));
      subtract(centre, disk(plain, obscuration, new double[] {0}));
    }
    return ofField(size, step, field, centre, area);
  }

  /**
   * The image of a pupil with a mask, taken as constant over each pixel's share of the sum.
   *
   * @param waves the wavefront, orthonormal coefficients in OSA order, in wavelengths; not modified
   * @param grid where the pixels of the mask lie
   * @param transmission of the amplitude, row-major, for each pixel; those whose centre is outside
   *     the unit disk do not count
   * @param size pixels of a side of the image, 1 to 4096; the middle is pixel {@code size / 2}
   * @param step from pixel to pixel in wavelengths over the pupil's diameter
   */
  public static PointSpread ofMask(
      double[] waves, PixelGrid grid, double[] transmission, int size, double step) {
    int degree = OsaCoefficients.degree(waves);
    double[] axis = axis(size, step);
    grid.requirePixels("transmission", transmission);
    int[] inside = grid.inside();
    double[] x = Arrays.stream(inside).mapToDouble(grid::x).toArray();
    double[] y = Arrays.stream(inside).mapToDouble(grid::y).toArray();
    double[] phase =
        DiskEvaluator.ofDegree(degree)
            .withOutside(Outside.EXTRAPOLATE)
            .values(OsaCoefficients.toPlain(waves), x, y, null);
    double[] real = new double[transmission.length];
    double[] imaginary = new double[transmission.length];
    double total = 0;
    for (int i = 0; i < inside.length; i++) {
      double amplitude = transmission[inside[i]];
      if (!Double.isFinite(amplitude)) {
        throw new IllegalArgumentException(
            "transmission " + inside[i] + " is " + amplitude + ", expected finite numbers");
      }
      real[inside[i]] = amplitude * Math.cos(2 * Math.PI * phase[i]);
      imaginary[inside[i]] = amplitude * Math.sin(2 * Math.PI * phase[i]);
      total += amplitude;
    }
    if (!(total > 0)) {
      throw new IllegalArgumentException(
          "mask: the sum of transmissions in the unit disk is " + total + ", expected above 0");
    }
    double[] rows = new double[grid.rows()];
    double[] columns = new double[grid.columns()];
    Arrays.setAll(rows, i -> grid.y(i * grid.columns()));
    Arrays.setAll(columns, grid::x);
    double[] field =
        new MatrixFourierTransform(rows, columns, axis, axis).transform(real, imaginary);
    double[] middle = {0};
    double[] centre =
        new MatrixFourierTransform(rows, columns, middle, middle).transform(real, imaginary);
    return ofField(size, step, field, centre, total);
  }

  private static PointSpread ofField(
      int size, double step, double[] field, double[] centre, double area) {
    double[] intensity = new double[size * size];
    for (int i = 0; i < intensity.length; i++) {
      double re = field[i] / area;
      double im = field[intensity.length + i] / area;
      intensity[i] = re * re + im * im;
    }
    double strehl = (centre[0] * centre[0] + centre[1] * centre[1]) / (area * area);
    return new PointSpread(size, step, intensity, strehl);
  }

  private static double[] axis(int size, double step) {
    if (size < 1 || size > LARGEST_SIZE || !(step > 0 && step * size < 1e5)) {
      throw new IllegalArgumentException(
          "image: size "
              + size
              + ", step "
              + step
              + "; expected 1 to "
              + LARGEST_SIZE
              + " pixels and a positive step");
    }
    double[] axis = new double[size];
    Arrays.setAll(axis, i -> (i - size / 2) * step);
    return axis;
  }

  /** The integral over a disk about the origin, at image points on both axes. */
  private static double[] disk(double[] plain, double radius, double[] axis) {
    double highest = Math.max(Math.abs(axis[0]), Math.abs(axis[axis.length - 1]));
    int degree = DiskModes.degree(plain.length);
    DiskEvaluator evaluator = DiskEvaluator.ofDegree(degree).withOutside(Outside.EXTRAPOLATE);
    double slope = steepest(evaluator, plain);
    // radians over half the disk; n Gauss nodes integrate exp(i w x) on [-1, 1] for n above w / 2
    double frequency = Math.PI * radius * (highest + 2 * slope);
    double wanted = 0.5 * frequency + 4 * Math.cbrt(frequency) + 16;
    if (!(wanted <= MOST_CHORDS)) {
      throw new IllegalArgumentException(
          "point spread: slopes up to "
              + slope
              + " waves per pupil radius and angles to "
              + highest
              + " need "
              + wanted
              + " points across the pupil, expected at most "
              + MOST_CHORDS
              + "; are coefficients in waves?");
    }
    ChordTransform chords = new ChordTransform((int) wanted, radius);
    double[] real = evaluator.values(plain, chords.pointsX(), chords.pointsY(), null);
    double[] imaginary = new double[real.length];
    for (int i = 0; i < real.length; i++) {
      double phase = 2 * Math.PI * (real[i] - Math.rint(real[i]));
      real[i] = Math.cos(phase);
      imaginary[i] = Math.sin(phase);
    }
    return chords.transform(real, imaginary, axis, axis);
  }

  /** Largest slope on a polar grid as fine as the highest mode: an estimate, from below. */
  private static double steepest(DiskEvaluator evaluator, double[] plain) {
    int rings = evaluator.degree() + 2;
    int angles = 2 * evaluator.degree() + 4;
    double[] x = new double[rings * angles];
    double[] y = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      double r = Math.sin(0.5 * Math.PI * (i / angles + 1) / rings);
      x[i] = r * Math.cos(2 * Math.PI * (i % angles) / angles);
      y[i] = r * Math.sin(2 * Math.PI * (i % angles) / angles);
    }
    double[] dx = new double[x.length];
    double[] dy = new double[x.length];
    evaluator.gradients(plain, x, y, dx, dy);
    double most = 0;
    for (int i = 0; i < x.length; i++) {
      most = Math.max(most, Math.hypot(dx[i], dy[i]));
    }
    return most;
  }

  private static void subtract(double[] from, double[] what) {
    for (int i = 0; i < from.length; i++) {
      from[i] -= what[i];
    }
  }

  /** Pixels of a side. */
  public int size() {
    return size;
  }

  /** From pixel to pixel, in wavelengths over the pupil's diameter. */
  public double step() {
    return step;
  }

  /**
   * Row-major of shape [size, size], v by rows, u by columns; 1 at the peak of the perfect image.
   */
  public double[] intensity() {
    return intensity.clone();
  }

  /**
   * Intensity in the middle over that without wavefront error: {@code |mean of exp(2 pi i W)|^2}.
   */
  public double strehl() {
    return strehl;
  }

  /** The largest intensity of a pixel; tilt moves it away from the middle. */
  public double peak() {
    double peak = 0;
    for (double value : intensity) {
      peak = Math.max(peak, value);
    }
    return peak;
  }

  /**
   * The share of the light that falls on the image, as a sum over pixels: near 1 if the image is
   * wide, and the step at most 1/2, so that the sum is the integral.
   *
   * @param area of the pupil over that of the unit disk, 1 less the square of the obscuration
   */
  public double energy(double area) {
    if (!(area > 0 && area <= 1)) {
      throw new IllegalArgumentException("area: given " + area + ", expected above 0, at most 1");
    }
    double sum = 0;
    for (double value : intensity) {
      sum += value;
    }
    // Parseval: the integral of I du dv is 4 / A, with A = pi area, x = position over radius
    return sum * step * step * Math.PI * area / 4;
  }
}
