package org.quadrille.linalg;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
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
import org.ejml.dense.row.CommonOps_DDRM;
import org.junit.jupiter.api.Test;
import org.quadrille.kernels.cpu.KernelProvider;
import org.quadrille.kernels.cpu.WorkerPool;
import org.quadrille.linalg.ejml.Ejml;

class TriangularTest {

  /** A triangle, the matrix that it means, and garbage in what it must not read. */
  private record Sample(Triangular triangle, Tensor explicit) {
    static Sample of(int n, DType dtype, boolean lower, boolean unit, boolean gaps) {
      Tensor matrix = random(n, n, n).to(dtype);
      Arithmetic.scale(0.5, matrix);
      for (int i = 0; i < n; i++) {
        matrix.set(2 + matrix.get(i, i), i, i);
      }
      Tensor explicit = identity(n);
      for (int i = 0; i < n; i++) {
        for (int j = 0; j < n; j++) {
          boolean inside = lower ? j < i : j > i;
          if (inside || (i == j && !unit)) {
            explicit.set(matrix.get(i, j), i, j);
          } else {
            matrix.set(Double.NaN, i, j);
          }
        }
      }
      Tensor stored = gaps ? strided(matrix) : matrix;
      Triangular triangle = lower ? Triangular.lower(stored) : Triangular.upper(stored);
      return new Sample(unit ? triangle.withUnitDiagonal() : triangle, explicit);
    }
  }

  @Property(tries = 25)
  void solutionsAndProductsFromBothSidesFitTheMatrix(
      @ForAll @IntRange(max = 150) int n,
      @ForAll @IntRange(max = 9) int k,
      @ForAll DType dtype,
      @ForAll boolean lower,
      @ForAll boolean unit,
      @ForAll boolean gaps) {
    Sample sample = Sample.of(n, dtype, lower, unit, gaps);
    checkBoth(sample.triangle, sample.explicit, n, k, dtype, gaps);
    checkBoth(sample.triangle.transpose(), sample.explicit.transpose(), n, k, dtype, gaps);
  }

  private static void checkBoth(
      Triangular t, Tensor explicit, int n, int k, DType dtype, boolean gaps) {
    double u = dtype.unitRoundoff();
    Tensor b = random(7, n, k).to(dtype);
    Tensor stored = gaps ? strided(b) : b.copy();
    assertSame(stored, t.solveInPlace(stored));
    checkBackward(explicit, stored.to(DType.F64), b, u);
    // X T = B is T^T X^T = B^T
    Tensor right = stored.assign(b).transpose();
    t.transpose().solveRightInPlace(right);
    checkBackward(explicit, right.transpose().to(DType.F64), b, u);
    Tensor expected = product(explicit, b.to(DType.F64));
    double tolerance = 4 * (n + 4) * u * (n + 4);
    assertClose(expected, t.multiplyInPlace(stored.assign(b)), tolerance);
    t.transpose().multiplyRightInPlace(stored.assign(b).transpose());
    assertClose(expected, stored, tolerance);
  }

  /** |T x - b| is within 2 n u |T| |x| element by element: theorem 8.5 with room for blocks. */
  private static void checkBackward(Tensor explicit, Tensor x, Tensor b, double u) {
    Tensor error = Arithmetic.subtract(product(explicit, x), b.to(DType.F64));
    Tensor bound = product(absolute(explicit), absolute(x));
    for (int i = 0; i < x.size(0); i++) {
      for (int j = 0; j < x.size(1); j++) {
        double allowed = 2 * (x.size(0) + 4) * u * bound.get(i, j);
        assertTrue(Math.abs(error.get(i, j)) <= allowed, error.get(i, j) + " > " + allowed);
      }
    }
  }

  private static Tensor absolute(Tensor a) {
    double[] values = a.toDoubles();
    for (int i = 0; i < values.length; i++) {
      values[i] = Math.abs(values[i]);
    }
    return Tensor.of(values, a.shape());
  }

