package org.quadrille.zernike;

/**
 * The differential equations of {@code P_n^(a,b)(1 - 2t)}, in the forms whose solutions oscillate
 * evenly.
 *
 * <p>With {@code t = sin^2 psi} and {@code s = 1 - t = cos^2 psi}, the function {@code v =
 * sin^(a+1/2) cos^(b+1/2) P_n} satisfies {@code v'' + Q v = 0}, {@code Q = kappa^2 + (1/4 - a^2) /
 * sin^2 + (1/4 - b^2) / cos^2} (Szegő, "Orthogonal Polynomials", 4.24.2).
 *
 * @param n number of nodes, at least 2
 * @param a exponent of t in the weight, 0 or more
 * @param b exponent of 1 - t in the weight, above -1
 */
record JacobiEquation(int n, double a, double b) {

  /** {@code kappa = 2 n + a + b + 1}. */
  double kappa() {
    return 2.0 * n + a + b + 1;
  }

  /** {@code kR = (kappa^2 - a^2)^(1/2)}, the frequency next to t = 1, without cancellation. */
  double edgeFrequency() {
    return Math.sqrt(2.0 * n + b + 1) * Math.sqrt(2.0 * n + 2 * a + b + 1);
  }

  /** {@code L = (n + a/2)(n + a/2 + 1) + b (n + a/2)}. */
  double degreeTerm() {
    return (n + a / 2) * (n + a / 2 + 1) + b * (n + a / 2);
  }

  /** {@code 1/4 - b^2}. */
  double edgeForce() {
    return 0.25 - b * b;
  }

  /** Q at a point given by t and s. */
  double oscillation(double t, double s) {
    double k = kappa();
    return k * k + (0.25 - a * a) / t + edgeForce() / s;
  }

  /** The angle psi below which v does not oscillate; 0 if there is none. */
  double turningAngle() {
    return a > 0.5 ? Math.asin(turningSine()) : 0;
  }

  /** The same angle measured from t = 1. */
  double turningAngleFromEdge() {
    return a > 0.5 ? Math.acos(turningSine()) : Math.PI / 2;
  }

  /** The angle from t = 1 below which v does not oscillate; 0 if there is none. */
  double edgeTurningAngle() {
    return b > 0.5 ? Math.asin(Math.min(1, Math.sqrt((b - 0.5) * (b + 0.5)) / kappa())) : 0;
  }

  private double turningSine() {
    return Math.sqrt((a - 0.5) * (a + 0.5)) / kappa();
  }
}
