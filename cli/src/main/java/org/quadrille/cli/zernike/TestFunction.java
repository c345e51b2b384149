package org.quadrille.cli.zernike;

import java.util.List;
import java.util.function.DoubleBinaryOperator;
import org.quadrille.cli.console.CommandFailure;
import org.quadrille.zernike.BesselFunction;
import org.quadrille.zernike.RadialRule;

/**
 * A function of the unit disk with its integral: those on which rules and interpolation are tried,
 * or a formula.
 *
 * @param name as on the command line
 * @param formula for people
 * @param f its values
 * @param integral over the disk; NaN if no closed form is at hand
 */
public record TestFunction(String name, String formula, DoubleBinaryOperator f, double integral) {

  /** All functions that have a name. */
  public static List<TestFunction> all() {
    return List.of(
        // integral of cos(c.x) over the disk is 2 pi J_1(|c|) / |c|
        new TestFunction(
            "cos20x", "cos(20x)", (x, y) -> Math.cos(20 * x), 2 * Math.PI * bessel(1, 20) / 20),
        new TestFunction(
            "runge25",
            "1/(1+25r²)",
            (x, y) -> 1 / (1 + 25 * (x * x + y * y)),
            Math.PI * Math.log(26) / 25),
        new TestFunction("rho8", "r^8", (x, y) -> Math.pow(x * x + y * y, 4), Math.PI / 5),
        cosineWave("j100_150", 100, 150),
        new TestFunction("sin80xy", "sin(80x+y)", (x, y) -> Math.sin(80 * x + y), 0),
        new TestFunction(
            "cos80xy",
            "cos(80x+y)",
            (x, y) -> Math.cos(80 * x + y),
            2 * Math.PI * bessel(1, Math.sqrt(6401)) / Math.sqrt(6401)),
        new TestFunction(
            "gauss_off",
            "exp(-10((x-0.2)²+(y+0.1)²))",
            (x, y) -> Math.exp(-10 * ((x - 0.2) * (x - 0.2) + (y + 0.1) * (y + 0.1))),
            offCentreGaussian()),
        new TestFunction(
            "sqrt1mr2",
            "sqrt(1-r²)",
            (x, y) -> Math.sqrt(Math.max(0, 1 - x * x - y * y)),
            2 * Math.PI / 3),
        new TestFunction(
            "poly12", "(1+x-2y)^12", (x, y) -> Math.pow(1 + x - 2 * y, 12), twelfthPower()),
        new TestFunction(
            "exp3x2y",
            "exp(3x-2y)",
            (x, y) -> Math.exp(3 * x - 2 * y),
            2 * Math.PI * modifiedBessel(1, Math.sqrt(13)) / Math.sqrt(13)),
        cosineWave("j10_10", 10, 10),
        cosineWave("j3_40", 3, 40),
        new TestFunction(
            "gauss40",
            "exp(-40r²)",
            (x, y) -> Math.exp(-40 * (x * x + y * y)),
            Math.PI / 40 * -Math.expm1(-40)));
  }

  /**
   * The function of a name, or of a formula in x, y, r and theta.
   *
   * @throws CommandFailure that lists the names, if it is neither
   */
  public static TestFunction of(String text) {
    for (TestFunction function : all()) {
      if (function.name.equals(text)) {
        return function;
      }
    }
    try {
      return new TestFunction(text, text, Expression.of(text), Double.NaN);
    } catch (IllegalArgumentException e) {
      throw new CommandFailure(
          e.getMessage()
              + "; give a formula, or one of "
              + String.join(", ", all().stream().map(TestFunction::name).toList()),
          e);
    }
  }

  /** {@code J_k(b r) cos(k theta)}. */
  private static TestFunction cosineWave(String name, int order, double b) {
    return new TestFunction(
        name,
        String.format(java.util.Locale.ROOT, "J%d(%.0fr)cos(%dθ)", order, b, order),
        (x, y) -> bessel(order, b * Math.hypot(x, y)) * Math.cos(order * Math.atan2(y, x)),
        0);
  }

  private static double bessel(int order, double x) {
    return BesselFunction.value(order, x);
  }

  /** {@code I_k(z) = sum (z/2)^(2j+k) / (j! (j+k)!)}: all terms are positive. */
  private static double modifiedBessel(int order, double z) {
    double term = 1;
    for (int k = 1; k <= order; k++) {
      term *= 0.5 * z / k;
    }
    double sum = 0;
    for (int j = 1; term > 1e-18 * sum; j++) {
      sum += term;
      term *= 0.25 * z * z / (j * (double) (j + order));
    }
    return sum;
  }

  /** {@code 2 pi e^(-10 c^2) integral of e^(-10 r^2) I_0(20 c r) r dr}, c^2 = 0.2^2 + 0.1^2. */
  private static double offCentreGaussian() {
    double c = Math.sqrt(0.05);
    return 2
        * Math.PI
        * Math.exp(-0.5)
        * RadialRule.inRadius(40, 0)
            .integrate(r -> Math.exp(-10 * r * r) * modifiedBessel(0, 20 * c * r));
  }

  /** {@code sum C(12, 2k) 5^k integral of x^(2k)}, as x - 2y has length 5^(1/2) along its axis. */
  private static double twelfthPower() {
    double sum = 0;
    double binomial = 1;
    // integral of x^(2k) over the disk: pi / (k + 1) C(2k, k) / 4^k
    double mean = 1;
    for (int k = 0; k <= 6; k++) {
      sum += binomial * Math.pow(5, k) * Math.PI / (k + 1) * mean;
      binomial *= (12.0 - 2 * k) * (11 - 2 * k) / ((2 * k + 1.0) * (2 * k + 2));
      mean *= (2 * k + 1.0) / (2 * k + 2);
    }
    return sum;
  }
}
