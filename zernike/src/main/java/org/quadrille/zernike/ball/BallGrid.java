package org.quadrille.zernike.ball;

import org.quadrille.zernike.RadialRule;

/**
 * A tensor grid in the ball in space: radii of a Gauss rule, polar angles of a Gauss-Legendre rule
 * in the cosine, equal azimuths from 0. Points lie sphere by sphere from the centre, ring by ring
 * with the cosine ascending. Immutable.
 */
final class BallGrid {
  private final double[] radii;
  private final double[] radialWeights;
  private final GegenbauerRule polar;
  private final int azimuths;

  /**
   * Sets up the grid.
   *
   * @param radial rule for the weight r^2
   */
  BallGrid(RadialRule radial, int rings, int azimuths) {
    radii = radial.radii();
    radialWeights = radial.radialWeights();
    polar = new GegenbauerRule(rings, 0);
    this.azimuths = azimuths;
  }

  /** Number of points. */
  int size() {
    return radii.length * polar.size() * azimuths;
  }

  /** The rule in the cosine of the polar angle. */
  GegenbauerRule polar() {
    return polar;
  }

  /** Weights of all points, for integrals over the unit ball. */
  double[] weights() {
    double[] all = new double[size()];
    int at = 0;
    for (double radialWeight : radialWeights) {
      for (int j = 0; j < polar.size(); j++) {
        double weight = radialWeight * polar.weight(j) * 2 * Math.PI / azimuths;
        for (int k = 0; k < azimuths; k++) {
          all[at++] = weight;
        }
      }
    }
    return all;
  }

  /** Values of a function at all points, called in their order. */
  double[] sample(BallFunction f) {
    double[] cosines = new double[azimuths];
    double[] sines = new double[azimuths];
    for (int k = 0; k < azimuths; k++) {
      cosines[k] = Math.cos(2 * Math.PI * k / azimuths);
      sines[k] = Math.sin(2 * Math.PI * k / azimuths);
    }
    double[] samples = new double[size()];
    int at = 0;
    for (double radius : radii) {
      for (int j = 0; j < polar.size(); j++) {
        double flat = radius * polar.sine(j);
        double height = radius * polar.node(j);
        for (int k = 0; k < azimuths; k++) {
          samples[at++] = f.at(flat * cosines[k], flat * sines[k], height);
        }
      }
    }
    return samples;
  }
}
