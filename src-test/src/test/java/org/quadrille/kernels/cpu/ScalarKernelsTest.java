package org.quadrille.kernels.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Random;
import org.junit.jupiter.api.Test;

class ScalarKernelsTest {

  private static final double UNIT_ROUNDOFF = 0x1p-53;

  @Test
  void productWithAnyStridesMatchesTripleLoop() {
    Random random = new Random(1);
    int[] sizes = {1, 2, 3, 17, 31};
    for (int m : sizes) {
      for (int n : sizes) {
        for (int k : new int[] {0, 1, 5, 29, 600}) {
          double[] a = random.doubles(2 * m * k + 3, -1, 1).toArray();
          double[] b = random.doubles(2 * k * n + 3, -1, 1).toArray();
          double[] c = random.doubles(3 * m * n + 3, -1, 1).toArray();
          double[] before = c.clone();
          KernelProvider.scalar()
              .gemm(m, n, k, 1.5, a, 3, 1, 2 * m, b, 1, 2 * n, 2, -0.5, c, 2, 3 * n, 3);
          for (int i = 0; i < m; i++) {
            for (int j = 0; j < n; j++) {
              double sum = 0;
              double magnitude = 0;
              for (int p = 0; p < k; p++) {
                double term = a[3 + i + p * 2 * m] * b[1 + p * 2 * n + 2 * j];
                sum += term;
                magnitude += Math.abs(term);
              }
              int at = 2 + i * 3 * n + 3 * j;
              double expected = 1.5 * sum - 0.5 * before[at];
              // Both sums err by at most (k + 2) roundings of the sum of magnitudes.
              double bound = 2 * (k + 3) * UNIT_ROUNDOFF * (1.5 * magnitude + Math.abs(before[at]));
              assertEquals(expected, c[at], bound);
            }
          }
        }
      }
    }
  }
}
