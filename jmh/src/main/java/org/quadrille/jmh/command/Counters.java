package org.quadrille.jmh.command;

/** The counters by which benchmarks tell how much they have done. */
final class Counters {
  private Counters() {}

  /** The unit of a counter per second, or null if it is none that we know. */
  static String unit(String counter) {
    // JMH may put the name of the method before it.
    return switch (counter.substring(counter.lastIndexOf(':') + 1)) {
      case "gigaflop" -> "GFLOP/s";
      case "gigabyte" -> "GB/s";
      default -> null;
    };
  }
}
