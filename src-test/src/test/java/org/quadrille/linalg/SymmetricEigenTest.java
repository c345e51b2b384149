package org.quadrille.linalg;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.quadrille.linalg.Messages.assertRejected;
import static org.quadrille.linalg.SlowAlgebra.assertClose;
import static org.quadrille.linalg.SlowAlgebra.assertSameBits;
import static org.quadrille.linalg.SlowAlgebra.random;
import static org.quadrille.linalg.SlowAlgebra.strided;

import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;
import org.hipparchus.linear.Array2DRowRealMatrix;
import org.hipparchus.linear.EigenDecompositionSymmetric;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.quadrille.kernels.cpu.KernelProvider;
import org.quadrille.kernels.cpu.WorkerPool;
import org.quadrille.linalg.ejml.Ejml;

class SymmetricEigenTest {

  @Property(tries = 150)
  void samplesAreDecomposed(
      @ForAll SymmetricSamples sample, @ForAll @IntRange(max = 110) int n, @ForAll DType dtype) {
    check(sample + " of " + n, sample.of(n).to(dtype));
  }

  @Test
  void smallestSizesAndThoseAroundLeavesAndPanels() {
    for (int n : new int[] {0, 1, 2, 3, 4, 31, 32, 33, 63, 64, 65, 66, 127, 129}) {
      for (DType dtype : DType.values()) {
        check("random of " + n, SymmetricSamples.RANDOM.of(n).to(dtype));
      }
    }
  }

  @Test
  void scaleDoesNotMatter() {
    Tensor a = SymmetricSamples.RANDOM.of(40);
    for (double scale : new double[] {1e-306, 1e-160, 1e150, 1e305}) {
      check("times " + scale, Arithmetic.scaled(scale, a));
    }
    for (double scale : new double[] {1e-35, 1e35}) {
      check("times " + scale, Arithmetic.scaled(scale, a).to(DType.F32));
    }
    for (double scale : new double[] {0x1p-18, 1e-4, 1e5}) {
      for (DType dtype : DType.values()) {
        check("times " + scale, Arithmetic.scaled(scale, a).to(dtype));
        Tensor glued = SymmetricSamples.GLUED_WILKINSON.of(90);
        check("glued times " + scale, Arithmetic.scaled(scale, glued).to(dtype));
      }
    }
    // A power of two changes no digit, whatever the exponent.
    assertSameBits(
        Arithmetic.scaled(
            0x1p-500, SymmetricEigen.decompose(Arithmetic.scaled(0x1p60, a)).values()),
        SymmetricEigen.decompose(Arithmetic.scaled(0x1p-440, a)).values());
  }

  @Test
  void valuesOfClementsMatrixAreIntegers() {
    int n = 60;
    Tensor a = SymmetricSamples.CLEMENT.of(n);
    for (Tensor values :
        new Tensor[] {SymmetricEigen.decompose(a).values(), SymmetricEigen.values(a)}) {
      for (int i = 0; i < n; i++) {
        assertEquals(2 * i + 1 - n, values.get(i), n * n * 0x1p-53);
      }
    }
  }

  @Property(tries = 60)
  void countsOfNegativePivotsConfirmTheValues(
      @ForAll SymmetricSamples sample, @ForAll @IntRange(min = 1, max = 90) int n) {
    Tensor a = sample.of(n);
    Tensor values = SymmetricEigen.decompose(a).values();
    Tensor alone = SymmetricEigen.values(a);
    double tolerance = 8 * n * 0x1p-53 * Math.max(Norms.norm1(a), Double.MIN_NORMAL);
    for (int i = 0; i < n; i += Math.max(1, n / 7)) {
      for (double value : new double[] {values.get(i), alone.get(i)}) {
        assertTrue(below(a, value - tolerance) <= i, () -> sample + " of " + n);
        assertTrue(below(a, value + tolerance) > i, () -> sample + " of " + n);
      }
    }
  }

