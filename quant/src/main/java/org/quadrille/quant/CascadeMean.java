package org.quadrille.quant;

/**
 * Mean of floats in single precision in the order in which PyTorch adds them on a CPU with 256-bit
 * vectors: eight lanes, four accumulators each, carried up a cascade of four levels
 * (aten/src/ATen/native/cpu/SumKernel.cpp). The offset of nested bitsandbytes scales depends on it
 * in the last bit.
 */
final class CascadeMean {
  private static final int LANES = 8;
  private static final int ACCUMULATORS = 4;
  private static final int LEVELS = 4;
  private static final int WIDTH = LANES * ACCUMULATORS;

  private CascadeMean() {}

  static float of(float[] values) {
    int vectors = values.length / LANES;
    int rows = vectors / ACCUMULATORS;
    float[] sums = cascade(values, rows);
    for (int i = rows * WIDTH; i < vectors * LANES; i++) {
      sums[i % LANES] += values[i];
    }
    for (int i = LANES; i < WIDTH; i++) {
      sums[i % LANES] += sums[i];
    }
    float total = 0;
    for (int i = vectors * LANES; i < values.length; i++) {
      total += values[i];
    }
    for (int lane = 0; lane < LANES; lane++) {
      total += sums[lane];
    }
    return total / values.length;
  }

  /** Sums of the columns of {@code rows} rows of {@link #WIDTH} values. */
  private static float[] cascade(float[] values, int rows) {
    int ceilLog2 = rows <= 2 ? 1 : 32 - Integer.numberOfLeadingZeros(rows - 1);
    int levelPower = Math.max(4, ceilLog2 / LEVELS);
    int step = 1 << levelPower;
    float[][] sums = new float[LEVELS][WIDTH];
    int row = 0;
    while (row + step <= rows) {
      for (int end = row + step; row < end; row++) {
        addRow(values, row, sums[0]);
      }
      for (int level = 1; level < LEVELS; level++) {
        carry(sums[level - 1], sums[level]);
        if ((row & ((step - 1) << (level * levelPower))) != 0) {
          break;
        }
      }
    }
    for (; row < rows; row++) {
      addRow(values, row, sums[0]);
    }
    for (int level = 1; level < LEVELS; level++) {
      carry(sums[level], sums[0]);
    }
    return sums[0];
  }

  private static void addRow(float[] values, int row, float[] sums) {
    for (int i = 0; i < WIDTH; i++) {
      sums[i] += values[row * WIDTH + i];
    }
  }

  private static void carry(float[] from, float[] to) {
    for (int i = 0; i < WIDTH; i++) {
      to[i] += from[i];
      from[i] = 0;
    }
  }
}
