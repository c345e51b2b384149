package org.quadrille.zernike.wavefront;

import org.quadrille.zernike.DiskRule;
import org.quadrille.zernike.DiskTransform;

/** The points of a transform's grid as arrays, and orthonormal coefficients from samples there. */
final class PolarSamples {
  private final DiskTransform transform;

  PolarSamples(DiskTransform transform) {
    this.transform = transform;
  }

  /** Positions, ring after ring. */
  double[] x() {
    DiskRule rule = transform.rule();
    double[] x = new double[rule.radialNodes() * rule.angles()];
    for (int i = 0; i < x.length; i++) {
      x[i] = rule.x(i / rule.angles(), i % rule.angles());
    }
    return x;
  }

  /** Positions, ring after ring. */
  double[] y() {
    DiskRule rule = transform.rule();
    double[] y = new double[rule.radialNodes() * rule.angles()];
    for (int i = 0; i < y.length; i++) {
      y[i] = rule.y(i / rule.angles(), i % rule.angles());
    }
    return y;
  }

  /** Orthonormal coefficients in OSA order. */
  double[] analyse(double[] samples) {
    return OsaCoefficients.fromPlain(transform.analyze(samples));
  }
}
