package org.quadrille.optim;

/**
 * Factor of the peak learning rates as a function of the step.
 *
 * <p>During a warm-up of w steps it rises linearly, {@code t / w}, so step 0 has factor 0: a
 * trainer that counts steps from 0 and wants no idle first step asks for {@code t + 1}. After its
 * last step a schedule stays at its last value. Computed with {@link StrictMath}: the same bits on
 * every machine.
 *
 * {@snippet :
 * Schedule cosine = Schedule.cosine(100, 1000, 0.01);             // warm-up, total, final ratio
 * Schedule trapezoid = Schedule.constant(100).coolDown(1000, 200, 0);
 * }
 */
@FunctionalInterface
public interface Schedule {

  /**
   * The factor at step t.
   *
   * @param t 0 or more
   */
  double factor(long t);

  /** 1 at every step after the warm-up. */
  static Schedule constant(long warmUp) {
    requireSteps("warmUp", warmUp, 0);
    return t -> warm(t, warmUp, 1);
  }

  /** Falls linearly from 1 at the end of the warm-up to {@code finalRatio} at step total. */
  static Schedule linear(long warmUp, long total, double finalRatio) {
    requireSpan(warmUp, total, finalRatio);
    return t ->
        // r + (1 - r) (1 - part)
        warm(t, warmUp, finalRatio + (1 - finalRatio) * (1 - part(t, warmUp, total)));
  }

  /**
   * Falls as half a cosine wave from 1 at the end of the warm-up to {@code finalRatio} at step
   * total (Loshchilov and Hutter 2017, equation 5).
   */
  static Schedule cosine(long warmUp, long total, double finalRatio) {
    requireSpan(warmUp, total, finalRatio);
    return t ->
        // r + (1 - r) (1 + cos(pi part)) / 2
        warm(
            t,
            warmUp,
            finalRatio
                + (1 - finalRatio) * 0.5 * (1 + StrictMath.cos(Math.PI * part(t, warmUp, total))));
  }

  /**
   * Falls from 1 at the end of the warm-up as {@code floor + (1 - floor) / sqrt((t + scale -
   * warmUp) / scale)} without end; combine with {@link #coolDown}.
   *
   * @param scale steps in which it falls to 71 %, at least 1
   * @param floor what it falls to, 0 to 1
   */
  static Schedule inverseSquareRoot(long warmUp, long scale, double floor) {
    requireSteps("warmUp", warmUp, 0);
    requireSteps("scale", scale, 1);
    requireRatio("floor", floor);
    return t ->
        warm(
            t,
            warmUp,
            floor
                + (1 - floor) / Math.sqrt((Math.max(t, warmUp) + scale - warmUp) / (double) scale));
  }

  /**
   * This schedule up to step {@code total - length}; from its value there linearly to {@code
   * finalValue} at step total.
   *
   * @param length steps of the cool-down, 0 to total
   * @param finalValue factor at the end, 0 to 1
   */
  default Schedule coolDown(long total, long length, double finalValue) {
    requireSteps("total", total, 1);
    requireSteps("length", length, 0);
    requireRatio("finalValue", finalValue);
    if (length > total) {
      throw new IllegalArgumentException(
          "length " + length + " of the cool-down, expected at most all " + total + " steps");
    }
    long start = total - length;
    return t -> {
      if (t < start || length == 0) {
        return factor(t);
      }
      double from = factor(start);
      return from + (finalValue - from) * part(t, start, total);
    };
  }

  private static double warm(long t, long warmUp, double after) {
    if (t < 0) {
      throw new IllegalArgumentException("step: given " + t + ", expected 0 or more");
    }
    return t < warmUp ? (double) t / warmUp : after;
  }

  /** Part of the way from one step to another, 0 to 1. */
  private static double part(long t, long from, long to) {
    return t >= to ? 1 : t <= from ? 0 : (double) (t - from) / (to - from);
  }

  private static void requireSpan(long warmUp, long total, double finalRatio) {
    requireSteps("warmUp", warmUp, 0);
    requireSteps("total", total, 1);
    requireRatio("finalRatio", finalRatio);
    if (warmUp > total) {
      throw new IllegalArgumentException(
          "warmUp " + warmUp + ", expected at most all " + total + " steps");
    }
  }

  private static void requireSteps(String what, long given, long least) {
    if (given < least) {
      throw new IllegalArgumentException(
          what + ": given " + given + ", expected at least " + least);
    }
  }

  private static void requireRatio(String what, double given) {
    if (!(given >= 0 && given <= 1)) {
      throw new IllegalArgumentException(what + ": given " + given + ", expected 0 to 1");
    }
  }
}
