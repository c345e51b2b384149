package org.quadrille.kernels.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;

/** What products and norms must satisfy whatever the order of their sums, for both backends. */
class KernelLawsTest {

  private static final double ULP = 0x1p-53;

  private static Kernels[] backends() {
    return new Kernels[] {KernelProvider.scalar(), KernelProvider.simd().orElseThrow()};
  }

  @Property(tries = 40)
  void productMatchesEjml(
      @ForAll @IntRange(min = 1, max = 70) int m,
      @ForAll @IntRange(min = 1, max = 70) int n,
      @ForAll @IntRange(min = 1, max = 70) int k,
      @ForAll long seed) {
    Random random = new Random(seed);
    double[] a = random.doubles((long) m * k, -1, 1).toArray();
    double[] b = random.doubles((long) k * n, -1, 1).toArray();
    DMatrixRMaj expected = new DMatrixRMaj(m, n);
    CommonOps_DDRM.mult(DMatrixRMaj.wrap(m, k, a), DMatrixRMaj.wrap(k, n, b), expected);
    for (Kernels kernels : backends()) {
      double[] c = new double[m * n];
      kernels.gemm(m, n, k, 1, a, 0, k, 1, b, 0, n, 1, 0, c, 0, n, 1);
      for (int i = 0; i < c.length; i++) {
        // Terms are at most 1, and each of the two sums errs by at most k roundings of their sum.
        assertEquals(expected.data[i], c[i], 2.0 * k * k * ULP);
      }
    }
  }

  @Property(tries = 30)
  void floatProductStaysWithinItsBound(
      @ForAll @IntRange(min = 1, max = 40) int m,
      @ForAll @IntRange(min = 1, max = 40) int n,
      @ForAll @IntRange(min = 1, max = 900) int k,
      @ForAll long seed) {
    Random random = new Random(seed);
    float[] a = (float[]) Precision.FLOAT.random(m * k, random);
    float[] b = (float[]) Precision.FLOAT.random(k * n, random);
    for (Kernels kernels : backends()) {
      float[] c = new float[m * n];
      kernels.gemm(m, n, k, 1, a, 0, k, 1, b, 0, n, 1, 0, c, 0, n, 1);
      for (int sample = 0; sample < 20; sample++) {
        int i = random.nextInt(m);
        int j = random.nextInt(n);
        double exact = 0;
        double magnitude = 0;
        for (int p = 0; p < k; p++) {
          double term = (double) a[i * k + p] * b[p * n + j];
          exact += term;
          magnitude += Math.abs(term);
        }
        // Higham, Accuracy and Stability of Numerical Algorithms, section 3.1: gamma_k |A| |B|.
        assertEquals(exact, c[i * n + j], (k + 1) * 0x1p-24 * magnitude);
      }
    }
  }

  @Property(tries = 30)
  void adjointOfMatrixVectorProduct(
      @ForAll @IntRange(min = 1, max = 200) int m,
      @ForAll @IntRange(min = 1, max = 200) int n,
      @ForAll long seed) {
    Random random = new Random(seed);
    double[] a = random.doubles((long) m * n, -1, 1).toArray();
    double[] x = random.doubles(n, -1, 1).toArray();
    double[] y = random.doubles(m, -1, 1).toArray();
    for (Kernels kernels : backends()) {
      double[] ax = new double[m];
      double[] aty = new double[n];
      kernels.gemv(m, n, 1, a, 0, n, 1, x, 0, 1, 0, ax, 0, 1);
      kernels.gemv(n, m, 1, a, 0, 1, n, y, 0, 1, 0, aty, 0, 1);
      double left = kernels.dot(m, ax, 0, 1, y, 0, 1);
      double right = kernels.dot(n, x, 0, 1, aty, 0, 1);
      assertEquals(left, right, 2.0 * (m + n) * m * n * ULP);
    }
  }

