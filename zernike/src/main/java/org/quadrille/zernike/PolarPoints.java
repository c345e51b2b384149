package org.quadrille.zernike;

import java.util.Locale;

/**
 * Points in polar form, as the kernels of the disk take them: radius in two parts, cosine and sine
 * of the angle. Not thread safe; one per task.
 */
final class PolarPoints {
  /** Beyond these, squares leave the range of doubles or lose digits. */
  private static final double TINY = 0x1p-900;

  private static final double HUGE = 0x1p900;

  final double[] radius;
  final double[] radiusLow;
  final double[] cosine;
  final double[] sine;

  PolarPoints(int capacity) {
    radius = new double[capacity];
    radiusLow = new double[capacity];
    cosine = new double[capacity];
    sine = new double[capacity];
  }

  /** Takes points {@code from} to {@code to - 1}; number {@code from} comes first. */
  void take(double[] x, double[] y, int from, int to, Outside outside) {
    for (int i = from; i < to; i++) {
      take(i - from, x[i], y[i], i, outside);
    }
  }

  /** Takes all points, whose numbers begin at {@code first}. */
  void take(double[] x, double[] y, int first, Outside outside) {
    for (int i = 0; i < x.length; i++) {
      take(i, x[i], y[i], first + i, outside);
    }
  }

  /** Takes one point of another set. */
  void copy(int at, PolarPoints other, int from) {
    radius[at] = other.radius[from];
    radiusLow[at] = other.radiusLow[from];
    cosine[at] = other.cosine[from];
    sine[at] = other.sine[from];
  }

  private void take(int at, double x, double y, int number, Outside outside) {
    set(at, x, y);
    if (outside != Outside.EXTRAPOLATE && radius[at] > Outside.LARGEST_RADIUS) {
      refuse(number, at, x, y, outside);
    }
  }

  private void refuse(int point, int at, double x, double y, Outside outside) {
    if (outside == Outside.THROW) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "point %d (%s, %s) has radius %s: expected at most 1; choose Outside.NAN or"
                  + " EXTRAPOLATE to let it pass",
              point,
              x,
              y,
              radius[at]));
    }
    radius[at] = Double.NaN;
    radiusLow[at] = Double.NaN;
    cosine[at] = Double.NaN;
    sine[at] = Double.NaN;
  }

  private void set(int i, double x, double y) {
    double p = x * x;
    double q = y * y;
    double sum = p + q;
    if (!(sum > TINY && sum < HUGE)) {
      setExtreme(i, x, y);
      return;
    }
    // x^2 + y^2 = sum + low: products and sum without their rounding errors
    double part = sum - p;
    double low = ((p - (sum - part)) + (q - part)) + (Math.fma(x, x, -p) + Math.fma(y, y, -q));
    double r = Math.sqrt(sum);
    double rest = (Math.fma(-r, r, sum) + low) / (2 * r);
    radius[i] = r;
    radiusLow[i] = rest;
    cosine[i] = quotient(x, r, rest);
    sine[i] = quotient(y, r, rest);
  }

  /** {@code x / (r + rest)}, to half a unit of the last place and a little. */
  private static double quotient(double x, double r, double rest) {
    double q = x / r;
    return q + (Math.fma(-q, r, x) - q * rest) / r;
  }

  /** Zero, NaN, or so small or large that the squares are out of range. */
  private void setExtreme(int i, double x, double y) {
    double larger = Math.max(Math.abs(x), Math.abs(y));
    if (larger == 0) {
      radius[i] = 0;
      radiusLow[i] = 0;
      cosine[i] = 1;
      sine[i] = 0;
    } else if (larger < Double.POSITIVE_INFINITY) {
      int exponent = larger < Double.MIN_NORMAL ? -1074 : Math.getExponent(larger);
      set(i, scaled(x, -exponent), scaled(y, -exponent));
      radius[i] = Math.scalb(radius[i], exponent);
      radiusLow[i] = Math.scalb(radiusLow[i], exponent);
    } else {
      double infiniteOrNan = larger;
      radius[i] = infiniteOrNan;
      radiusLow[i] = Double.NaN;
      cosine[i] = Double.NaN;
      sine[i] = Double.NaN;
    }
  }

  /** In two steps: one could leave the range of exponents that scalb takes. */
  private static double scaled(double x, int exponent) {
    return Math.scalb(Math.scalb(x, exponent / 2), exponent - exponent / 2);
  }
}
