package org.quadrille.zernike.plot;

import java.util.function.DoubleBinaryOperator;

/** A function of the unit disk, evaluated at many points at once. */
@FunctionalInterface
public interface DiskField {
  /**
   * Evaluates at all points.
   *
   * @param x abscissas; the radius of no point exceeds 1 by more than rounding
   * @param y ordinates, as many
   * @param out as many, written; NaN where the function has no value, which is drawn transparent
   */
  void values(double[] x, double[] y, double[] out);

  /** A field from a function of one point. */
  static DiskField of(DoubleBinaryOperator function) {
    return (x, y, out) -> {
      for (int i = 0; i < x.length; i++) {
        out[i] = function.applyAsDouble(x[i], y[i]);
      }
    };
  }
}
