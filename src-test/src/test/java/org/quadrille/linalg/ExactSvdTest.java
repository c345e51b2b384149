package org.quadrille.linalg;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.quadrille.linalg.Messages.assertRejected;
import static org.quadrille.linalg.SlowAlgebra.assertSameBits;
import static org.quadrille.linalg.SlowAlgebra.random;
import static org.quadrille.linalg.SlowAlgebra.strided;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.ejml.dense.row.SingularOps_DDRM;
import org.hipparchus.linear.Array2DRowRealMatrix;
import org.hipparchus.linear.SingularValueDecomposition;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.quadrille.kernels.cpu.KernelProvider;
import org.quadrille.kernels.cpu.WorkerPool;
import org.quadrille.linalg.ejml.Ejml;

/** Complete decompositions of all sizes and shapes by all of the methods behind them. */
class ExactSvdTest {

  @Property(tries = 150)
  void samplesAreDecomposed(
      @ForAll SvdSamples sample,
      @ForAll @IntRange(max = 40) int m,
      @ForAll @IntRange(max = 40) int n,
      @ForAll DType dtype) {
    check(sample.toString(), sample.of(m, n).to(dtype));
  }

  @Property(tries = 60)
  void samplesBeyondPlainLoopsAreDecomposed(
      @ForAll SvdSamples sample,
      @ForAll @IntRange(min = ExactSvd.SMALL + 1, max = 160) int n,
      @ForAll @IntRange(max = 90) int more,
      @ForAll DType dtype,
      @ForAll boolean wide) {
    check(sample.toString(), sample.of(wide ? n : n + more, wide ? n + more : n).to(dtype));
  }

  @Test
  void smallestSizesAndThoseAroundThresholds() {
    int t = ExactSvd.SMALL;
    int[][] shapes = {
      {0, 0},
      {0, 3},
      {3, 0},
      {1, 1},
      {1, 9},
      {9, 1},
      {2, 2},
      {3, 2},
      {3, 3},
      {400, 1},
      {1, 400},
      {t, t},
      {t + 1, t + 1},
      {t, t + 1},
      {4 * t, 2},
      {4 * t + 1, 2},
      {500, 3},
      {127, 127},
      {128, 129},
      {150, 100},
      {149, 100},
      {151, 100},
      {200, 200}
    };
    for (int[] shape : shapes) {
      for (DType dtype : DType.values()) {
        check("random", random(7, shape).to(dtype));
      }
    }
  }

  @Test
  void scaleDoesNotMatter() {
    for (int n : new int[] {12, 120}) {
      Tensor a = random(3, n + 4, n);
      for (double scale : new double[] {1e-300, 1e-160, 1e150, 1e300}) {
        check("times " + scale, Arithmetic.scaled(scale, a));
      }
      for (double scale : new double[] {1e-37, 1e37}) {
        check("times " + scale, Arithmetic.scaled(scale, a).to(DType.F32));
      }
      // A power of two changes no digit, whatever the exponent.
      assertSameBits(
          Arithmetic.scaled(0x1p-500, Svd.exact(Arithmetic.scaled(0x1p60, a)).singularValues()),
          Svd.exact(Arithmetic.scaled(0x1p-440, a)).singularValues());
    }
  }

  @Test
  void subnormalElementsAreKept() {
    Tensor a = Tensor.zeros(DType.F64, 3, 3);
    a.set(4 * Double.MIN_VALUE, 0, 2);
    a.set(3 * Double.MIN_VALUE, 1, 0);
    assertEquals(4 * Double.MIN_VALUE, Svd.exact(a).singularValues().get(0));
    assertEquals(3 * Double.MIN_VALUE, Svd.values(a).get(1));
  }

  @Test
  void valuesOfTheSecondDifferenceAreKnown() {
    int n = 150;
    // Its square is the second difference with one changed corner.
    Tensor a = SvdSamples.bidiagonal(n, n, i -> 1, i -> -1);
    Tensor values = Svd.exact(a).singularValues();
    Tensor alone = Svd.values(a);
    for (int i = 0; i < n; i++) {
      // 2 sin((2 k - 1) pi / (4 n + 2)), k = 1 ... n
      double expected = 2 * Math.sin((2 * (n - i) - 1) * Math.PI / (4 * n + 2));
      assertEquals(expected, values.get(i), 40 * 0x1p-53);
      assertEquals(expected, alone.get(i), 40 * 0x1p-53);
    }
  }

  @Test
  void agreesWithOtherLibraries() {
    int m = 140;
    int n = 125;
    Tensor a = random(1, m, n);
    double[] values = Svd.exact(a).singularValues().toDoubles();
    double[] ejml = SingularOps_DDRM.singularValues(Ejml.copyToMatrix(a));
    double[][] rows = new double[m][];
    for (int i = 0; i < m; i++) {
      rows[i] = a.row(i).toDoubles();
    }
    double[] hipparchus =
        new SingularValueDecomposition(new Array2DRowRealMatrix(rows)).getSingularValues();
    for (int i = 0; i < n; i++) {
      assertEquals(hipparchus[i], values[i], 1e-12);
      assertEquals(ejml[i], values[i], 1e-12);
    }
  }

