package org.quadrille.zernike.wavefront;

import org.quadrille.linalg.DType;
import org.quadrille.linalg.MatrixProduct;
import org.quadrille.linalg.Tensor;

/**
 * Fourier transform from any tensor grid to any tensor grid by two matrix products:
 *
 * <pre>E(v_i, u_j) = sum_k sum_l exp(-i pi v_i y_k) P(y_k, x_l) exp(-i pi u_j x_l)</pre>
 *
 * <p>With positions in pupil radii, u and v are in wavelengths over the pupil's diameter: the
 * transform of a pupil is its image in the focal plane, at just the points that are wanted, unlike
 * that of a fast Fourier transform, whose sampling and field hang together.
 *
 * <p>R. Soummer et al., "Fast computation of Lyot-style coronagraph propagation", Optics Express
 * 15, 2007. <b>Cost</b>: {@code 8 m n (k + m)} flops or so for an m x m image of a k x n pupil,
 * with n columns. <b>Thread safety</b>: immutable.
 */
public final class MatrixFourierTransform {
  private final int rowsIn;
  private final int columnsIn;
  private final int rowsOut;
  private final int columnsOut;

  /** [[C, S], [-S, C]] of shape [2 out, 2 in]: applies exp(-i pi v y) to stacked parts. */
  private final Tensor rowPhases;

  /** The transposed of the like matrix for x: parts stand side by side. */
  private final Tensor columnPhases;

  /**
   * Prepares the transform.
   *
   * @param y rows of the pupil
   * @param x columns of the pupil
   * @param v rows of the image
   * @param u columns of the image
   */
  public MatrixFourierTransform(double[] y, double[] x, double[] v, double[] u) {
    rowsIn = requireFinite("y", y);
    columnsIn = requireFinite("x", x);
    rowsOut = requireFinite("v", v);
    columnsOut = requireFinite("u", u);
    rowPhases = phases(v, y);
    columnPhases = phases(u, x).transpose();
  }

  private static int requireFinite(String name, double[] axis) {
    if (axis.length == 0 || axis.length > 16_000) {
      throw new IllegalArgumentException(
          name + ": given " + axis.length + " positions, expected 1 to 16000");
    }
    for (double value : axis) {
      if (!Double.isFinite(value)) {
        throw new IllegalArgumentException(name + ": given " + value + ", expected finite numbers");
      }
    }
    return axis.length;
  }

  /** The complex matrix exp(-i pi out in) as a real one that acts on real and imaginary parts. */
  static Tensor phases(double[] out, double[] in) {
    Tensor matrix = Tensor.zeros(DType.F64, 2 * out.length, 2 * in.length);
    double[] a = matrix.doubles();
    int width = 2 * in.length;
    for (int i = 0; i < out.length; i++) {
      for (int j = 0; j < in.length; j++) {
        double angle = Math.PI * out[i] * in[j];
        double c = Math.cos(angle);
        double s = Math.sin(angle);
        // (c - i s)(re + i im) = (c re + s im) + i (c im - s re)
        a[i * width + j] = c;
        a[i * width + in.length + j] = s;
        a[(out.length + i) * width + j] = -s;
        a[(out.length + i) * width + in.length + j] = c;
      }
    }
    return matrix;
  }

  /**
   * Transforms a pupil.
   *
   * @param real row-major, shape [y, x], not modified
   * @param imaginary as real
   * @return the amplitudes of the image: real parts, then imaginary ones, both row-major of shape
   *     [v, u]
   */
  public double[] transform(double[] real, double[] imaginary) {
    int size = rowsIn * columnsIn;
    if (real.length != size || imaginary.length != size) {
      throw new IllegalArgumentException(
          "pupil: given "
              + real.length
              + " real and "
              + imaginary.length
              + " imaginary parts, expected "
              + rowsIn
              + " x "
              + columnsIn
              + " of each");
    }
    double[] stacked = new double[2 * size];
    System.arraycopy(real, 0, stacked, 0, size);
    System.arraycopy(imaginary, 0, stacked, size, size);
    Tensor rows = MatrixProduct.multiply(rowPhases, Tensor.of(stacked, 2 * rowsIn, columnsIn));
    return columns(rows, columnPhases, rowsOut, columnsIn, columnsOut);
  }

  /**
   * The second product.
   *
   * @param stacked shape [2 rows, columnsIn], real parts over imaginary ones
   * @param phases shape [2 columnsIn, 2 columnsOut]
   */
  static double[] columns(Tensor stacked, Tensor phases, int rows, int columnsIn, int columnsOut) {
    Tensor beside = Tensor.zeros(DType.F64, rows, 2 * columnsIn);
    beside.slice(1, 0, columnsIn).assign(stacked.slice(0, 0, rows));
    beside.slice(1, columnsIn, 2 * columnsIn).assign(stacked.slice(0, rows, 2 * rows));
    Tensor product = MatrixProduct.multiply(beside, phases);
    Tensor out = Tensor.zeros(DType.F64, 2, rows, columnsOut);
    out.row(0).assign(product.slice(1, 0, columnsOut));
    out.row(1).assign(product.slice(1, columnsOut, 2 * columnsOut));
    return out.doubles();
  }
}
