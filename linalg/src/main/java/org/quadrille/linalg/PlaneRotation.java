package org.quadrille.linalg;

/** Rotation of two vectors in the plane they span. */
final class PlaneRotation {
  private PlaneRotation() {}

  /**
   * {@code (x, y) := (c x + s y, c y - s x)} for vectors of one dtype and any stride.
   *
   * @param x modified
   * @param y modified, of the length of x, sharing no element with it
   */
  static void apply(Tensor x, Tensor y, double c, double s) {
    if (x.dtype() == DType.F32) {
      apply(
          x.length(),
          x.floats(),
          x.offset(),
          x.stride(0),
          y.floats(),
          y.offset(),
          y.stride(0),
          c,
          s);
    } else {
      apply(
          x.length(),
          x.doubles(),
          x.offset(),
          x.stride(0),
          y.doubles(),
          y.offset(),
          y.stride(0),
          c,
          s);
    }
  }

  private static void apply(
      int n, float[] x, int xAt, int xStride, float[] y, int yAt, int yStride, double c, double s) {
    for (int k = 0; k < n; k++) {
      double xk = x[xAt + k * xStride];
      double yk = y[yAt + k * yStride];
      x[xAt + k * xStride] = (float) (c * xk + s * yk);
      y[yAt + k * yStride] = (float) (c * yk - s * xk);
    }
  }

  private static void apply(
      int n,
      double[] x,
      int xAt,
      int xStride,
      double[] y,
      int yAt,
      int yStride,
      double c,
      double s) {
    for (int k = 0; k < n; k++) {
      double xk = x[xAt + k * xStride];
      double yk = y[yAt + k * yStride];
      x[xAt + k * xStride] = c * xk + s * yk;
      y[yAt + k * yStride] = c * yk - s * xk;
    }
  }
}
