package org.quadrille.zernike;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class ZernikeBasisTest {
  @Test
  void factorsMatchReference() {
    for (Map<String, String> row : ZernikeData.csv("index_conventions.csv")) {
      int degree = ZernikeData.integer(row, "n");
      int order = ZernikeData.integer(row, "m");
      double square = ZernikeData.number(row, "norm_squared");
      assertEquals(1, Normalization.PLAIN.factor(degree, order));
      assertEquals(Math.sqrt(square), Normalization.ORTHONORMAL.factor(degree, order));
      assertEquals(Math.sqrt(square / Math.PI), Normalization.UNIT_L2.factor(degree, order), 1e-15);
      assertEquals(ZernikeData.integer(row, "osa"), DiskModes.index(degree, order));
    }
  }

  @Property(tries = 60)
  void listsSurviveTheRoundTrip(
      @ForAll ModeOrder order,
      @ForAll Normalization normalization,
      @ForAll @IntRange(min = 1, max = 300) int terms) {
    ZernikeBasis basis = new ZernikeBasis(order, normalization);
    int count = order == ModeOrder.FRINGE_37 ? Math.min(terms, 37) : terms;
    double[] list = new Random(terms).doubles(count, 0.5, 1).toArray();
    double[] expansion = basis.toPlainOsa(list);
    assertArrayEquals(list, basis.fromPlainOsa(expansion, count), 2.3e-16);
    double[] whole = basis.fromPlainOsa(expansion);
    for (int i = 0; i < whole.length; i++) {
      assertEquals(i < count ? list[i] : 0, whole[i], 2.3e-16);
    }
  }

  @Test
  void termsBelongToTheirModes() {
    // Noll 4: defocus, 3^(1/2) (2 r^2 - 1)
    double[] expansion = ZernikeBasis.NOLL.toPlainOsa(new double[] {0, 0, 0, 1});
    assertArrayEquals(new double[] {0, 0, 0, 0, Math.sqrt(3), 0}, expansion);
    assertEquals(-Math.sqrt(3), DiskEvaluator.ofDegree(2).value(expansion, 0, 0));
    assertEquals(
        new ZernikeIndex(12, 0),
        new ZernikeBasis(ModeOrder.FRINGE_37, Normalization.PLAIN).mode(36));
  }

  @Test
  void badListsAreRefused() {
    ZernikeBasis noll = ZernikeBasis.NOLL;
    assertThrows(IllegalArgumentException.class, () -> noll.toPlainOsa(new double[0]));
    assertThrows(IllegalArgumentException.class, () -> noll.fromPlainOsa(new double[2]));
    assertThrows(IllegalArgumentException.class, () -> noll.fromPlainOsa(new double[3], -1));
    assertThrows(
        IllegalArgumentException.class, () -> noll.fromPlainOsa(new double[] {1, 2, 3}, 2));
    double[] high = new double[DiskModes.count(8)];
    high[DiskModes.index(8, 8)] = 1;
    ZernikeBasis fringe = new ZernikeBasis(ModeOrder.FRINGE_37, Normalization.PLAIN);
    assertThrows(IllegalArgumentException.class, () -> fringe.fromPlainOsa(high));
    assertThrows(IllegalArgumentException.class, () -> Normalization.PLAIN.factor(3, 2));
    assertThrows(NullPointerException.class, () -> new ZernikeBasis(null, Normalization.PLAIN));
    assertThrows(IllegalArgumentException.class, () -> DiskModes.count(-1));
    assertThrows(IllegalArgumentException.class, () -> DiskModes.degree(7));
    assertThrows(IllegalArgumentException.class, () -> DiskModes.degree(0));
  }

  @Test
  void namesAreThoseOfOpticians() {
    String[] expected = {
      "piston",
      "vertical tilt",
      "horizontal tilt",
      "oblique astigmatism",
      "defocus",
      "vertical astigmatism",
      "vertical trefoil",
      "vertical coma",
      "horizontal coma",
      "oblique trefoil",
      "oblique quadrafoil",
      "oblique secondary astigmatism",
      "primary spherical",
      "vertical secondary astigmatism",
      "vertical quadrafoil"
    };
    for (int j = 0; j < expected.length; j++) {
      assertEquals(expected[j], ModeNames.of(ModeOrder.OSA.mode(j)));
    }
    assertEquals("secondary spherical", ModeNames.of(new ZernikeIndex(6, 0)));
    assertEquals("tertiary spherical", ModeNames.of(new ZernikeIndex(8, 0)));
    assertEquals("horizontal tertiary coma", ModeNames.of(new ZernikeIndex(7, 1)));
    assertEquals("vertical octafoil", ModeNames.of(new ZernikeIndex(8, 8)));
    assertEquals("mode (9, -3)", ModeNames.of(new ZernikeIndex(9, -3)));
  }
}
