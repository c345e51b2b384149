package org.quadrille.zernike;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class DiskModeTest {
  private static double error(double x, String reference) {
    return Math.abs(new BigDecimal(x).subtract(new BigDecimal(reference)).doubleValue());
  }

  @Test
  void everyReferenceValueAndGradient() {
    for (Map<String, String> row : ZernikeData.csv("zernike_values.csv")) {
      int degree = ZernikeData.integer(row, "n");
      ZernikeIndex index = new ZernikeIndex(degree, ZernikeData.integer(row, "m"));
      double[] x = {ZernikeData.number(row, "x")};
      double[] y = {ZernikeData.number(row, "y")};
      double[] dx = new double[1];
      double[] dy = new double[1];
      DiskMode mode = new DiskMode(index, Outside.EXTRAPOLATE);
      double value = mode.value(x[0], y[0]);
      mode.gradients(x, y, dx, dy);
      double square = Math.max(1, (double) degree * degree);
      assertTrue(error(value, row.get("Z")) <= Math.max(1e-14, 6e-17 * square), row.toString());
      assertTrue(error(dx[0], row.get("dZ_dx")) <= 5e-14 * square, row.toString());
      assertTrue(error(dy[0], row.get("dZ_dy")) <= 5e-14 * square, row.toString());
    }
  }

  @Property(tries = 300)
  void agreesWithTheEvaluatorOfAllModes(
      @ForAll @IntRange(max = 1325) int osa,
      @ForAll @DoubleRange(min = 0, max = 1) double radius,
      @ForAll @DoubleRange(min = -3.2, max = 3.2) double angle) {
    ZernikeIndex index = ModeOrder.OSA.mode(osa);
    double[] x = {radius * Math.cos(angle)};
    double[] y = {radius * Math.sin(angle)};
    DiskEvaluator evaluator = DiskEvaluator.ofDegree(index.degree());
    double[] unit = new double[evaluator.modeCount()];
    unit[osa] = 1;
    double[] dx = new double[1];
    double[] dy = new double[1];
    double[] ex = new double[1];
    double[] ey = new double[1];
    DiskMode mode = new DiskMode(index);
    mode.gradients(x, y, dx, dy);
    evaluator.gradients(unit, x, y, ex, ey);
    double size = 1 + index.degree() * index.degree();
    assertEquals(evaluator.value(unit, x[0], y[0]), mode.value(x[0], y[0]), 3e-16 * size + 1e-14);
    assertEquals(ex[0], dx[0], 1e-14 * size);
    assertEquals(ey[0], dy[0], 1e-14 * size);
  }

  @Test
  void specialPoints() {
    DiskMode tilt = new DiskMode(new ZernikeIndex(1, -1));
    assertEquals(1, tilt.value(0, 1), 0);
    assertTrue(Double.isNaN(tilt.value(Double.NaN, 0)));
    assertTrue(Double.isNaN(tilt.value(0.9, 0.9)));
    assertEquals(0.9, new DiskMode(tilt.index(), Outside.EXTRAPOLATE).value(0.9, 0.9), 1e-15);
    DiskMode strict = new DiskMode(tilt.index(), Outside.THROW);
    var e = assertThrows(IllegalArgumentException.class, () -> strict.value(2, 0));
    assertTrue(e.getMessage().contains("radius 2.0"), e.getMessage());
    double[] one = new double[1];
    assertThrows(IllegalArgumentException.class, () -> tilt.values(one, new double[2], one));
    // gradient at the centre: (-1)^n (n + 1) along the axis of the mode of order 1
    double[] dx = new double[1];
    double[] dy = new double[1];
    new DiskMode(new ZernikeIndex(7, -1)).gradients(new double[1], new double[1], dx, dy);
    assertEquals(-4, dy[0], 4e-15);
    assertEquals(0, dx[0], 0);
  }

  @Test
  void degreesFarBeyondATableOfAllModes() {
    double[] dx = new double[1];
    double[] dy = new double[1];
    DiskMode mode = new DiskMode(new ZernikeIndex(100_000, 0));
    assertEquals(1, mode.value(1, 0), 0);
    mode.gradients(new double[] {1}, new double[] {0}, dx, dy);
    // R'(1) = N + 2n(n + N + 1)
    assertEquals(1e5 * 50_001.0, dx[0], 1e-4);
  }
}
