package org.quadrille.linalg;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.quadrille.linalg.Messages.assertRejected;
import static org.quadrille.linalg.SlowAlgebra.assertClose;
import static org.quadrille.linalg.SlowAlgebra.assertOrthonormalColumns;
import static org.quadrille.linalg.SlowAlgebra.assertSameBits;
import static org.quadrille.linalg.SlowAlgebra.kronecker;
import static org.quadrille.linalg.SlowAlgebra.random;
import static org.quadrille.linalg.SlowAlgebra.strided;
import static org.quadrille.linalg.SlowAlgebra.withSpectrum;

import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.quadrille.kernels.cpu.KernelProvider;
import org.quadrille.kernels.cpu.WorkerPool;

class RandomizedSvdTest {

  @Property(tries = 40)
  void withAllColumnsItIsTheExactDecomposition(
      @ForAll @IntRange(min = 1, max = 30) int m,
      @ForAll @IntRange(min = 1, max = 30) int n,
      @ForAll DType dtype) {
    Tensor a = random(1, m, n).to(dtype);
    Svd svd = RandomizedSvd.decompose(a, RandomizedSvd.Options.rank(Math.min(m, n)));
    double c = 32 * (m + n) * dtype.unitRoundoff();
    double largest = svd.singularValues().get(0);
    assertClose(Svd.exact(a).singularValues(), svd.singularValues(), c * largest);
    assertClose(a, svd.reconstruct(), c * largest);
  }

  @Property(tries = 30)
  void exactLowRankMatricesAreReproduced(
      @ForAll @IntRange(min = 1, max = 80) int m,
      @ForAll @IntRange(min = 1, max = 80) int n,
      @ForAll @IntRange(max = 5) int rank,
      @ForAll DType dtype) {
    Tensor a = MatrixProduct.multiply(random(1, m, rank), random(2, rank, n)).to(dtype);
    int wanted = Math.min(Math.min(m, n), rank + 1);
    Svd svd = RandomizedSvd.decompose(a, RandomizedSvd.Options.rank(wanted).withOversampling(3));
    double u = dtype.unitRoundoff();
    assertOrthonormalColumns(svd.u(), 16 * (m + 1) * u);
    assertOrthonormalColumns(svd.v(), 16 * (n + 1) * u);
    assertClose(a, svd.reconstruct(), 64 * (m + n) * u * (1 + svd.singularValues().get(0)));
  }

  @ParameterizedTest
  @EnumSource
  void leadingPartOfADecayingSpectrumIsAccurate(DType dtype) {
    double[] sigma = IntStream.range(0, 60).mapToDouble(i -> Math.pow(0.7, i)).toArray();
    Tensor a = withSpectrum(1, 120, 90, sigma).to(dtype);
    Svd svd = RandomizedSvd.decompose(a, RandomizedSvd.Options.rank(12));
    for (int i = 0; i < 12; i++) {
      assertEquals(sigma[i], svd.singularValues().get(i), 64 * dtype.unitRoundoff() + 1e-9);
    }
    Tensor error = Arithmetic.subtract(a, svd.reconstruct());
    double tail = Math.sqrt(IntStream.range(12, 60).mapToDouble(i -> sigma[i] * sigma[i]).sum());
    assertEquals(tail, Norms.frobenius(error), 1e-5 * tail);
  }

  @Test
  void ranksNeverOvershootTheTrueSingularValues() {
    Tensor a = random(7, 150, 100);
    Tensor exact = Svd.exact(a).singularValues();
    for (int power = 0; power <= 2; power++) {
      Svd svd =
          RandomizedSvd.decompose(
              a, RandomizedSvd.Options.rank(10).withPowerIterations(power).withSeed(power));
      for (int i = 0; i < 10; i++) {
        assertTrue(svd.singularValues().get(i) <= exact.get(i) * (1 + 1e-13));
      }
    }
  }

