package org.quadrille.linalg;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class TensorTest {
  private static final Tensor TWO_BY_THREE = Tensor.of(new float[] {1, 2, 3, 4, 5, 6}, 2, 3);

  @Test
  void transposeIsAViewThatSwapsAxes() {
    Tensor t = TWO_BY_THREE.transpose();
    assertArrayEquals(new int[] {3, 2}, t.shape());
    assertArrayEquals(new double[] {1, 4, 2, 5, 3, 6}, t.toDoubles());
    assertSame(TWO_BY_THREE.floats(), t.floats());
    assertFalse(t.isContiguous());
    assertArrayEquals(TWO_BY_THREE.toDoubles(), t.transpose().toDoubles());
  }

  @Test
  void rowsAndSlicesShareStorage() {
    Tensor a = TWO_BY_THREE.copy();
    a.row(1).set(50, 1);
    a.slice(1, 2, 3).fill(9);
    assertArrayEquals(new double[] {1, 2, 9, 4, 50, 9}, a.toDoubles());
    assertArrayEquals(new double[] {9, 9}, a.slice(1, 2, 3).toDoubles());
    assertEquals(0, a.slice(0, 2, 2).length());
  }

  @Test
  void copyIsIndependentAndContiguous() {
    Tensor copy = TWO_BY_THREE.transpose().copy();
    assertTrue(copy.isContiguous());
    copy.fill(0);
    assertEquals(1, TWO_BY_THREE.get(0, 0));
  }

  @Test
  void reshapeKeepsRowMajorOrderAndRefusesViewsWithGaps() {
    Tensor a = TWO_BY_THREE.reshape(3, 2);
    assertEquals(4, a.get(1, 1));
    assertMessage(() -> TWO_BY_THREE.transpose().reshape(6), "contiguous()");
    assertMessage(() -> TWO_BY_THREE.reshape(4), "6 elements", "[4] has 4");
  }

  @Test
  void conversionRoundsToNearest() {
    Tensor wide = Tensor.of(new double[] {0.1, 1e-50}, 2);
    assertEquals(0.1f, wide.to(DType.F32).floats()[0]);
    assertEquals(0f, wide.to(DType.F32).floats()[1]);
    assertSame(wide, wide.to(DType.F64));
  }

  @Test
  void scalarsAndEmptyTensorsAreTensors() {
    Tensor scalar = Tensor.zeros(DType.F64);
    scalar.set(3);
    assertEquals(3, scalar.get());
    assertEquals(1, scalar.length());
    assertEquals(0, Tensor.zeros(DType.F32, 0, 5).length());
    assertTrue(Tensor.zeros(DType.F32, 0, 5).isContiguous());
    assertTrue(Tensor.zeros(DType.F32, 0, 5).isFinite());
  }

  @Test
  void viewsReachAnyStrides() {
    double[] data = {0, 1, 2, 3, 4, 5, 6, 7};
    Tensor view = Tensor.view(data, 1, new int[] {2, 2}, new int[] {4, 2});
    assertArrayEquals(new double[] {1, 3, 5, 7}, view.toDoubles());
    view.set(-1, 1, 1);
    assertEquals(-1, data[7]);
  }

  @Test
  void finitenessIsSeenThroughStrides() {
    Tensor a = Tensor.of(new double[] {1, Double.NaN, 2, 3}, 2, 2);
    assertFalse(a.isFinite());
    assertTrue(a.slice(1, 0, 1).isFinite());
    assertFalse(a.transpose().slice(0, 1, 2).isFinite());
  }

  @Test
  void mistakesAreExplained() {
    assertMessage(() -> Tensor.of(new float[5], 2, 3), "array of 5 elements", "needs 6");
    assertMessage(() -> Tensor.zeros(DType.F32, 65536, 65536), "2^31 - 1");
    assertMessage(() -> Tensor.zeros(DType.F32, -1), "negative size");
    assertMessage(() -> TWO_BY_THREE.slice(1, 2, 4), "slice(axis 1, from 2, to 4)", "F32[2, 3]");
    assertMessage(() -> TWO_BY_THREE.row(2), "row 2");
    assertMessage(() -> Tensor.zeros(DType.F32, 2, 2, 2).transpose(), "expected a matrix");
    assertMessage(
        () -> Tensor.view(new double[3], 0, new int[] {2, 2}, new int[] {2, 1}),
        "reaches index 3",
        "array of 3");
    assertMessage(() -> Tensor.view(new double[9], 0, new int[] {2}, new int[] {-1}), "negative");
    assertMessage(() -> TWO_BY_THREE.assign(Tensor.zeros(DType.F32, 3, 2)), "shapes differ");
    assertThrows(IndexOutOfBoundsException.class, () -> TWO_BY_THREE.get(0, 3));
    assertThrows(IllegalStateException.class, TWO_BY_THREE::doubles);
  }

  private static void assertMessage(Runnable mistake, String... parts) {
    Messages.assertRejected(mistake, parts);
  }
}
