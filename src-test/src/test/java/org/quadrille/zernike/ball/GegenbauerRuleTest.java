package org.quadrille.zernike.ball;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.quadrille.zernike.RadialRule;

class GegenbauerRuleTest {
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 10, 33, 64, 300, 1001})
  void withoutWeightItIsGaussLegendre(int n) {
    GegenbauerRule rule = new GegenbauerRule(n, 0);
    RadialRule legendre = RadialRule.ofPower(n, 0);
    for (int i = 0; i < n; i++) {
      assertEquals(2 * legendre.node(i) - 1, rule.node(i), 1e-15, "node " + i);
      assertEquals(2 * legendre.weight(i), rule.weight(i), 1e-13 * rule.weight(i), "weight " + i);
      double sine = 2 * Math.sqrt(legendre.node(i) * legendre.complement(i));
      assertEquals(sine, rule.sine(i), 2e-14 * sine, "sine " + i);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 5, 40, 333})
  void chebyshevRulesHaveTheirClosedForms(int n) {
    GegenbauerRule second = new GegenbauerRule(n, 1);
    GegenbauerRule first = new GegenbauerRule(n, -1);
    for (int i = 0; i < n; i++) {
      double angle = Math.PI * (n - i) / (n + 1);
      assertEquals(Math.cos(angle), second.node(i), 1e-15);
      double weight = Math.PI / (n + 1) * Math.sin(angle) * Math.sin(angle);
      assertEquals(weight, second.weight(i), 2e-13 * weight);
      assertEquals(Math.cos(Math.PI * (2 * (n - i) - 1) / (2 * n)), first.node(i), 1e-15);
      assertEquals(Math.PI / n, first.weight(i), 1e-15);
    }
  }

  @Property(tries = 100)
  void momentsAreExactToTheStatedDegree(
      @ForAll @IntRange(min = 1, max = 120) int n,
      @ForAll @IntRange(min = -1, max = 12) int twiceMu,
      @ForAll @IntRange(min = 0, max = 100) int share) {
    GegenbauerRule rule = new GegenbauerRule(n, twiceMu);
    int power = share * (n - 1) / 100;
    double sum = 0;
    for (int i = 0; i < n; i++) {
      sum += rule.weight(i) * Math.pow(rule.node(i), 2 * power);
      assertEquals(-rule.node(i), rule.node(n - 1 - i), 0);
    }
    // moment 2k over moment 2k - 2 is (2k - 1) / (2k + 2 mu + 1)
    double exact = GegenbauerRule.integralOfWeight(twiceMu);
    for (int k = 1; k <= power; k++) {
      exact *= (2.0 * k - 1) / (2.0 * k + twiceMu + 1);
    }
    assertEquals(exact, sum, 1e-13 * exact);
  }

  @Test
  void badInputIsRefusedWithItsValue() {
    String message =
        assertThrows(IllegalArgumentException.class, () -> new GegenbauerRule(0, 0)).getMessage();
    assertTrue(message.contains("n = 0"), message);
  }
}
