package org.quadrille.linalg;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.quadrille.linalg.SlowAlgebra.assertSameBits;

import org.hipparchus.distribution.continuous.NormalDistribution;
import org.junit.jupiter.api.Test;
import org.quadrille.kernels.cpu.WorkerPool;

class GaussianMatrixTest {

  @Test
  void momentsAreThoseOfTheNormalDistribution() {
    double[] x = GaussianMatrix.of(DType.F64, 5, 400, 500).doubles();
    int n = x.length;
    double[] moment = new double[5];
    for (double v : x) {
      for (int k = 1; k <= 4; k++) {
        moment[k] += Math.pow(v, k) / n;
      }
    }
    // Four standard deviations: the variance of x^k is E x^2k - (E x^k)^2 = 1, 2, 15, 96.
    double root = Math.sqrt(n);
    assertEquals(0, moment[1], 4 / root);
    assertEquals(1, moment[2], 4 * Math.sqrt(2) / root);
    assertEquals(0, moment[3], 4 * Math.sqrt(15) / root);
    assertEquals(3, moment[4], 4 * Math.sqrt(96) / root);
  }

  @Test
  void neighboursAndSeedsAreUncorrelated() {
    double[] x = GaussianMatrix.of(DType.F64, 5, 1, 100_000).doubles();
    double[] y = GaussianMatrix.of(DType.F64, 6, 1, 100_000).doubles();
    double sameIndex = 0;
    double shifted = 0;
    double neighbours = 0;
    for (int i = 0; i + 1 < x.length; i++) {
      sameIndex += x[i] * y[i] / x.length;
      shifted += x[i + 1] * y[i] / x.length;
      neighbours += x[i] * x[i + 1] / x.length;
    }
    double fourSigma = 4 / Math.sqrt(x.length);
    assertEquals(0, sameIndex, fourSigma);
    assertEquals(0, shifted, fourSigma);
    assertEquals(0, neighbours, fourSigma);
  }

  @Test
  void inverseNormalAgreesWithHipparchus() {
    NormalDistribution normal = new NormalDistribution();
    for (double p = 1e-12; p < 1; p += p < 1e-3 ? p : 1e-3) {
      double x = InverseNormal.value(p);
      assertEquals(p, normal.cumulativeProbability(x), 1e-13 * Math.max(p, 1e-3), "p " + p);
      assertEquals(-x, InverseNormal.value(1 - p), 1e-14 / Math.min(p, 1 - p) + 1e-15);
    }
    assertEquals(0, InverseNormal.value(0.5));
  }

  @Test
  void entriesDependOnSeedAndIndexAlone() {
    Tensor one = WorkerPool.of(1).call(() -> GaussianMatrix.of(DType.F64, 9, 123, 200));
    Tensor four = WorkerPool.of(4).call(() -> GaussianMatrix.of(DType.F64, 9, 123, 200));
    assertSameBits(one, four);
    assertSameBits(one.slice(0, 0, 7).copy(), GaussianMatrix.of(DType.F64, 9, 7, 200));
    assertSameBits(one.to(DType.F32), GaussianMatrix.of(DType.F32, 9, 123, 200));
    assertTrue(Norms.max(Arithmetic.subtract(one, GaussianMatrix.of(DType.F64, 8, 123, 200))) > 1);
  }
}
