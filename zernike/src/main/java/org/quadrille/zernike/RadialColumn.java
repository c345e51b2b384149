package org.quadrille.zernike;

/**
 * The radial polynomials {@code R_{N,n}}, n = 0, 1, ..., of one angular order N in dimension p + 2,
 * by recurrences for their differences, one that is stable next to the edge and one next to the
 * centre.
 *
 * <p>With a = N + p/2, t = x^2 and s = 1 - t, for t from 1/2 on
 *
 * <pre>R_{n+1} - R_n = (C/A)(R_n - R_{n-1}) - (F/A) s R_n</pre>
 *
 * and below, with {@code R_n = (-1)^n C(n+a, n) x^N q_n},
 *
 * <pre>q_{n+1} - q_n = (C'/A')(q_n - q_{n-1}) - (F/A') t q_n</pre>
 *
 * where {@code A = 2(n+1)(n+a+1)(2n+a)}, {@code C = 2n(n+a)(2n+a+2)}, {@code F =
 * 2(2n+a)(2n+a+1)(2n+a+2)}, {@code A' = 2(n+a+1)^2 (2n+a)}, {@code C' = 2n^2 (2n+a+2)}. The
 * coefficients are computed once. Values carry an exponent of their own, so that x^N may lie far
 * below the range of doubles where R does not.
 *
 * <p>Greengard and Serkh, "Zernike Polynomials: Evaluation, Quadrature, and Interpolation", 2018,
 * sections 2 and 3, for the polynomials. <b>Accuracy</b>, over {@code max(1, x^(-p/2))}: 1e-14 to
 * degree 2000 given t and s, 4e-14 from x alone. <b>Cost</b>: some 1.5 ns a value. <b>Thread
 * safety</b>: immutable.
 */
public final class RadialColumn {
  /** Rescaling factor of values, a power of two. */
  private static final double SCALE = 0x1p400;

  private static final int SCALE_EXPONENT = 400;

  private final int order;
  private final int p;
  private final int count;
  private final double[] edgeRatio;
  private final double[] edgeForce;
  private final double[] centreRatio;
  private final double[] centreForce;

  /**
   * Prepares the column.
   *
   * @param order angular order N, 0 or more
   * @param p dimension minus 2, 0 on the disk
   * @param count polynomials n = 0 to count - 1, at least 1
   */
  public RadialColumn(int order, int p, int count) {
    if (order < 0 || p < 0 || count < 1) {
      throw new IllegalArgumentException(
          "order "
              + order
              + ", p "
              + p
              + ", count "
              + count
              + ": expected order and p from 0 on and count from 1 on");
    }
    this.order = order;
    this.p = p;
    this.count = count;
    edgeRatio = new double[count];
    edgeForce = new double[count];
    centreRatio = new double[count];
    centreForce = new double[count];
    double a = order + 0.5 * p;
    edgeForce[0] = a + 2;
    centreForce[0] = (a + 2) / (a + 1);
    for (int n = 1; n < count; n++) {
      double k = 2.0 * n + a;
      double edge = (n + 1) * (n + a + 1) * k;
      double centre = (n + a + 1) * (n + a + 1) * k;
      edgeRatio[n] = n * (n + a) * (k + 2) / edge;
      edgeForce[n] = k * (k + 1) * (k + 2) / edge;
      centreRatio[n] = (double) n * n * (k + 2) / centre;
      centreForce[n] = k * (k + 1) * (k + 2) / centre;
    }
  }

  /** Angular order N. */
  public int order() {
    return order;
  }

  /** Dimension minus 2. */
  public int p() {
    return p;
  }

  /** Number of polynomials. */
  public int count() {
    return count;
  }

  /** {@code C / A} of step n. */
  double edgeRatio(int n) {
    return edgeRatio[n];
  }

  /** {@code F / A} of step n. */
  double edgeForce(int n) {
    return edgeForce[n];
  }

  /** {@code C' / A'} of step n. */
  double centreRatio(int n) {
    return centreRatio[n];
  }

  /** {@code F / A'} of step n. */
  double centreForce(int n) {
    return centreForce[n];
  }

