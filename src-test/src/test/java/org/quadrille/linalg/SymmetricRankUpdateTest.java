package org.quadrille.linalg;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.quadrille.linalg.Messages.assertRejected;
import static org.quadrille.linalg.SlowAlgebra.assertClose;
import static org.quadrille.linalg.SlowAlgebra.assertSameBits;
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

class SymmetricRankUpdateTest {

  @Property(tries = 20)
  void oneTriangleIsTheProductAndTheOtherIsUntouched(
      @ForAll @IntRange(max = 220) int n,
      @ForAll @IntRange(max = 12) int k,
      @ForAll DType dtype,
      @ForAll boolean upper,
      @ForAll boolean gaps) {
    Tensor a = random(1, n, k).to(dtype);
    Tensor c = random(2, n, n).to(dtype);
    Tensor wide = a.to(DType.F64);
    Tensor expected =
        Arithmetic.axpy(
            -1.5, product(wide, wide.transpose()), Arithmetic.scaled(0.5, c.to(DType.F64)));
    Tensor stored = gaps ? strided(c) : c.copy();
    Tensor factor = gaps ? strided(a) : a;
    Tensor result =
        upper
            ? SymmetricRankUpdate.updateUpper(-1.5, factor, 0.5, stored)
            : SymmetricRankUpdate.updateLower(-1.5, factor, 0.5, stored);
    assertSame(stored, result);
    double[] e = expected.toDoubles();
    double[] before = c.toDoubles();
    double[] after = stored.toDoubles();
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) {
        boolean inside = upper ? j >= i : j <= i;
        double tolerance = inside ? 64 * (k + 1) * dtype.unitRoundoff() : 0;
        assertEquals(inside ? e[i * n + j] : before[i * n + j], after[i * n + j], tolerance);
      }
    }
  }

  @Property(tries = 20)
  void gramMatricesAreSymmetricProducts(
      @ForAll @IntRange(max = 40) int m, @ForAll @IntRange(max = 220) int n, @ForAll DType dtype) {
    Tensor a = random(1, m, n).to(dtype);
    Tensor wide = a.to(DType.F64);
    Tensor gram = SymmetricRankUpdate.gram(a);
    assertClose(product(wide.transpose(), wide), gram, 64 * (m + 1) * dtype.unitRoundoff());
    assertSameBits(gram, gram.transpose());
  }

  @Test
  void betaZeroIgnoresOldContents() {
    Tensor c = Tensor.zeros(DType.F64, 150, 150).fill(Double.NaN);
    Tensor a = random(1, 150, 20);
    SymmetricRankUpdate.mirrorLower(SymmetricRankUpdate.updateLower(1, a, 0, c));
    assertSameBits(SymmetricRankUpdate.gram(a.transpose()), c);
  }

  @Test
  void productsWithoutInnerLengthScale() {
    Tensor c = random(1, 3, 3);
    Tensor none = Tensor.zeros(DType.F64, 3, 0);
    Tensor expected = Arithmetic.scaled(2, c);
    SymmetricRankUpdate.updateLower(1, none, 2, c);
    SymmetricRankUpdate.mirrorLower(c);
    SymmetricRankUpdate.mirrorLower(expected);
    assertSameBits(expected, c);
    assertEquals(0, SymmetricRankUpdate.gram(Tensor.zeros(DType.F32, 5, 0)).length());
  }

  @Test
  void bitsDoNotDependOnThreadsOrBackend() {
    Tensor a = random(1, 300, 330).to(DType.F32);
    Supplier<Tensor> gram = () -> SymmetricRankUpdate.gram(a);
    Tensor reference =
        KernelProvider.with(KernelProvider.scalar(), () -> WorkerPool.of(1).call(gram));
    for (int threads : new int[] {1, 2, 4}) {
      assertSameBits(reference, WorkerPool.of(threads).call(gram));
    }
  }

  @Test
  void mistakesAreExplained() {
    Tensor a = random(1, 3, 2);
    assertRejected(() -> SymmetricRankUpdate.gram(random(1, 3)), "expected a matrix");
    assertRejected(
        () -> SymmetricRankUpdate.updateLower(1, a, 0, random(1, 2, 2)), "expected F64[3, 3]");
    assertRejected(
        () -> SymmetricRankUpdate.updateUpper(1, a, 0, random(1, 3, 3).to(DType.F32)), "F64[3, 3]");
    Tensor square = random(1, 3, 3);
    assertRejected(() -> SymmetricRankUpdate.updateLower(1, square, 0, square), "shares elements");
    assertRejected(() -> SymmetricRankUpdate.mirrorLower(a), "square");
  }
}
