package org.quadrille.cli.zernike;

import java.util.Map;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;

/**
 * A formula in x, y, r and theta, such as {@code exp(-x^2) * cos(3*theta)}.
 *
 * <p>Numbers, {@code pi}, {@code e}, parentheses, {@code + - * / ^} (right to left, above the minus
 * sign) and the functions sin, cos, tan, asin, acos, atan, sinh, cosh, tanh, exp, log, sqrt, abs.
 */
public final class Expression implements DoubleBinaryOperator {
  private static final Map<String, DoubleUnaryOperator> FUNCTIONS =
      Map.ofEntries(
          Map.entry("sin", Math::sin),
          Map.entry("cos", Math::cos),
          Map.entry("tan", Math::tan),
          Map.entry("asin", Math::asin),
          Map.entry("acos", Math::acos),
          Map.entry("atan", Math::atan),
          Map.entry("sinh", Math::sinh),
          Map.entry("cosh", Math::cosh),
          Map.entry("tanh", Math::tanh),
          Map.entry("exp", Math::exp),
          Map.entry("log", Math::log),
          Map.entry("sqrt", Math::sqrt),
          Map.entry("abs", Math::abs));

  private static final Map<String, DoubleBinaryOperator> NAMES =
      Map.of(
          "x", (x, y) -> x,
          "y", (x, y) -> y,
          "r", Math::hypot,
          "theta", (x, y) -> Math.atan2(y, x),
          "pi", (x, y) -> Math.PI,
          "e", (x, y) -> Math.E);

  /** Deeper formulas are not written by people, and would exhaust the stack. */
  private static final int DEEPEST = 200;

  private final String text;
  private final DoubleBinaryOperator root;
  private int at;
  private int depth;

  private Expression(String text) {
    this.text = text;
    root = sum();
    blanks();
    if (at < text.length()) {
      throw error("expected an operator or the end");
    }
  }

  /**
   * Reads a formula.
   *
   * @throws IllegalArgumentException that names the place, if it is none
   */
  public static Expression of(String text) {
    return new Expression(text);
  }

  @Override
  public double applyAsDouble(double x, double y) {
    return root.applyAsDouble(x, y);
  }

  @Override
  public String toString() {
    return text;
  }

  private DoubleBinaryOperator sum() {
    if (++depth > DEEPEST) {
      throw error("nested deeper than " + DEEPEST);
    }
    DoubleBinaryOperator left = product();
    while (true) {
      DoubleBinaryOperator first = left;
      if (take('+')) {
        DoubleBinaryOperator second = product();
        left = (x, y) -> first.applyAsDouble(x, y) + second.applyAsDouble(x, y);
      } else if (take('-')) {
        DoubleBinaryOperator second = product();
        left = (x, y) -> first.applyAsDouble(x, y) - second.applyAsDouble(x, y);
      } else {
        depth--;
        return left;
      }
    }
  }

  private DoubleBinaryOperator product() {
    DoubleBinaryOperator left = signed();
    while (true) {
      DoubleBinaryOperator first = left;
      if (take('*')) {
        DoubleBinaryOperator second = signed();
        left = (x, y) -> first.applyAsDouble(x, y) * second.applyAsDouble(x, y);
      } else if (take('/')) {
        DoubleBinaryOperator second = signed();
        left = (x, y) -> first.applyAsDouble(x, y) / second.applyAsDouble(x, y);
      } else {
        return left;
      }
    }
  }

  private DoubleBinaryOperator signed() {
    boolean negative = false;
    while (true) {
      if (take('-')) {
        negative = !negative;
      } else if (!take('+')) {
        break;
      }
    }
    DoubleBinaryOperator value = power();
    return negative ? (x, y) -> -value.applyAsDouble(x, y) : value;
  }

  private DoubleBinaryOperator power() {
    DoubleBinaryOperator base = atom();
    if (!take('^')) {
      return base;
    }
    if (++depth > DEEPEST) {
      throw error("nested deeper than " + DEEPEST);
    }
    DoubleBinaryOperator exponent = signed();
    depth--;
    return (x, y) -> Math.pow(base.applyAsDouble(x, y), exponent.applyAsDouble(x, y));
  }

  private DoubleBinaryOperator atom() {
    blanks();
    if (take('(')) {
      DoubleBinaryOperator inner = sum();
      close();
      return inner;
    }
    int start = at;
    while (at < text.length() && Character.isLetter(text.charAt(at))) {
      at++;
    }
    if (at > start) {
      return named(text.substring(start, at), start);
    }
    return number();
  }

  private DoubleBinaryOperator named(String name, int start) {
    if (NAMES.containsKey(name)) {
      return NAMES.get(name);
    }
    DoubleUnaryOperator function = FUNCTIONS.get(name);
    if (function == null) {
      at = start;
      throw error("\"" + name + "\" is no name; there is x, y, r, theta, pi, e, sin, exp, ...");
    }
    if (!take('(')) {
      throw error("expected ( after " + name);
    }
    DoubleBinaryOperator argument = sum();
    close();
    return (x, y) -> function.applyAsDouble(argument.applyAsDouble(x, y));
  }

  private DoubleBinaryOperator number() {
    int start = at;
    while (at < text.length() && isNumeric(start)) {
      at++;
    }
    try {
      double value = Double.parseDouble(text.substring(start, at));
      return (x, y) -> value;
    } catch (NumberFormatException _) {
      at = start;
      throw error("expected a number, a name or (");
    }
  }

  private boolean isNumeric(int start) {
    char c = text.charAt(at);
    if (Character.isDigit(c) || c == '.') {
      return true;
    }
    if (at == start) {
      return false;
    }
    char before = text.charAt(at - 1);
    boolean exponentFollows =
        at + 1 < text.length()
            && (Character.isDigit(text.charAt(at + 1))
                || (at + 2 < text.length()
                    && "+-".indexOf(text.charAt(at + 1)) >= 0
                    && Character.isDigit(text.charAt(at + 2))));
    boolean startsExponent = (c == 'e' || c == 'E') && exponentFollows;
    boolean signOfExponent = (c == '+' || c == '-') && (before == 'e' || before == 'E');
    return startsExponent || signOfExponent;
  }

  private void close() {
    if (!take(')')) {
      throw error("expected )");
    }
  }

  private boolean take(char wanted) {
    blanks();
    if (at < text.length() && text.charAt(at) == wanted) {
      at++;
      return true;
    }
    return false;
  }

  private void blanks() {
    while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
      at++;
    }
  }

  private IllegalArgumentException error(String what) {
    String shown = text.length() <= 80 ? text : text.substring(0, 80) + "...";
    return new IllegalArgumentException(
        "formula \"" + shown + "\", character " + (at + 1) + ": " + what);
  }
}