  /**
   * All values at a radius.
   *
   * @param x radius; the recurrences hold outside [0, 1] too, where values grow like {@code
   *     |2x|^degree}
   * @param out at least {@link #count} elements, written: R_{N,n}(x) at n; NaN where x is
   */
  public void values(double x, double[] out) {
    double size = Math.abs(x);
    ScaledPower power = ScaledPower.ofRadius(size, order);
    double sign = x < 0 && (order & 1) == 1 ? -1 : 1;
    values(size * size, (1 - size) * (1 + size), power, sign, out);
  }

  /**
   * All values at a radius given by its square, both to full relative accuracy, as the nodes of a
   * {@link RadialRule} are.
   *
   * @param t x^2, 0 to 1
   * @param s 1 - x^2
   * @param out at least {@link #count} elements, written
   */
  public void values(double t, double s, double[] out) {
    values(t, s, ScaledPower.ofSquare(t, s, order), 1, out);
  }

  /**
   * All values, first and second derivatives by x at a radius, by the recurrences differentiated.
   * <b>Accuracy</b>: first derivatives 5e-14 d^2 and second 5e-14 d^4 over {@code max(1, x^(-p/2))}
   * at degree d.
   *
   * @param x radius, which may lie outside [0, 1]
   * @param values at least {@link #count} elements, written
   * @param first likewise, derivatives
   * @param second likewise, second derivatives
   */
  public void derivatives(double x, double[] values, double[] first, double[] second) {
    int shortest = Math.min(values.length, Math.min(first.length, second.length));
    if (shortest < count) {
      throw new IllegalArgumentException(
          "values, first, second: given "
              + values.length
              + ", "
              + first.length
              + ", "
              + second.length
              + " elements, expected at least "
              + count);
    }
    double size = Math.abs(x);
    RadialJet jet = new RadialJet(order, size, values, first, second);
    if (size * size >= 0.5) {
      jet.fromEdge(count, edgeRatio, edgeForce);
    } else {
      jet.fromCentre(count, order + 0.5 * p, centreRatio, centreForce);
    }
    if (x < 0) {
      // R has the parity of N, and so has its second derivative; the first has the other
      double[][] odd = (order & 1) == 1 ? new double[][] {values, second} : new double[][] {first};
      for (double[] array : odd) {
        for (int n = 0; n < count; n++) {
          array[n] = -array[n];
        }
      }
    }
  }

  private void values(double t, double s, ScaledPower power, double sign, double[] out) {
    if (out.length < count) {
      throw new IllegalArgumentException(
          "out: given " + out.length + " elements, expected at least " + count);
    }
    if (t >= 0.5) {
      fromEdge(s, power, sign, out);
    } else {
      fromCentre(t, power, sign, out); // NaN too
    }
  }

  private void fromEdge(double s, ScaledPower power, double sign, double[] out) {
    double value = sign * power.mantissa();
    double difference = 0;
    int exponent = power.exponent();
    for (int n = 0; n < count; n++) {
      out[n] = exponent == 0 ? value : Math.scalb(value, exponent);
      difference = edgeRatio[n] * difference - edgeForce[n] * s * value;
      value += difference;
      if (Math.abs(value) > SCALE) {
        value /= SCALE;
        difference /= SCALE;
        exponent += SCALE_EXPONENT;
      }
    }
  }

  private void fromCentre(double t, ScaledPower power, double sign, double[] out) {
    double a = order + 0.5 * p;
    // R_n = factor q_n with factor = (-1)^n C(n + a, n) x^N
    double factor = sign * power.mantissa();
    double q = 1;
    double difference = 0;
    int exponent = power.exponent();
    for (int n = 0; n < count; n++) {
      double product = factor * q;
      out[n] = exponent == 0 ? product : Math.scalb(product, exponent);
      difference = centreRatio[n] * difference - centreForce[n] * t * q;
      q += difference;
      factor *= -(n + 1 + a) / (n + 1);
      if (Math.abs(factor) > SCALE) {
        factor /= SCALE;
        exponent += SCALE_EXPONENT;
      }
      if (Math.abs(q) < 1 / SCALE && Math.abs(difference) < 1 / SCALE && q != 0) {
        q *= SCALE;
        difference *= SCALE;
        exponent -= SCALE_EXPONENT;
      }
    }
  }
}