  /** How many eigenvalues lie below x: negative pivots of A - x I (Sylvester's law of inertia). */
  private static int below(Tensor a, double x) {
    int n = a.size(0);
    double[] m = a.toDoubles();
    int negative = 0;
    for (int i = 0; i < n; i++) {
      m[i * n + i] -= x;
    }
    boolean[] done = new boolean[n];
    for (int step = 0; step < n; ) {
      int[] best = largest(m, done, n);
      int p = best[0];
      int q = best[1];
      if (Math.abs(m[p * n + p]) >= 0.6 * Math.abs(m[p * n + q]) || p == q) {
        negative += m[p * n + p] < 0 ? 1 : 0;
        eliminate(m, done, n, p);
        step++;
      } else if (Math.abs(m[q * n + q]) >= 0.6 * Math.abs(m[p * n + q])) {
        negative += m[q * n + q] < 0 ? 1 : 0;
        eliminate(m, done, n, q);
        step++;
      } else {
        // A block of two with negative determinant: one eigenvalue of either sign.
        negative++;
        eliminatePair(m, done, n, p, q);
        step += 2;
      }
    }
    return negative;
  }

  private static int[] largest(double[] m, boolean[] done, int n) {
    int[] best = {-1, -1};
    for (int i = 0; i < n; i++) {
      for (int j = 0; j <= i; j++) {
        if (!done[i]
            && !done[j]
            && (best[0] < 0 || Math.abs(m[i * n + j]) > Math.abs(m[best[0] * n + best[1]]))) {
          best = new int[] {i, j};
        }
      }
    }
    return best;
  }

