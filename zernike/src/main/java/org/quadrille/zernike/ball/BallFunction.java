package org.quadrille.zernike.ball;

/** A function of a point in space. */
@FunctionalInterface
public interface BallFunction {
  /** The value at (x, y, z). */
  double at(double x, double y, double z);
}
