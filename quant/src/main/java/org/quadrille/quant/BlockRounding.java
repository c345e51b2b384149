package org.quadrille.quant;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.quadrille.kernels.cpu.KernelProvider;
import org.quadrille.kernels.cpu.Kernels;
import org.quadrille.kernels.cpu.PackedCodes;
import org.quadrille.kernels.cpu.WorkerPool;

/**
 * Quantizes and dequantizes matrices of one shape without packing codes, over scratch space that is
 * allocated once: the inner step of a decomposition and of a cost table.
 *
 * <p>Parallel over pieces of blocks after one reduction for the offset; the result has the same
 * bits for any number of threads. <b>Thread safety</b>: an instance serves one caller at a time.
 */
public final class BlockRounding implements Rounding {
  private static final int WEIGHTS_PER_TASK = 1 << 15;

  private final Codebook codebook;
  private final ScaleRule scaleRule;
  private final BlockLayout layout;
  private final int cols;
  private final BlockScales scales;
  private final double[] partialErrors;

  BlockRounding(BlockQuantizer quantizer, int rows, int cols) {
    this.codebook = quantizer.codebook();
    this.scaleRule = quantizer.scaleRule();
    this.cols = cols;
    this.layout =
        BlockLayout.of(rows, cols, quantizer.config().blockSize(), quantizer.rowAligned());
    this.scales = new BlockScales(quantizer.config(), layout.blocks());
    this.partialErrors = new double[layout.tasks()];
  }

  @Override
  public double apply(float[] weights, float[] out) {
    checkLength("weights", weights);
    checkLength("out", out);
    fitScales(weights, 0);
    float[] boundaries = codebook.boundaryTable();
    float[] levels = codebook.levelTable();
    return sumOverTasks(
        (first, count, block) ->
            KernelProvider.active()
                .roundBlocks(
                    count,
                    layout.blockSize(),
                    weights,
                    first,
                    scales.scales(),
                    block,
                    boundaries,
                    levels,
                    out,
                    first));
  }

  /** The error of a contiguous piece of weights that starts with a block. */
  private interface PieceError {
    double of(int firstWeight, int weights, int firstBlock);
  }

  /** Adds the errors of all pieces in the order of the layout. */
  private double sumOverTasks(PieceError piece) {
    Arrays.fill(partialErrors, 0);
    WorkerPool.shared()
        .forEach(
            partialErrors.length,
            task ->
                layout.forEachPiece(
                    task,
                    (first, count, block) -> partialErrors[task] += piece.of(first, count, block)));
    double error = 0;
    for (double partialError : partialErrors) {
      error += partialError;
    }
    return error;
  }

  /**
   * The squared error of quantization without the values, for a table of costs; several times
   * faster than {@link #apply} and equal to it up to rounding.
   *
   * @param weights row-major, rows * cols finite values, not modified
   * @param scratch of the same length, overwritten for more than 16 levels
   */
  public double squaredError(float[] weights, float[] scratch) {
    float[] levels = codebook.levelTable();
    if (levels.length < 4 || levels.length > 16) {
      return apply(weights, scratch);
    }
    checkLength("weights", weights);
    fitScales(weights, 0);
    return sumOverTasks(
        (first, count, block) ->
            KernelProvider.active()
                .blockErrors(
                    count,
                    layout.blockSize(),
                    weights,
                    first,
                    scales.scales(),
                    block,
                    codebook.boundaryTable(),
                    levels));
  }

  /**
   * Blocks of the last {@link #apply} that were not zero but whose reconstructed scale is, so that
   * all their weights became 0: the price of few scale bits beside a zero block.
   */
  public int vanishedBlocks() {
    return scales.vanishedBlocks();
  }

  /** Finds block maxima, checks that they are finite and fits the two-level scales. */
  void fitScales(float[] weights, int offset) {
    findMaxima(weights, offset);
    if (scaleRule == ScaleRule.LEAST_SQUARES) {
      searchScales(weights, offset, codebook);
    }
    scales.fit();
  }