  @Property(tries = 20)
  void inverseTimesTheTriangleIsTheIdentity(
      @ForAll @IntRange(max = 150) int n,
      @ForAll DType dtype,
      @ForAll boolean lower,
      @ForAll boolean unit) {
    Sample sample = Sample.of(n, dtype, lower, unit, false);
    Tensor inverse = sample.triangle.inverse();
    double size = Norms.frobenius(sample.explicit) * Norms.frobenius(inverse);
    assertClose(
        identity(n),
        product(sample.explicit, inverse.to(DType.F64)),
        4 * (n + 4) * dtype.unitRoundoff() * (1 + size));
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < i; j++) {
        assertEquals(0, lower ? inverse.get(j, i) : inverse.get(i, j));
      }
    }
  }

  @Test
  void illConditionedTrianglesAreSolvedWithSmallBackwardError() {
    int n = 130;
    Tensor l = Tensor.zeros(DType.F64, n, n).fill(-1);
    for (int i = 0; i < n; i++) {
      l.set(i % 10 == 0 ? 1e-6 : 1, i, i);
      for (int j = i + 1; j < n; j++) {
        l.set(0, i, j);
      }
      // Rows of very different size, and growth that stays below overflow
      Arithmetic.scale(Math.pow(2, i % 7 * 30 - 100), l.row(i));
    }
    Arithmetic.scale(0.01, TriangularBlocks.block(l, 64, n, 0, 64));
    Tensor b = random(3, n, 4);
    checkBackward(l, Triangular.lower(l).solve(b), b, 0x1p-53);
  }

  @Test
  void subnormalPivotsAreDividedBy() {
    Tensor l = Tensor.of(new float[] {0x1p-140f, 0, 3, 2}, 2, 2);
    Tensor x = Triangular.lower(l).solve(Tensor.of(new float[] {0x1p-138f, 20}, 2));
    assertClose(Tensor.of(new double[] {4, 4}, 2), x, 0);
  }

  @Test
  void oneVectorIsSolvedToo() {
    Sample sample = Sample.of(90, DType.F64, false, false, false);
    Tensor x = random(1, 90);
    Tensor b = product(sample.explicit, x.reshape(90, 1)).reshape(90);
    assertClose(x, sample.triangle.solve(b), 1e-11);
    assertClose(b, sample.triangle.multiply(x), 1e-13);
  }

  @Test
  void agreesWithEjml() {
    Sample sample = Sample.of(70, DType.F64, true, false, false);
    Tensor inverse = Tensor.zeros(DType.F64, 70, 70);
    assertTrue(CommonOps_DDRM.invert(Ejml.copyToMatrix(sample.explicit), Ejml.toMatrix(inverse)));
    assertClose(inverse, sample.triangle.inverse(), 1e-11 * Norms.max(inverse));
  }

  @Test
  void emptySystemsHaveEmptySolutions() {
    Triangular none = Triangular.lower(Tensor.zeros(DType.F32, 0, 0));
    assertEquals(0, none.solve(Tensor.zeros(DType.F32, 0, 3)).length());
    assertEquals(0, none.inverse().length());
    Triangular one = Triangular.upper(Tensor.of(new double[] {4}, 1, 1));
    assertEquals(2, one.solve(Tensor.of(new double[] {8}, 1)).get(0));
    assertEquals(0, one.multiply(Tensor.zeros(DType.F64, 1, 0)).length());
  }

  @Test
  void bitsDoNotDependOnThreadsOrBackend() {
    Sample sample = Sample.of(200, DType.F32, true, false, false);
    Tensor b = random(5, 200, 170).to(DType.F32);
    Supplier<Tensor> solve = () -> sample.triangle.solve(sample.triangle.transpose().multiply(b));
    Tensor reference =
        KernelProvider.with(KernelProvider.scalar(), () -> WorkerPool.of(1).call(solve));
    for (int threads : new int[] {1, 2, 4}) {
      assertSameBits(reference, WorkerPool.of(threads).call(solve));
    }
  }

  @Test
  void mistakesAreExplained() {
    Tensor a = identity(3);
    assertRejected(() -> Triangular.lower(random(1, 2, 3)), "[2, 3]", "square");
    assertRejected(() -> Triangular.lower(a).solve(random(1, 4, 2)), "[3, k]", "[4, 2]");
    assertRejected(() -> Triangular.lower(a).solveRightInPlace(random(1, 3, 4)), "[k, 3]");
    assertRejected(() -> Triangular.lower(a).multiplyRightInPlace(random(1, 3)), "[k, 3]");
    assertRejected(() -> Triangular.upper(a).solve(random(1, 3).to(DType.F32)), "one dtype");
    assertRejected(() -> Triangular.upper(a).multiplyInPlace(a), "shares elements");
    Tensor bad = random(1, 3);
    bad.set(Double.NaN, 1);
    assertRejected(() -> Triangular.upper(a).solve(bad), "NaN at [1]");
    Tensor singular = identity(3);
    singular.set(0, 1, 1);
    assertRejected(() -> Triangular.upper(singular).solve(random(1, 3)), "element [1, 1] is 0");
    assertRejected(() -> Triangular.upper(singular).inverse(), "element [1, 1] is 0");
    Tensor tiny = Arithmetic.scaled(1e-300, identity(3));
    Tensor huge = Arithmetic.scaled(1e300, random(1, 3));
    assertRejected(() -> Triangular.lower(tiny).solve(huge), "overflows F64");
    Tensor infinite = identity(3);
    infinite.set(Double.POSITIVE_INFINITY, 2, 0);
    assertRejected(() -> Triangular.lower(infinite).solve(random(1, 3)), "row 2");
    assertClose(Tensor.of(new double[] {1, 1, 1}, 3), onesSolvedByUpper(infinite), 0);
  }

  /** The lower triangle is not read. */
  private static Tensor onesSolvedByUpper(Tensor matrix) {
    return Triangular.upper(matrix).solve(Tensor.zeros(DType.F64, 3).fill(1));
  }
}
