package org.quadrille.zernike;

import java.util.Arrays;

/**
 * The radial polynomials of one angular order on the disk at all nodes of a radial rule: row n of
 * the matrix is {@code R_{N,n}}, with a column for each node at which they are not negligible.
 *
 * <p>The recurrences of {@link RadialColumn}, node by node in loops that become vector code. Where
 * the matrices of all orders exceed the caches, each is made anew whenever it is needed: that takes
 * about as long as to read it from memory.
 */
final class RadialMatrix {
  /** A node where all polynomials are below this one is left out; others are about 1 in size. */
  private static final double NEGLIGIBLE = 1e-60;

  /** Beyond this, nodes are left to the recurrences of {@link RadialColumn}, which rescale. */
  private static final double LARGEST_FACTOR = 0x1p900;

  private static final double SMALLEST_POWER = 0x1p-500;

  private final RadialColumn column;
  private final int count;
  private final double[] t;
  private final double[] s;
  private final RadialPowers powers;
  private final double[] binomials;
  private final int first;

  /** The first column by the recurrence next to the edge. */
  private final int middle;

  /** From here to {@link #centreEnd} the centre recurrence needs no rescaling. */
  private final int centreFrom;

  private final int centreEnd;

  /** From here on the edge recurrence needs no rescaling. */
  private final int edgeFrom;

  /**
   * Prepares the matrix.
   *
   * @param order angular order N
   * @param count polynomials n = 0 to count - 1
   * @param t squared radii, ascending
   * @param s 1 - t
   */
  RadialMatrix(int order, int count, double[] t, double[] s, RadialPowers powers) {
    this.column = new RadialColumn(order, 0, count);
    this.count = count;
    this.t = t;
    this.s = s;
    this.first = firstNode();
    this.powers = powers;
    this.binomials = binomials(order, count);
    int firstFromEdge = 0;
    while (firstFromEdge < t.length && t[firstFromEdge] < 0.5) {
      firstFromEdge++;
    }
    this.middle = Math.max(first, firstFromEdge);
    this.centreFrom = inRange(first, middle);
    int end = middle;
    while (end > centreFrom
        && !(Math.abs(binomials[count - 1]) * powers.power(order, end - 1) < LARGEST_FACTOR)) {
      end--;
    }
    this.centreEnd = end;
    this.edgeFrom = inRange(middle, t.length);
  }

  /** {@code (-1)^n C(n + N, n)}, each rounded once or twice; infinite beyond the double range. */
  private static double[] binomials(int order, int count) {
    double[] binomials = new double[count];
    double high = 1;
    double low = 0;
    for (int n = 0; n < count; n++) {
      binomials[n] = (n & 1) == 0 ? high : -high;
      // times (n + 1 + N) / (n + 1), in twice the working precision
      double factor = n + 1.0 + order;
      double divisor = n + 1.0;
      double product = high * factor;
      double rest = Math.fma(high, factor, -product) + low * factor;
      double quotient = product / divisor;
      low = (Math.fma(-quotient, divisor, product) + rest) / divisor;
      high = quotient;
      if (Double.isInfinite(product)) {
        Arrays.fill(binomials, n + 1, count, Double.POSITIVE_INFINITY);
        return binomials;
      }
    }
    return binomials;
  }

  /**
   * The first node that matters. Where nothing oscillates, polynomials grow with n and with the
   * radius.
   */
  private int firstNode() {
    double[] values = new double[count];
    int below = 0;
    int open = t.length - 1;
    while (below < open) {
      int i = (below + open) >>> 1;
      column.values(t[i], s[i], values);
      boolean negligible = true;
      for (double value : values) {
        negligible &= Math.abs(value) < NEGLIGIBLE;
      }
      if (negligible) {
        below = i + 1;
      } else {
        open = i;
      }
    }
    return below;
  }

  /** The first node of some at which x^N is well within the double range. */
  private int inRange(int from, int end) {
    int i = from;
    while (i < end && powers.power(column.order(), i) < SMALLEST_POWER) {
      i++;
    }
    return i;
  }

  /** Angular order N. */
  int order() {
    return column.order();
  }

  /** Number of polynomials, the rows. */
  int count() {
    return count;
  }

  /** The first node with a column. */
  int first() {
    return first;
  }

  /** Number of columns: nodes from {@link #first} on. */
  int columns() {
    return t.length - first;
  }

  /**
   * All entries.
   *
   * @param out overwritten, row-major, {@link #count} rows of {@link #columns}
   * @param scratch for the recurrences of as many nodes
   */
  void fill(double[] out, Scratch scratch) {
    scratch.clear();
    slowly(first, centreFrom, out);
    fromCentre(out, scratch);
    slowly(centreEnd, edgeFrom, out);
    fromEdge(out, scratch);
  }

  /** Nodes by themselves, in numbers with an exponent of their own. */
  private void slowly(int from, int end, double[] out) {
    if (from >= end) {
      return;
    }
    double[] values = new double[count];
    for (int i = from; i < end; i++) {
      column.values(t[i], s[i], values);
      for (int n = 0; n < count; n++) {
        out[n * columns() + i - first] = values[n];
      }
    }
  }

  private void fromCentre(double[] out, Scratch scratch) {
    int width = centreEnd - centreFrom;
    if (width <= 0) {
      return;
    }
    double[] x = scratch.variable;
    double[] power = scratch.power;
    double[] q = scratch.value;
    double[] difference = scratch.difference;
    double[] product = scratch.product;
    System.arraycopy(t, centreFrom, x, 0, width);
    powers.copy(column.order(), centreFrom, width, power);
    Arrays.fill(q, 0, width, 1);
    for (int n = 0; n < count; n++) {
      // R_n = (-1)^n C(n + N, n) x^N q_n
      timesFactor(width, binomials[n], power, q, product);
      System.arraycopy(product, 0, out, n * columns() + centreFrom - first, width);
      advance(width, column.centreRatio(n), column.centreForce(n), x, q, difference);
    }
  }

  private void fromEdge(double[] out, Scratch scratch) {
    int width = t.length - edgeFrom;
    double[] x = scratch.variable;
    double[] value = scratch.value;
    double[] difference = scratch.difference;
    System.arraycopy(s, edgeFrom, x, 0, width);
    powers.copy(column.order(), edgeFrom, width, value);
    Arrays.fill(difference, 0, width, 0);
    for (int n = 0; n < count; n++) {
      System.arraycopy(value, 0, out, n * columns() + edgeFrom - first, width);
      advance(width, column.edgeRatio(n), column.edgeForce(n), x, value, difference);
    }
  }

  private static void timesFactor(
      int width, double factor, double[] power, double[] q, double[] product) {
    for (int i = 0; i < width; i++) {
      product[i] = factor * power[i] * q[i];
    }
  }

  /** {@code difference := ratio difference - force x value}, added to the value. */
  private static void advance(
      int width, double ratio, double force, double[] x, double[] value, double[] difference) {
    for (int i = 0; i < width; i++) {
      double next = Math.fma(ratio, difference[i], -(force * x[i]) * value[i]);
      difference[i] = next;
      value[i] += next;
    }
  }

  /** Memory for {@link #fill}. */
  static final class Scratch {
    private final double[] variable;
    private final double[] power;
    private final double[] value;
    private final double[] difference;
    private final double[] product;

    Scratch(int nodes) {
      variable = new double[nodes];
      power = new double[nodes];
      value = new double[nodes];
      difference = new double[nodes];
      product = new double[nodes];
    }

    private void clear() {
      Arrays.fill(difference, 0);
    }
  }
}
