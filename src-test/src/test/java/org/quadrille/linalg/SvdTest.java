package org.quadrille.linalg;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.quadrille.linalg.Messages.assertRejected;
import static org.quadrille.linalg.SlowAlgebra.assertClose;
import static org.quadrille.linalg.SlowAlgebra.assertOrthonormalColumns;
import static org.quadrille.linalg.SlowAlgebra.random;
import static org.quadrille.linalg.SlowAlgebra.withSpectrum;

import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.ejml.dense.row.SingularOps_DDRM;
import org.junit.jupiter.api.Test;
import org.quadrille.linalg.ejml.Ejml;

class SvdTest {

  @Property(tries = 60)
  void partsAreOrthonormalSortedAndReproduceTheMatrix(
      @ForAll @IntRange(max = 30) int m, @ForAll @IntRange(max = 30) int n, @ForAll DType dtype) {
    Tensor a = random(1, m, n).to(dtype);
    Svd svd = Svd.exact(a);
    assertEquals(dtype, svd.u().dtype());
    check(svd, a, dtype.unitRoundoff());
  }

  @Property(tries = 20)
  void knownSpectraAreFound(
      @ForAll @IntRange(min = 8, max = 40) int m, @ForAll @IntRange(min = 8, max = 40) int n) {
    double[] sigma = {5, 3, 3, 1, 1e-3, 1e-9, 0, 0};
    Svd svd = Svd.exact(withSpectrum(3, m, n, sigma));
    double tolerance = 8 * Math.max(m, n) * 0x1p-52 * 5;
    for (int i = 0; i < Math.min(m, n); i++) {
      double expected = i < sigma.length ? sigma[i] : 0;
      assertEquals(expected, svd.singularValues().get(i), tolerance);
    }
  }

  @Test
  void agreesWithEjml() {
    Tensor a = random(1, 37, 23);
    double[] expected = SingularOps_DDRM.singularValues(Ejml.copyToMatrix(a));
    assertClose(Tensor.of(expected, 23), Svd.exact(a).singularValues(), 1e-13);
  }

  @Property(tries = 30)
  void jacobiRotationsAgreeWithQrIteration(
      @ForAll @IntRange(min = 1, max = 20) int n, @ForAll @IntRange(max = 10) int more) {
    Tensor a = random(1, n + more, n);
    Svd jacobi = JacobiSvd.decompose(a);
    check(jacobi, a, 0x1p-53);
    assertClose(Svd.exact(a).singularValues(), jacobi.singularValues(), 1e-13);
  }

  @Test
  void jacobiCompletesBasesOfDeficientMatrices() {
    Tensor deficient = withSpectrum(3, 12, 9, 2, 1, 0.5);
    Svd svd = JacobiSvd.decompose(deficient);
    check(svd, deficient, 0x1p-53);
    check(JacobiSvd.decompose(Tensor.zeros(DType.F64, 5, 5)), Tensor.zeros(DType.F64, 5, 5), 0);
  }

  @Test
  void truncationIsOptimal() {
    double[] sigma = {4, 2, 1, 0.5, 0.25};
    Tensor a = withSpectrum(1, 9, 7, sigma);
    Svd svd = Svd.exact(a);
    for (int k = 0; k <= 5; k++) {
      Tensor error = Arithmetic.subtract(a, svd.truncate(k).reconstruct());
      double tail = Math.sqrt(IntStream.range(k, 5).mapToDouble(i -> sigma[i] * sigma[i]).sum());
      assertEquals(tail, Norms.frobenius(error), 1e-14);
    }
    assertRejected(() -> svd.truncate(8), "truncate(8)", "0 to 7");
  }

  @Test
  void lowRankFormHasBalancedFactors() {
    Tensor a = withSpectrum(1, 9, 7, 4, 2, 1);
    LowRank lowRank = Svd.exact(a).truncate(3).toLowRank();
    assertClose(a, lowRank.toDense(), 1e-14);
    assertEquals(Norms.frobenius(lowRank.left()), Norms.frobenius(lowRank.right()), 1e-14);
  }

  @Test
  void nonFiniteAndNonMatricesAreRefused() {
    Tensor a = random(1, 3, 3);
    a.set(Double.NEGATIVE_INFINITY, 0, 1);
    assertRejected(() -> Svd.exact(a), "-Infinity at [0, 1]");
    assertRejected(() -> Svd.exact(random(1, 3)), "expected a matrix");
    assertRejected(
        () -> new Svd(random(1, 3, 2), random(2, 3), random(3, 4, 2)), "[m, r], [n, r] and [r]");
  }

  @Test
  void failureToConvergeCarriesWhatIsKnown() {
    NotConvergedException e =
        assertThrows(
            NotConvergedException.class,
            () -> {
              throw new NotConvergedException("iteration", 7, 0.5, 1e-3, "best");
            });
    assertEquals(7, e.iterations());
    assertEquals(0.5, e.residual());
    assertEquals("best", e.best().orElseThrow());
    assertTrue(e.getMessage().contains("7 iterations: residual 0.5"));
  }

  private static void check(Svd svd, Tensor a, double u) {
    int m = a.size(0);
    int n = a.size(1);
    double c = 16 * (Math.max(m, n) + 1) * u;
    assertOrthonormalColumns(svd.u(), c);
    assertOrthonormalColumns(svd.v(), c);
    double largest = svd.rank() == 0 ? 0 : svd.singularValues().get(0);
    assertClose(a.to(DType.F64), svd.reconstruct(), c * largest);
    for (int i = 0; i < svd.rank(); i++) {
      double next = i + 1 < svd.rank() ? svd.singularValues().get(i + 1) : 0;
      assertTrue(svd.singularValues().get(i) >= next);
    }
  }
}
