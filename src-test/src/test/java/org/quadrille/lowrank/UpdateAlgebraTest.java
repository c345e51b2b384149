package org.quadrille.lowrank;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.quadrille.lowrank.LowRankData.assertClose;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.quadrille.linalg.Arithmetic;
import org.quadrille.linalg.DType;
import org.quadrille.linalg.Dense;
import org.quadrille.linalg.GaussianMatrix;
import org.quadrille.linalg.LowRank;
import org.quadrille.linalg.MatrixProduct;
import org.quadrille.linalg.Norms;
import org.quadrille.linalg.Tensor;

/** Everything computed from factors equals what the dense matrices give. */
class UpdateAlgebraTest {

  private static LowRank random(long seed, int rows, int rank, int cols) {
    return LowRank.of(
        GaussianMatrix.of(DType.F64, seed, rows, rank),
        GaussianMatrix.of(DType.F64, seed + 100, rank, cols),
        -1.3);
  }

  @Property(tries = 40)
  void sumsProductsNormsAndEntries(
      @ForAll @IntRange(min = 1, max = 20) int rows,
      @ForAll @IntRange(min = 1, max = 20) int cols,
      @ForAll @IntRange(min = 0, max = 6) int rank,
      @ForAll @IntRange(min = 0, max = 6) int other,
      @ForAll long seed) {
    LowRank a = random(seed, rows, rank, cols);
    LowRank b = random(seed + 1, rows, other, cols);
    LowRank c = random(seed + 2, cols, other, rows);
    Tensor w = GaussianMatrix.of(DType.F64, seed + 3, rows, cols);
    Tensor denseA = a.toDense();
    Tensor denseB = b.toDense();
    double size = 1e-12 * (1 + rank + other) * (rows + cols);

    LowRank sum = UpdateSum.weighted(new double[] {1, -0.5}, a, b);
    assertEquals(rank + other, sum.rank());
    assertClose(Arithmetic.axpy(-0.5, denseB, denseA.copy()), sum.toDense(), size);

    LowRank product = UpdateProduct.of(a, c);
    assertEquals(Math.min(rank, other), product.rank());
    assertClose(MatrixProduct.multiply(denseA, c.toDense()), product.toDense(), size);
    Dense square = Dense.of(GaussianMatrix.of(DType.F64, seed + 4, rows, rows));
    assertClose(
        MatrixProduct.multiply(square.weight(), denseA),
        UpdateProduct.of(square, a).toDense(),
        size);
    Dense right = Dense.of(GaussianMatrix.of(DType.F64, seed + 5, cols, 3));
    assertClose(
        MatrixProduct.multiply(denseA, right.weight()), UpdateProduct.of(a, right).toDense(), size);

    assertEquals(Arithmetic.dot(denseA, denseB), UpdateNorms.inner(a, b), size * 10);
    assertEquals(Arithmetic.dot(w, denseA), UpdateNorms.inner(w, a), size * 10);
    double norm = Norms.frobenius(denseA);
    assertEquals(norm, UpdateNorms.frobenius(a), 1e-12 * norm);
    Tensor merged = Arithmetic.add(w, denseA);
    assertEquals(Norms.frobenius(merged), UpdateNorms.frobeniusOfSum(w, a), size);
    Tensor rowNorms = UpdateNorms.rowsOfSum(w, a);
    for (int i = 0; i < rows; i++) {
      assertEquals(Norms.frobenius(merged.row(i)), rowNorms.get(i), size);
      assertEquals(denseA.get(i, cols - 1), UpdateEntries.entry(a, i, cols - 1), size);
      assertClose(denseA.row(i).copy(), UpdateEntries.row(a, i), size);
    }
    assertClose(denseA.transpose().row(cols - 1).copy(), UpdateEntries.column(a, cols - 1), size);
    Tensor diagonal = UpdateEntries.diagonal(a);
    double trace = 0;
    for (int i = 0; i < Math.min(rows, cols); i++) {
      assertEquals(denseA.get(i, i), diagonal.get(i), size);
      trace += denseA.get(i, i);
    }
    if (rows == cols) {
      assertEquals(trace, UpdateEntries.trace(a), size * 10);
    }
  }

