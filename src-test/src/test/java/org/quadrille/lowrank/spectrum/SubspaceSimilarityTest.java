package org.quadrille.lowrank.spectrum;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Scale;
import org.junit.jupiter.api.Test;
import org.quadrille.linalg.DType;
import org.quadrille.linalg.GaussianMatrix;
import org.quadrille.linalg.MatrixProduct;
import org.quadrille.linalg.Qr;
import org.quadrille.linalg.Tensor;

class SubspaceSimilarityTest {

  /** Two planes turned against each other by known angles, in a random frame. */
  @Property(tries = 40)
  void knownAnglesAreFound(
      @ForAll @DoubleRange(min = 0, max = 1.57) @Scale(6) double first,
      @ForAll @DoubleRange(min = 0, max = 1e-5) @Scale(9) double second,
      @ForAll long seed) {
    Tensor frame = Qr.decompose(GaussianMatrix.of(DType.F64, seed, 9, 9)).q();
    double[] angles = {Math.min(first, second), Math.max(first, second)};
    Tensor turned = Tensor.zeros(DType.F64, 9, 2);
    for (int i = 0; i < 2; i++) {
      turned.set(Math.cos(angles[i]), i, i);
      turned.set(Math.sin(angles[i]), i + 2, i);
    }
    Tensor u = frame.slice(1, 0, 2).copy();
    Tensor v = MatrixProduct.multiply(frame, turned);
    assertArrayEquals(angles, SubspaceSimilarity.principalAngles(u, v), 1e-14);
    assertArrayEquals(angles, SubspaceSimilarity.principalAngles(v, u), 1e-14);
    double squares = Math.pow(Math.cos(first), 2) + Math.pow(Math.cos(second), 2);
    assertEquals(squares / 2, SubspaceSimilarity.of(u, v), 1e-13);
  }

  @Property(tries = 20)
  void tableHoldsAllSizes(
      @ForAll @IntRange(min = 1, max = 6) int i,
      @ForAll @IntRange(min = 1, max = 6) int j,
      @ForAll boolean single,
      @ForAll long seed) {
    DType dtype = single ? DType.F32 : DType.F64;
    Tensor u = Qr.decompose(GaussianMatrix.of(dtype, seed, 8, 6)).q();
    Tensor v = Qr.decompose(GaussianMatrix.of(dtype, seed + 1, 8, 6)).q();
    Tensor table = SubspaceSimilarity.table(u, v);
    double alone = SubspaceSimilarity.of(u.slice(1, 0, i), v.slice(1, 0, j));
    assertEquals(alone, table.get(i - 1, j - 1), single ? 1e-6 : 1e-13);
    assertTrue(alone >= 0 && alone <= 1 + 1e-6);
    assertEquals(1, SubspaceSimilarity.of(u, u.slice(1, 0, j)), 1e-6);
  }

  @Test
  void badInput() {
    Tensor u = Qr.decompose(GaussianMatrix.of(DType.F64, 1, 8, 3)).q();
    Tensor other = Qr.decompose(GaussianMatrix.of(DType.F64, 1, 7, 3)).q();
    Tensor skew = GaussianMatrix.of(DType.F64, 1, 8, 3);
    Tensor empty = Tensor.zeros(DType.F64, 8, 0);
    for (Tensor v : new Tensor[] {other, skew, empty}) {
      assertThrows(IllegalArgumentException.class, () -> SubspaceSimilarity.of(u, v));
      assertThrows(IllegalArgumentException.class, () -> SubspaceSimilarity.table(v, u));
      assertThrows(IllegalArgumentException.class, () -> SubspaceSimilarity.principalAngles(u, v));
    }
  }
}
