package org.quadrille.kernels.cpu.device;

import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import org.quadrille.kernels.cpu.PackedCodes;
import org.quadrille.kernels.cpu.PackedMatrix;

/**
 * Packed codes as words of 32 bits, the way devices read them: the bytes of {@link PackedCodes} in
 * little-endian order, nothing moved. The small methods on words are plain integer arithmetic that
 * device kernels call too; they shift right only what is masked afterwards, since some devices
 * shift negative numbers otherwise than Java.
 */
public final class PackedWords {
  private static final ValueLayout.OfInt WORD =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private PackedWords() {}

  /** The bits of a word from a position on that a mask of low bits lets through. */
  public static int field(int word, int position, int mask) {
    return (word >> position) & mask;
  }

  /** Code number i of 32 in three words, a plane of bits each. */
  public static int threePlanes(int low, int middle, int high, int i) {
    return field(low, i, 1) | (field(middle, i, 1) << 1) | (field(high, i, 1) << 2);
  }

  /** The codes of a matrix; the last word is filled up with zero bits. */
  public static int[] words(PackedMatrix a) {
    long bytes = PackedCodes.length(a.bits(), (long) a.rows() * a.cols());
    int[] words = new int[Math.toIntExact(Math.ceilDiv(bytes, 4L))];
    int whole = (int) (bytes / 4);
    for (int i = 0; i < whole; i++) {
      words[i] = a.codes().get(WORD, 4L * i);
    }
    for (long at = 4L * whole; at < bytes; at++) {
      int value = a.codes().get(ValueLayout.JAVA_BYTE, at) & 0xff;
      words[whole] |= value << (8 * (int) (at - 4L * whole));
    }
    return words;
  }

  /** The scale of every block, second level applied (LQ-LoRA, section 3.2). */
  public static float[] blockScales(PackedMatrix a) {
    byte[] codes = unpack(a, a.scaleBits(), false);
    float[] scales = new float[codes.length];
    int largest = (1 << a.scaleBits()) - 1;
    for (int i = 0; i < scales.length; i++) {
      // scale = fma(code, group scale / largest code, offset), at most the largest float
      float step = a.groupScales()[i / a.blocksPerGroup()] / largest;
      scales[i] = Math.min(Float.MAX_VALUE, Math.fma((float) (codes[i] & 0xff), step, a.offset()));
    }
    return scales;
  }

  /** What is subtracted from the levels of every block; empty where there are no zero codes. */
  public static float[] blockZeros(PackedMatrix a) {
    if (a.zeroCodes() == null) {
      return new float[0];
    }
    byte[] codes = unpack(a, a.bits(), true);
    float[] zeros = new float[codes.length];
    for (int i = 0; i < zeros.length; i++) {
      zeros[i] = a.levels()[codes[i] & 0xff];
    }
    return zeros;
  }

  private static byte[] unpack(PackedMatrix a, int bits, boolean zeros) {
    long blocks =
        a.alignedRows()
            ? (long) a.rows() * Math.ceilDiv(a.cols(), a.blockSize())
            : Math.ceilDiv((long) a.rows() * a.cols(), (long) a.blockSize());
    byte[] codes = new byte[Math.toIntExact(blocks)];
    PackedCodes.unpack(bits, zeros ? a.zeroCodes() : a.scaleCodes(), 0, codes.length, codes, 0);
    return codes;
  }
}
