package org.quadrille.zernike;

import org.quadrille.kernels.cpu.WorkerPool;

/**
 * How points are shared out to threads, and the checks of arrays of points. The parts depend on the
 * degree and the number of points only.
 */
final class PointBlocks {
  /** Multiply-adds of one task: long enough for a thread to be worth its while. */
  private static final int TASK = 1 << 19;

  private static final int FEWEST_POINTS = 64;
  private static final int MOST_POINTS = 4096;

  private PointBlocks() {}

  /** A range of points. */
  interface Block {
    /** Works at points {@code from} to {@code to - 1}. */
    void work(int from, int to);
  }

  /** Works at all points, those of one block after the other. */
  static void forEach(int points, int modes, Block block) {
    int wanted = Math.max(FEWEST_POINTS, Math.min(MOST_POINTS, TASK / modes));
    int size = wanted - wanted % FEWEST_POINTS;
    int tasks = (int) (((long) points + size - 1) / size);
    WorkerPool.shared()
        .forEach(tasks, i -> block.work(i * size, (int) Math.min(points, (i + 1L) * size)));
  }

  static void checkPoints(int x, int y) {
    if (x != y) {
      throw new IllegalArgumentException(
          "points: given " + x + " x and " + y + " y coordinates, expected as many of both");
    }
  }

  /** Checks that an output that is given has room. */
  static void checkOutput(String name, int given, long length) {
    if (length > Integer.MAX_VALUE - 8) {
      throw new IllegalArgumentException(
          name + ": needs " + length + " elements, more than an array holds; take fewer points");
    }
    if (given < length) {
      throw new IllegalArgumentException(
          name + ": given " + given + " elements, expected at least " + length);
    }
  }

  static double[] output(String name, double[] out, long length) {
    checkOutput(name, out == null ? Integer.MAX_VALUE : out.length, length);
    return out == null ? new double[(int) length] : out;
  }

  static float[] output(String name, float[] out, long length) {
    checkOutput(name, out == null ? Integer.MAX_VALUE : out.length, length);
    return out == null ? new float[(int) length] : out;
  }
}
