package org.quadrille.zernike;

/**
 * A sum of radial polynomials of one angular order, {@code S(x) = sum over n of c_n R_{N,n}(x)}, by
 * Clenshaw's recurrence in Reinsch's form.
 *
 * <p>From the highest n down, with r_n and f_n the coefficients of {@link RadialColumn}, for t =
 * x^2 from 1/2 on with z = 1 - t and h_n = c_n,
 *
 * <pre>
 * u := u + h_n - f_n z b
 * b := u + r_n b            S = x^N b
 * </pre>
 *
 * below 1/2 with z = t and {@code h_n = (-1)^n C(n + a, n) c_n}: the differences of neighbours are
 * carried, not their sums, and nothing cancels next to the ends. (C. Reinsch's form of Clenshaw's
 * recurrence: Stoer and Bulirsch, "Introduction to Numerical Analysis", 2.3.)
 *
 * <p><b>Accuracy</b>: 4e-14 relative to max(1, |S|) for 5000 coefficients of size 1. <b>Cost</b>:
 * some 2 ns a coefficient and point. <b>Special values</b>: NaN at NaN. <b>Thread safety</b>:
 * immutable.
 */
public final class RadialSeries {
  private static final double SCALE = 0x1p400;
  private static final int SCALE_EXPONENT = 400;

  private final RadialColumn column;
  private final double[] coefficients;

  /** {@code (-1)^n C(n + a, n) c_n 2^-(400 centreExponents[n])}. */
  private final double[] centreCoefficients;

  private final int[] centreExponents;

  /**
   * A series.
   *
   * @param order angular order N, 0 or more
   * @param p dimension minus 2, 0 on the disk
   * @param coefficients c_0, c_1, ..., at least one, copied
   */
  public RadialSeries(int order, int p, double[] coefficients) {
    if (coefficients.length == 0) {
      throw new IllegalArgumentException("coefficients: given none, expected at least one");
    }
    this.column = new RadialColumn(order, p, coefficients.length);
    this.coefficients = coefficients.clone();
    centreCoefficients = new double[coefficients.length];
    centreExponents = new int[coefficients.length];
    double a = order + 0.5 * p;
    double factor = 1;
    int exponent = 0;
    for (int n = 0; n < coefficients.length; n++) {
      centreCoefficients[n] = factor * coefficients[n];
      centreExponents[n] = exponent;
      factor *= -(n + 1 + a) / (n + 1);
      if (Math.abs(factor) > SCALE) {
        factor /= SCALE;
        exponent++;
      }
    }
  }

  /** Angular order N. */
  public int order() {
    return column.order();
  }

  /** Dimension minus 2. */
  public int p() {
    return column.p();
  }

  /** Number of coefficients. */
  public int count() {
    return coefficients.length;
  }

  /**
   * The sum at a radius.
   *
   * @param x radius; outside [0, 1] the polynomials are continued
   */
  public double value(double x) {
    double size = Math.abs(x);
    double sign = x < 0 && (column.order() & 1) == 1 ? -1 : 1;
    ScaledPower power = ScaledPower.ofRadius(size, column.order());
    return sign * value(size * size, (1 - size) * (1 + size), power);
  }

  /**
   * The sum at a radius given by its square, as the nodes of a {@link RadialRule} are.
   *
   * @param t x^2, 0 to 1
   * @param s 1 - x^2
   */
  public double value(double t, double s) {
    return value(t, s, ScaledPower.ofSquare(t, s, column.order()));
  }

  /**
   * Sums at many radii.
   *
   * @param x radii, not modified
   * @param out at least as many elements, overwritten; or null
   * @return out, or a new array
   */
  public double[] values(double[] x, double[] out) {
    if (out != null && out.length < x.length) {
      throw new IllegalArgumentException(
          "out: given " + out.length + " elements, expected at least " + x.length);
    }
    double[] sums = out == null ? new double[x.length] : out;
    for (int i = 0; i < x.length; i++) {
      sums[i] = value(x[i]);
    }
    return sums;
  }

  private double value(double t, double s, ScaledPower power) {
    return t >= 0.5 ? fromEdge(s, power) : fromCentre(t, power);
  }

  private double fromEdge(double s, ScaledPower power) {
    double u = 0;
    double b = 0;
    int exponent = power.exponent();
    // what is added is divided by what u and b were
    double unit = 1;
    for (int n = coefficients.length - 1; n >= 0; n--) {
      u = u + coefficients[n] * unit - column.edgeForce(n) * s * b;
      b = u + column.edgeRatio(n) * b;
      if (Math.abs(b) > SCALE) {
        u /= SCALE;
        b /= SCALE;
        unit /= SCALE;
        exponent += SCALE_EXPONENT;
      }
    }
    return scaled(power.mantissa() * b, exponent);
  }

  private double fromCentre(double t, ScaledPower power) {
    double u = 0;
    double b = 0;
    // u and b lack 2^(400 level); the coefficients of lower n are the smaller ones
    int level = centreExponents[centreExponents.length - 1];
    for (int n = coefficients.length - 1; n >= 0; n--) {
      double h = shifted(centreCoefficients[n], centreExponents[n] - level);
      u = u + h - column.centreForce(n) * t * b;
      b = u + column.centreRatio(n) * b;
      if (Math.abs(b) > SCALE) {
        u /= SCALE;
        b /= SCALE;
        level++;
      } else if (level > 0 && Math.abs(b) < 1 / SCALE && Math.abs(u) < 1 / SCALE) {
        u *= SCALE;
        b *= SCALE;
        level--;
      }
    }
    long exponent = power.exponent() + (long) level * SCALE_EXPONENT;
    return scaled(power.mantissa() * b, exponent);
  }

  /** {@code x 2^(400 steps)}. */
  private static double shifted(double x, int steps) {
    return steps == 0 ? x : scaled(x, (long) steps * SCALE_EXPONENT);
  }

  private static double scaled(double x, long exponent) {
    return exponent == 0 ? x : Math.scalb(x, (int) Math.max(-100_000, Math.min(100_000, exponent)));
  }
}
