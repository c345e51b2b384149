package org.quadrille.zernike;

import java.util.Arrays;

/**
 * Bessel functions of the first kind {@code J_a(x)} of integer and half-integer orders, all orders
 * up to one at once: what Fourier and Hankel transforms of Zernike polynomials are made of.
 *
 * {@snippet :
 * double[] j = new double[11];
 * BesselFunction.integerOrders(3.5, j); // J_0 to J_10
 * double single = BesselFunction.value(7.5, 3.5);
 * }
 *
 * <p>Orders up to x by the recurrence {@code J_{a+1} = (2a/x) J_a - J_{a-1}} upwards, from Hankel's
 * expansion of J_0 and J_1 or from sine and cosine; orders above by the same recurrence downwards
 * (J. Miller, 1952), starting where F. Olver's test says ("Numerical solution of second-order
 * linear difference equations", 1967), joined where both hold. For small x all of it is downwards,
 * with {@code J_0^2 + 2 sum J_k^2 = 1} to fix the size.
 *
 * <p><b>Accuracy</b>: relative to {@code max(|J_a|, min(1, x^(-1/2)))} a few 1e-15 for orders to
 * 100, growing like the square root of the order; for orders above x the error is relative to the
 * value, some 1e-14 for orders to 1000. Values below the double range are 0. <b>Cost</b>: some 5 ns
 * an order up to the larger of order and x. <b>Thread safety</b>: no state.
 */
public final class BesselFunction {
  /** From here on Hankel's expansion reaches rounding for orders 0 and 1: terms fall to e^(-2x). */
  private static final double HANKEL_FROM = 25;

  /** Below this x the third term of the power series is below rounding. */
  private static final double SMALL = 1e-4;

  private static final double LARGE = 0x1p400;
  private static final int LARGE_EXPONENT = 400;

  /** Growth of the other solution to where the recurrence starts; its square is what counts. */
  private static final double NEGLIGIBLE = 1e10;

  private BesselFunction() {}

  /**
   * {@code J_k(x)}, k = 0 to {@code out.length - 1}.
   *
   * @param x any number; NaN gives NaN, infinity 0
   * @param out overwritten
   */
  public static void integerOrders(double x, double[] out) {
    orders(0, x, out);
    if (x < 0) {
      // J_k(-x) = (-1)^k J_k(x)
      for (int k = 1; k < out.length; k += 2) {
        out[k] = -out[k];
      }
    }
  }

  /**
   * {@code J_{k + 1/2}(x)}, k = 0 to {@code out.length - 1}.
   *
   * @param x 0 or more; NaN gives NaN, infinity 0
   * @param out overwritten
   * @throws IllegalArgumentException if x is below 0, where these functions are not real
   */
  public static void halfIntegerOrders(double x, double[] out) {
    if (x < 0) {
      throw new IllegalArgumentException(
          "x: given " + x + ", expected 0 or more for orders that are not integers");
    }
    orders(0.5, x, out);
  }

  /**
   * One value.
   *
   * @param order 0, 1/2, 1, 3/2, ... to 10^8
   * @param x for half-integer orders 0 or more
   */
  public static double value(double order, double x) {
    if (!(order >= 0 && order <= 1e8 && 2 * order == Math.rint(2 * order))) {
      throw new IllegalArgumentException(
          "order: given " + order + ", expected an integer or half an integer from 0 to 1e8");
    }
    int k = (int) Math.floor(order);
    double[] all = new double[k + 1];
    if (k == order) {
      integerOrders(x, all);
    } else {
      halfIntegerOrders(x, all);
    }
    return all[k];
  }

  /** Orders {@code first + k}, first 0 or 1/2, at |x|. */
  private static void orders(double first, double argument, double[] out) {
    double x = Math.abs(argument);
    if (out.length == 0) {
      return;
    }
    if (!(x < Double.POSITIVE_INFINITY)) {
      Arrays.fill(out, Double.isNaN(x) ? Double.NaN : 0);
    } else if (x == 0) {
      Arrays.fill(out, 0);
      out[0] = first == 0 ? 1 : 0;
    } else if (x < SMALL) {
      small(first, x, out);
    } else if (x < HANKEL_FROM) {
      downwards(first, x, out);
    } else {
      // orders to x upwards; the last two of them tell the size of those above
      int turn = (int) Math.min(out.length, Math.floor(x));
      start(first, x, out);
      for (int k = 2; k < turn; k++) {
        out[k] = 2 * (first + k - 1) / x * out[k - 1] - out[k - 2];
      }
      if (out.length > turn) {
        downwards(first, x, turn - 2, out);
      }
    }
  }

