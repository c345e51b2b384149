package org.quadrille.zernike;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class ModeOrderTest {
  @Test
  void conventionsMatchReference() {
    for (Map<String, String> row : ZernikeData.csv("index_conventions.csv")) {
      ZernikeIndex mode =
          new ZernikeIndex(ZernikeData.integer(row, "n"), ZernikeData.integer(row, "m"));
      check(mode, ModeOrder.OSA, row.get("osa"));
      check(mode, ModeOrder.NOLL, row.get("noll"));
      check(mode, ModeOrder.FRINGE, row.get("fringe"));
      double squared = mode.orthonormalFactor() * mode.orthonormalFactor();
      assertEquals(ZernikeData.number(row, "norm_squared"), squared, 1e-12 * squared);
    }
  }

  private static void check(ZernikeIndex mode, ModeOrder order, String index) {
    assertEquals(Long.parseLong(index), order.indexOf(mode), order + " of " + mode);
    assertEquals(mode, order.mode(Long.parseLong(index)), order + " " + index);
  }

  @Property
  void conversionsAreInverse(@ForAll @LongRange(min = 1, max = 250_000_000_000_000_000L) long j) {
    for (ModeOrder order : new ModeOrder[] {ModeOrder.OSA, ModeOrder.NOLL, ModeOrder.FRINGE}) {
      assertEquals(j, order.indexOf(order.mode(j)), order.toString());
    }
  }

  @Test
  void fringeSetEndsWithTheTwelfthDegree() {
    assertEquals(new ZernikeIndex(12, 0), ModeOrder.FRINGE_37.mode(37));
    assertEquals(new ZernikeIndex(6, 6), ModeOrder.FRINGE.mode(37));
    assertEquals(37, ModeOrder.FRINGE_37.indexOf(new ZernikeIndex(12, 0)));
    assertEquals(49, ModeOrder.FRINGE.indexOf(new ZernikeIndex(12, 0)));
    assertThrows(
        IllegalArgumentException.class, () -> ModeOrder.FRINGE_37.indexOf(new ZernikeIndex(6, 6)));
    assertThrows(IllegalArgumentException.class, () -> ModeOrder.FRINGE_37.mode(38));
  }

  @Test
  void modesThatDoNotExistAreRefused() {
    assertThrows(IllegalArgumentException.class, () -> new ZernikeIndex(3, 2));
    assertThrows(IllegalArgumentException.class, () -> new ZernikeIndex(2, 4));
    assertThrows(IllegalArgumentException.class, () -> new ZernikeIndex(-1, 1));
    assertThrows(IllegalArgumentException.class, () -> new ZernikeIndex(2, Integer.MIN_VALUE));
    assertThrows(IllegalArgumentException.class, () -> ModeOrder.NOLL.mode(0));
    assertThrows(IllegalArgumentException.class, () -> ModeOrder.OSA.mode(-1));
  }

  @Test
  void radialIndexCountsZeros() {
    assertEquals(4, new ZernikeIndex(11, -3).radialIndex());
    assertEquals(3, new ZernikeIndex(11, -3).angularOrder());
  }
}
