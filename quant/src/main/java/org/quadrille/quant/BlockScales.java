package org.quadrille.quant;

import org.quadrille.kernels.cpu.WorkerPool;

/**
 * Two-level scales of the blocks of one matrix: block maxima become unsigned codes relative to the
 * smallest of them, one scale per group of blocks (LQ-LoRA, section 3.2; the offset replaces the
 * mean that QLoRA's double quantization subtracts).
 *
 * <p>All steps are single-precision operations rounded to nearest even, in this order, so that
 * codes agree bit for bit between machines. An instance is scratch space: {@link #fit} overwrites
 * it.
 */
final class BlockScales {
  private static final int BLOCKS_PER_TASK = 1 << 12;

  private final QuantizationConfig config;
  private final float[] maxima;
  private final byte[] codes;
  private final float[] groupScales;
  private final float[] scales;
  private float offset;

  BlockScales(QuantizationConfig config, int blocks) {
    this.config = config;
    this.maxima = new float[blocks];
    this.codes = new byte[blocks];
    this.scales = new float[blocks];
    this.groupScales = new float[Math.ceilDiv(blocks, config.blocksPerGroup())];
  }

  /** Largest magnitude of each block, to be written before {@link #fit}. */
  float[] maxima() {
    return maxima;
  }

  byte[] codes() {
    return codes;
  }

  float[] groupScales() {
    return groupScales;
  }

  /** Scale of each block as the codes reconstruct it: what weights are divided by. */
  float[] scales() {
    return scales;
  }

  /** Smallest block maximum. */
  float offset() {
    return offset;
  }

  /** Blocks that are not zero but whose scale is, so that all their weights become 0. */
  int vanishedBlocks() {
    int count = 0;
    for (int i = 0; i < scales.length; i++) {
      count += maxima[i] > 0 && scales[i] == 0 ? 1 : 0;
    }
    return count;
  }

  /**
   * Fits codes and group scales to the finite {@link #maxima()}.
   *
   * @throws ArithmeticException if a group scale exceeds its number format
   */
  void fit() {
    float smallest = maxima[0];
    for (float maximum : maxima) {
      smallest = Math.min(smallest, maximum);
    }
    offset = smallest;
    int groupsPerTask = Math.max(1, BLOCKS_PER_TASK / config.blocksPerGroup());
    int tasks = Math.ceilDiv(groupScales.length, groupsPerTask);
    WorkerPool.shared()
        .forEach(
            tasks,
            task -> {
              int last = Math.min(groupScales.length, (task + 1) * groupsPerTask);
              for (int group = task * groupsPerTask; group < last; group++) {
                fitGroup(group);
              }
            });
  }

  private void fitGroup(int group) {
    int first = group * config.blocksPerGroup();
    int last = (int) Math.min(maxima.length, (long) first + config.blocksPerGroup());
    float largest = 0;
    for (int i = first; i < last; i++) {
      largest = Math.max(largest, maxima[i] - offset);
    }
    float groupScale = config.groupType().round(largest);
    if (!Float.isFinite(groupScale)) {
      throw new ArithmeticException(
          "group scale "
              + largest
              + " of group "
              + group
              + " exceeds "
              + config.groupType().token()
              + "; use "
              + (config.groupType() == GroupType.FP16 ? "bf16 or fp32" : "fp32"));
    }
    groupScales[group] = groupScale;
    int largestCode = largestCode(config);
    float perScale = largestCode / groupScale;
    if (!Float.isFinite(perScale)) {
      perScale = 0;
    }
    for (int i = first; i < last; i++) {
      // rounding to the group type may have lowered the group scale: clamp
      float code = (float) Math.rint((maxima[i] - offset) * perScale);
      codes[i] = (byte) (int) Math.min(code, largestCode);
      scales[i] = scale(codes[i] & 0xff, groupScale, largestCode, offset);
    }
  }

  static int largestCode(QuantizationConfig config) {
    return (1 << config.scaleBits()) - 1;
  }

  /** u g/M + o with one rounding; the largest float where that would exceed it. */
  static float scale(int code, float groupScale, int largestCode, float offset) {
    return Math.min(Math.fma((float) code, groupScale / largestCode, offset), Float.MAX_VALUE);
  }
}