  /** Finds block maxima and checks that they are finite. */
  void findMaxima(float[] weights, int offset) {
    Kernels kernels = KernelProvider.active();
    float[] maxima = scales.maxima();
    WorkerPool.shared()
        .forEach(
            layout.tasks(),
            task ->
                layout.forEachPiece(
                    task,
                    (first, count, block) ->
                        kernels.blockMaxima(
                            count, layout.blockSize(), weights, offset + first, maxima, block)));
    for (float maximum : maxima) {
      if (!Float.isFinite(maximum)) {
        throw notFinite(weights, offset, cols);
      }
    }
  }

  /** Replaces block maxima by scales of small squared error for a table of levels. */
  void searchScales(float[] weights, int offset, Codebook table) {
    WorkerPool.shared()
        .forEach(
            layout.tasks(),
            task ->
                layout.forEachPiece(
                    task,
                    (first, count, block) ->
                        new ScaleSearch(table, layout.blockSize(), count)
                            .search(weights, offset + first, scales.maxima(), block)));
  }

  /**
   * Packed codes of weights whose scales {@link #fitScales} has found. A task packs what it has
   * quantized while that is in the cache; it ends where a group of packed codes does.
   */
  void quantizePacked(float[] weights, int offset, MemorySegment packed) {
    boolean oneRun = layout.runs() == 1;
    int unit = oneRun ? layout.blockSize() : layout.runLength();
    int units = oneRun ? layout.blocksPerRun() : layout.runs();
    int unitsPerTask =
        Math.ceilDiv(Math.max(1, WEIGHTS_PER_TASK / unit), PackedCodes.ALIGNMENT)
            * PackedCodes.ALIGNMENT;
    Kernels kernels = KernelProvider.active();
    float[] boundaries = codebook.boundaryTable();
    WorkerPool.shared()
        .forEach(
            Math.ceilDiv(units, unitsPerTask),
            task -> {
              int from = task * unitsPerTask;
              int to = (int) Math.min(units, (long) from + unitsPerTask);
              int first = from * unit;
              int count = (int) (Math.min(layout.weights(), (long) to * unit) - first);
              byte[] codes = new byte[count];
              // a run ends with a short block, so that each run is a call of its own
              int piece = oneRun ? count : unit;
              int blocksPerUnit = oneRun ? 1 : layout.blocksPerRun();
              for (int at = 0, block = from * blocksPerUnit; at < count; at += piece) {
                kernels.quantizeBlocks(
                    piece,
                    layout.blockSize(),
                    weights,
                    offset + first + at,
                    scales.scales(),
                    block,
                    boundaries,
                    codes,
                    at);
                block += layout.blocksPerRun();
              }
              PackedCodes.pack(codebook.bits(), codes, 0, count, packed, first);
            });
  }

  /** Codes of weights whose scales {@link #fitScales} has found. */
  void quantize(float[] weights, int offset, byte[] codes) {
    quantize(weights, offset, codebook, codes);
  }

  /** The same with another table of as many bits. */
  void quantize(float[] weights, int offset, Codebook table, byte[] codes) {
    Kernels kernels = KernelProvider.active();
    float[] boundaries = table.boundaryTable();
    WorkerPool.shared()
        .forEach(
            layout.tasks(),
            task ->
                layout.forEachPiece(
                    task,
                    (first, count, block) ->
                        kernels.quantizeBlocks(
                            count,
                            layout.blockSize(),
                            weights,
                            offset + first,
                            scales.scales(),
                            block,
                            boundaries,
                            codes,
                            first)));
  }

  BlockScales scales() {
    return scales;
  }

  static IllegalArgumentException notFinite(float[] weights, int offset, int cols) {
    int i = 0;
    while (Float.isFinite(weights[offset + i])) {
      i++;
    }
    return new IllegalArgumentException(
        "weights: element ["
            + i / cols
            + ", "
            + i % cols
            + "] is "
            + weights[offset + i]
            + ", expected finite numbers in single precision");
  }

  private void checkLength(String name, float[] array) {
    if (array.length != layout.weights()) {
      throw new IllegalArgumentException(
          name + ": given " + array.length + " elements, expected " + layout.weights());
    }
  }
}
