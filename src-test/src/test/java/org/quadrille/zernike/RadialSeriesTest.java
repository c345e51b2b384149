package org.quadrille.zernike;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class RadialSeriesTest {
  @Test
  void sumsMatchReference() {
    for (Map<String, String> row : ZernikeData.csv("radial_series.csv")) {
      double[] coefficients = new double[ZernikeData.integer(row, "terms")];
      for (int n = 0; n < coefficients.length; n++) {
        coefficients[n] = (n / 2 % 2 == 0 ? 1 : -1) / (n + 1.0);
      }
      int order = ZernikeData.integer(row, "N");
      int p = ZernikeData.integer(row, "p");
      double x = ZernikeData.number(row, "x");
      double expected = ZernikeData.number(row, "sum");
      assertEquals(
          expected,
          new RadialSeries(order, p, coefficients).value(x),
          2e-15 * Math.max(1, Math.abs(expected)),
          row.toString());
    }
  }

  @Property(tries = 150)
  void sumsEqualThoseOfTheColumn(
      @ForAll @IntRange(min = 0, max = 2500) int order,
      @ForAll @IntRange(min = 1, max = 400) int count,
      @ForAll @IntRange(min = 0, max = 2) int p,
      @ForAll @DoubleRange(min = 0.02, max = 1) double x) {
    double[] c = new Random(order + count).doubles(count, -1, 1).toArray();
    double[] values = new double[count];
    new RadialColumn(order, p, count).values(x, values);
    double sum = 0;
    double size = 1;
    for (int n = 0; n < count; n++) {
      sum += c[n] * values[n];
      size += Math.abs(c[n] * values[n]);
    }
    assertEquals(sum, new RadialSeries(order, p, c).value(x), 2e-14 * size);
  }

  @Test
  void squareAndRadiusGiveTheSame() {
    RadialSeries series = new RadialSeries(5, 0, new double[] {1, -2, 3});
    double x = 0.625;
    assertEquals(series.value(x), series.value(x * x, 1 - x * x), 1e-15);
    assertEquals(-series.value(x), series.value(-x));
    assertArrayEquals(
        new double[] {series.value(x), 2}, series.values(new double[] {x, 1}, null), 0);
  }

  @Test
  void nanStaysNanAndBadSizesAreRefused() {
    RadialSeries series = new RadialSeries(0, 0, new double[] {1, 1});
    assertTrue(Double.isNaN(series.value(Double.NaN)));
    assertThrows(IllegalArgumentException.class, () -> new RadialSeries(0, 0, new double[0]));
    assertThrows(IllegalArgumentException.class, () -> new RadialSeries(-1, 0, new double[1]));
    assertThrows(IllegalArgumentException.class, () -> series.values(new double[2], new double[1]));
  }
}
