package org.quadrille.zernike.wavefront;

import org.quadrille.linalg.MatrixProduct;
import org.quadrille.linalg.Tensor;
import org.quadrille.zernike.DiskEvaluator;
import org.quadrille.zernike.DiskModes;
import org.quadrille.zernike.DiskRule;
import org.quadrille.zernike.DiskTransform;
import org.quadrille.zernike.Outside;

/**
 * Zernike moments of an image, features that turn with it: under a rotation, coefficients of one
 * degree and order |m| turn by |m| times the angle, so that their length stays.
 *
 * {@snippet :
 * PixelGrid grid = PixelGrid.inscribed(128, 128);
 * double[] moments = ZernikeMoments.ofPixels(12, grid, pixels);
 * double[] features = ZernikeMoments.magnitudes(moments);
 * }
 *
 * <p>A. Khotanzad and Y. H. Hong, "Invariant image recognition by Zernike moments", IEEE PAMI 12,
 * 1990. Moments are the coefficients of the orthonormal modes, {@code 1/pi integral of f Z} over
 * the disk.
 */
public final class ZernikeMoments {
  /** Points that are evaluated at a time. */
  private static final int BLOCK = 4096;

  private ZernikeMoments() {}

  /**
   * Moments of the image as it is, constant on each pixel, to rounding error: every pixel, and
   * every part of a pixel that the circle cuts off, is integrated by a Gauss rule.
   *
   * <p>Cost: {@code (L/2 + 1)^2} points a pixel, (L + 1)^2 / 2 multiply-adds a point.
   *
   * @param degree L, 0 to 100
   * @param grid where the pixels lie; beyond them, the image is 0
   * @param pixels row-major, finite, not modified
   * @return orthonormal coefficients in OSA order
   */
  public static double[] ofPixels(int degree, PixelGrid grid, double[] pixels) {
    check(degree, grid, pixels);
    DiskEvaluator evaluator = DiskEvaluator.ofDegree(degree).withOutside(Outside.EXTRAPOLATE);
    double[] moments = new double[DiskModes.count(degree)];
    PixelQuadrature quadrature = new PixelQuadrature(degree);
    Batch batch = new Batch(evaluator, moments);
    double half = 0.5 / grid.radius();
    for (int i = 0; i < pixels.length; i++) {
      if (pixels[i] != 0) {
        quadrature.pixel(grid.x(i), grid.y(i), half, pixels[i] / Math.PI, batch);
      }
    }
    batch.flush();
    double[] factors = OsaCoefficients.factors(degree);
    for (int j = 0; j < moments.length; j++) {
      moments[j] *= factors[j];
    }
    return moments;
  }

  /**
   * Moments of the image interpolated bilinearly between the centres of its pixels, on a polar grid
   * about as fine as the pixels. Much faster than {@link #ofPixels}, and smoother; the error is
   * that of sampling an image with kinks.
   *
   * @param degree L, 0 to 100
   * @param grid where the pixels lie
   * @param pixels row-major, finite, not modified
   * @return orthonormal coefficients in OSA order
   */
  public static double[] ofBilinear(int degree, PixelGrid grid, double[] pixels) {
    check(degree, grid, pixels);
    int rings = Math.max(degree + 1, (int) Math.min(2000, Math.ceil(grid.radius())));
    // a power of two, for which Fourier transforms are fast
    int wanted = Math.max(2 * degree + 1, (int) Math.min(8000, Math.ceil(6.3 * grid.radius())));
    int angles = Integer.highestOneBit(2 * wanted - 1);
    DiskRule rule = DiskRule.inSquaredRadius(rings, angles);
    PolarSamples analysis = new PolarSamples(DiskTransform.onGrid(degree, rule));
    double[] x = analysis.x();
    double[] y = analysis.y();
    double[] samples = new double[x.length];
    for (int i = 0; i < samples.length; i++) {
      samples[i] = grid.bilinear(pixels, x[i], y[i]);
    }
    return analysis.analyse(samples);
  }

  private static void check(int degree, PixelGrid grid, double[] pixels) {
    if (degree < 0 || degree > 100) {
      throw new IllegalArgumentException("degree: given " + degree + ", expected 0 to 100");
    }
    grid.requirePixels("pixels", pixels);
    for (int i = 0; i < pixels.length; i++) {
      if (!Double.isFinite(pixels[i])) {
        throw new IllegalArgumentException(
            "pixel "
                + i
                + " is "
                + pixels[i]
                + ", expected finite numbers; fit images with missing pixels by FitOptions");
      }
    }
  }

  /**
   * What does not change when the image is turned or mirrored.
   *
   * @param moments orthonormal, OSA order, degree L, not modified
   * @return {@code (c_{d,m}^2 + c_{d,-m}^2)^(1/2)} for each d and m from 0 on, in the order (0,0),
   *     (1,1), (2,0), (2,2), (3,1), ...
   */
  public static double[] magnitudes(double[] moments) {
    int degree = OsaCoefficients.degree(moments);
    double[] magnitudes = new double[(degree / 2 + 1) * ((degree + 1) / 2 + 1)];
    for (int d = 0, k = 0; d <= degree; d++) {
      for (int m = d & 1; m <= d; m += 2, k++) {
        double cosine = moments[(d * (d + 2) + m) / 2];
        double sine = m == 0 ? 0 : moments[(d * (d + 2) - m) / 2];
        magnitudes[k] = Math.hypot(cosine, sine);
      }
    }
    return magnitudes;
  }

  /**
   * The moments of an image turned about the centre of the disk, {@code g(r, theta) = f(r, theta -
   * angle)}.
   *
   * @param moments orthonormal, OSA order, not modified
   * @param angle in radians, from the x to the y axis
   */
  public static double[] rotate(double[] moments, double angle) {
    int degree = OsaCoefficients.degree(moments);
    double[] turned = moments.clone();
    for (int d = 0; d <= degree; d++) {
      for (int m = d; m > 0; m -= 2) {
        double c = Math.cos(m * angle);
        double s = Math.sin(m * angle);
        int cosine = (d * (d + 2) + m) / 2;
        int sine = cosine - m;
        turned[cosine] = c * moments[cosine] - s * moments[sine];
        turned[sine] = s * moments[cosine] + c * moments[sine];
      }
    }
    return turned;
  }

  /** Weighted points, summed up many at a time, in the order they come. */
  private static final class Batch implements PixelQuadrature.Sink {
    private final DiskEvaluator evaluator;
    private final double[] moments;
    private final double[] x = new double[BLOCK];
    private final double[] y = new double[BLOCK];
    private final double[] weights = new double[BLOCK];
    private final double[] modes;
    private int filled;

    Batch(DiskEvaluator evaluator, double[] moments) {
      this.evaluator = evaluator;
      this.moments = moments;
      this.modes = new double[BLOCK * moments.length];
    }

    @Override
    public void accept(double px, double py, double weight) {
      x[filled] = px;
      y[filled] = py;
      weights[filled++] = weight;
      if (filled == BLOCK) {
        flush();
      }
    }

    void flush() {
      // the rest of the block has no weight
      for (int i = filled; i < BLOCK; i++) {
        x[i] = 0;
        y[i] = 0;
        weights[i] = 0;
      }
      evaluator.modes(x, y, modes);
      MatrixProduct.multiply(
          1,
          Tensor.of(modes, moments.length, BLOCK),
          Tensor.of(weights, BLOCK),
          1,
          Tensor.of(moments, moments.length));
      filled = 0;
    }
  }
}
