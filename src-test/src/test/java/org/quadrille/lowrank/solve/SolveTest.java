package org.quadrille.lowrank.solve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.quadrille.lowrank.LowRankData.assertClose;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.ejml.dense.row.CommonOps_DDRM;
import org.junit.jupiter.api.Test;
import org.quadrille.linalg.Arithmetic;
import org.quadrille.linalg.Cholesky;
import org.quadrille.linalg.DType;
import org.quadrille.linalg.GaussianMatrix;
import org.quadrille.linalg.LowRank;
import org.quadrille.linalg.MatrixProduct;
import org.quadrille.linalg.Norms;
import org.quadrille.linalg.Qr;
import org.quadrille.linalg.Tensor;
import org.quadrille.linalg.ejml.Ejml;

class SolveTest {

  private static Tensor random(long seed, int rows, int cols) {
    return GaussianMatrix.of(DType.F64, seed, rows, cols);
  }

  private static Tensor positive(long seed, int n) {
    Tensor x = random(seed, n, n + 3);
    Tensor a = MatrixProduct.multiply(x, x.transpose());
    for (int i = 0; i < n; i++) {
      a.set(a.get(i, i) + 1, i, i);
    }
    return a;
  }

  /** Solutions and determinants of the dense sum, the latter by EJML. */
  @Property(tries = 30)
  void woodburyAgreesWithTheDenseSum(
      @ForAll @IntRange(min = 1, max = 20) int n,
      @ForAll @IntRange(min = 0, max = 5) int rank,
      @ForAll @IntRange(min = 0, max = 2) int kind,
      @ForAll long seed) {
    Tensor w;
    FactoredMatrix factored;
    if (kind == 0) {
      w = positive(seed, n);
      factored = FactoredMatrix.of(Cholesky.decompose(w));
    } else if (kind == 1) {
      w = Arithmetic.add(random(seed, n, n), Arithmetic.scaled(2 * n, reflection(n)));
      factored = FactoredMatrix.of(Qr.decompose(w));
    } else {
      Tensor diagonal = Arithmetic.scaled(3, random(seed, 1, n).reshape(n));
      w = Tensor.zeros(DType.F64, n, n);
      for (int i = 0; i < n; i++) {
        diagonal.set(diagonal.get(i) < 0 ? diagonal.get(i) - 1 : diagonal.get(i) + 1, i);
        w.set(diagonal.get(i), i, i);
      }
      factored = FactoredMatrix.diagonal(diagonal);
    }
    LowRank update = LowRank.of(random(seed + 1, n, rank), random(seed + 2, rank, n), 0.7);
    Tensor sum = Arithmetic.add(w, update.toDense());
    double determinant = CommonOps_DDRM.det(Ejml.copyToMatrix(sum));
    WoodburySolver solver = WoodburySolver.of(factored, update);
    double condition = solver.capacitanceCondition();
    assertEquals(Math.log(Math.abs(determinant)), solver.logDeterminant(), 1e-11 * n * condition);
    assertEquals(Math.signum(determinant), solver.determinantSign());
    Tensor b = random(seed + 3, n, 3);
    Tensor x = solver.solve(b);
    double tolerance = 1e-11 * condition * n * (1 + Norms.max(x)) * (1 + Norms.max(sum));
    assertClose(b, MatrixProduct.multiply(sum, x), tolerance);
    Tensor y = solver.solveTransposed(b);
    double other = 1e-11 * condition * n * (1 + Norms.max(y)) * (1 + Norms.max(sum));
    assertClose(b, MatrixProduct.multiply(sum.transpose(), y), other);
    Tensor vector = solver.solve(b.transpose().row(0));
    assertClose(x.transpose().row(0).copy(), vector, tolerance);
  }

  private static Tensor reflection(int n) {
    Tensor reflection = Tensor.zeros(DType.F64, n, n);
    for (int i = 0; i < n; i++) {
      reflection.set(i == 0 ? -1 : 1, i, n - 1 - i);
    }
    return reflection;
  }

  @Test
  void singularSumsAreRefused() {
    int n = 4;
    Tensor identity = Tensor.zeros(DType.F64, n, n);
    Tensor ones = Tensor.zeros(DType.F64, n).fill(1);
    for (int i = 0; i < n; i++) {
      identity.set(1, i, i);
    }
    Tensor e = Tensor.zeros(DType.F64, n, 1);
    e.set(1, 0, 0);
    LowRank minus = LowRank.of(e, e.transpose(), -1);
    for (FactoredMatrix factored :
        new FactoredMatrix[] {
          FactoredMatrix.diagonal(ones),
          FactoredMatrix.of(Cholesky.decompose(identity)),
          FactoredMatrix.of(Qr.decompose(identity))
        }) {
      assertThrows(IllegalArgumentException.class, () -> WoodburySolver.of(factored, minus));
      LowRank wide = LowRank.of(random(1, n, 1), random(2, 1, n + 1));
      assertThrows(IllegalArgumentException.class, () -> WoodburySolver.of(factored, wide));
      LowRank nearly = LowRank.of(e, e.transpose(), -1 + 1e-9);
      assertEquals(1, WoodburySolver.of(factored, nearly).capacitanceCondition(), 1e-6);
    }
  }

