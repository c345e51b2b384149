package org.quadrille.growth;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.quadrille.linalg.Arithmetic;
import org.quadrille.linalg.DType;
import org.quadrille.linalg.GaussianMatrix;
import org.quadrille.linalg.LinearOperator;
import org.quadrille.linalg.MatrixProduct;
import org.quadrille.linalg.ParametricOperator;
import org.quadrille.linalg.Tensor;
import org.quadrille.linalg.Tensors;

class AxisMapTest {
  private static final double TOLERANCE = 1e-12;

  /** Every kind, for sizes that divide and that do not, and for equal sizes. */
  private static List<LinearOperator> maps(DType dtype) {
    List<LinearOperator> maps = new ArrayList<>();
    int[][] sizes = {{1, 1}, {2, 5}, {4, 4}, {4, 6}, {3, 9}};
    for (int[] size : sizes) {
      int small = size[0];
      int large = size[1];
      maps.add(AxisMap.identity(dtype, small));
      maps.add(AxisMap.dense(GaussianMatrix.of(dtype, 1, large, small)));
      maps.add(AxisMap.identityOver(GaussianMatrix.of(dtype, 2, large - small, small)));
      Copies copies = Copies.random(small, large, 3);
      maps.add(copies.map(dtype));
      maps.add(copies.uneven(0.4, 4).splitMap(dtype));
      maps.add(AxisMap.padding(dtype, large, small));
      maps.add(AxisMap.average(dtype, large, small));
      maps.add(
          AxisMap.groupedHeads(
              AxisMap.dense(GaussianMatrix.of(dtype, 12, 2 * large, 2 * small)), 3, 2));
      maps.add(AxisMap.headBlocks(GaussianMatrix.of(dtype, 5, large, small), 3));
      maps.add(
          AxisMap.lowRankOver(
              GaussianMatrix.of(dtype, 6, large, 2), GaussianMatrix.of(dtype, 7, 2, small)));
    }
    return maps;
  }

  @Test
  void definitions() {
    Tensor x = Tensor.of(new double[] {1, 2, 4}, 3);
    Tensor added = Tensor.of(new double[] {1, 1, 1, 0, 0, 2}, 2, 3);
    assertArrayEquals(
        new double[] {1, 2, 4, 7, 8}, AxisMap.identityOver(added).apply(x).toDoubles());
    assertArrayEquals(
        new double[] {1, 2, 4, 0}, AxisMap.padding(DType.F64, 4, 3).apply(x).toDoubles());
    assertArrayEquals(
        new double[] {1, 2, 4, 1, 2, 4, 7 / 3.0, 7 / 3.0},
        AxisMap.average(DType.F64, 8, 3).apply(x).toDoubles(),
        1e-15);
    assertArrayEquals(
        new double[] {1, 2, 4, 1},
        AxisMap.selection(DType.F64, 3, 0, 1, 2, 0).apply(x).toDoubles());
    assertArrayEquals(
        new double[] {0.5, 2, 4, 0.5},
        Copies.circular(3, 4).splitMap(DType.F64).apply(x).toDoubles());
    Tensor heads = Tensor.of(new double[] {1, 0, 0, 1, 1, 10}, 3, 2);
    assertArrayEquals(
        new double[] {1, 2, 3, 4, 31, 42},
        AxisMap.headBlocks(heads, 2).apply(Tensor.of(new double[] {1, 2, 3, 4}, 4)).toDoubles());
  }

  @Test
  void applicationIsTheDenseMatrixOnRowsAndColumns() {
    for (LinearOperator map : maps(DType.F64)) {
      Tensor dense = map.toDense();
      Tensor w = GaussianMatrix.of(DType.F64, 11, map.cols(), 7);
      assertNear(MatrixProduct.multiply(dense, w), map.apply(w), map);
      // Columns: W A^T by transposed views.
      Tensor columns = GaussianMatrix.of(DType.F64, 12, 5, map.cols());
      Tensor out = Tensor.zeros(DType.F64, 5, map.rows());
      map.apply(columns.transpose(), out.transpose());
      assertNear(MatrixProduct.multiply(columns, dense.transpose()), out, map);
      Tensor y = GaussianMatrix.of(DType.F64, 13, map.rows(), 7);
      assertNear(MatrixProduct.multiply(dense.transpose(), y), map.applyTransposed(y), map);
      // <A x, y> = <x, A^T y>
      assertEquals(
          Arithmetic.dot(map.apply(w), y), Arithmetic.dot(w, map.applyTransposed(y)), 1e-11);
      assertTrue(map.flops(3) >= 0 && map.storageBits() >= 0);
    }
  }

