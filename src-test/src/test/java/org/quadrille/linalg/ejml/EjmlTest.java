package org.quadrille.linalg.ejml;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.ejml.data.DMatrixRMaj;
import org.ejml.data.FMatrixRMaj;
import org.junit.jupiter.api.Test;
import org.quadrille.linalg.DType;
import org.quadrille.linalg.Tensor;

class EjmlTest {

  @Test
  void viewsShareStorageBothWays() {
    DMatrixRMaj matrix = new DMatrixRMaj(new double[][] {{1, 2, 3}, {4, 5, 6}});
    Tensor view = Ejml.view(matrix);
    assertArrayEquals(new int[] {2, 3}, view.shape());
    view.set(-6, 1, 2);
    assertEquals(-6, matrix.get(1, 2));
    DMatrixRMaj back = Ejml.toMatrix(view);
    assertSame(matrix.data, back.data);
  }

  @Test
  void singlePrecisionIsSharedToo() {
    FMatrixRMaj matrix = new FMatrixRMaj(new float[][] {{1, 2}, {3, 4}});
    Tensor view = Ejml.view(matrix);
    assertEquals(DType.F32, view.dtype());
    view.set(7, 0, 1);
    assertEquals(7, matrix.get(0, 1));
    assertSame(matrix.data, Ejml.toFloatMatrix(view).data);
  }

  @Test
  void matricesWithSpareRoomAreViewedByTheirShape() {
    DMatrixRMaj matrix = new DMatrixRMaj(4, 4);
    matrix.reshape(2, 3);
    matrix.set(1, 2, 9);
    Tensor view = Ejml.view(matrix);
    assertEquals(6, view.length());
    assertEquals(9, view.get(1, 2));
  }

  @Test
  void copiesAcceptAnyStridesAndDtype() {
    Tensor a = Tensor.of(new float[] {1, 2, 3, 4, 5, 6}, 2, 3);
    DMatrixRMaj copy = Ejml.copyToMatrix(a.transpose());
    assertEquals(3, copy.numRows);
    assertEquals(4, copy.get(0, 1));
    FMatrixRMaj floats = Ejml.copyToFloatMatrix(a.transpose());
    assertEquals(4, floats.get(0, 1));
    copy.set(0, 0, 100);
    assertEquals(1, a.get(0, 0));
    Tensor independent = Ejml.copy(floats);
    floats.set(0, 0, 5);
    assertEquals(1, independent.get(0, 0));
    assertEquals(100, Ejml.copy(copy).get(0, 0));
  }

  @Test
  void tensorsThatCannotBeSharedAreRefused() {
    Tensor a = Tensor.zeros(DType.F64, 4, 3);
    assertRefused(() -> Ejml.toMatrix(a.transpose()), "copyToMatrix");
    assertRefused(() -> Ejml.toMatrix(a.slice(0, 1, 3)), "offset 3");
    assertRefused(() -> Ejml.toMatrix(a.to(DType.F32)), "expected F64");
    assertRefused(() -> Ejml.toFloatMatrix(a), "copyToFloatMatrix");
    assertRefused(() -> Ejml.toMatrix(a.row(0)), "reshape");
  }

  private static void assertRefused(Runnable mistake, String part) {
    String message = assertThrows(IllegalArgumentException.class, mistake::run).getMessage();
    assertTrue(message.contains(part), message);
  }
}
