package org.quadrille.linalg;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.quadrille.linalg.Messages.assertRejected;
import static org.quadrille.linalg.SlowAlgebra.assertClose;
import static org.quadrille.linalg.SlowAlgebra.assertOrthonormalColumns;
import static org.quadrille.linalg.SlowAlgebra.assertSameBits;
import static org.quadrille.linalg.SlowAlgebra.identity;
import static org.quadrille.linalg.SlowAlgebra.product;
import static org.quadrille.linalg.SlowAlgebra.random;
import static org.quadrille.linalg.SlowAlgebra.strided;

import java.util.Random;
import java.util.function.Supplier;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.quadrille.kernels.cpu.KernelProvider;
import org.quadrille.kernels.cpu.WorkerPool;

/** {@link Reflector}, {@link BlockReflector} and {@link ReflectorSequence}. */
class ReflectorTest {

  @Property(tries = 60)
  void reflectionMapsTheVectorToMultipleOfTheFirstUnitVector(
      @ForAll @IntRange(min = 1, max = 40) int n, @ForAll DType dtype, @ForAll boolean gaps) {
    Tensor x = random(n, n, 1).to(dtype);
    checkReflection(gaps ? strided(x).transpose().row(0) : x.reshape(n), 12);
  }

  @Test
  void anyScaleGivesAnOrthogonalReflection() {
    for (int exponent : new int[] {-1070, -1060, -1022, -970, -500, 500, 1000, 1018}) {
      Tensor x = Tensor.zeros(DType.F64, 9);
      for (int i = 0; i < 9; i++) {
        x.set(Math.scalb(Math.sin(i + 1), exponent), i);
      }
      checkReflection(x, 4);
    }
    for (int exponent : new int[] {-146, -140, -126, -110, -100, 60, 101, 125}) {
      Tensor x = Tensor.zeros(DType.F32, 9);
      for (int i = 0; i < 9; i++) {
        x.set(Math.scalb(Math.sin(i + 1), exponent), i);
      }
      checkReflection(x, 4);
    }
  }

  @Test
  void vectorThatIsSuchMultipleAlreadyIsLeftAlone() {
    for (double first : new double[] {0, -3, 5}) {
      Tensor x = Tensor.of(new double[] {first, 0, 0}, 3);
      assertEquals(0, Reflector.generate(x));
      assertEquals(first, x.get(0));
    }
    assertEquals(0, Reflector.generate(Tensor.of(new float[] {7}, 1)));
  }

  @Test
  void vectorWhoseNormOverflowsIsRefused() {
    Tensor x = Tensor.zeros(DType.F64, 4).fill(Double.MAX_VALUE);
    assertRejected(() -> Reflector.generate(x), "norm Infinity", "power of two");
    Tensor y = Tensor.zeros(DType.F32, 4).fill(Float.MAX_VALUE);
    assertRejected(() -> Reflector.generate(y), "expected at most 3.40");
  }

  /** H x = beta e_0 and H^T H = I; the tolerance is in units of roundoff. */
  private static void checkReflection(Tensor x, double tolerance) {
    int n = x.size(0);
    double u = x.dtype().unitRoundoff();
    // Subnormal elements have an absolute error of their own.
    double scale = 1 / PowerOfTwo.near(Norms.max(x));
    Tensor before = PowerOfTwo.multiply(x.to(DType.F64).copy(), scale);
    double norm = Norms.frobenius(before);
    double tau = Reflector.generate(x);
    assertTrue(tau == 0 || (tau >= 1 - 4 * u && tau <= 2 + 4 * u), () -> "tau " + tau);
    double beta = x.get(0) * scale;
    Tensor h = reflection(n, 0, x, tau);
    assertOrthonormalColumns(h, tolerance * u);
    Tensor image = product(h, before.reshape(n, 1));
    Tensor expected = Tensor.zeros(DType.F64, n, 1);
    expected.set(beta, 0, 0);
    double smallest = x.dtype() == DType.F32 ? Float.MIN_VALUE : Double.MIN_VALUE;
    assertClose(expected, image, tolerance * u * norm + smallest * scale);
  }

  /** I - tau v v^T of the given size, v with its 1 at {@code at}, its rest stored in x after it. */
  private static Tensor reflection(int size, int at, Tensor x, double tau) {
    return reflect(identity(size), at, x, tau);
  }

  /** {@code c - tau c v v^T}. */
  private static Tensor reflect(Tensor c, int at, Tensor x, double tau) {
    Tensor v = Tensor.zeros(DType.F64, c.size(1), 1);
    v.set(1, at, 0);
    for (int i = at + 1; i < c.size(1); i++) {
      v.set(x.get(i), i, 0);
    }
    return Arithmetic.axpy(-tau, product(product(c, v), v.transpose()), c.copy());
  }

