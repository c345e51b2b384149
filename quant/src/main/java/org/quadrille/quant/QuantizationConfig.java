package org.quadrille.quant;

import java.util.ArrayList;
import java.util.List;

/**
 * How many bits go where: a code per weight, a scale code per block, a group scale per group of
 * blocks (LQ-LoRA, section 3.2: b0, b1, b2, B0, B1).
 *
 * <p>Three spellings are read: {@code nf4/64/fp8/256} (bits, block, scale code, blocks per group,
 * and optionally {@code /fp16} or {@code /bf16} for the group scale), {@code 4/8/fp32/64/256} (the
 * order of the paper) and {@code b4_s8_fp32_B64_G256}. {@link #toString} gives the first.
 *
 * @param bits bits of one weight code, 2 to 8; 4 by default
 * @param blockSize consecutive weights that share a scale, at least 1; 64 by default
 * @param scaleBits bits of one block-scale code, 1 to 8; 8 by default
 * @param groupType format of a group scale; FP32 by default
 * @param blocksPerGroup consecutive blocks that share a group scale, at least 1; 256 by default
 */
public record QuantizationConfig(
    int bits, int blockSize, int scaleBits, GroupType groupType, int blocksPerGroup) {

  /** NF4 as in QLoRA with unsigned 8-bit scale codes: 4.127 bits a weight. */
  public static final QuantizationConfig DEFAULT =
      new QuantizationConfig(4, 64, 8, GroupType.FP32, 256);

  /** Checks the ranges. */
  public QuantizationConfig {
    Codebook.checkBits(bits);
    check("blockSize", blockSize, 1, Integer.MAX_VALUE);
    check("scaleBits", scaleBits, 1, 8);
    check("blocksPerGroup", blocksPerGroup, 1, Integer.MAX_VALUE);
    if (groupType == null) {
      throw new IllegalArgumentException("groupType: given null, expected FP32, FP16 or BF16");
    }
  }

  private static void check(String name, int value, int least, int most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          name
              + ": given "
              + value
              + ", expected "
              + (most == Integer.MAX_VALUE ? "at least " + least : least + " to " + most));
    }
  }

  /**
   * Reads any of the three spellings.
   *
   * @throws IllegalArgumentException that quotes the text and names the spellings
   */
  public static QuantizationConfig parse(String text) {
    return QuantizationConfigParser.parse(text);
  }

  /** This configuration with another number of bits per weight code. */
  public QuantizationConfig withBits(int newBits) {
    return new QuantizationConfig(newBits, blockSize, scaleBits, groupType, blocksPerGroup);
  }

  /**
   * The 432 configurations that LQ-LoRA chooses from: bits and scale bits in {2, 3, 4, 8}, all
   * group types, blocks of 16, 32, 64, groups of 16, 64, 256. The last named varies fastest.
   */
  public static List<QuantizationConfig> grid() {
    int[] bitChoices = {2, 3, 4, 8};
    GroupType[] types = {GroupType.BF16, GroupType.FP16, GroupType.FP32};
    List<QuantizationConfig> grid = new ArrayList<>(432);
    for (int bits : bitChoices) {
      for (int scaleBits : bitChoices) {
        for (GroupType type : types) {
          for (int blockSize : new int[] {16, 32, 64}) {
            for (int blocksPerGroup : new int[] {16, 64, 256}) {
              grid.add(new QuantizationConfig(bits, blockSize, scaleBits, type, blocksPerGroup));
            }
          }
        }
      }
    }
    return List.copyOf(grid);
  }

  /** Bits per weight without tails: b + s/B + w/(B G) (LQ-LoRA, equation 3). */
  public double bitsPerWeight() {
    return StorageCost.bitsPerWeight(this);
  }

  /** {@code nf3/64/fp8/256}, with {@code /bf16} or {@code /fp16} appended where it is not fp32. */
  @Override
  public String toString() {
    String text = "nf" + bits + "/" + blockSize + "/fp" + scaleBits + "/" + blocksPerGroup;
    return groupType == GroupType.FP32 ? text : text + "/" + groupType.token();
  }
}
