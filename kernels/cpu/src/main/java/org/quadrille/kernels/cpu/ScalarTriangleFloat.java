package org.quadrille.kernels.cpu;

import java.util.Arrays;

/** Forward substitution in plain Java: the definition of the bits. */
final class ScalarTriangleFloat {

  private ScalarTriangleFloat() {}

  /** {@code X := L^-1 X}, see {@link Kernels#solveLower}. */
  static void solve(
      int n,
      int k,
      float[] l,
      int lOffset,
      int lRowStride,
      int lColStride,
      boolean unitDiagonal,
      float[] x,
      int xOffset,
      int xRowStride,
      int xColStride) {
    float[] sums = new float[k];
    for (int i = 0; i < n; i++) {
      Arrays.fill(sums, 0);
      int lRow = lOffset + i * lRowStride;
      for (int j = 0; j < i; j++) {
        float factor = l[lRow + j * lColStride];
        int xRow = xOffset + j * xRowStride;
        for (int c = 0; c < k; c++) {
          sums[c] = Math.fma(factor, x[xRow + c * xColStride], sums[c]);
        }
      }
      // x_i = (b_i - sum over j < i of l_ij x_j) / l_ii
      float pivot = unitDiagonal ? 1 : l[lRow + i * lColStride];
      int xRow = xOffset + i * xRowStride;
      for (int c = 0; c < k; c++) {
        x[xRow + c * xColStride] = (x[xRow + c * xColStride] - sums[c]) / pivot;
      }
    }
  }
}