  /** The two lowest orders for large x, or the lowest if no more are wanted. */
  private static void start(double first, double x, double[] out) {
    double sine = Math.sin(x);
    double cosine = Math.cos(x);
    if (first == 0.5) {
      double size = Math.sqrt(2 / (Math.PI * x));
      out[0] = size * sine;
      if (out.length > 1) {
        out[1] = size * (sine / x - cosine);
      }
      return;
    }
    // J = (2 / (pi x))^(1/2) (P cos(x - phase) - Q sin(x - phase)), phase = pi/4 and 3 pi/4
    double size = 1 / Math.sqrt(Math.PI * x);
    double[] pq = hankel(0, x);
    out[0] = size * (pq[0] * (cosine + sine) - pq[1] * (sine - cosine));
    if (out.length > 1) {
      pq = hankel(1, x);
      out[1] = size * (pq[0] * (sine - cosine) + pq[1] * (cosine + sine));
    }
  }

  /** P and Q of Hankel's asymptotic expansion (Watson, "Bessel Functions", 7.3). */
  private static double[] hankel(int order, double x) {
    double mu = 4.0 * order * order;
    double term = 1;
    double p = 1;
    double q = 0;
    for (int k = 1; k < 60; k++) {
      double odd = 2.0 * k - 1;
      term *= (mu - odd * odd) / (k * 8 * x);
      // signs ++--: Q gets terms 1, 3, ..., P terms 0, 2, ...
      double signed = (k & 2) == 0 ? term : -term;
      if ((k & 1) == 1) {
        q += signed;
      } else {
        p += signed;
      }
      if (Math.abs(term) < 1e-18) {
        break;
      }
    }
    return new double[] {p, q};
  }

  /** The power series where two terms of it are enough. */
  private static void small(double first, double x, double[] out) {
    double half = x / 2;
    double square = half * half;
    // (x/2)^a / Gamma(a + 1) (1 - (x/2)^2 / (a + 1))
    double leading = first == 0 ? 1 : Math.sqrt(2 * x / Math.PI);
    for (int k = 0; k < out.length; k++) {
      out[k] = leading * (1 - square / (first + k + 1));
      leading *= half / (first + k + 1);
    }
  }

  /** All orders by the recurrence downwards, their size by the sum of their squares. */
  private static void downwards(double first, double x, double[] out) {
    Downwards f = new Downwards(first, x, 0, out);
    // J_0^2 + 2 sum J_k^2 = 1; sum (2k + 1) J_{k+1/2}^2 = 2x/pi
    double size = (first == 0 ? 1 : Math.sqrt(2 * x / Math.PI)) / Math.sqrt(f.squares);
    boolean positive;
    if (first == 0) {
      // J_0 + 2 sum J_2k = 1
      positive = f.evenSum > 0;
    } else {
      // J_{1/2} ~ sin x, J_{3/2} ~ sin x / x - cos x
      double sine = Math.sin(x);
      positive = f.value * sine + f.above * (sine / x - Math.cos(x)) > 0;
    }
    f.scale(0, positive ? size : -size);
  }

  /** Orders above {@code from + 1}, of which that one and the one below are known. */
  private static void downwards(double first, double x, int from, double[] out) {
    double low = out[from];
    double high = out[from + 1];
    Downwards f = new Downwards(first, x, from, out);
    // least squares over the two
    double factor = (f.value * low + f.above * high) / (f.value * f.value + f.above * f.above);
    f.scale(from, factor);
    out[from] = low;
    out[from + 1] = high;
  }

  /** The recurrence from where J is negligible down to an order, times an unknown number. */
  private static final class Downwards {
    private final double[] out;

    /** How often values were divided by LARGE when they were stored. */
    private final int[] exponents;

    private int exponent;
    private double above;
    private double value = 1;
    private double squares;
    private double evenSum;

    Downwards(double first, double x, int from, double[] out) {
      this.out = out;
      this.exponents = new int[out.length];
      int k = startOrder(first, x, out.length - 1);
      while (true) {
        if (k < out.length) {
          out[k] = value;
          exponents[k] = exponent;
        }
        double multiplicity = first == 0 ? (k == 0 ? 1 : 2) : 2 * k + 1;
        squares += multiplicity * value * value;
        evenSum += (k & 1) == 0 ? multiplicity * value : 0;
        if (k == from) {
          return;
        }
        double below = 2 * (first + k) / x * value - above;
        above = value;
        value = below;
        if (Math.abs(value) > LARGE) {
          rescale();
        }
        k--;
      }
    }

    private void rescale() {
      above /= LARGE;
      value /= LARGE;
      squares = squares / LARGE / LARGE;
      evenSum /= LARGE;
      exponent++;
    }

    private static int startOrder(double first, double x, int last) {
      int k = (int) Math.max(last, Math.floor(x));
      double before = 0;
      double growth = 1;
      while (growth < NEGLIGIBLE) {
        k++;
        double next = 2 * (first + k) / x * growth - before;
        before = growth;
        growth = next;
      }
      return k;
    }

    /** Multiplies orders from one on. */
    void scale(int from, double factor) {
      for (int i = from; i < out.length; i++) {
        int power = (exponents[i] - exponent) * LARGE_EXPONENT;
        out[i] = power == 0 ? out[i] * factor : Math.scalb(out[i] * factor, power);
      }
    }
  }
}
