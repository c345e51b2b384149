package org.quadrille.linalg;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Arrays;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class SecularEquationTest {
  private static final MathContext DIGITS = new MathContext(60);

  @Property(tries = 200)
  void everyRootSolvesTheEquationBetweenItsPoles(
      @ForAll @IntRange(min = 1, max = 40) int n,
      @ForAll @IntRange(max = 14) int closeness,
      @ForAll @IntRange(max = 12) int smallness,
      @ForAll long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    double[] d = new double[n];
    double[] z = new double[n];
    double at = -1;
    for (int i = 0; i < n; i++) {
      at += Math.pow(10, -closeness * random.nextDouble()) + 1e-13;
      d[i] = at;
      z[i] = (random.nextBoolean() ? 1 : -1) * Math.pow(10, -smallness * random.nextDouble());
    }
    double norm = Math.sqrt(Arrays.stream(z).map(x -> x * x).sum());
    Arrays.setAll(z, i -> z[i] / norm);
    double rho = Math.pow(10, 2 - 6 * random.nextDouble());
    check(d, z, rho);
  }

  @Test
  void oneAndTwoPoles() {
    SecularEquation one = new SecularEquation(new double[] {3}, new double[] {-0.5}, 2);
    one.solve(0);
    assertEquals(3.5, one.root(0));
    // diag(1, 2) + 2 z z^T with z = (0.6, 0.8): trace 5, determinant 1.72 * 3.28 - 0.9216
    SecularEquation two = new SecularEquation(new double[] {1, 2}, new double[] {0.6, 0.8}, 2);
    two.solve(0);
    two.solve(1);
    assertEquals(5, two.root(0) + two.root(1), 1e-15);
    assertEquals(1.72 * 3.28 - 0.9216, two.root(0) * two.root(1), 1e-14);
  }

  @Test
  void rootsAmongSquaresAreSingularValuesOfAnArrow() {
    double[] d = {0, 1e-7, 0.25, 0.25 + 1e-13, 1};
    double[] z = {0.5, 1e-4, -0.3, 1e-6, 0.7};
    SecularEquation equation = SecularEquation.ofSquares(d, z);
    Tensor arrow = Tensor.zeros(DType.F64, 5, 5);
    for (int i = 0; i < 5; i++) {
      arrow.set(d[i], i, i);
      arrow.set(z[i], 0, i);
    }
    Tensor expected = JacobiSvd.decompose(arrow).singularValues();
    for (int j = 0; j < 5; j++) {
      equation.solve(j);
      assertEquals(expected.get(4 - j), equation.squareRoot(j), 1e-15);
    }
    assertEquals((d[3] - d[2]) * (d[3] + d[2]), equation.distance(3, 2));
  }

  private static void check(double[] d, double[] z, double rho) {
    int n = d.length;
    SecularEquation equation = new SecularEquation(d, z, rho);
    for (int j = 0; j < n; j++) {
      equation.solve(j);
      for (int i = 0; i < n; i++) {
        // d_0 < x_0 < d_1 < x_1 < ...
        assertEquals(i > j, equation.difference(i, j) > 0, "pole " + i + ", root " + j);
        assertTrue(equation.difference(i, j) != 0);
      }
      BigDecimal sum = BigDecimal.ONE.divide(new BigDecimal(rho), DIGITS);
      BigDecimal magnitude = sum;
      BigDecimal origin = new BigDecimal(d[equation.origin[j]]);
      for (int i = 0; i < n; i++) {
        BigDecimal distance =
            new BigDecimal(d[i]).subtract(origin).subtract(new BigDecimal(equation.tau[j]));
        BigDecimal weight = new BigDecimal(z[i]);
        BigDecimal term = weight.multiply(weight).divide(distance, DIGITS);
        sum = sum.add(term);
        magnitude = magnitude.add(term.abs());
      }
      double relative = Math.abs(sum.divide(magnitude, DIGITS).doubleValue());
      assertTrue(relative <= 4 * (n + 8) * 0x1p-53, "root " + j + " of " + n + ": " + relative);
    }
  }
}
