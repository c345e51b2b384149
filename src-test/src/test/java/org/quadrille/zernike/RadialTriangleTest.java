package org.quadrille.zernike;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.quadrille.kernels.cpu.WorkerPool;

class RadialTriangleTest {
  @Test
  void valuesMatchReference() {
    int seen = 0;
    for (Map<String, String> row : ZernikeData.csv("radial_values.csv")) {
      int order = ZernikeData.integer(row, "N");
      int n = ZernikeData.integer(row, "n");
      int p = ZernikeData.integer(row, "p");
      int degree = order + 2 * n;
      double x = ZernikeData.number(row, "x");
      if (degree > 600) {
        continue; // columns are tested there
      }
      seen++;
      RadialTriangle triangle = new RadialTriangle(degree, p);
      double value = triangle.values(new double[] {x}, null)[triangle.index(order, n)];
      double expected = ZernikeData.number(row, "R");
      double amplitude =
          x == 0 ? Math.max(1, Math.abs(expected)) : Math.max(1, Math.pow(x, -0.5 * p));
      double limit =
          degree <= 200 && x <= 0.99 ? 3e-15 : Math.max(1e-14, 0x1p-53 * degree * degree / 4);
      assertEquals(expected, value, limit * amplitude, row.toString());
    }
    assertTrue(seen > 100);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3})
  void agreesWithTheColumnsInEveryDimension(int p) {
    int degree = 61;
    double[] x = new Random(p).doubles(300, 0.05, 1).toArray();
    RadialTriangle triangle = new RadialTriangle(degree, p);
    double[] values = triangle.values(x, null);
    assertEquals(triangle.count() * x.length, values.length);
    for (int order = 0; order <= degree; order++) {
      double[] column = new double[(degree - order) / 2 + 1];
      RadialColumn polynomials = new RadialColumn(order, p, column.length);
      for (int i = 0; i < x.length; i += 7) {
        polynomials.values(x[i], column);
        for (int n = 0; n < column.length; n++) {
          assertEquals(
              column[n],
              values[triangle.index(order, n) * x.length + i],
              2e-14 * Math.max(1, Math.pow(x[i], -0.5 * p)));
        }
      }
    }
  }

  @Test
  void threadsDoNotChangeTheBits() {
    RadialTriangle triangle = new RadialTriangle(20, 1);
    double[] x = new Random(1).doubles(1001).toArray();
    double[] one = WorkerPool.of(1).call(() -> triangle.values(x, null));
    assertArrayEquals(one, WorkerPool.of(4).call(() -> triangle.values(x, null)));
    assertEquals(0, triangle.values(new double[0], null).length);
  }

  @Test
  void nanStaysNanAndBadInputIsRefused() {
    RadialTriangle triangle = new RadialTriangle(4, 0);
    for (double value : triangle.values(new double[] {Double.NaN}, null)) {
      assertTrue(Double.isNaN(value));
    }
    assertThrows(IllegalArgumentException.class, () -> new RadialTriangle(-1, 0));
    assertThrows(IllegalArgumentException.class, () -> new RadialTriangle(3, -1));
    assertThrows(IllegalArgumentException.class, () -> triangle.index(1, 2));
    assertThrows(IllegalArgumentException.class, () -> triangle.index(-1, 1));
    assertThrows(
        IllegalArgumentException.class, () -> triangle.values(new double[2], new double[17]));
    RadialTriangle large = new RadialTriangle(46_000, 0);
    assertThrows(IllegalArgumentException.class, () -> large.values(new double[5], null));
  }
}
