// Generated from ScalarTriangleFloat.java by src/main/generator/DoubleTwins.java. Do not edit.
package org.quadrille.kernels.cpu;

import java.util.Arrays;

/** Forward substitution in plain Java: the definition of the bits. */
final class ScalarTriangleDouble {

  private ScalarTriangleDouble() {}

  /** {@code X := L^-1 X}, see {@link Kernels#solveLower}. */
  static void solve(
      int n,
      int k,
      double[] l,
      int lOffset,
      int lRowStride,
      int lColStride,
      boolean unitDiagonal,
      double[] x,
      int xOffset,
      int xRowStride,
      int xColStride) {
    double[] sums = new double[k];
    for (int i = 0; i < n; i++) {
      Arrays.fill(sums, 0);
      int lRow = lOffset + i * lRowStride;
      for (int j = 0; j < i; j++) {
        double factor = l[lRow + j * lColStride];
        int xRow = xOffset + j * xRowStride;
        for (int c = 0; c < k; c++) {
          sums[c] = Math.fma(factor, x[xRow + c * xColStride], sums[c]);
        }
      }
      // x_i = (b_i - sum over j < i of l_ij x_j) / l_ii
      double pivot = unitDiagonal ? 1 : l[lRow + i * lColStride];
      int xRow = xOffset + i * xRowStride;
      for (int c = 0; c < k; c++) {
        x[xRow + c * xColStride] = (x[xRow + c * xColStride] - sums[c]) / pivot;
      }
    }
  }
}
