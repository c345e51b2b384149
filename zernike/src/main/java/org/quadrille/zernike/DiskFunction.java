package org.quadrille.zernike;

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
}
