package org.quadrille.zernike.plot;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Maps values to places, linearly or by logarithm, and chooses round tick marks.
 *
 * @param low value at {@code from}
 * @param high value at {@code to}
 * @param from place of the low end
 * @param to place of the high end
 * @param logarithmic whether equal distances are equal ratios; needs 0 &lt; low
 */
record Axis(double low, double high, double from, double to, boolean logarithmic) {
  private static final String SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹";

  /** An axis with these very ends. */
  static Axis linear(double low, double high, double from, double to) {
    double end = high > low ? high : low + Math.max(1e-300, Math.abs(low));
    return new Axis(low, end, from, to, false);
  }

  /** An axis from a round number at or below {@code low} to one at or above {@code high}. */
  static Axis rounded(double low, double high, double from, double to) {
    double step = step(high > low ? high - low : Math.max(1e-12, Math.abs(high)), 5);
    double first = step * Math.floor(low / step + 1e-9);
    double last = step * Math.ceil(high / step - 1e-9);
    return new Axis(first, last > first ? last : first + step, from, to, false);
  }

  /** A logarithmic axis over the whole decades that hold both values. */
  static Axis decades(double low, double high, double from, double to) {
    int first = (int) Math.floor(Math.log10(low) + 1e-9);
    int last = (int) Math.ceil(Math.log10(high) - 1e-9);
    return new Axis(Math.pow(10, first), Math.pow(10, Math.max(last, first + 1)), from, to, true);
  }

  /** The place of a value; values beyond the ends lie at the ends. */
  double at(double value) {
    double inside = Math.clamp(value, low, high);
    double share =
        logarithmic ? Math.log(inside / low) / Math.log(high / low) : (inside - low) / (high - low);
    return from + share * (to - from);
  }

  /** Round values within the axis, ascending, about as many as asked for. */
  List<Double> ticks(int count) {
    List<Double> ticks = new ArrayList<>();
    if (logarithmic) {
      int first = (int) Math.ceil(Math.log10(low) - 1e-9);
      int last = (int) Math.floor(Math.log10(high) + 1e-9);
      int every = Math.max(1, (int) Math.ceil((last - first) / (double) count));
      for (int power = Math.ceilDiv(first, every) * every; power <= last; power += every) {
        ticks.add(power(power));
      }
      if (ticks.size() < 2 && high / low < 100) {
        ticks.clear();
        for (int power = first - 1; power <= last; power++) {
          for (int digit : new int[] {1, 2, 5}) {
            addInside(ticks, digit * power(power));
          }
        }
      }
      return ticks;
    }
    double step = step(high - low, count);
    for (long i = (long) Math.ceil(low / step - 1e-9); i * step <= high + 1e-9 * step; i++) {
      ticks.add(i * step);
    }
    return ticks;
  }

  private void addInside(List<Double> ticks, double value) {
    if (value >= low * (1 - 1e-12) && value <= high * (1 + 1e-12)) {
      ticks.add(value);
    }
  }

  /** The double nearest to a power of ten. */
  private static double power(int exponent) {
    return Double.parseDouble("1e" + exponent);
  }

  /** A step of 1, 2 or 5 times a power of ten that cuts a range into about so many parts. */
  private static double step(double range, int parts) {
    double raw = range / parts;
    double power = power((int) Math.floor(Math.log10(raw)));
    double digit = raw / power;
    return power * (digit <= 1.0001 ? 1 : digit <= 2.0001 ? 2 : digit <= 5.0001 ? 5 : 10);
  }

  /** A value as short as it can be: {@code 0.15}, {@code −40}, {@code 2×10⁻⁶}, {@code 10⁹}. */
  String label(double value) {
    double size = Math.abs(value);
    double span = logarithmic ? size : Math.max(Math.abs(low), Math.abs(high));
    if (size < 1e-9 * span) {
      return "0";
    }
    if (logarithmic || span < 1e-3 || span >= 1e6) {
      int exponent = (int) Math.floor(Math.log10(size) + 1e-9);
      if (logarithmic && exponent >= 0 && exponent < 4) {
        return trimmed(value);
      }
      String digits = trimmed(value / power(exponent));
      String power = "10" + superscript(exponent);
      return digits.equals("1") ? power : digits + "×" + power;
    }
    return trimmed(value);
  }

  private static String trimmed(double value) {
    String text = String.format(Locale.ROOT, "%.6f", value);
    return text.replaceAll("0+$", "").replaceAll("\\.$", "").replace('-', '−');
  }

  private static String superscript(int exponent) {
    StringBuilder text = new StringBuilder(exponent < 0 ? "⁻" : "");
    for (char digit : Integer.toString(Math.abs(exponent)).toCharArray()) {
      text.append(SUPERSCRIPTS.charAt(digit - '0'));
    }
    return text.toString();
  }
}
