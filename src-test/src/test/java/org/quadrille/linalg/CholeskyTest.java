package org.quadrille.linalg;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.quadrille.linalg.Messages.assertRejected;
import static org.quadrille.linalg.SlowAlgebra.assertClose;
import static org.quadrille.linalg.SlowAlgebra.assertSameBits;
import static org.quadrille.linalg.SlowAlgebra.identity;
import static org.quadrille.linalg.SlowAlgebra.product;
import static org.quadrille.linalg.SlowAlgebra.random;
import static org.quadrille.linalg.SlowAlgebra.strided;

import java.util.function.Supplier;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.quadrille.kernels.cpu.KernelProvider;
import org.quadrille.kernels.cpu.WorkerPool;

/** {@link Cholesky} in both precisions, in any scale and for any strides. */
class CholeskyTest {

  @Property(tries = 30)
  void factorReproducesTheMatrixInItsOwnPrecision(
      @ForAll @IntRange(max = 150) int n, @ForAll DType dtype, @ForAll boolean gaps) {
    Tensor a = positiveDefinite(n, dtype);
    check(gaps ? strided(a) : a, 1);
  }

  @Test
  void anyScaleAndGradingIsFactored() {
    for (double scale : new double[] {1e-290, 1e-150, 1e150, 1e290}) {
      check(Arithmetic.scaled(scale, positiveDefinite(70, DType.F64)), scale);
    }
    for (double scale : new double[] {1e-33, 1e33}) {
      check(
          Arithmetic.scaled(scale, positiveDefinite(70, DType.F32).to(DType.F64)).to(DType.F32),
          scale);
    }
    // D A D with d from 1 to 1e-120
    Tensor graded = positiveDefinite(100, DType.F64);
    for (int i = 0; i < 100; i++) {
      double d = Math.pow(10, -1.2 * i);
      Arithmetic.scale(d, graded.row(i));
      Arithmetic.scale(d, graded.transpose().row(i));
    }
    check(graded, 1);
  }

  @Test
  void onlyTheUpperTriangleIsRead() {
    Tensor a = positiveDefinite(100, DType.F64);
    Tensor expected = Cholesky.decompose(a).lower();
    for (int i = 0; i < 100; i++) {
      a.row(i).slice(0, 0, i).fill(1e200);
    }
    assertSameBits(expected, Cholesky.decompose(a).lower());
  }

  @Property(tries = 15)
  void solvesAndInvertsInItsOwnPrecision(
      @ForAll @IntRange(max = 100) int n, @ForAll @IntRange(max = 5) int k, @ForAll DType dtype) {
    Tensor a = positiveDefinite(n, dtype);
    Cholesky cholesky = Cholesky.decompose(a);
    Tensor b = random(3, n, k).to(dtype);
    Tensor x = cholesky.solve(b);
    assertEquals(dtype, x.dtype());
    double u = dtype.unitRoundoff();
    Tensor wide = a.to(DType.F64);
    double size = Norms.frobenius(a) * Norms.frobenius(x) + Norms.frobenius(b);
    assertClose(b.to(DType.F64), product(wide, x.to(DType.F64)), 4 * (n + 4) * u * size);
    Tensor inverse = cholesky.inverse();
    assertSameBits(inverse, inverse.transpose());
    double condition = Norms.frobenius(a) * Norms.frobenius(inverse);
    assertClose(
        identity(n), product(wide, inverse.to(DType.F64)), 4 * (n + 4) * u * (1 + condition));
  }

  @Test
  void pivotThatFailsIsNamedInEveryBlock() {
    for (int bad : new int[] {0, 31, 32, 100, 149}) {
      for (DType dtype : DType.values()) {
        Tensor a = identity(150).to(dtype);
        a.set(-2, bad, bad);
        assertRejected(() -> Cholesky.decompose(a), "pivot " + bad + " is -2.0");
      }
    }
    // Rank 3 of 40: the rounding errors decide at which pivot it fails, but fail it must
    Tensor g = random(1, 40, 3);
    Tensor deficient = product(g, g.transpose());
    deficient.set(-1, 39, 39);
    assertRejected(() -> Cholesky.decompose(deficient), "not positive definite");
  }

  @Test
  void bitsDoNotDependOnThreadsOrBackend() {
    Tensor a = positiveDefinite(260, DType.F32);
    Supplier<Tensor> factor = () -> Cholesky.decompose(a).lower();
    Tensor reference =
        KernelProvider.with(KernelProvider.scalar(), () -> WorkerPool.of(1).call(factor));
    for (int threads : new int[] {1, 2, 4}) {
      assertSameBits(reference, WorkerPool.of(threads).call(factor));
    }
  }

  @Test
  void emptyAndSmallestMatricesAreFactored() {
    Cholesky none = Cholesky.decompose(Tensor.zeros(DType.F32, 0, 0));
    assertEquals(0, none.logDeterminant());
    assertEquals(0, none.solve(Tensor.zeros(DType.F32, 0)).length());
    Cholesky one = Cholesky.decompose(Tensor.of(new double[] {4}, 1, 1));
    assertEquals(2, one.lower().get(0, 0));
    assertEquals(0.25, one.inverse().get(0, 0));
  }

  @Test
  void otherPrecisionIsRefusedBySolve() {
    Cholesky cholesky = Cholesky.decompose(identity(2));
    assertRejected(() -> cholesky.solve(random(1, 2).to(DType.F32)), "one dtype", "DType.F64");
  }

  private static void check(Tensor a, double scale) {
    int n = a.size(0);
    Tensor l = Cholesky.decompose(a).lower();
    assertEquals(a.dtype(), l.dtype());
    Tensor wide = Arithmetic.scaled(1 / scale, a.to(DType.F64));
    // L and L^T take the square root of the scale each
    Tensor factor = Arithmetic.scaled(1 / Math.sqrt(scale), l.to(DType.F64));
    Tensor error = Arithmetic.subtract(product(factor, factor.transpose()), wide);
    double u = a.dtype().unitRoundoff();
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) {
        // |A - L L^T| <= (n + 1) u |L| |L^T| (Higham, theorem 10.3), so graded matrices too
        double bound = 2 * (n + 4) * u * Math.sqrt(wide.get(i, i)) * Math.sqrt(wide.get(j, j));
        assertTrue(Math.abs(error.get(i, j)) <= bound, () -> "error above " + bound);
        assertTrue(j <= i || l.get(i, j) == 0);
      }
      assertTrue(l.get(i, i) > 0);
    }
  }

  private static Tensor positiveDefinite(int n, DType dtype) {
    Tensor g = random(4, n, n + 3);
    return Arithmetic.axpy(n / 8.0 + 1, identity(n), SymmetricRankUpdate.gram(g.transpose()))
        .to(dtype);
  }
}