  private static void eliminate(double[] m, boolean[] done, int n, int p) {
    done[p] = true;
    if (m[p * n + p] == 0) {
      return;
    }
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) {
        if (!done[i] && !done[j]) {
          m[i * n + j] -= m[i * n + p] * m[p * n + j] / m[p * n + p];
        }
      }
    }
  }

  private static void eliminatePair(double[] m, boolean[] done, int n, int p, int q) {
    done[p] = true;
    done[q] = true;
    double a = m[p * n + p];
    double b = m[p * n + q];
    double c = m[q * n + q];
    double determinant = a * c - b * b;
    for (int i = 0; i < n; i++) {
      double x = (c * m[i * n + p] - b * m[i * n + q]) / determinant;
      double y = (a * m[i * n + q] - b * m[i * n + p]) / determinant;
      for (int j = 0; j < n; j++) {
        if (!done[i] && !done[j]) {
          m[i * n + j] -= x * m[p * n + j] + y * m[q * n + j];
        }
      }
    }
  }

  @Test
  void agreesWithOtherLibraries() {
    int n = 75;
    Tensor a = SymmetricSamples.RANDOM.of(n);
    double[] values = SymmetricEigen.decompose(a).values().toDoubles();
    double[][] rows = new double[n][];
    for (int i = 0; i < n; i++) {
      rows[i] = a.row(i).toDoubles();
    }
    double[] hipparchus =
        new EigenDecompositionSymmetric(new Array2DRowRealMatrix(rows)).getEigenvalues();
    var eig = DecompositionFactory_DDRM.eig(n, false, true);
    assertTrue(eig.decompose(Ejml.copyToMatrix(a)));
    double[] ejml = new double[n];
    Arrays.setAll(ejml, i -> eig.getEigenvalue(i).getReal());
    Arrays.sort(hipparchus);
    Arrays.sort(ejml);
    for (int i = 0; i < n; i++) {
      assertEquals(hipparchus[i], values[i], 1e-12);
      assertEquals(ejml[i], values[i], 1e-12);
    }
  }

  @Test
  void vectorsAgreeWithJacobiUpToSign() {
    Tensor a = SymmetricSamples.CLEMENT.of(33);
    SymmetricEigen jacobi = SymmetricEigen.byJacobi(a);
    SymmetricEigen fast = SymmetricEigen.decompose(a);
    assertClose(jacobi.values(), fast.values(), 1e-12);
    Tensor cosines = MatrixProduct.multiply(jacobi.vectors().transpose(), fast.vectors());
    for (int i = 0; i < 33; i++) {
      assertEquals(1, Math.abs(cosines.get(i, i)), 1e-13);
    }
  }

  @Test
  void bitsDoNotDependOnThreadsOrBackend() {
    for (DType dtype : DType.values()) {
      Tensor a = SymmetricSamples.RANDOM.of(260).to(dtype);
      SymmetricEigen reference =
          KernelProvider.with(
              KernelProvider.scalar(),
              () -> WorkerPool.of(1).call(() -> SymmetricEigen.decompose(a)));
      for (int threads : new int[] {1, 2, 3}) {
        SymmetricEigen eigen = WorkerPool.of(threads).call(() -> SymmetricEigen.decompose(a));
        assertSameBits(reference.values(), eigen.values());
        assertSameBits(reference.vectors(), eigen.vectors());
      }
    }
  }

  @Test
  void stridesDoNotMatterAndTheArgumentSurvives() {
    Tensor a = SymmetricSamples.RANDOM.of(50);
    Tensor before = a.copy();
    SymmetricEigen plain = SymmetricEigen.decompose(a);
    assertSameBits(before, a);
    assertSameBits(plain.vectors(), SymmetricEigen.decompose(strided(a)).vectors());
    assertSameBits(SymmetricEigen.values(a), SymmetricEigen.values(strided(a).transpose()));
  }

  @Test
  void roundingOfAProductIsForgivenAndMistakesAreNot() {
    Tensor a = SymmetricSamples.RANDOM.of(20);
    Tensor rounded = a.copy();
    rounded.set(Math.nextUp(rounded.get(3, 7)), 3, 7);
    assertClose(SymmetricEigen.values(a), SymmetricEigen.values(rounded), 1e-13);
    assertRejected(() -> SymmetricEigen.values(random(1, 3, 3)), "differs from its transpose");
    assertRejected(() -> SymmetricEigen.values(random(1, 3, 2)), "F64[3, 2]", "square");
    rounded.set(Double.POSITIVE_INFINITY, 3, 7);
    assertRejected(() -> SymmetricEigen.decompose(rounded), "Infinity at [3, 7]");
  }

  @Test
  @Tag("study")
  void largeSamplesAreDecomposed() {
    for (SymmetricSamples sample : SymmetricSamples.values()) {
      for (int n : new int[] {600, 1025}) {
        for (DType dtype : DType.values()) {
          check(sample + " of " + n, sample.of(n).to(dtype));
        }
      }
    }
  }

  private static void check(String name, Tensor a) {
    int n = a.size(0);
    SymmetricEigen eigen = SymmetricEigen.decompose(a);
    assertEquals(a.dtype(), eigen.vectors().dtype());
    assertEquals(a.dtype(), eigen.values().dtype());
    double u = a.dtype().unitRoundoff();
    double largest = Norms.max(eigen.values());
    // By a power of two near the norm, so that products of extreme matrices do not overflow.
    double scale = largest == 0 ? 1 : Math.scalb(1.0, Math.getExponent(largest));
    Tensor matrix = PowerOfTwo.divide(a.to(DType.F64).copy(), scale);
    double[] values = PowerOfTwo.divide(eigen.values().to(DType.F64).copy(), scale).toDoubles();
    Tensor v = eigen.vectors().to(DType.F64);
    Tensor residual = MatrixProduct.multiply(matrix, v);
    for (int j = 0; j < n; j++) {
      Arithmetic.axpy(-values[j], v.transpose().row(j), residual.transpose().row(j));
      assertTrue(j == 0 || values[j] >= values[j - 1], name);
    }
    double norm = Math.max(largest / scale, Norms.max(matrix));
    double tolerance = 3 * Math.max(n, 16) * u;
    double error = Norms.max(residual);
    assertTrue(error <= tolerance * norm, () -> name + ", " + a + ": residual " + error);
    Tensor gram = MatrixProduct.multiply(v.transpose(), v);
    for (int i = 0; i < n; i++) {
      gram.set(gram.get(i, i) - 1, i, i);
    }
    double skew = Norms.max(gram);
    assertTrue(skew <= tolerance, () -> name + ", " + a + ": V^T V - I is " + skew);
    double[] alone =
        PowerOfTwo.divide(SymmetricEigen.values(a).to(DType.F64).copy(), scale).toDoubles();
    for (int i = 0; i < n; i++) {
      assertEquals(values[i], alone[i], 2 * tolerance * norm, name);
    }
  }
}
