package org.quadrille.linalg;

import java.util.Comparator;
import java.util.stream.IntStream;

/** Order of numbers from the largest to the smallest. */
final class Descending {
  private Descending() {}

  /** Indices of {@code values}, the largest value first, equal ones in their old order. */
  static int[] order(double[] values) {
    return IntStream.range(0, values.length)
        .boxed()
        .sorted(Comparator.comparingDouble(i -> -values[i]))
        .mapToInt(Integer::intValue)
        .toArray();
  }
}
