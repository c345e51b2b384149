package org.quadrille.zernike;

import java.util.function.DoubleBinaryOperator;
import org.quadrille.linalg.NotConvergedException;

/**
 * Finds the degree that a function needs: doubles it until the coefficients of the last four
 * degrees are negligible and the expansion agrees with the function at points off the grid.
 */
final class AdaptiveInterpolation {
  private static final int FIRST_DEGREE = 16;

  /** Degrees whose coefficients must be negligible: a function may lack every other one. */
  private static final int SHELLS = 4;

  private static final int PROBES = 24;

  /** Differences at points sum up many coefficients below the tolerance. */
  private static final double PROBE_ALLOWANCE = 100;

  private AdaptiveInterpolation() {}

  static DiskInterpolant of(DoubleBinaryOperator f, InterpolationOptions options) {
    int degree = FIRST_DEGREE;
    int rounds = 0;
    while (true) {
      rounds++;
      double[] expansion = expansion(f, degree, options);
      double largest = ExpansionAlgebra.largest(expansion, 0);
      double tail = ExpansionAlgebra.largest(expansion, degree - SHELLS + 1);
      double limit = options.tolerance() * largest;
      int chopped = ExpansionAlgebra.significantDegree(expansion, limit);
      DiskInterpolant interpolant =
          new DiskInterpolant(
              ExpansionAlgebra.toDegree(expansion, chopped),
              options.centreX(),
              options.centreY(),
              options.radius());
      double miss = miss(f, interpolant);
      double scale = scale(f, interpolant, largest);
      if (tail <= limit && miss <= PROBE_ALLOWANCE * options.tolerance() * scale) {
        return interpolant;
      }
      if (degree >= options.largestDegree()) {
        throw new NotConvergedException(
            "interpolation to degree " + degree + " on the disk",
            rounds,
            Math.max(tail, miss) / scale,
            options.tolerance(),
            interpolant);
      }
      degree = Math.min(2 * degree, options.largestDegree());
    }
  }

  /** The expansion of one degree. */
  static double[] expansion(DoubleBinaryOperator f, int degree, InterpolationOptions options) {
    DiskTransform transform = DiskTransform.ofDegree(degree);
    DiskRule rule = transform.rule().on(options.centreX(), options.centreY(), options.radius());
    double[] samples = rule.sample(f);
    for (int i = 0; i < samples.length; i++) {
      if (!Double.isFinite(samples[i])) {
        int ring = i / rule.angles();
        int angle = i % rule.angles();
        throw new IllegalArgumentException(
            "the function is "
                + samples[i]
                + " at ("
                + rule.x(ring, angle)
                + ", "
                + rule.y(ring, angle)
                + "), expected finite values on the whole disk");
      }
    }
    return transform.analyze(samples);
  }

  private static double scale(DoubleBinaryOperator f, DiskInterpolant interpolant, double largest) {
    double scale = largest;
    for (int i = 0; i < PROBES; i++) {
      scale = Math.max(scale, Math.abs(f.applyAsDouble(x(interpolant, i), y(interpolant, i))));
    }
    return scale;
  }

  /** Largest distance of function and interpolant at points spread over the disk. */
  private static double miss(DoubleBinaryOperator f, DiskInterpolant interpolant) {
    double miss = 0;
    for (int i = 0; i < PROBES; i++) {
      double x = x(interpolant, i);
      double y = y(interpolant, i);
      miss = Math.max(miss, Math.abs(f.applyAsDouble(x, y) - interpolant.value(x, y)));
    }
    return miss;
  }

  /** A spiral of points (H. Vogel, 1979), which lie on no grid of rings. */
  private static double x(DiskInterpolant interpolant, int i) {
    return interpolant.centreX()
        + interpolant.radius() * Math.sqrt((i + 0.37) / PROBES) * Math.cos(GOLDEN_ANGLE * i);
  }

  private static double y(DiskInterpolant interpolant, int i) {
    return interpolant.centreY()
        + interpolant.radius() * Math.sqrt((i + 0.37) / PROBES) * Math.sin(GOLDEN_ANGLE * i);
  }

  private static final double GOLDEN_ANGLE = Math.PI * (3 - Math.sqrt(5));
}
