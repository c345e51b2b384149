package org.quadrille.zernike;

/**
 * Derivatives of expansions in Zernike modes, as expansions of lower degree.
 *
 * <p>For {@code f = sum of f_(d,m) V_d^m}, {@code V_d^m = R_d^|m|(r) e^(i m theta)}, the
 * coefficient of {@code V_d'^(m +- 1)} in {@code f_x +- i f_y} is
 *
 * <pre>2 (d' + 1) sum over d above d', d - d' odd, of f_(d,m)</pre>
 *
 * One running sum for each m gives all of them. Expansions are arrays of the coefficients of plain
 * modes in OSA order (see {@link DiskModes}). <b>Cost</b>: O(L^2). <b>Accuracy</b>: sums of
 * coefficients are rounded, nothing else.
 */
public final class SpectralDerivative {
  private SpectralDerivative() {}

  /**
   * {@code df/dx}.
   *
   * @param plainOsa coefficients to degree L, not modified
   * @return coefficients to degree max(L - 1, 0)
   */
  public static double[] x(double[] plainOsa) {
    int degree = DiskModes.degree(plainOsa.length);
    double[] result = new double[DiskModes.count(Math.max(degree - 1, 0))];
    double[] sums = suffixSums(plainOsa, degree);
    for (int d = 0; d < degree; d++) {
      int row = (d + 1) * (d + 3);
      for (int k = d & 1; k <= d; k += 2) {
        int at = (d * (d + 2) + k) / 2;
        // P and Q: sums of cosine and sine coefficients of degrees d + 1, d + 3, ...
        double cosineAbove = sums[(row + k + 1) / 2];
        double sineAbove = sums[(row - k - 1) / 2];
        if (k == 0) {
          result[at] = (d + 1) * cosineAbove;
        } else {
          double cosineBelow = k == 1 ? 2 * sums[row / 2] : sums[(row + k - 1) / 2];
          double sineBelow = k == 1 ? 0 : sums[(row - k + 1) / 2];
          result[at] = (d + 1) * (cosineBelow + cosineAbove);
          result[at - k] = (d + 1) * (sineBelow + sineAbove);
        }
      }
    }
    return result;
  }

  /**
   * {@code df/dy}.
   *
   * @param plainOsa coefficients to degree L, not modified
   * @return coefficients to degree max(L - 1, 0)
   */
  public static double[] y(double[] plainOsa) {
    int degree = DiskModes.degree(plainOsa.length);
    double[] result = new double[DiskModes.count(Math.max(degree - 1, 0))];
    double[] sums = suffixSums(plainOsa, degree);
    for (int d = 0; d < degree; d++) {
      int row = (d + 1) * (d + 3);
      for (int k = d & 1; k <= d; k += 2) {
        int at = (d * (d + 2) + k) / 2;
        double cosineAbove = sums[(row + k + 1) / 2];
        double sineAbove = sums[(row - k - 1) / 2];
        if (k == 0) {
          result[at] = (d + 1) * sineAbove;
        } else {
          double cosineBelow = k == 1 ? 2 * sums[row / 2] : sums[(row + k - 1) / 2];
          double sineBelow = k == 1 ? 0 : sums[(row - k + 1) / 2];
          result[at] = (d + 1) * (sineAbove - sineBelow);
          result[at - k] = (d + 1) * (cosineBelow - cosineAbove);
        }
      }
    }
    return result;
  }

  /**
   * {@code d2f/dx2 + d2f/dy2}, mode by mode: angular orders do not mix.
   *
   * @param plainOsa coefficients to degree L, not modified
   * @return coefficients to degree max(L - 2, 0)
   */
  public static double[] laplacian(double[] plainOsa) {
    int degree = DiskModes.degree(plainOsa.length);
    double[] result = new double[DiskModes.count(Math.max(degree - 2, 0))];
    for (int m = 2 - degree; m <= degree - 2; m++) {
      double inner = 0;
      double outer = 0;
      // 4 (d + 1) sum over d' = d+1, d+3, ... of (d' + 1) sum over d'' = d'+1, d'+3, ... of f
      int highest = degree - ((degree - m) & 1);
      for (int d = highest - 2; d >= Math.abs(m); d -= 2) {
        inner += plainOsa[((d + 2) * (d + 4) + m) / 2];
        outer += (d + 2) * inner;
        result[(d * (d + 2) + m) / 2] = 4 * (d + 1) * outer;
      }
    }
    return result;
  }

  /** Element (d, m): sum of the coefficients (d, m), (d + 2, m), ... */
  private static double[] suffixSums(double[] plainOsa, int degree) {
    double[] sums = plainOsa.clone();
    for (int d = degree - 2; d >= 0; d--) {
      for (int m = -d; m <= d; m += 2) {
        sums[(d * (d + 2) + m) / 2] += sums[((d + 2) * (d + 4) + m) / 2];
      }
    }
    return sums;
  }
}
