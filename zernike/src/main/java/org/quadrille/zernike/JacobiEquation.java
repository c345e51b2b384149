package org.quadrille.zernike;

/**
 * The differential equations of {@code P_n^(a,0)(1 - 2t)}, in the forms whose solutions oscillate
 * evenly.
 *
 * <p>With {@code t = sin^2 psi} and {@code s = 1 - t = cos^2 psi}, the function {@code v =
 * sin^(a+1/2) cos^(1/2) P_n} satisfies {@code v'' + Q v = 0}, {@code Q = kappa^2 + (1/4 - a^2) /
 * sin^2 + 1 / (4 cos^2)} (Szegő, "Orthogonal Polynomials", 4.24.2).
 *
 * @param n number of nodes, at least 2
 * @param a exponent of the weight t^a, 0 or more
 */
record JacobiEquation(int n, double a) {

  /** {@code kappa = 2 n + a + 1}. */
  double kappa() {
    return 2.0 * n + a + 1;
  }

  /** {@code kR = (kappa^2 - a^2)^(1/2)}, the frequency next to t = 1, without cancellation. */
  double edgeFrequency() {
    return Math.sqrt(2.0 * n + 1) * Math.sqrt(2.0 * n + 2 * a + 1);
  }

  /** {@code (n + a/2)(n + a/2 + 1)}. */
  double degreeTerm() {
    return (n + a / 2) * (n + a / 2 + 1);
  }

  /** Q at a point given by t and s. */
  double oscillation(double t, double s) {
    double k = kappa();
    return k * k + (0.25 - a * a) / t + 0.25 / s;
  }

  /** The angle psi below which v does not oscillate; 0 if there is none. */
  double turningAngle() {
    return a > 0.5 ? Math.asin(turningSine()) : 0;
  }

  /** The same angle measured from t = 1. */
  double turningAngleFromEdge() {
    return a > 0.5 ? Math.acos(turningSine()) : Math.PI / 2;
  }

  private double turningSine() {
    return Math.sqrt((a - 0.5) * (a + 0.5)) / kappa();
  }
}