  @Property(tries = 30)
  void symmetricProductMatchesTheProductWithTheWholeMatrix(
      @ForAll @IntRange(min = 1, max = 300) int n, @ForAll long seed) {
    Random random = new Random(seed);
    double[] a = random.doubles((long) n * n, -1, 1).toArray();
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < i; j++) {
        a[j * n + i] = a[i * n + j];
      }
    }
    double[] x = random.doubles(n, -1, 1).toArray();
    for (Kernels kernels : backends()) {
      double[] expected = random.doubles(n, -1, 1).toArray();
      double[] lower = expected.clone();
      double[] upper = expected.clone();
      kernels.gemv(n, n, 2, a, 0, n, 1, x, 0, 1, -3, expected, 0, 1);
      kernels.symv(false, n, 2, a, 0, n, x, 0, 1, -3, lower, 0, 1);
      kernels.symv(true, n, 2, a, 0, n, x, 0, 1, -3, upper, 0, 1);
      for (int i = 0; i < n; i++) {
        assertEquals(expected[i], lower[i], 4.0 * n * n * ULP);
        assertEquals(expected[i], upper[i], 4.0 * n * n * ULP);
      }
    }
  }

  @Property(tries = 30)
  void dotAndNormsMatchExactSums(@ForAll @IntRange(min = 0, max = 300) int n, @ForAll long seed) {
    Random random = new Random(seed);
    double[] x = random.doubles(n, -1, 1).toArray();
    double[] y = random.doubles(n, -1, 1).toArray();
    BigDecimal dot = BigDecimal.ZERO;
    BigDecimal sum = BigDecimal.ZERO;
    BigDecimal squares = BigDecimal.ZERO;
    double largest = 0;
    for (int i = 0; i < n; i++) {
      dot = dot.add(new BigDecimal(x[i]).multiply(new BigDecimal(y[i])));
      sum = sum.add(new BigDecimal(Math.abs(x[i])));
      squares = squares.add(new BigDecimal(x[i]).pow(2));
      largest = Math.max(largest, Math.abs(x[i]));
    }
    for (Kernels kernels : backends()) {
      assertEquals(dot.doubleValue(), kernels.dot(n, x, 0, 1, y, 0, 1), (n + 1) * n * ULP);
      assertEquals(sum.doubleValue(), kernels.norm1(n, x, 0, 1), (n + 1) * n * ULP);
      double norm = Math.sqrt(squares.doubleValue());
      assertEquals(norm, kernels.norm2(n, x, 0, 1), (n + 4) * ULP * norm);
      assertEquals(largest, kernels.normInf(n, x, 0, 1));
    }
  }

  @Property(tries = 60)
  void euclideanNormScalesByPowersOfTwoWithoutOverflowOrUnderflow(
      @ForAll @IntRange(min = 1, max = 100) int n,
      @ForAll @IntRange(min = -1000, max = 1000) int exponent,
      @ForAll long seed) {
    double[] x = new Random(seed).doubles(n, 0.5, 1).toArray();
    double[] scaled = new double[n];
    for (int i = 0; i < n; i++) {
      scaled[i] = Math.scalb(x[i], exponent);
    }
    for (Kernels kernels : backends()) {
      double expected = Math.scalb(kernels.norm2(n, x, 0, 1), exponent);
      assertEquals(expected, kernels.norm2(n, scaled, 0, 1), 4 * Math.ulp(expected));
    }
  }

  @Example
  void extremeNorms() {
    for (Kernels kernels : backends()) {
      double most = Double.MAX_VALUE;
      assertEquals(most, kernels.norm2(1, new double[] {most}, 0, 1));
      assertEquals(Double.POSITIVE_INFINITY, kernels.norm2(2, new double[] {most, most}, 0, 1));
      assertEquals(
          5 * Double.MIN_VALUE,
          kernels.norm2(2, new double[] {3 * Double.MIN_VALUE, 4 * Double.MIN_VALUE}, 0, 1));
      assertEquals(0, kernels.norm2(0, new double[0], 0, 1));
      assertEquals(0, kernels.norm2(3, new double[3], 0, 1));
      assertTrue(Double.isNaN(kernels.norm2(2, new double[] {Double.NaN, most}, 0, 1)));
      assertTrue(Double.isNaN(kernels.normInf(40, nanAt(40, 17), 0, 1)));
      assertTrue(Double.isNaN(kernels.norm1(40, nanAt(40, 39), 0, 1)));
      assertEquals(
          Math.sqrt(2) * Float.MAX_VALUE,
          kernels.norm2(2, new float[] {Float.MAX_VALUE, Float.MAX_VALUE}, 0, 1),
          Math.ulp(2.0 * Float.MAX_VALUE));
    }
  }

  private static double[] nanAt(int n, int at) {
    double[] x = new double[n];
    x[at] = Double.NaN;
    return x;
  }
}
