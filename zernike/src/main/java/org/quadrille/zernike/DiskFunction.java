package org.quadrille.zernike;

import java.util.function.DoubleBinaryOperator;

/** A real function of points of the plane, evaluated at many of them in one call. */
@FunctionalInterface
public interface DiskFunction {
  /**
   * Values at points.
   *
   * @param x first coordinates, not modified
   * @param y second coordinates, as many, not modified
   * @param out as many elements, overwritten: the value at {@code (x[i], y[i])} at i
   */
  void values(double[] x, double[] y, double[] out);

  /** A function of one point, evaluated point by point. */
  static DiskFunction of(DoubleBinaryOperator function) {
    return (x, y, out) -> {
      for (int i = 0; i < x.length; i++) {
        out[i] = function.applyAsDouble(x[i], y[i]);
      }
    };
  }
}
