package org.quadrille.linalg;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.quadrille.linalg.Messages.assertRejected;
import static org.quadrille.linalg.SlowAlgebra.assertOrthonormalColumns;
import static org.quadrille.linalg.SlowAlgebra.assertSameBits;
import static org.quadrille.linalg.SlowAlgebra.product;
import static org.quadrille.linalg.SlowAlgebra.random;
import static org.quadrille.linalg.SlowAlgebra.strided;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.quadrille.kernels.cpu.KernelProvider;
import org.quadrille.kernels.cpu.WorkerPool;

class QrTest {

  @Property(tries = 60)
  void factorsAreOrthonormalAndTriangularAndReproduceTheMatrix(
      @ForAll @IntRange(max = 60) int m, @ForAll @IntRange(max = 60) int n, @ForAll DType dtype) {
    check(random(1, m, n).to(dtype), 1);
  }

  @Property(tries = 20)
  void rankDeficientMatricesAreFactoredToo(
      @ForAll @IntRange(min = 1, max = 50) int m,
      @ForAll @IntRange(min = 1, max = 50) int n,
      @ForAll @IntRange(max = 3) int rank,
      @ForAll DType dtype) {
    check(product(random(1, m, rank), random(2, rank, n)).to(dtype), 1);
  }

  @Test
  void extremeScalesAreHarmless() {
    for (double scale : new double[] {1e-300, 1e-160, 1e150, 1e300}) {
      check(Arithmetic.scaled(scale, random(1, 30, 20)), scale);
    }
    for (double scale : new double[] {1e-35, 1e35}) {
      check(Arithmetic.scaled(scale, random(1, 30, 20)).to(DType.F32), scale);
    }
  }

  @Test
  void gradedColumnsKeepOrthogonality() {
    Tensor a = random(1, 40, 30);
    for (int j = 0; j < 30; j++) {
      Arithmetic.scale(Math.pow(10, -10 * j), a.transpose().row(j));
    }
    check(a, 1);
  }

  @Test
  void stridesDoNotMatter() {
    Tensor a = random(1, 35, 27);
    Qr plain = Qr.decompose(a);
    assertSameBits(plain.q(), Qr.decompose(strided(a)).q());
    assertSameBits(plain.r(), Qr.decompose(a.transpose().copy().transpose()).r());
  }

  @Test
  void bitsDoNotDependOnThreadsOrBackend() {
    Tensor a = random(1, 300, 70).to(DType.F32);
    Qr reference =
        KernelProvider.with(
            KernelProvider.scalar(), () -> WorkerPool.of(1).call(() -> Qr.decompose(a)));
    for (int threads : new int[] {1, 2, 4}) {
      Qr qr = WorkerPool.of(threads).call(() -> Qr.decompose(a));
      assertSameBits(reference.q(), qr.q());
      assertSameBits(reference.r(), qr.r());
    }
  }

  @Test
  void nonFiniteAndNonMatricesAreRefused() {
    Tensor a = random(1, 3, 3);
    a.set(Double.NaN, 2, 0);
    assertRejected(() -> Qr.decompose(a), "NaN at [2, 0]");
    assertRejected(() -> Qr.decompose(random(1, 3)), "expected a matrix");
  }

  @Test
  void severalPanelsAreFactored() {
    check(random(1, 150, 140), 1);
    check(random(2, 70, 200).to(DType.F32), 1);
    check(random(3, 400, 73).to(DType.F32), 1);
  }

  @Test
  void triangleAloneHasTheSameBits() {
    for (Tensor a : new Tensor[] {random(1, 90, 20), random(2, 20, 90), random(3, 300, 130)}) {
      assertSameBits(Qr.decompose(a).r(), Qr.triangle(a));
    }
    assertRejected(() -> Qr.triangle(random(1, 3)), "expected a matrix");
  }

  @Test
  void leastSquaresSolutionLeavesAnOrthogonalResidual() {
    for (DType dtype : DType.values()) {
      Tensor a = random(1, 90, 20).to(dtype);
      Tensor b = random(2, 90, 3).to(dtype);
      Tensor x = Qr.decompose(a).solve(b);
      Tensor wide = a.to(DType.F64);
      Tensor residual = Arithmetic.subtract(product(wide, x.to(DType.F64)), b.to(DType.F64));
      Tensor gradient = product(wide.transpose(), residual);
      double u = dtype.unitRoundoff();
      assertTrue(Norms.max(gradient) <= 100 * u * Norms.frobenius(a) * Norms.frobenius(b));
    }
    Tensor square = random(3, 7, 7);
    Tensor right = random(4, 7);
    Tensor product = MatrixProduct.multiply(square, Qr.decompose(square).solve(right));
    assertTrue(Norms.max(Arithmetic.subtract(product, right)) <= 1e-12);
  }

  @Test
  void mistakesOfSolveAreExplained() {
    Qr qr = Qr.decompose(random(1, 5, 3));
    assertRejected(() -> qr.solve(random(1, 3)), "expected F64 of shape [5]");
    assertRejected(() -> qr.solve(random(1, 5).to(DType.F32)), "expected F64");
    assertRejected(() -> Qr.decompose(random(1, 3, 5)).solve(random(1, 3)), "use Svd");
    Tensor deficient = Tensor.zeros(DType.F64, 4, 2);
    assertRejected(() -> Qr.decompose(deficient).solve(random(1, 4)), "element [0, 0] is 0");
  }

  private static void check(Tensor a, double scale) {
    int m = a.size(0);
    int n = a.size(1);
    int p = Math.min(m, n);
    Qr qr = Qr.decompose(a);
    double u = a.dtype().unitRoundoff();
    assertOrthonormalColumns(qr.q(), 4 * (m + 1) * u);
    Tensor wide = Arithmetic.scaled(1 / scale, a.to(DType.F64));
    Tensor r = Arithmetic.scaled(1 / scale, qr.r().to(DType.F64));
    Tensor residual = Arithmetic.subtract(product(qr.q().to(DType.F64), r), wide);
    double error = Norms.frobenius(residual);
    assertTrue(error <= 4 * (p + 1) * u * Norms.frobenius(wide), () -> a + ": residual " + error);
    for (int i = 0; i < p; i++) {
      assertTrue(qr.r().get(i, i) >= 0);
      for (int j = 0; j < i; j++) {
        assertEquals(0, qr.r().get(i, j));
      }
    }
  }
}
