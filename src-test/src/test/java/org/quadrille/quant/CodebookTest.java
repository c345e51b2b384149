package org.quadrille.quant;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.FloatRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class CodebookTest {

  @Test
  void normalFloatLevelsAndBoundariesMatchReference() {
    for (Map<String, String> row : LqLoraData.csv("codebooks.csv")) {
      int k = Integer.parseInt(row.get("k"));
      int index = Integer.parseInt(row.get("index"));
      Codebook codebook = Codebook.normalFloat(k);
      String name = "NF" + k + " level " + index;
      assertEquals(
          Double.parseDouble(row.get("level_f64")), codebook.exactLevels()[index], 4e-16, name);
      assertBits(row.get("level_f32_bits"), codebook.level(index), name);
      if (!row.get("upper_boundary_f32_bits").isEmpty()) {
        assertBits(row.get("upper_boundary_f32_bits"), codebook.boundaries()[index], name);
      }
    }
  }

  @Test
  void nearestCodeMatchesReferenceAtBoundariesAndTheirNeighbours() {
    for (Map<String, String> row : LqLoraData.csv("nearest_code.csv")) {
      float x = Float.intBitsToFloat(Integer.parseUnsignedInt(row.get("value_bits"), 16));
      Codebook codebook = Codebook.normalFloat(Integer.parseInt(row.get("k")));
      assertEquals(
          Integer.parseInt(row.get("code")), codebook.code(x), codebook.name() + " of " + x);
    }
  }

  @Test
  void abnormalFloatMatchesReference() {
    float[] levels = Codebook.abnormalFloat4().levels();
    for (Map<String, String> row : LqLoraData.csv("codebook_af4_b64.csv")) {
      float expected = (float) Double.parseDouble(row.get("level"));
      assertEquals(expected, levels[Integer.parseInt(row.get("index"))]);
    }
  }

  @Test
  void normalFloatHasExactZeroAndEnds() {
    for (int k = 2; k <= 8; k++) {
      Codebook codebook = Codebook.normalFloat(k);
      int zero = (1 << (k - 1)) - 1;
      assertEquals(1 << k, codebook.size());
      assertEquals(zero, codebook.zeroCode());
      assertEquals(0, Float.floatToRawIntBits(codebook.level(zero)));
      assertEquals(-1f, codebook.level(0));
      assertEquals(1f, codebook.level(codebook.size() - 1));
    }
  }

  @Test
  void symmetricTablesAreSymmetric() {
    for (int k = 2; k <= 8; k++) {
      for (Codebook codebook :
          new Codebook[] {Codebook.symmetricNormalFloat(k), Codebook.uniform(k)}) {
        assertEquals(k, codebook.bits(), codebook.name());
        for (int i = 0; i < codebook.size(); i++) {
          // +0 and -0 are the same level
          assertEquals(
              0f, codebook.level(i) + codebook.level(codebook.size() - 1 - i), codebook.name());
        }
        assertEquals(1f, codebook.level(codebook.size() - 1));
      }
    }
  }

  @Test
  void symmetricNormalFloatIsMidpointsOfQuantiles() {
    // two bits: quantiles at 1/2 + (p - 1/2) j/2, with the distribution function summed here
    double p = 0.9677083;
    double middle = quantile(0.5 + (p - 0.5) / 2);
    double outer = quantile(p);
    double expected = (middle / 2) / ((middle + outer) / 2);
    assertEquals(expected, Codebook.symmetricNormalFloat(2).exactLevels()[2], 1e-14);
  }

  /** Bisection on a trapezoid-rule distribution function: slow and obvious. */
  private static double quantile(double probability) {
    double low = 0;
    double high = 4;
    while (high - low > 1e-15 * high) {
      double middle = (low + high) / 2;
      if (0.5 + gaussLegendreIntegral(middle) < probability) {
        low = middle;
      } else {
        high = middle;
      }
      if (middle == low && Math.nextUp(low) >= high) {
        break;
      }
    }
    return (low + high) / 2;
  }

  private static double gaussLegendreIntegral(double x) {
    double[] nodes = {
      0.1488743389816312,
      0.4333953941292472,
      0.6794095682990244,
      0.8650633666889845,
      0.9739065285171717
    };
    double[] weights = {
      0.2955242247147529,
      0.2692667193099963,
      0.2190863625159820,
      0.1494513491505806,
      0.0666713443086881
    };
    int panels = 16;
    double h = x / panels;
    double sum = 0;
    for (int panel = 0; panel < panels; panel++) {
      for (int i = 0; i < nodes.length; i++) {
        double middle = (panel + 0.5) * h;
        double t = nodes[i] * h / 2;
        sum += weights[i] * (density(middle - t) + density(middle + t));
      }
    }
    return sum * h / 2;
  }

  private static double density(double x) {
    return Math.exp(-x * x / 2) / Math.sqrt(2 * Math.PI);
  }

  @Property
  void nearestCodeIsNearest(
      @ForAll @IntRange(min = 2, max = 8) int k, @ForAll @FloatRange(min = -2, max = 2) float x) {
    Codebook codebook = Codebook.normalFloat(k);
    int code = codebook.code(x);
    double distance = Math.abs((double) x - codebook.level(code));
    for (int i = 0; i < codebook.size(); i++) {
      // a boundary is a midpoint rounded to float
      assertTrue(distance <= Math.abs((double) x - codebook.level(i)) + 0x1p-23);
    }
    if (Math.abs(x) <= 1) {
      assertTrue(distance <= codebook.largestHalfGap() + 0x1p-23);
    }
  }

  @Test
  void largestHalfGapsAreTheKnownOnes() {
    double[] expected = {
      0.5, 0.260685414, 0.1519036, 0.0870794654, 0.0479715765, 0.0254677534, 0.0131726563
    };
    for (int k = 2; k <= 8; k++) {
      assertEquals(expected[k - 2], Codebook.normalFloat(k).largestHalfGap(), 5e-8);
    }
  }

  @Test
  void userTableIsKeptAndChecked() {
    Codebook codebook = Codebook.of(-1f, -0.25f, 0f, 0.5f, 1f);
    assertEquals(3, codebook.bits());
    assertArrayEquals(new float[] {-0.625f, -0.125f, 0.25f, 0.75f}, codebook.boundaries());
    assertEquals(2, codebook.zeroCode());
    assertEquals(2, codebook.code(0.25f)); // a tie goes to the lower code
    assertRejected("sort the levels", 0.5f, 0.25f);
    assertRejected("level 1 is NaN", 0f, Float.NaN);
    assertRejected("divide by the largest", 0f, 1.5f);
    assertRejected("expected 2 to 256", 0f);
    assertThrows(IllegalArgumentException.class, () -> Codebook.normalFloat(1));
    assertThrows(IllegalArgumentException.class, () -> Codebook.normalFloat(9));
  }

  private static void assertRejected(String part, float... levels) {
    String message =
        assertThrows(IllegalArgumentException.class, () -> Codebook.of(levels)).getMessage();
    assertTrue(message.contains(part), message);
  }

  private static void assertBits(String hex, float value, String name) {
    assertEquals(Integer.parseUnsignedInt(hex, 16), Float.floatToRawIntBits(value), name);
  }
}