  @Test
  void operatorsAndViewsGiveTheSameAsTheirMatrix() {
    Tensor a = random(1, 6, 5);
    Tensor b = random(2, 8, 9);
    RandomizedSvd.Options options = RandomizedSvd.Options.rank(7).withPowerIterations(4);
    Tensor dense = kronecker(a, b);
    Svd ofOperator = RandomizedSvd.decompose(Kronecker.of(a, b), options);
    Svd ofMatrix = RandomizedSvd.decompose(dense, options);
    Svd ofView = RandomizedSvd.decompose(strided(dense), options);
    Svd ofTransposed = RandomizedSvd.decompose(dense.transpose(), options);
    double tolerance = 1e-12 * ofMatrix.singularValues().get(0);
    assertClose(ofMatrix.singularValues(), ofOperator.singularValues(), tolerance);
    assertClose(ofMatrix.reconstruct(), ofOperator.reconstruct(), 10 * tolerance);
    assertClose(ofMatrix.reconstruct(), ofView.reconstruct(), 10 * tolerance);
    assertClose(ofMatrix.reconstruct(), ofTransposed.reconstruct().transpose(), 10 * tolerance);
  }

  @Test
  void bitsDoNotDependOnThreadsOrBackend() {
    for (DType dtype : DType.values()) {
      Tensor a = random(3, 200, 130).to(dtype);
      RandomizedSvd.Options options = RandomizedSvd.Options.rank(20).withSeed(5);
      Svd reference =
          KernelProvider.with(
              KernelProvider.scalar(),
              () -> WorkerPool.of(1).call(() -> RandomizedSvd.decompose(a, options)));
      for (int threads : new int[] {1, 2, 4}) {
        Svd svd = WorkerPool.of(threads).call(() -> RandomizedSvd.decompose(a, options));
        assertSameBits(reference.u(), svd.u());
        assertSameBits(reference.singularValues(), svd.singularValues());
        assertSameBits(reference.v(), svd.v());
      }
    }
  }

  @Test
  void seedDecidesTheResult() {
    Tensor a = random(3, 60, 50);
    RandomizedSvd.Options options = RandomizedSvd.Options.rank(5).withPowerIterations(0);
    Svd one = RandomizedSvd.decompose(a, options.withSeed(1));
    assertSameBits(one.u(), RandomizedSvd.decompose(a, options.withSeed(1)).u());
    Svd two = RandomizedSvd.decompose(a, options.withSeed(2));
    assertTrue(one.singularValues().get(0) != two.singularValues().get(0));
  }

  @Test
  void extremeScalesAreHarmless() {
    double[] sigma = {3, 2, 1, 0.1, 0.01};
    for (double scale : new double[] {1e-160, 1e150}) {
      Tensor a = Arithmetic.scaled(scale, withSpectrum(1, 30, 20, sigma));
      Svd svd = RandomizedSvd.decompose(a, RandomizedSvd.Options.rank(4));
      for (int i = 0; i < 4; i++) {
        assertEquals(sigma[i], svd.singularValues().get(i) / scale, 1e-13);
      }
    }
    Tensor zero = Tensor.zeros(DType.F32, 20, 30);
    Svd svd = RandomizedSvd.decompose(zero, RandomizedSvd.Options.rank(4));
    assertEquals(0, Norms.max(svd.singularValues()));
    assertOrthonormalColumns(svd.u(), 1e-5);
  }

  @Test
  void mistakesAreExplained() {
    Tensor a = random(1, 6, 5);
    assertRejected(
        () -> RandomizedSvd.decompose(a, RandomizedSvd.Options.rank(6)), "rank: given 6", "1 to 5");
    assertRejected(() -> RandomizedSvd.Options.rank(0), "rank: given 0");
    assertRejected(() -> RandomizedSvd.Options.rank(1).withOversampling(-1), "oversampling");
    assertRejected(() -> RandomizedSvd.Options.rank(1).withPowerIterations(-1), "powerIterations");
    assertRejected(
        () -> RandomizedSvd.decompose(a, random(1, 6, 3), 2, 0), "testMatrix", "F64[5, l]");
    assertRejected(() -> RandomizedSvd.decompose(a, random(1, 5, 2), 3, 0), "3 <= l <= 5");
    assertRejected(
        () -> RandomizedSvd.decompose(random(1, 3), RandomizedSvd.Options.rank(1)), "a matrix");
    Tensor nan = a.copy();
    nan.set(Double.NaN, 5, 4);
    assertRejected(
        () -> RandomizedSvd.decompose(nan, RandomizedSvd.Options.rank(1)), "NaN at [5, 4]");
    assertRejected(
        () -> RandomizedSvd.decompose(nan.transpose(), RandomizedSvd.Options.rank(1)), "NaN at");
    Tensor testMatrix = random(1, 5, 2);
    testMatrix.set(Double.NaN, 0, 0);
    assertRejected(() -> RandomizedSvd.decompose(a, testMatrix, 1, 0), "testMatrix", "NaN");
  }
}
