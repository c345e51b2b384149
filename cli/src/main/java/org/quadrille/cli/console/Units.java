package org.quadrille.cli.console;

import java.util.Locale;

/** Sizes, counts and durations as people read them; the same in every locale. */
public final class Units {
  private Units() {}

  /** Bytes in decimal units with three digits: {@code 4.63 MB}. */
  public static String bytes(long bytes) {
    return scaled((double) bytes, "B");
  }

  /** A count in decimal units with three digits: {@code 10.6 M}. */
  public static String count(long count) {
    return count((double) count);
  }

  /** A rate in decimal units with three digits: {@code 10.6 M}. */
  public static String count(double count) {
    return scaled(count, "").strip();
  }

  private static String scaled(double value, String unit) {
    String[] prefixes = {"", "k", "M", "G", "T"};
    int power = 0;
    double scaled = value;
    while (Math.abs(scaled) >= 999.5 && power < prefixes.length - 1) {
      scaled /= 1000;
      power++;
    }
    int digits = power == 0 || Math.abs(scaled) >= 99.95 ? 0 : Math.abs(scaled) >= 9.995 ? 1 : 2;
    return String.format(Locale.ROOT, "%." + digits + "f %s%s", scaled, prefixes[power], unit);
  }

  /** A duration: {@code 0.42 s}, {@code 12.3 s}, {@code 3:07}, {@code 1:02:03}. */
  public static String seconds(double seconds) {
    if (seconds < 9.995) {
      return String.format(Locale.ROOT, "%.2f s", seconds);
    }
    return seconds < 99.95
        ? String.format(Locale.ROOT, "%.1f s", seconds)
        : clock(Math.round(seconds));
  }

  /** Whole seconds as a clock: {@code 0:07}, {@code 1:02:03}. */
  public static String clock(long seconds) {
    return seconds < 3600
        ? String.format(Locale.ROOT, "%d:%02d", seconds / 60, seconds % 60)
        : String.format(
            Locale.ROOT, "%d:%02d:%02d", seconds / 3600, seconds / 60 % 60, seconds % 60);
  }

  /** A number with a fixed count of digits after the point. */
  public static String fixed(double value, int digits) {
    return String.format(Locale.ROOT, "%." + digits + "f", value);
  }

  /** A number with four significant digits: {@code 0.1748}, {@code 12.35}, {@code 1.234e-06}. */
  public static String significant(double value) {
    double magnitude = Math.abs(value);
    if (value == 0 || (magnitude >= 1e-3 && magnitude < 1e4)) {
      int before = value == 0 ? 1 : (int) Math.floor(Math.log10(magnitude)) + 1;
      return fixed(value, Math.max(0, 4 - before));
    }
    return String.format(Locale.ROOT, "%.3e", value);
  }

  /** A share of one in per cent: {@code 42 %}. */
  public static String percent(double share) {
    return String.format(Locale.ROOT, "%.0f %%", 100 * share);
  }
}
