package org.quadrille.cli.zernike;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import org.junit.jupiter.api.Test;

class ExpressionTest {
  private static double value(String formula) {
    return Expression.of(formula).applyAsDouble(0.3, -0.4);
  }

  @Test
  void operatorsBindAsInMathematics() {
    assertEquals(7, value("1 + 2*3"));
    assertEquals(-4, value("-2^2"));
    assertEquals(512, value("2^3^2"));
    assertEquals(0.25, value("2^-2"));
    assertEquals(2, value("8/2/2"));
    assertEquals(-1, value("1-1-1"));
    assertEquals(9, value("(1+2)*(4-1)"));
    assertEquals(3, value("--+3"));
    assertEquals(1.5e-3 - 2e4, value("1.5e-3 - 2E+4"), 1e-9);
    assertEquals(2 * Math.E, value("2*e"));
  }

  @Property
  void namesStandForThePoint(
      @ForAll @DoubleRange(min = -1, max = 1) double x,
      @ForAll @DoubleRange(min = -1, max = 1) double y) {
    assertEquals(
        Math.exp(-10 * (x * x + y * y)),
        Expression.of("exp(-10*(x^2 + y^2))").applyAsDouble(x, y),
        1e-15);
    assertEquals(
        Math.hypot(x, y) * Math.cos(3 * Math.atan2(y, x)),
        Expression.of("r*cos(3*theta)").applyAsDouble(x, y),
        1e-15);
    assertEquals(
        Math.sqrt(Math.abs(x)) + Math.sin(Math.PI * y),
        Expression.of("sqrt(abs(x)) + sin(pi*y)").applyAsDouble(x, y),
        1e-15);
  }

  @Test
  void mistakesAreNamedByPlace() {
    assertMistake("", "character 1: expected a number");
    assertMistake("1 +", "character 4: expected a number");
    assertMistake("2 x", "character 3: expected an operator");
    assertMistake("foo(x)", "character 1: \"foo\" is no name");
    assertMistake("sin x", "character 5: expected ( after sin");
    assertMistake("(1+2", "character 5: expected )");
    assertMistake("1..2", "character 1: expected a number");
    assertMistake("(".repeat(100_000), "nested deeper");
    assertMistake("2^".repeat(100_000), "nested deeper");
  }

  private static void assertMistake(String formula, String words) {
    var e = assertThrows(IllegalArgumentException.class, () -> Expression.of(formula));
    assertTrue(e.getMessage().contains(words), e.getMessage());
    assertTrue(e.getMessage().length() < 250, "long formulas are cut");
  }
}
