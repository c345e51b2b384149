package org.quadrille.quant;

import org.quadrille.kernels.cpu.KernelProvider;
import org.quadrille.kernels.cpu.Kernels;

/**
 * NF4 as bitsandbytes stores it, byte for byte: exact block maxima, multiplication by their
 * inverse, the first code of a byte in its high half, and optionally nested scales (QLoRA, section
 * 3; bitsandbytes 0.45, {@code backends/default/ops.py}).
 *
 * <p>It differs from {@link BlockQuantizer} in what it divides by (the exact maximum, not the
 * reconstructed scale), in the offset of nested scales (mean, not minimum) and in their codes
 * (signed 8-bit dynamic map, blocks of 256).
 */
public final class BitsAndBytes {
  /** Scales that share a nested scale. */
  public static final int NESTED_BLOCK = 256;

  private static final float SMALLEST_MAXIMUM = 1e-38f;

  private BitsAndBytes() {}

  /**
   * Packed codes and exact scales.
   *
   * @param packed two codes a byte, the first in the high half; an odd count is padded with the
   *     code of 0
   * @param absmax largest magnitude of each block
   * @param count number of weights
   * @param blockSize weights of a block
   */
  public record Quantized4(byte[] packed, float[] absmax, int count, int blockSize) {

    /** Level times scale. */
    public float[] dequantize() {
      return dequantize(absmax);
    }

    /** Level times another scale of each block, as nested scales give. */
    float[] dequantize(float[] scales) {
      byte[] codes = new byte[count];
      for (int i = 0; i < count; i++) {
        codes[i] = (byte) ((packed[i / 2] >>> (i % 2 == 0 ? 4 : 0)) & 0xf);
      }
      float[] out = new float[count];
      float[] levels = Codebook.normalFloat(4).levelTable();
      KernelProvider.active()
          .dequantizeBlocks(count, blockSize, codes, 0, scales, 0, levels, out, 0);
      return out;
    }
  }

  /**
   * Scales quantized once more.
   *
   * @param offset mean of the scales
   * @param codes one unsigned byte per scale
   * @param absmax largest magnitude of scale minus offset in each block of {@link #NESTED_BLOCK}
   */
  public record NestedScales(float offset, byte[] codes, float[] absmax) {

    /** The scales that the codes stand for. */
    public float[] reconstruct() {
      float[] scales = new float[codes.length];
      float[] levels = Dynamic.MAP.levelTable();
      KernelProvider.active()
          .dequantizeBlocks(codes.length, NESTED_BLOCK, codes, 0, absmax, 0, levels, scales, 0);
      for (int i = 0; i < scales.length; i++) {
        scales[i] += offset;
      }
      return scales;
    }
  }

  private static final class Dynamic {
    static final Codebook MAP = DynamicMap.codebook();
  }

  /** The 256 levels of the nested scales. */
  public static Codebook dynamicMap() {
    return Dynamic.MAP;
  }

  /**
   * Quantizes to NF4.
   *
   * @param weights any number of finite values from 1 on, not modified
   * @param blockSize a power of two from 32 to 4096
   */
  public static Quantized4 quantize(float[] weights, int blockSize) {
    if (blockSize < 32 || blockSize > 4096 || Integer.bitCount(blockSize) != 1) {
      throw new IllegalArgumentException(
          "blockSize: given " + blockSize + ", expected a power of two from 32 to 4096");
    }
    float[] absmax = maxima(weights, blockSize);
    byte[] codes = codes(weights, blockSize, absmax, Codebook.normalFloat(4));
    byte[] packed = new byte[Math.ceilDiv(codes.length, 2)];
    for (int i = 0; i < packed.length; i++) {
      int second = 2 * i + 1 < codes.length ? codes[2 * i + 1] : Codebook.normalFloat(4).zeroCode();
      packed[i] = (byte) ((codes[2 * i] << 4) | second);
    }
    return new Quantized4(packed, absmax, weights.length, blockSize);
  }

  /**
   * Quantizes scales: their mean is subtracted, the rest quantized in blocks of {@link
   * #NESTED_BLOCK}.
   *
   * @param scales at least one, not modified
   */
  public static NestedScales nest(float[] scales) {
    float offset = CascadeMean.of(scales);
    float[] rest = new float[scales.length];
    for (int i = 0; i < rest.length; i++) {
      rest[i] = scales[i] - offset;
    }
    float[] absmax = maxima(rest, NESTED_BLOCK);
    return new NestedScales(offset, codes(rest, NESTED_BLOCK, absmax, Dynamic.MAP), absmax);
  }

  /** What dequantization with nested scales gives. */
  public static float[] dequantize(Quantized4 quantized, NestedScales scales) {
    if (scales.codes.length != quantized.absmax.length) {
      throw new IllegalArgumentException(
          "scales: given "
              + scales.codes.length
              + ", expected one for each of "
              + quantized.absmax.length
              + " blocks");
    }
    return quantized.dequantize(scales.reconstruct());
  }

  private static float[] maxima(float[] values, int blockSize) {
    if (values.length == 0) {
      throw new IllegalArgumentException("given no values, expected at least one");
    }
    float[] maxima = new float[Math.ceilDiv(values.length, blockSize)];
    Kernels kernels = KernelProvider.active();
    kernels.blockMaxima(values.length, blockSize, values, 0, maxima, 0);
    for (int block = 0; block < maxima.length; block++) {
      if (!Float.isFinite(maxima[block])) {
        throw new IllegalArgumentException(
            "block " + block + " holds a value that is not finite; expected finite values");
      }
    }
    return maxima;
  }

  /** Full blocks are multiplied by the inverse of their maximum, a short last block is divided. */
  private static byte[] codes(float[] values, int blockSize, float[] maxima, Codebook codebook) {
    byte[] codes = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      int block = i / blockSize;
      float maximum = Math.max(maxima[block], SMALLEST_MAXIMUM);
      boolean full = (block + 1L) * blockSize <= values.length;
      float x = full ? values[i] * (1f / maximum) : values[i] / maximum;
      codes[i] = (byte) codebook.code(Math.clamp(x, -1f, 1f));
    }
    return codes;
  }
}