  @Property(tries = 30)
  void choleskyFactorsOfSumsAndDifferences(
      @ForAll @IntRange(min = 1, max = 30) int n,
      @ForAll @IntRange(min = 0, max = 4) int k,
      @ForAll boolean single,
      @ForAll long seed) {
    DType dtype = single ? DType.F32 : DType.F64;
    Tensor a = positive(seed, n).to(dtype);
    Tensor x = random(seed + 1, n, k).to(dtype);
    Tensor product = MatrixProduct.multiply(x, x.transpose());
    double unit = (single ? 1e-6 : 1e-14) * n * n * (1 + k);
    Cholesky sum = CholeskyUpdate.add(Cholesky.decompose(a), x);
    Tensor expected = Cholesky.decompose(Arithmetic.add(a, product)).lower();
    assertClose(expected, sum.lower(), unit);
    Cholesky back = CholeskyUpdate.subtract(sum, x);
    assertClose(Cholesky.decompose(a).lower(), back.lower(), 1e3 * unit);
    Tensor b = random(seed + 2, n, 1).reshape(n).to(dtype);
    assertClose(Cholesky.decompose(Arithmetic.add(a, product)).solve(b), sum.solve(b), 10 * unit);
  }

  @Test
  void subtractingTooMuchIsRefused() {
    Cholesky cholesky = Cholesky.decompose(positive(1, 5));
    assertThrows(
        IllegalArgumentException.class,
        () -> CholeskyUpdate.subtract(cholesky, Arithmetic.scaled(100, random(2, 5, 1))));
    assertThrows(
        IllegalArgumentException.class, () -> CholeskyUpdate.add(cholesky, random(2, 4, 1)));
    Tensor nan = Tensor.of(new double[] {1, 2, Double.NaN, 4, 5}, 5);
    assertThrows(IllegalArgumentException.class, () -> CholeskyUpdate.add(cholesky, nan));
  }

  @Property(tries = 40)
  void qrFactorsOfUpdatedMatrices(
      @ForAll @IntRange(min = 1, max = 25) int cols,
      @ForAll @IntRange(min = 0, max = 10) int more,
      @ForAll @IntRange(min = 0, max = 4) int k,
      @ForAll boolean inRange,
      @ForAll boolean single,
      @ForAll long seed) {
    int rows = cols + more;
    DType dtype = single ? DType.F32 : DType.F64;
    Tensor a = random(seed, rows, cols).to(dtype);
    Tensor left =
        inRange
            ? MatrixProduct.multiply(a, random(seed + 1, cols, k).to(dtype))
            : random(seed + 1, rows, k).to(dtype);
    LowRank update = LowRank.of(left, random(seed + 2, k, cols).to(dtype), -1.5);
    Qr qr = QrUpdate.of(Qr.decompose(a), update);
    Tensor sum = Arithmetic.add(a, update.toDense());
    double unit = (single ? 2e-6 : 1e-14) * (rows + 10) * (1 + k);
    double size = 1 + Norms.frobenius(sum);
    assertClose(sum, MatrixProduct.multiply(qr.q(), qr.r()), unit * size);
    Tensor gram = MatrixProduct.multiply(qr.q().transpose(), qr.q());
    for (int i = 0; i < cols; i++) {
      gram.set(gram.get(i, i) - 1, i, i);
      assertTrue(qr.r().get(i, i) >= 0);
      for (int j = 0; j < i; j++) {
        assertEquals(0, qr.r().get(i, j));
      }
    }
    assertTrue(Norms.max(gram) <= unit, "departure from orthonormal columns " + Norms.max(gram));
  }

  @Test
  void qrRefusesWhatDoesNotFit() {
    Qr qr = Qr.decompose(random(1, 4, 6));
    LowRank update = LowRank.of(random(2, 4, 1), random(3, 1, 6));
    assertThrows(IllegalArgumentException.class, () -> QrUpdate.of(qr, update));
    Qr tall = Qr.decompose(random(1, 6, 4));
    assertThrows(IllegalArgumentException.class, () -> QrUpdate.of(tall, update));
    assertThrows(IllegalArgumentException.class, () -> FactoredMatrix.of(tall));
    Tensor zero = Tensor.zeros(DType.F64, 3);
    assertThrows(IllegalArgumentException.class, () -> FactoredMatrix.diagonal(zero));
  }
}
