package org.quadrille.cli.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Maps values to pixels, linearly or by logarithm, and chooses round tick marks.
 *
 * @param low value at {@code from}
 * @param high value at {@code to}
 * @param from pixel of the low end
 * @param to pixel of the high end
 * @param logarithmic whether equal distances are equal ratios; needs 0 &lt; low
 */
record Axis(double low, double high, double from, double to, boolean logarithmic) {
  private static final int TICKS = 5;

  /** An axis from a round number at or below {@code low} to one at or above {@code high}. */
  static Axis linear(double low, double high, double from, double to) {
    double step = step(high > low ? high - low : Math.max(1, Math.abs(high)));
    double first = step * Math.floor(low / step);
    double last = step * Math.ceil(high / step * (1 - 1e-12));
    return new Axis(first, last > first ? last : first + step, from, to, false);
  }

  /** A logarithmic axis that holds both values with a little room. */
  static Axis logarithmic(double low, double high, double from, double to) {
    double room = Math.pow(Math.max(high / low, 1.2), 0.04);
    return new Axis(low / room, high * room, from, to, true);
  }

  /** The pixel of a value. */
  double at(double value) {
    double share =
        logarithmic
            ? Math.log(Math.max(value, low) / low) / Math.log(high / low)
            : (value - low) / (high - low);
    return from + share * (to - from);
  }

  /** Round values within the axis, ascending. */
  List<Double> ticks() {
    List<Double> ticks = new ArrayList<>();
    if (logarithmic) {
      boolean few = high / low < 1e3;
      for (int power = (int) Math.floor(Math.log10(low)); Math.pow(10, power) <= high; power++) {
        for (int digit : few ? new int[] {1, 2, 5} : new int[] {1}) {
          addInside(ticks, digit * Math.pow(10, power));
        }
      }
      return ticks;
    }
    double step = step(high - low);
    for (int i = 0; low + i * step <= high + step * 1e-9; i++) {
      ticks.add(low + i * step);
    }
    return ticks;
  }

  private void addInside(List<Double> ticks, double value) {
    if (value >= low && value <= high) {
      ticks.add(value);
    }
  }

  /** A step of 1, 2 or 5 times a power of ten that cuts a range into about five. */
  private static double step(double range) {
    double raw = range / TICKS;
    double power = Math.pow(10, Math.floor(Math.log10(raw)));
    double digit = raw / power;
    return power * (digit <= 1 ? 1 : digit <= 2 ? 2 : digit <= 5 ? 5 : 10);
  }

  /** A tick as short as it can be: {@code 0.15}, {@code 40}, {@code 1e-4}. */
  static String label(double value) {
    if (value == 0) {
      return "0";
    }
    double magnitude = Math.abs(value);
    if (magnitude < 1e-3 || magnitude >= 1e6) {
      return String.format(Locale.ROOT, "%.0e", value).replace("e-0", "e-").replace("e+0", "e");
    }
    String text = String.format(Locale.ROOT, "%.6f", value);
    return text.replaceAll("0+$", "").replaceAll("\\.$", "");
  }
}