  /** Reflections below the diagonal, their factors, and garbage where nothing may be read. */
  private record Stored(Tensor matrix, double[] tau) {
    static Stored random(int m, int k, DType dtype) {
      Tensor matrix = Tensor.zeros(dtype, m, k).fill(Double.NaN);
      double[] tau = new double[k];
      for (int j = 0; j < k; j++) {
        Tensor column = SlowAlgebra.random(j + 1, m - j).to(dtype);
        // Some reflections are the identity, as those of columns that were zero already.
        tau[j] = Reflector.generate(j % 5 == 3 ? column.fill(0) : column);
        matrix.transpose().row(j).slice(0, j, m).assign(column);
        matrix.set(Double.NaN, j, j);
      }
      return new Stored(matrix, tau);
    }

    Tensor explicitProduct() {
      int m = matrix.size(0);
      Tensor q = identity(m);
      for (int j = 0; j < tau.length; j++) {
        q = reflect(q, j, matrix.transpose().row(j), tau[j]);
      }
      return q;
    }
  }

  @Property(tries = 30)
  void blockAndSequenceAreTheProductOfTheirReflections(
      @ForAll @IntRange(max = 20) int k,
      @ForAll @IntRange(max = 15) int more,
      @ForAll @IntRange(max = 20) int n,
      @ForAll DType dtype,
      @ForAll boolean gaps) {
    checkProduct(k + more, k, n, dtype, gaps);
  }

  @Test
  void sequencesOfManyBlocksAreTheProductOfTheirReflections() {
    checkProduct(
        2 * ReflectorSequence.BLOCK + 30, 2 * ReflectorSequence.BLOCK + 5, 7, DType.F64, false);
    checkProduct(ReflectorSequence.BLOCK + 1, ReflectorSequence.BLOCK + 1, 7, DType.F32, true);
  }

  private static void checkProduct(int m, int k, int n, DType dtype, boolean gaps) {
    Stored stored = Stored.random(m, k, dtype);
    Tensor explicit = stored.explicitProduct();
    double tolerance = 16 * (k + 4) * dtype.unitRoundoff() * Math.sqrt(m + 1);
    Tensor matrix = gaps ? strided(stored.matrix) : stored.matrix;
    ReflectorSequence q = ReflectorSequence.of(matrix, stored.tau);
    BlockReflector block = BlockReflector.of(matrix, stored.tau, 0);
    assertEquals(m, block.size());
    assertEquals(k, q.count());
    Tensor c = random(99, m, n).to(dtype);
    Tensor wide = c.to(DType.F64);
    Supplier<Tensor> copy = () -> gaps ? strided(c) : c.copy();

    Tensor qc = product(explicit, wide);
    Tensor out = copy.get();
    q.applyLeft(out);
    assertClose(qc, out, tolerance);
    block.applyLeft(out.assign(c));
    assertClose(qc, out, tolerance);

    Tensor qtc = product(explicit.transpose(), wide);
    q.applyLeftTransposed(out.assign(c));
    assertClose(qtc, out, tolerance);
    block.applyLeftTransposed(out.assign(c));
    assertClose(qtc, out, tolerance);

    Tensor right = out.transpose();
    q.applyRight(right.assign(c.transpose()));
    assertClose(qtc.transpose(), right, tolerance);
    block.applyRight(right.assign(c.transpose()));
    assertClose(qtc.transpose(), right, tolerance);
    q.applyRightTransposed(right.assign(c.transpose()));
    assertClose(qc.transpose(), right, tolerance);
    block.applyRightTransposed(right.assign(c.transpose()));
    assertClose(qc.transpose(), right, tolerance);

    int columns = k + (m - k) / 2;
    Tensor first = q.firstColumns(columns);
    assertClose(explicit.slice(1, 0, columns), first, tolerance);
    assertTrue(first.length() == 0 || first.stride(0) == 1);
  }

  @Test
  void bitsDoNotDependOnThreadsOrBackend() {
    Stored stored = Stored.random(300, 100, DType.F32);
    Supplier<Tensor> form =
        () -> ReflectorSequence.of(stored.matrix, stored.tau).firstColumns(200).copy();
    Tensor reference =
        KernelProvider.with(KernelProvider.scalar(), () -> WorkerPool.of(1).call(form));
    for (int threads : new int[] {1, 2, 4}) {
      assertSameBits(reference, WorkerPool.of(threads).call(form));
    }
  }

  @Test
  void backTransformationOfTheDocumentationIsTheProduct() {
    int n = 12;
    Tensor a = random(3, n, n);
    double[] tau = new double[n - 1];
    Random random = new Random(1);
    for (int j = 0; j < n - 1; j++) {
      Tensor column = random(random.nextLong(), n - 1 - j);
      tau[j] = Reflector.generate(column);
      a.transpose().row(j).slice(0, j + 1, n).assign(column);
    }
    Tensor z = random(5, n, n);
    Tensor expected = z.copy();
    for (int j = n - 2; j >= 0; j--) {
      expected = product(reflection(n, j + 1, a.transpose().row(j), tau[j]), expected);
    }
    ReflectorSequence.of(a.slice(0, 1, n).slice(1, 0, n - 1), tau).applyLeft(z.slice(0, 1, n));
    assertClose(expected, z, 1e-13);
  }
}
