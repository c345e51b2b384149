package org.quadrille.zernike;

import org.quadrille.linalg.Tensor;

/**
 * The coefficients of one angular order, those of the cosine and of the sine for each radial index
 * n and each function b of B, as a matrix: {@code block[(n B + b) 2 + part]}.
 */
record CoefficientBlock(int degree, int order, int functions) {

  private int count() {
    return (degree - order) / 2 + 1;
  }

  /** Position of a mode in OSA order. */
  static int position(int degree, int order) {
    return (degree * (degree + 2) + order) / 2;
  }

  /** The block of an expansion; the sine of order 0 is 0. */
  double[] gather(Tensor x, int start) {
    double[] block = new double[count() * 2 * functions];
    double[] data = x.doubles();
    int columnStride = x.rank() == 1 ? 1 : x.stride(1);
    for (int n = 0; n < count(); n++) {
      int d = order + 2 * n;
      for (int part = 0; part < (order == 0 ? 1 : 2); part++) {
        int from = x.offset() + position(d, part == 0 ? order : -order) * x.stride(0);
        for (int b = 0; b < functions; b++) {
          block[(n * functions + b) * 2 + part] = data[from + (start + b) * columnStride];
        }
      }
    }
    return block;
  }

  /** Writes the block into an expansion. */
  void scatter(double[] block, Tensor out, int start) {
    double[] data = out.doubles();
    int columnStride = out.rank() == 1 ? 1 : out.stride(1);
    for (int n = 0; n < count(); n++) {
      int d = order + 2 * n;
      for (int part = 0; part < (order == 0 ? 1 : 2); part++) {
        int to = out.offset() + position(d, part == 0 ? order : -order) * out.stride(0);
        for (int b = 0; b < functions; b++) {
          data[to + (start + b) * columnStride] = block[(n * functions + b) * 2 + part];
        }
      }
    }
  }

  /**
   * From inner products {@code sum_i w_i R (1/K) sum_j f cos} to coefficients: times {@code 2 (d +
   * 1)}, twice that for orders above 0.
   */
  void normalize(double[] block) {
    double factor = order == 0 ? 2 : 4;
    int width = 2 * functions;
    for (int n = 0; n < count(); n++) {
      for (int i = 0; i < width; i++) {
        block[n * width + i] *= factor * (order + 2 * n + 1);
      }
    }
  }
}
