package org.quadrille.zernike.ball;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.quadrille.ReferenceData;
import org.quadrille.kernels.cpu.WorkerPool;
import org.quadrille.zernike.RadialRule;

class BallRuleTest {
  /** Gamma of half a whole number. */
  private static double gammaOfHalf(int twice) {
    double gamma = (twice & 1) == 0 ? 1 : Math.sqrt(Math.PI);
    for (int k = (twice & 1) == 0 ? 2 : 1; k < twice; k += 2) {
      gamma *= 0.5 * k;
    }
    return gamma;
  }

  /** {@code 2 prod Gamma((k_i + 1)/2) / (Gamma((D + k)/2) (D + k))}, k the sum of exponents. */
  private static double monomial(int[] exponents) {
    int sum = exponents.length + Arrays.stream(exponents).sum();
    double integral = 2 / (gammaOfHalf(sum) * sum);
    for (int k : exponents) {
      integral *= (k & 1) == 1 ? 0 : gammaOfHalf(k + 1);
    }
    return integral;
  }

  private static double power(double[] x, int[] exponents) {
    double product = 1;
    for (int i = 0; i < x.length; i++) {
      product *= Math.pow(x[i], exponents[i]);
    }
    return product;
  }

  @Test
  void referenceMonomialsAreExactFromTheirDegreeOn() {
    for (Map<String, String> row : ReferenceData.csv("zernike", "ball_monomials.csv")) {
      int dimension = Integer.parseInt(row.get("dimension"));
      int[] exponents =
          Arrays.stream(row.get("exponents").trim().split(" "))
              .mapToInt(Integer::parseInt)
              .toArray();
      double exact = Double.parseDouble(row.get("integral_over_unit_ball"));
      int degree = Arrays.stream(exponents).sum();
      for (RadialRule.Variable variable : RadialRule.Variable.values()) {
        for (int more : new int[] {0, 1, 5}) {
          BallRule rule = BallRule.ofDegree(dimension, degree + more, variable);
          double limit = 1e-14 * (exact == 0 ? 1 : exact);
          assertEquals(exact, rule.integrate(x -> power(x, exponents)), limit, row + " " + rule);
        }
      }
    }
  }

  @Property(tries = 60)
  void monomialsOfTheStatedDegreeAreExact(
      @ForAll @IntRange(min = 2, max = 5) int dimension,
      @ForAll @IntRange(min = 0, max = 14) int degree,
      @ForAll @IntRange(min = 0, max = 1_000_000) int seed) {
    int[] exponents = new int[dimension];
    int left = degree;
    for (int i = 0; i < dimension; i++) {
      exponents[i] = i == dimension - 1 ? left : seed / (i + 1) % (left + 1);
      left -= exponents[i];
    }
    BallRule rule = BallRule.ofDegree(dimension, degree);
    double exact = monomial(exponents);
    assertEquals(
        exact, rule.integrate(x -> power(x, exponents)), 2e-14, Arrays.toString(exponents));
    double[] sum = new double[1];
    long[] count = new long[1];
    rule.forEach(
        (point, weight) -> {
          sum[0] += weight;
          count[0]++;
          assertTrue(weight > 0);
        });
    assertEquals(rule.size(), count[0]);
    assertEquals(monomial(new int[dimension]), sum[0], 1e-12 * sum[0]);
  }

  @Test
  void degreeIsSharp() {
    // x^6 is one degree beyond a rule of degree 5; on the plane K = 6 angles alias it
    BallRule rule = BallRule.ofDegree(2, 5);
    double exact = monomial(new int[] {6, 0});
    assertTrue(Math.abs(rule.integrate(x -> Math.pow(x[0], 6)) - exact) > 1e-3);
  }

  @Test
  void integralsHaveTheSameBitsForAnyNumberOfThreads() {
    BallRule rule = BallRule.ofDegree(3, 30);
    double one = WorkerPool.of(1).call(() -> rule.integrate(x -> Math.exp(x[0] - 2 * x[1] * x[2])));
    double three =
        WorkerPool.of(3).call(() -> rule.integrate(x -> Math.exp(x[0] - 2 * x[1] * x[2])));
    assertEquals(one, three, 0);
  }

  @Test
  void badInputIsRefusedWithItsValue() {
    assertMessage("dimension 1", () -> BallRule.ofDegree(1, 3));
    assertMessage("degree -1", () -> BallRule.ofDegree(3, -1));
    assertMessage("more than 2^63", () -> BallRule.ofDegree(40, 30));
  }

  private static void assertMessage(String part, org.junit.jupiter.api.function.Executable call) {
    String message = assertThrows(IllegalArgumentException.class, call).getMessage();
    assertTrue(message.contains(part), message);
  }
}
