package org.quadrille.zernike;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.hipparchus.analysis.integration.gauss.GaussIntegratorFactory;
import org.junit.jupiter.api.Test;

class RadialRuleTest {
  @Property(tries = 300)
  void nodesAscendAndWeightsAddUpToTheIntegralOfThePower(
      @ForAll @IntRange(min = 1, max = 3000) int n,
      @ForAll @DoubleRange(min = 0, max = 5) double logarithm) {
    double a = Math.rint(2 * (Math.pow(10, logarithm) - 1)) / 2;
    RadialRule rule = RadialRule.ofPower(n, a);
    double sum = 0;
    double last = 0;
    for (double weight : rule.weights()) {
      sum += weight;
    }
    for (int i = 0; i < n; i++) {
      assertTrue(rule.node(i) > last && rule.node(i) < 1, n + ", a = " + a + ": node " + i);
      assertEquals(1, rule.node(i) + rule.complement(i), 3e-16);
      last = rule.node(i);
    }
    // moments are good to 1e-14; the power t^a has errors of its own
    double limit = 1e-14 * (1 + a / 5);
    assertEquals(1, sum * (a + 1), limit, "sum of weights, n = " + n + ", a = " + a);
  }

  @Property(tries = 100)
  void monomialsAreExactToTheStatedDegree(
      @ForAll @IntRange(min = 1, max = 400) int n,
      @ForAll @IntRange(min = 0, max = 6) int p,
      @ForAll @DoubleRange(min = 0, max = 1) double share) {
    int degree = (int) (share * (2 * n - 1));
    double exact = 1.0 / (degree + p + 2);
    double byRadius = RadialRule.inRadius(n, p).integrate(r -> Math.pow(r, degree));
    assertEquals(exact, byRadius, 1e-14 * (1 + 0.02 * degree) * exact);
    int even = 2 * (int) (share * (2 * n - 1));
    double exactEven = 1.0 / (even + p + 2);
    double bySquare = RadialRule.inSquaredRadius(n, p).integrate(r -> Math.pow(r, even));
    assertEquals(exactEven, bySquare, 1e-14 * (1 + 0.02 * even) * exactEven);
  }

  @Property(tries = 50)
  void nodesOfConsecutiveRulesInterlace(
      @ForAll @IntRange(min = 1, max = 500) int n, @ForAll @IntRange(min = 0, max = 50) int a) {
    RadialRule fewer = RadialRule.ofPower(n, a);
    RadialRule more = RadialRule.ofPower(n + 1, a);
    for (int i = 0; i < n; i++) {
      assertTrue(more.node(i) < fewer.node(i) && fewer.node(i) < more.node(i + 1));
    }
  }

  @Property(tries = 50)
  void nodesOfAnOrderAreTheZerosOfItsRadialPolynomial(
      @ForAll @IntRange(min = 1, max = 200) int n,
      @ForAll @IntRange(min = 0, max = 100) int order,
      @ForAll @IntRange(min = 0, max = 3) int p) {
    RadialRule rule = RadialRule.ofOrder(n, order, p);
    RadialColumn column = new RadialColumn(order, p, n + 1);
    double[] values = new double[n + 1];
    for (int i = 0; i < n; i++) {
      double t = rule.node(i);
      double s = rule.complement(i);
      column.values(t, s, values);
      // |R'| is at most about degree / (s t)^(1/2) times the amplitude; t moves by 1e-14 min(t, s)
      double amplitude = Math.max(1, Math.pow(t, -0.25 * p));
      double limit = amplitude * (2e-16 * (order + 2 * n) + 2e-15);
      assertEquals(0, values[n], limit, "N = " + order + ", n = " + n + ", p = " + p);
    }
  }

  @Property(tries = 60)
  void allMethodsFindTheSameRule(
      @ForAll @IntRange(min = 1, max = 200) int n, @ForAll @IntRange(min = 0, max = 40) int twoA) {
    RadialRule expected = RadialRule.ofPower(n, 0.5 * twoA);
    for (RadialRule.Method method : RadialRule.Method.values()) {
      RadialRule rule = RadialRule.ofPower(n, 0.5 * twoA, method);
      String name = method + ", n = " + n + ", 2a = " + twoA;
      boolean isAbsolute = method == RadialRule.Method.PRUFER_NEWTON;
      for (int i = 0; i < n; i++) {
        boolean low = expected.node(i) < 0.5;
        double node = low ? expected.node(i) : expected.complement(i);
        double found = low ? rule.node(i) : rule.complement(i);
        assertEquals(node, found, isAbsolute ? 1e-14 : 1.5e-14 * node, name + ": " + i);
        // nodes next to the ends have few digits there, and so do their weights
        double weight = expected.weight(i);
        double limit = isAbsolute ? 5e-12 * weight : 1e-13 * weight;
        assertEquals(weight, rule.weight(i), limit, name + ": " + i);
      }
    }
  }

