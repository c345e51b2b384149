package org.quadrille.federated;

/**
 * Some of a client's points: {@code points[from]} to {@code points[to - 1]}.
 *
 * @param points indices of points from 0, shared, not modified
 * @param from first place in {@code points}
 * @param to end of the places, not before {@code from}
 */
public record Batch(int[] points, int from, int to) {

  /** Checks that the places lie in the array. */
  public Batch {
    if (from < 0 || to < from || to > points.length) {
      throw new IllegalArgumentException(
          "batch: places "
              + from
              + " to "
              + to
              + " given, expected places of "
              + points.length
              + " points");
    }
  }

  /** All of n points in order. */
  public static Batch all(int n) {
    int[] points = new int[n];
    for (int i = 0; i < n; i++) {
      points[i] = i;
    }
    return new Batch(points, 0, n);
  }

  /** How many points there are. */
  public int size() {
    return to - from;
  }

  /** The point at place i of the batch, from 0. */
  public int point(int i) {
    return points[from + i];
  }
}