  @Test
  void parameterGradientsAreThoseOfCentralDifferences() {
    int checked = 0;
    for (LinearOperator map : maps(DType.F64)) {
      if (!(map instanceof ParametricOperator p) || p.parameters().size() == 0) {
        continue;
      }
      Tensor x = GaussianMatrix.of(DType.F64, 21, map.cols(), 3);
      Tensor g = GaussianMatrix.of(DType.F64, 22, map.rows(), 3);
      Tensors gradients = p.parameters().zerosLike();
      p.accumulateGradients(x, g, gradients);
      for (String name : p.parameters().names()) {
        Tensor parameter = p.parameters().get(name);
        double[] expected = new double[parameter.length()];
        for (int i = 0; i < expected.length; i++) {
          int[] at =
              parameter.rank() == 1
                  ? new int[] {i}
                  : new int[] {i / parameter.size(1), i % parameter.size(1)};
          double value = parameter.get(at);
          // L = <g, A x> is linear in the parameter.
          parameter.set(value + 1, at);
          double above = Arithmetic.dot(g, map.apply(x));
          parameter.set(value - 1, at);
          double below = Arithmetic.dot(g, map.apply(x));
          parameter.set(value, at);
          expected[i] = (above - below) / 2;
        }
        assertArrayEquals(expected, gradients.get(name).toDoubles(), 1e-10, map + " " + name);
        checked++;
      }
    }
    assertTrue(checked >= 25, "parameters checked: " + checked);
  }

  @Test
  void singlePrecisionIsTheSameWithinRounding() {
    List<LinearOperator> doubles = maps(DType.F64);
    List<LinearOperator> floats = maps(DType.F32);
    for (int i = 0; i < doubles.size(); i++) {
      Tensor x = GaussianMatrix.of(DType.F64, 31, doubles.get(i).cols(), 2);
      double[] expected = floats.get(i).toDense().to(DType.F64).toDoubles();
      assertArrayEquals(
          MatrixProduct.multiply(Tensor.of(expected, floats.get(i).rows(), floats.get(i).cols()), x)
              .toDoubles(),
          floats.get(i).apply(x.to(DType.F32)).toDoubles(),
          1e-4,
          floats.get(i).toString());
    }
  }

  @Test
  void splitsSumToOne() {
    for (long seed = 0; seed < 5; seed++) {
      Copies copies = Copies.random(4, 9, seed).uneven(0.3, seed);
      double[] sum = new double[4];
      for (int j = 0; j < 9; j++) {
        sum[copies.source()[j]] += copies.split()[j];
      }
      assertArrayEquals(new double[] {1, 1, 1, 1}, sum, 1e-15);
    }
    assertTrue(Copies.circular(3, 9).isUniform());
    assertTrue(!Copies.circular(3, 8).isUniform());
    assertArrayEquals(new int[] {0, 1, 2, 3, 0, 1}, Copies.circular(2, 3).heads(2).source());
  }

  @Test
  void badInput() {
    refuse("shrink", () -> AxisMap.padding(DType.F64, 2, 3));
    refuse("expected 0 to 2", () -> AxisMap.selection(DType.F64, 3, 0, 3));
    refuse(
        "expected 0 to 1",
        () -> AxisMap.scaledSelection(2, new int[] {0, 2}, Tensor.of(new double[] {1, 1}, 2)));
    refuse(
        "one factor",
        () -> AxisMap.scaledSelection(2, new int[] {0, 1}, Tensor.of(new double[] {1}, 1)));
    refuse("matrix", () -> AxisMap.identityOver(Tensor.zeros(DType.F64, 3)));
    refuse("headSize", () -> AxisMap.headBlocks(Tensor.zeros(DType.F64, 2, 1), 0));
    refuse("sum", () -> Copies.withFactors(2, new int[] {0, 1, 1}, new double[] {1, 0.5, 0.4}));
    refuse("0 copies", () -> Copies.withFactors(2, new int[] {0, 0}, new double[] {0.5, 0.5}));
    refuse("positive", () -> Copies.proportional(1, new int[] {0}, new double[] {-1}));
    refuse("spread", () -> Copies.circular(2, 3).uneven(1, 1));
    refuse("copies", () -> Copies.circular(3, 2));
    refuse("NaN", () -> AxisMap.identityOver(Tensor.zeros(DType.F64, 1, 1).fill(Double.NaN)));
    LinearOperator map = AxisMap.padding(DType.F64, 4, 3);
    refuse("expected shape", () -> map.apply(Tensor.zeros(DType.F64, 5)));
    refuse("dtype", () -> map.apply(Tensor.zeros(DType.F32, 3)));
  }

  private static void refuse(String part, org.junit.jupiter.api.function.Executable call) {
    String message = assertThrows(IllegalArgumentException.class, call).getMessage();
    assertTrue(message.contains(part), message);
  }

  private static void assertNear(Tensor expected, Tensor actual, LinearOperator map) {
    assertArrayEquals(expected.toDoubles(), actual.toDoubles(), TOLERANCE, map.toString());
  }
}