  @Property(tries = 150)
  void momentsOfJacobiWeightsAreExact(
      @ForAll @IntRange(min = 1, max = 1500) int n,
      @ForAll @DoubleRange(min = 0, max = 40) double a,
      @ForAll @DoubleRange(min = -0.95, max = 10) double b) {
    RadialRule rule = RadialRule.ofPowers(n, a, b);
    double[] weights = rule.weights();
    double[] sums = new double[4];
    double last = 0;
    for (int i = 0; i < n; i++) {
      assertTrue(rule.node(i) > last && rule.complement(i) > 0, "node " + i);
      last = rule.node(i);
      double power = 1;
      for (int k = 0; k < sums.length; k++) {
        sums[k] += weights[i] * power;
        power *= rule.complement(i);
      }
    }
    double beta = Math.exp(org.hipparchus.special.Beta.logBeta(a + 1, b + 1));
    assertEquals(beta, sums[0], 1e-12 * beta, "sum of weights");
    // integral of t^a (1-t)^(b+k): times (b+k) / (a+b+k+1) from k - 1 to k
    double exact = sums[0];
    for (int k = 1; k < Math.min(sums.length, 2 * n); k++) {
      exact *= (b + k) / (a + b + k + 1);
      assertEquals(exact, sums[k], 2e-14 * exact, "moment " + k);
    }
  }

  @Test
  void jacobiWeightsIncludeTheClosedFormsOfChebyshev() {
    // t^(1/2) (1-t)^(-1/2): t = sin^2(psi), integral of 2 sin^2(psi) f dpsi, third kind
    int n = 40;
    RadialRule rule = RadialRule.ofPowers(n, 0.5, -0.5);
    for (int i = 0; i < n; i++) {
      double psi = Math.PI * (i + 1) / (2 * n + 1);
      double t = Math.sin(psi) * Math.sin(psi);
      assertEquals(t, rule.node(i), 1e-14 * t, "node " + i);
      double weight = 2 * Math.PI / (2 * n + 1) * t;
      assertEquals(weight, rule.weight(i), 3e-14 * weight, "weight " + i);
    }
  }

  @Test
  void rulesThatDoNotFitIntoMemoryAreRefusedBeforehand() {
    assertMessage("-Xmx", () -> RadialRule.ofPower(Integer.MAX_VALUE, 0));
  }

  @Test
  void equalsGaussLegendreOfHipparchus() {
    GaussIntegratorFactory factory = new GaussIntegratorFactory();
    for (int n : new int[] {1, 2, 5, 20, 48, 49, 60, 100}) {
      RadialRule rule = RadialRule.ofPower(n, 0);
      var oracle = factory.legendre(n, 0, 1);
      for (int i = 0; i < n; i++) {
        assertEquals(oracle.getPoint(i), rule.node(i), 1e-14, n + " nodes, node " + i);
        assertEquals(oracle.getWeight(i), rule.weights()[i], 1e-13, n + " nodes, weight " + i);
      }
    }
  }

  @Test
  void functionsWithPolesNextToTheCentreWantTheRuleInTheRadius() {
    // integral of r / (1 + 25 r^2) = log(26) / 50
    double exact = Math.log(26) / 50;
    double byRadius = RadialRule.inRadius(20, 0).integrate(r -> 1 / (1 + 25 * r * r));
    double bySquare = RadialRule.inSquaredRadius(20, 0).integrate(r -> 1 / (1 + 25 * r * r));
    assertEquals(exact, byRadius, 1e-11 * exact);
    assertEquals(6e-8, Math.abs(bySquare - exact), 6e-8);
    assertTrue(Math.abs(bySquare - exact) > 1e-9);
  }

  @Test
  void scaledWeightsDoNotUnderflow() {
    RadialRule rule = RadialRule.ofPower(200, 2000);
    for (double weight : rule.scaledWeights()) {
      assertTrue(weight > 1e-300 && weight < 1);
    }
  }

  @Test
  void emptyRuleIntegratesToZero() {
    assertEquals(0, RadialRule.inRadius(0, 0).integrate(r -> 1));
    assertEquals(0, RadialRule.inRadius(0, 0).radii().length);
  }

  @Test
  void badInputIsRefusedWithItsValue() {
    assertMessage("n = -1", () -> RadialRule.ofPower(-1, 0));
    assertMessage("a = NaN", () -> RadialRule.ofPower(3, Double.NaN));
    assertMessage("a = -0.5", () -> RadialRule.ofPower(3, -0.5));
    assertMessage("b = -1.0", () -> RadialRule.ofPowers(3, 1, -1));
    assertMessage("b = NaN", () -> RadialRule.ofPowers(3, 1, Double.NaN));
    assertMessage("p: given -1", () -> RadialRule.inRadius(3, -1));
    assertMessage("order: given -2", () -> RadialRule.ofOrder(3, -2, 0));
  }

  private static void assertMessage(String part, org.junit.jupiter.api.function.Executable call) {
    String message = assertThrows(IllegalArgumentException.class, call).getMessage();
    assertTrue(message.contains(part), message);
  }
}
