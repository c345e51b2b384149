package org.quadrille.quant;

import java.util.Arrays;
import org.quadrille.kernels.cpu.WorkerPool;

/**
 * Lloyd's method over one matrix; see {@link LearnedTableQuantizer}.
 *
 * <p>Sums run over pieces that depend on the shape only, in double, and are added from the first
 * piece to the last. An instance is scratch space for one caller at a time.
 */
final class TableLearning {
  /** Rounds from one search of scales to the next: it costs as much as ten rounds. */
  private static final int ROUNDS_PER_SEARCH = 4;

  private final BlockQuantizer start;
  private final BlockLayout layout;
  private final BlockRounding rounding;
  private final float[] largest;
  private final byte[] codes;

  /** Per task: sums of s a, then sums of s^2, of every code. */
  private final double[][] sums;

  TableLearning(BlockQuantizer start, int rows, int cols) {
    this.start = start;
    this.layout = BlockLayout.of(rows, cols, start.config().blockSize(), start.rowAligned());
    this.rounding = start.rounding(rows, cols);
    this.largest = new float[layout.blocks()];
    this.codes = new byte[layout.weights()];
    this.sums = new double[layout.tasks()][2 << start.config().bits()];
  }

  private boolean searches() {
    return start.scaleRule() == ScaleRule.LEAST_SQUARES;
  }

  /** The table after so many rounds on the weights from {@code offset} on. */
  Codebook learn(float[] weights, int offset, int rounds) {
    float[] scales = rounding.scales().maxima();
    rounding.findMaxima(weights, offset);
    System.arraycopy(scales, 0, largest, 0, scales.length);
    Codebook table = start.codebook();
    for (int round = 0; round < rounds; round++) {
      if (searches() && round % ROUNDS_PER_SEARCH == 0) {
        System.arraycopy(largest, 0, scales, 0, scales.length);
        rounding.searchScales(weights, offset, table);
      }
      rounding.scales().fit();
      rounding.quantize(weights, offset, table, codes);
      table = moved(table, weights, offset, rounding.scales().scales());
    }
    return table;
  }

  /** Each level at the weighted mean of its weights. */
  private Codebook moved(Codebook table, float[] weights, int offset, float[] scales) {
    int codeCount = 1 << table.bits();
    WorkerPool.shared()
        .forEach(
            sums.length,
            task -> {
              Arrays.fill(sums[task], 0);
              layout.forEachPiece(
                  task,
                  (first, count, block) ->
                      add(first, count, block, weights, offset, scales, sums[task]));
            });
    double[] levels = new double[table.size()];
    for (int code = 0; code < levels.length; code++) {
      double product = 0;
      double square = 0;
      for (double[] sum : sums) {
        product += sum[code];
        square += sum[codeCount + code];
      }
      // the least of sum (a - s l)^2 over l
      levels[code] = square > 0 ? product / square : table.level(code);
    }
    normalize(levels);
    return Codebook.named("learned" + table.bits(), levels);
  }

  private void add(
      int first, int count, int block, float[] weights, int offset, float[] scales, double[] sum) {
    int codeCount = sum.length / 2;
    for (int from = first; from < first + count; from += layout.blockSize(), block++) {
      int to = (int) Math.min(first + count, (long) from + layout.blockSize());
      double scale = scales[block];
      for (int i = from; i < to; i++) {
        int code = codes[i] & 0xff;
        sum[code] += scale * weights[offset + i];
        sum[codeCount + code] += scale * scale;
      }
    }
  }

  /**
   * Brings levels into [-1, 1], strictly ascending as floats. Where scales are searched, the
   * largest magnitude becomes 1 and the scales follow; else levels beyond 1, which come from the
   * rounding of scales, are cut.
   */
  private void normalize(double[] levels) {
    double end = Math.max(Math.abs(levels[0]), Math.abs(levels[levels.length - 1]));
    if (searches() && end > 0) {
      for (int i = 0; i < levels.length; i++) {
        levels[i] /= end;
      }
      float[] scales = rounding.scales().maxima();
      for (int block = 0; block < scales.length; block++) {
        scales[block] = (float) Math.min(scales[block] * end, Float.MAX_VALUE);
      }
    }
    float previous = Float.NEGATIVE_INFINITY;
    for (int i = 0; i < levels.length; i++) {
      previous = Math.max((float) Math.clamp(levels[i], -1, 1), Math.nextUp(previous));
      levels[i] = previous;
    }
    float next = Math.nextUp(1f);
    for (int i = levels.length - 1; i >= 0 && levels[i] >= next; i--) {
      next = Math.nextDown(next);
      levels[i] = next;
    }
  }
}
