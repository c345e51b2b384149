package org.quadrille.quant;

import java.util.Arrays;
import java.util.function.IntToDoubleFunction;
import org.quadrille.kernels.cpu.WorkerPool;

/** What both forms of {@link Fisher} share: checks, scaling and the order of sums. */
final class FisherEnergies {
  private static final int WEIGHTS_PER_TASK = 1 << 16;

  /** A row or column without information would divide by zero in the weighted SVD. */
  private static final double SMALLEST_ROOT = 1e-6;

  /** Sum over a range of row-major positions. */
  interface RangeSum {
    /** Sum over {@code from <= position < to}. */
    double of(int from, int to);
  }

  private FisherEnergies() {}

  /**
   * A power of two such that the largest energy divided by it lies below 2 and, unless it is below
   * 1e-300, not below 1.
   *
   * @param cols to name the place of a bad element
   */
  static double unit(IntToDoubleFunction energy, int count, int cols) {
    double largest = 0;
    for (int i = 0; i < count; i++) {
      double value = energy.applyAsDouble(i);
      if (!(value >= 0 && value <= Double.MAX_VALUE)) {
        String place = count == cols ? "[" + i + "]" : "[" + i / cols + ", " + i % cols + "]";
        throw new IllegalArgumentException(
            "fisher: element "
                + place
                + " is "
                + value
                + ", expected a finite number, 0 or more (a mean of squares)");
      }
      largest = Math.max(largest, value);
    }
    if (largest == 0) {
      throw new IllegalArgumentException(
          "fisher: all " + count + " elements are 0, expected some above; leave it out instead");
    }
    return Math.scalb(1.0, Math.max(-1000, Math.getExponent(largest)));
  }

  static void checkLength(float[] errors, int expected) {
    if (errors.length != expected) {
      throw new IllegalArgumentException(
          "errors: given " + errors.length + " elements, expected " + expected);
    }
  }

  /** Sums ranges of fixed length in parallel and adds them in order. */
  static double sumOfTasks(int count, RangeSum range) {
    double[] sums = new double[Math.ceilDiv(count, WEIGHTS_PER_TASK)];
    WorkerPool.shared()
        .forEach(
            sums.length,
            task -> {
              int end = (int) Math.min(count, (task + 1L) * WEIGHTS_PER_TASK);
              sums[task] = range.of(task * WEIGHTS_PER_TASK, end);
            });
    double total = 0;
    for (double sum : sums) {
      total += sum;
    }
    return total;
  }

  /** Roots relative to the largest, at least {@link #SMALLEST_ROOT}. */
  static double[] relativeRoots(double[] energies) {
    double largest = Arrays.stream(energies).max().orElseThrow();
    return Arrays.stream(energies)
        .map(energy -> Math.max(SMALLEST_ROOT, Math.sqrt(energy / largest)))
        .toArray();
  }
}