  @Test
  void vectorsAgreeWithJacobiUpToSign() {
    for (int n : new int[] {30, 125}) {
      Tensor a = SvdSamples.ARITHMETIC.of(n + 5, n);
      Svd jacobi = JacobiSvd.decompose(a);
      Svd fast = Svd.exact(a);
      Tensor left = MatrixProduct.multiply(jacobi.u().transpose(), fast.u());
      Tensor right = MatrixProduct.multiply(jacobi.v().transpose(), fast.v());
      for (int i = 0; i < n; i++) {
        assertEquals(1, left.get(i, i) * right.get(i, i), 1e-10);
      }
    }
  }

  @Test
  void jacobiConvergesOnMatricesOfLowRank() {
    for (SvdSamples sample : new SvdSamples[] {SvdSamples.ONES, SvdSamples.RANK_THREE}) {
      Tensor a = sample.of(60, 50);
      checkParts("Jacobi " + sample, a, JacobiSvd.decompose(a));
    }
  }

  @Test
  void bitsDoNotDependOnThreadsOrBackend() {
    for (DType dtype : DType.values()) {
      for (int[] shape : new int[][] {{30, 25}, {270, 200}, {400, 130}}) {
        Tensor a = random(5, shape).to(dtype);
        Svd reference =
            KernelProvider.with(
                KernelProvider.scalar(), () -> WorkerPool.of(1).call(() -> Svd.exact(a)));
        for (int threads : new int[] {1, 2, 3}) {
          Svd svd = WorkerPool.of(threads).call(() -> Svd.exact(a));
          assertSameBits(reference.singularValues(), svd.singularValues());
          assertSameBits(reference.u(), svd.u());
          assertSameBits(reference.v(), svd.v());
        }
      }
    }
  }

  @Test
  void stridesDoNotMatterAndTheArgumentSurvives() {
    for (int[] shape : new int[][] {{20, 30}, {140, 130}, {40, 300}, {300, 120}}) {
      Tensor a = random(2, shape);
      Tensor before = a.copy();
      Svd plain = Svd.exact(a);
      Tensor values = Svd.values(a);
      assertSameBits(before, a);
      assertSameBits(plain.u(), Svd.exact(strided(a)).u());
      assertSameBits(values, Svd.values(strided(a)));
      assertSameBits(plain.v(), Svd.exact(a.transpose().copy()).u());
    }
  }

  @Test
  void valuesRefuseWhatIsNotAFiniteMatrix() {
    Tensor a = random(1, 3, 3);
    a.set(Double.NaN, 2, 1);
    assertRejected(() -> Svd.values(a), "NaN at [2, 1]");
    assertRejected(() -> Svd.values(random(1, 3)), "expected a matrix");
  }

  @Test
  @Tag("study")
  void largeSamplesAreDecomposed() {
    for (SvdSamples sample : SvdSamples.values()) {
      for (int[] shape : new int[][] {{600, 600}, {1025, 700}, {515, 1400}}) {
        for (DType dtype : DType.values()) {
          check(sample.toString(), sample.of(shape[0], shape[1]).to(dtype));
        }
      }
    }
  }

  private static void check(String name, Tensor a) {
    Svd svd = Svd.exact(a);
    assertEquals(a.dtype(), svd.u().dtype());
    assertEquals(a.dtype(), svd.v().dtype());
    assertEquals(a.dtype(), svd.singularValues().dtype());
    Tensor alone = Svd.values(a);
    double n = Math.max(8, Math.max(a.size(0), a.size(1)));
    double largest = svd.rank() == 0 ? 0 : svd.singularValues().get(0);
    for (int i = 0; i < svd.rank(); i++) {
      assertEquals(
          svd.singularValues().get(i),
          alone.get(i),
          n * a.dtype().unitRoundoff() * largest,
          () -> name + ", " + a + ": values without vectors");
    }
    checkParts(name, a, svd);
  }

  private static void checkParts(String name, Tensor a, Svd svd) {
    int r = svd.rank();
    assertEquals(Math.min(a.size(0), a.size(1)), r);
    double largest = Norms.max(a);
    // By a power of two near the largest element, so that products of extreme matrices are finite.
    double scale = largest == 0 ? 1 : Math.scalb(1.0, Math.max(-1000, Math.getExponent(largest)));
    Tensor matrix = PowerOfTwo.divide(a.to(DType.F64).copy(), scale);
    double[] values =
        PowerOfTwo.divide(svd.singularValues().to(DType.F64).copy(), scale).toDoubles();
    for (int i = 0; i < r; i++) {
      assertTrue(values[i] >= (i + 1 < r ? values[i + 1] : 0), name);
    }
    Svd scaled = new Svd(svd.u().to(DType.F64), Tensor.of(values, r), svd.v().to(DType.F64));
    double tolerance = 2 * Math.max(8, Math.max(a.size(0), a.size(1))) * a.dtype().unitRoundoff();
    double norm = Norms.frobenius(matrix);
    double error = Norms.frobenius(Arithmetic.subtract(matrix, scaled.reconstruct()));
    assertTrue(error <= tolerance * norm, () -> name + ", " + a + ": residual " + error / norm);
    for (Tensor vectors : new Tensor[] {scaled.u(), scaled.v()}) {
      Tensor gram = MatrixProduct.multiply(vectors.transpose(), vectors);
      for (int i = 0; i < r; i++) {
        gram.set(gram.get(i, i) - 1, i, i);
      }
      double skew = Norms.max(gram);
      assertTrue(skew <= tolerance, () -> name + ", " + a + ": departure from I is " + skew);
    }
  }
}
