package org.quadrille.transformer;

import org.quadrille.kernels.cpu.WorkerPool;
import org.quadrille.linalg.DType;
import org.quadrille.linalg.Tensor;

/**
 * Rotary positions (Su et al. 2021): numbers i and i + headSize/2 of a head are turned by the angle
 * {@code position base^(-2i/headSize)}, the pairing of LLaMA's checkpoints. An orthogonal map, so
 * its adjoint turns back.
 */
final class Rotary {
  private static final int PIECE = 64;

  private final int headSize;
  private final double[] cosines;
  private final double[] sines;

  Rotary(int positions, int headSize, double base) {
    this.headSize = headSize;
    int half = headSize / 2;
    this.cosines = new double[positions * half];
    this.sines = new double[positions * half];
    for (int p = 0; p < positions; p++) {
      for (int i = 0; i < half; i++) {
        double angle = p * StrictMath.pow(base, -2.0 * i / headSize);
        cosines[p * half + i] = StrictMath.cos(angle);
        sines[p * half + i] = StrictMath.sin(angle);
      }
    }
  }

  /**
   * Turns every row of x in place.
   *
   * @param x shape [rows, heads headSize]
   * @param length positions of a sequence; row i has position {@code first + i mod length}
   * @param sign 1, or -1 for the adjoint
   */
  void turn(Tensor x, int first, int length, int sign) {
    int rows = x.size(0);
    WorkerPool.shared()
        .forEach(
            Math.ceilDiv(rows, PIECE),
            piece -> {
              int to = Math.min(rows, (piece + 1) * PIECE);
              for (int row = piece * PIECE; row < to; row++) {
                turnRow(x, row, first + row % length, sign);
              }
            });
  }

  private void turnRow(Tensor x, int row, int position, int sign) {
    int half = headSize / 2;
    int table = position * half;
    for (int head = 0; head < x.size(1) / headSize; head++) {
      int at = x.offset() + row * x.stride(0) + head * headSize;
      for (int i = 0; i < half; i++) {
        double c = cosines[table + i];
        double s = sign * sines[table + i];
        if (x.dtype() == DType.F32) {
          float[] data = x.floats();
          double a = data[at + i];
          double b = data[at + half + i];
          data[at + i] = (float) (a * c - b * s);
          data[at + half + i] = (float) (b * c + a * s);
        } else {
          double[] data = x.doubles();
          double a = data[at + i];
          double b = data[at + half + i];
          data[at + i] = a * c - b * s;
          data[at + half + i] = b * c + a * s;
        }
      }
    }
  }
}
