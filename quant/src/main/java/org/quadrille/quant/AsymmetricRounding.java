package org.quadrille.quant;

import java.util.Arrays;
import org.quadrille.kernels.cpu.KernelProvider;
import org.quadrille.kernels.cpu.Kernels;
import org.quadrille.kernels.cpu.WorkerPool;

/**
 * Quantizes and dequantizes matrices of one shape with zero codes; see {@link AsymmetricQuantizer}.
 *
 * <p>For a block of scale s and zero level z the code of a is that of the level nearest to {@code
 * a/s + z}, in single precision, and the weight it stands for is {@code (level - z) s}.
 */
final class AsymmetricRounding implements Rounding {
  private static final float[] UNIT_SCALE = {1};

  private final AsymmetricQuantizer quantizer;
  private final Codebook codebook;
  private final int rows;
  private final int cols;
  private final BlockLayout layout;
  private final BlockScales scales;
  private final byte[] zeroCodes;
  private final double[] partialErrors;

  AsymmetricRounding(AsymmetricQuantizer quantizer, int rows, int cols) {
    this.quantizer = quantizer;
    this.codebook = quantizer.codebook();
    this.rows = rows;
    this.cols = cols;
    this.layout =
        BlockLayout.of(rows, cols, quantizer.config().blockSize(), quantizer.rowAligned());
    this.scales = new BlockScales(quantizer.config(), layout.blocks());
    this.zeroCodes = new byte[layout.blocks()];
    this.partialErrors = new double[layout.tasks()];
  }

  BlockScales scales() {
    return scales;
  }

  /** Zero code of each block, an unsigned byte. */
  byte[] zeroCodes() {
    return zeroCodes;
  }

  /** Finds scales and zero codes of the weights from {@code offset} on. */
  void fitScales(float[] weights, int offset) {
    float[] ranges = scales.maxima();
    forEachPiece((first, count, block) -> fitRanges(weights, offset, first, count, block, ranges));
    for (float range : ranges) {
      if (Float.isNaN(range)) {
        throw BlockRounding.notFinite(weights, offset, cols);
      }
    }
    if (quantizer.scaleRule() == ScaleRule.LEAST_SQUARES) {
      forEachPiece(
          (first, count, block) ->
              new RangeSearch(codebook, layout.blockSize(), count)
                  .search(count, weights, offset + first, ranges, zeroCodes, block));
    }
    scales.fit();
  }

  /** Range of each block with 0 in it, NaN where a weight is not finite, and its zero code. */
  private void fitRanges(
      float[] weights, int offset, int first, int count, int block, float[] ranges) {
    for (int from = first; from < first + count; from += layout.blockSize(), block++) {
      int to = (int) Math.min(first + count, (long) from + layout.blockSize());
      float least = 0;
      float most = 0;
      for (int i = from; i < to; i++) {
        least = Math.min(least, weights[offset + i]);
        most = Math.max(most, weights[offset + i]);
      }
      boolean finite = Float.isFinite(least) && Float.isFinite(most);
      ranges[block] = finite ? Math.min(most - least, Float.MAX_VALUE) : Float.NaN;
      zeroCodes[block] = (byte) zeroCode(least, ranges[block]);
    }
  }

  /** Code of the level that 0 falls on where the least weight falls on level 0. */
  private int zeroCode(float least, float range) {
    return range > 0 ? codebook.code(-least / range) : codebook.zeroCode();
  }

  /** Codes of weights whose scales {@link #fitScales} has found. */
  byte[] quantize(float[] weights, int offset) {
    byte[] codes = new byte[layout.weights()];
    Kernels kernels = KernelProvider.active();
    forEachPiece(
        (first, count, block) -> {
          float[] shifted = shifted(weights, offset + first, count, block);
          kernels.quantizeBlocks(
              count, count, shifted, 0, UNIT_SCALE, 0, codebook.boundaryTable(), codes, first);
        });
    return codes;
  }

  /** a/s + z. */
  private float[] shifted(float[] weights, int offset, int count, int block) {
    float[] shifted = new float[count];
    for (int from = 0; from < count; from += layout.blockSize(), block++) {
      int to = (int) Math.min(count, (long) from + layout.blockSize());
      float scale = scales.scales()[block];
      float divisor = scale == 0 ? Float.POSITIVE_INFINITY : scale;
      float zero = codebook.level(zeroCodes[block] & 0xff);
      for (int i = from; i < to; i++) {
        shifted[i] = weights[offset + i] / divisor + zero;
      }
    }
    return shifted;
  }

  @Override
  public double apply(float[] weights, float[] out) {
    DirectRounding.checkLength("weights", weights, rows, cols);
    DirectRounding.checkLength("out", out, rows, cols);
    fitScales(weights, 0);
    Arrays.fill(partialErrors, 0);
    Kernels kernels = KernelProvider.active();
    float[] boundaries = codebook.boundaryTable();
    float[] levels = codebook.levelTable();
    WorkerPool.shared()
        .forEach(
            partialErrors.length,
            task ->
                layout.forEachPiece(
                    task,
                    (first, count, block) -> {
                      float[] rounded = shifted(weights, first, count, block);
                      kernels.roundBlocks(
                          count, count, rounded, 0, UNIT_SCALE, 0, boundaries, levels, rounded, 0);
                      partialErrors[task] += restore(rounded, weights, first, count, block, out);
                    }));
    double error = 0;
    for (double partialError : partialErrors) {
      error += partialError;
    }
    return error;
  }

  /** out := (level - z) s; returns the squared error. */
  private double restore(
      float[] levels, float[] weights, int first, int count, int block, float[] out) {
    double error = 0;
    for (int from = 0; from < count; from += layout.blockSize(), block++) {
      int to = (int) Math.min(count, (long) from + layout.blockSize());
      float scale = scales.scales()[block];
      float zero = codebook.level(zeroCodes[block] & 0xff);
      for (int i = from; i < to; i++) {
        float value = (levels[i] - zero) * scale;
        double difference = (double) weights[first + i] - value;
        error += difference * difference;
        out[first + i] = value;
      }
    }
    return error;
  }

  private void forEachPiece(BlockLayout.PieceAction action) {
    WorkerPool.shared().forEach(layout.tasks(), task -> layout.forEachPiece(task, action));
  }
}
