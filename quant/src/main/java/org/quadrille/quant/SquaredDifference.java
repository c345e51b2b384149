package org.quadrille.quant;

import org.quadrille.kernels.cpu.WorkerPool;

/**
 * Sum of squared differences of two arrays, in double and in an order that depends on the length
 * alone: partial sums of pieces, added from the first to the last.
 */
final class SquaredDifference {
  private static final int PIECE = 1 << 15;

  private SquaredDifference() {}

  static double of(float[] a, float[] b) {
    double[] partial = new double[Math.ceilDiv(a.length, PIECE)];
    WorkerPool.shared()
        .forEach(
            partial.length,
            piece -> {
              int end = (int) Math.min(a.length, (piece + 1L) * PIECE);
              double sum = 0;
              for (int i = piece * PIECE; i < end; i++) {
                double difference = (double) a[i] - b[i];
                sum += difference * difference;
              }
              partial[piece] = sum;
            });
    double total = 0;
    for (double sum : partial) {
      total += sum;
    }
    return total;
  }
}