  @Test
  void normsSurviveCancellation() {
    // Nearly opposite terms: the square root of <D, D> would have no correct digit.
    LowRank a = random(1, 30, 3, 20);
    Tensor nudged = Arithmetic.scaled(1 + 1e-12, a.left());
    LowRank difference =
        UpdateSum.weighted(new double[] {1, -1}, a, LowRank.of(nudged, a.right(), a.scale()));
    double expected = Norms.frobenius(Arithmetic.subtract(nudged, a.left()));
    assertTrue(UpdateNorms.frobenius(difference) > 0.01 * expected);
    assertTrue(UpdateNorms.frobenius(difference) < 100 * expected);
    // W + D with D = -W but for one row
    Tensor w = a.toDense();
    LowRank minus = LowRank.of(a.left().copy(), a.right(), -a.scale());
    minus.left().row(7).fill(0);
    Tensor norms = UpdateNorms.rowsOfSum(w, minus);
    assertEquals(Norms.frobenius(w.row(7)), norms.get(7), 1e-12);
    assertEquals(0, norms.get(8), 1e-13);
    assertEquals(norms.get(7), UpdateNorms.frobeniusOfSum(w, minus), 1e-12);
  }

  @Test
  void extremeScalesStayInRange() {
    for (double size : new double[] {1e-160, 1e150}) {
      LowRank update =
          LowRank.of(
              Tensor.of(new double[] {size, 0, 0, size}, 2, 2),
              Tensor.of(new double[] {size / 1e150, 0, 0, 0, 2 * size / 1e150, 0}, 2, 3),
              1e20);
      double expected = Math.hypot(1, 2) * size * (size / 1e150) * 1e20;
      assertEquals(expected, UpdateNorms.frobenius(update), 1e-12 * expected);
      assertEquals(2 / Math.sqrt(5) * expected, UpdateNorms.spectral(update), 1e-12 * expected);
      assertEquals(3 / Math.sqrt(5) * expected, UpdateNorms.nuclear(update), 1e-12 * expected);
    }
  }

  @Test
  void mergingPaysFromHalfTheWidthOfASquare() {
    assertEquals(256, UpdateProduct.columnsFromWhichMergingPays(512, 512));
    LowRank update = LowRank.of(Tensor.zeros(DType.F32, 30, 2), Tensor.zeros(DType.F32, 2, 20));
    double columns = UpdateProduct.columnsFromWhichMergingPays(30, 20);
    // kept apart: update.flops(N); merged: 2 m n r once
    assertEquals(2.0 * 30 * 20 * 2, update.flops(1) * columns, 1e-9);
    assertThrows(
        IllegalArgumentException.class, () -> UpdateProduct.columnsFromWhichMergingPays(0, 3));
  }

  @Test
  void badInput() {
    LowRank a = random(1, 4, 2, 5);
    assertThrows(IllegalArgumentException.class, () -> UpdateEntries.trace(a));
    assertThrows(IllegalArgumentException.class, () -> UpdateEntries.entry(a, 4, 0));
    assertThrows(IllegalArgumentException.class, () -> UpdateEntries.row(a, -1));
    assertThrows(IllegalArgumentException.class, () -> UpdateEntries.column(a, 5));
    assertThrows(IllegalArgumentException.class, () -> UpdateNorms.inner(a, random(1, 5, 2, 5)));
    assertThrows(
        IllegalArgumentException.class,
        () -> UpdateNorms.rowsOfSum(Tensor.zeros(DType.F64, 5, 4), a));
    assertThrows(IllegalArgumentException.class, () -> UpdateProduct.of(a, a));
  }
}
