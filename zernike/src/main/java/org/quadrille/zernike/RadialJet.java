package org.quadrille.zernike;

/**
 * Values and two derivatives of the polynomials of a column at one radius x from 0 on.
 *
 * <p>With {@code R = x^N g(t)}, t = x^2,
 *
 * <pre>
 * R'  = x^(N-1) (N g + 2 t g')
 * R'' = x^(N-2) (N (N - 1) g + 2 (2N + 1) t g' + 4 t^2 g'')
 * </pre>
 *
 * where g and its derivatives by t obey the recurrences of {@link RadialColumn}, differentiated
 * once and twice: {@code (t q)' = q + t q'}, {@code (t q)'' = 2 q' + t q''}, next to the edge by s
 * = 1 - t.
 */
final class RadialJet {
  private static final double SCALE = 0x1p400;
  private static final int SCALE_EXPONENT = 400;

  private final int order;
  private final double x;
  private final double t;
  private final double[] values;
  private final double[] first;
  private final double[] second;

  /** x^(N-2), or 1 for N below 2. */
  private final ScaledPower power;

  RadialJet(int order, double x, double[] values, double[] first, double[] second) {
    this.order = order;
    this.x = x;
    this.t = x * x;
    this.values = values;
    this.first = first;
    this.second = second;
    this.power = ScaledPower.ofRadius(x, Math.max(order - 2, 0));
  }

  /** For t from 1/2 on. */
  void fromEdge(int count, double[] ratio, double[] force) {
    double s = (1 - x) * (1 + x);
    // g and its derivatives by s, times the mantissa of the power, each with its last difference
    double g = power.mantissa();
    double g1 = 0;
    double g2 = 0;
    double step = 0;
    double step1 = 0;
    double step2 = 0;
    int exponent = power.exponent();
    for (int n = 0; n < count; n++) {
      store(n, g, -g1, g2, 1, exponent);
      step2 = ratio[n] * step2 - force[n] * (2 * g1 + s * g2);
      step1 = ratio[n] * step1 - force[n] * (g + s * g1);
      step = ratio[n] * step - force[n] * s * g;
      g += step;
      g1 += step1;
      g2 += step2;
      if (Math.abs(g) > SCALE || Math.abs(g2) > SCALE) {
        g /= SCALE;
        g1 /= SCALE;
        g2 /= SCALE;
        step /= SCALE;
        step1 /= SCALE;
        step2 /= SCALE;
        exponent += SCALE_EXPONENT;
      }
    }
  }

  /** For t below 1/2. */
  void fromCentre(int count, double a, double[] ratio, double[] force) {
    double factor = power.mantissa();
    double q = 1;
    double q1 = 0;
    double q2 = 0;
    double step = 0;
    double step1 = 0;
    double step2 = 0;
    int exponent = power.exponent();
    for (int n = 0; n < count; n++) {
      store(n, q, q1, q2, factor, exponent);
      step2 = ratio[n] * step2 - force[n] * (2 * q1 + t * q2);
      step1 = ratio[n] * step1 - force[n] * (q + t * q1);
      step = ratio[n] * step - force[n] * t * q;
      q += step;
      q1 += step1;
      q2 += step2;
      factor *= -(n + 1 + a) / (n + 1);
      if (Math.abs(factor) > SCALE) {
        factor /= SCALE;
        exponent += SCALE_EXPONENT;
      }
      if (Math.abs(q) < 1 / SCALE && Math.abs(step) < 1 / SCALE && q != 0) {
        q *= SCALE;
        q1 *= SCALE;
        q2 *= SCALE;
        step *= SCALE;
        step1 *= SCALE;
        step2 *= SCALE;
        exponent -= SCALE_EXPONENT;
      }
    }
  }

  /** Derivatives by x from those by t; all lack the factor and the exponent. */
  private void store(int n, double g, double g1, double g2, double factor, int exponent) {
    double value;
    double slope;
    double bend;
    switch (order) {
      case 0 -> {
        value = g;
        slope = 2 * x * g1;
        bend = 2 * g1 + 4 * t * g2;
      }
      case 1 -> {
        value = x * g;
        slope = g + 2 * t * g1;
        bend = x * (6 * g1 + 4 * t * g2);
      }
      default -> {
        double big = order;
        value = t * g;
        slope = x * (big * g + 2 * t * g1);
        bend = big * (big - 1) * g + t * (2 * (2 * big + 1) * g1 + 4 * t * g2);
      }
    }
    values[n] = Math.scalb(factor * value, exponent);
    first[n] = Math.scalb(factor * slope, exponent);
    second[n] = Math.scalb(factor * bend, exponent);
  }
}
