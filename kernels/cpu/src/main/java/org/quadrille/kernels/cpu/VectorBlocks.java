package org.quadrille.kernels.cpu;

import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Blockwise quantization eight weights at a time, with the bits of {@link ScalarBlocks}: block
 * maxima, codes, and weights of codes. The work on a block is a method of its own, so that vectors
 * never outlive the loop that uses them.
 *
 * <p>Tables of 4, 8 and 16 levels are searched by {@link CodeSearch}, larger ones by {@link
 * BucketSearch}. Hardware whose vectors are shorter than 256 bits runs the scalar loops, as do the
 * last weights of a block that do not fill a vector.
 */
final class VectorBlocks {
  static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_256;
  static final VectorSpecies<Integer> INTS = IntVector.SPECIES_256;
  static final VectorSpecies<Byte> BYTES = ByteVector.SPECIES_64;
  static final int LANES = 8;
  private static final boolean WIDE_ENOUGH = VectorWidth.BITS >= 256;

  private VectorBlocks() {}

  /** Whether blocks fill a vector and the table is small enough for {@link CodeSearch}. */
  static boolean fits(int blockSize, int levels) {
    return WIDE_ENOUGH && blockSize >= LANES && (levels == 4 || levels == 8 || levels == 16);
  }

  /** The search of a larger table, or null. */
  static BucketSearch buckets(int blockSize, float[] boundaries) {
    boolean large = WIDE_ENOUGH && blockSize >= LANES && boundaries.length > 15;
    return large ? BucketSearch.of(boundaries) : null;
  }

  static void maxima(
      int n, int blockSize, float[] a, int aOffset, float[] maxima, int maximaOffset) {
    if (!WIDE_ENOUGH) {
      ScalarBlocks.maxima(n, blockSize, a, aOffset, maxima, maximaOffset);
      return;
    }
    for (int first = 0, block = 0; first < n; first += blockSize, block++) {
      int length = Math.min(n - first, blockSize);
      maxima[maximaOffset + block] = largest(length, a, aOffset + first);
    }
  }

  /** The largest of some integers does not depend on their order. */
  private static float largest(int n, float[] a, int aOffset) {
    int end = FLOATS.loopBound(n);
    IntVector largest = IntVector.zero(INTS);
    for (int i = 0; i < end; i += LANES) {
      IntVector bits = FloatVector.fromArray(FLOATS, a, aOffset + i).reinterpretAsInts();
      largest = largest.max(bits.and(0x7fffffff));
    }
    int tail = Float.floatToRawIntBits(ScalarBlocks.largest(n - end, a, aOffset + end));
    return Float.intBitsToFloat(Math.max(tail, largest.reduceLanes(VectorOperators.MAX)));
  }

  static void quantize(
      int n,
      int blockSize,
      float[] a,
      int aOffset,
      float[] scales,
      int scalesOffset,
      float[] boundaries,
      byte[] codes,
      int codesOffset) {
    BucketSearch buckets = buckets(blockSize, boundaries);
    if (!fits(blockSize, boundaries.length + 1) && buckets == null) {
      ScalarBlocks.quantize(
          n, blockSize, a, aOffset, scales, scalesOffset, boundaries, codes, codesOffset);
      return;
    }
    CodeSearch search = new CodeSearch(boundaries, boundaries);
    for (int first = 0, block = 0; first < n; first += blockSize, block++) {
      int length = Math.min(n - first, blockSize);
      int end = FLOATS.loopBound(length);
      float divisor = ScalarBlocks.divisor(scales[scalesOffset + block]);
      int from = aOffset + first;
      int to = codesOffset + first;
      switch (buckets == null ? boundaries.length : 0) {
        case 0 -> buckets.quantize(end, a, from, divisor, codes, to);
        case 3 -> quantize4(end, a, from, divisor, search, codes, to);
        case 7 -> quantize8(end, a, from, divisor, search, codes, to);
        default -> quantize16(end, a, from, divisor, search, codes, to);
      }
      for (int i = end; i < length; i++) {
        codes[to + i] = (byte) ScalarBlocks.code(a[from + i] / divisor, boundaries);
      }
    }
  }

  private static void quantize4(
      int n, float[] a, int from, float divisor, CodeSearch search, byte[] codes, int to) {
    float b0 = search.low();
    float b1 = search.middle();
    float b2 = search.high();
    for (int i = 0; i < n; i += LANES) {
      FloatVector x = FloatVector.fromArray(FLOATS, a, from + i).div(divisor);
      store(CodeSearch.quarter(x, b1, b0, b2), codes, to + i);
    }
  }

  private static void quantize8(
      int n, float[] a, int from, float divisor, CodeSearch search, byte[] codes, int to) {
    IntVector last = CodeSearch.load(search.last());
    float b0 = search.low();
    float b1 = search.middle();
    float b2 = search.high();
    for (int i = 0; i < n; i += LANES) {
      FloatVector x = FloatVector.fromArray(FLOATS, a, from + i).div(divisor);
      store(CodeSearch.refine(x, CodeSearch.quarter(x, b1, b0, b2), last), codes, to + i);
    }
  }

  private static void quantize16(
      int n, float[] a, int from, float divisor, CodeSearch search, byte[] codes, int to) {
    IntVector third = CodeSearch.load(search.third());
    IntVector last = CodeSearch.load(search.last());
    float b0 = search.low();
    float b1 = search.middle();
    float b2 = search.high();
    for (int i = 0; i < n; i += LANES) {
      FloatVector x = FloatVector.fromArray(FLOATS, a, from + i).div(divisor);
      IntVector eighth = CodeSearch.refine(x, CodeSearch.quarter(x, b1, b0, b2), third);
      store(CodeSearch.refine(x, eighth, last), codes, to + i);
    }
  }

  private static void store(IntVector codes, byte[] out, int at) {
    ((ByteVector) codes.convertShape(VectorOperators.I2B, BYTES, 0)).intoArray(out, at);
  }

  static void dequantize(
      int n,
      int blockSize,
      byte[] codes,
      int codesOffset,
      float[] scales,
      int scalesOffset,
      float[] levels,
      float[] out,
      int outOffset) {
    if (!fits(blockSize, levels.length)) {
      ScalarBlocks.dequantize(
          n, blockSize, codes, codesOffset, scales, scalesOffset, levels, out, outOffset);
      return;
    }
    CodeSearch search = new CodeSearch(levels, levels);
    for (int first = 0, block = 0; first < n; first += blockSize, block++) {
      int length = Math.min(n - first, blockSize);
      int end = FLOATS.loopBound(length);
      float scale = scales[scalesOffset + block];
      int from = codesOffset + first;
      int to = outOffset + first;
      dequantize(end, codes, from, scale, search, out, to);
      for (int i = end; i < length; i++) {
        out[to + i] = levels[codes[from + i]] * scale;
      }
    }
  }

  private static void dequantize(
      int n, byte[] codes, int from, float scale, CodeSearch search, float[] out, int to) {
    // fewer than 16 levels have no upper half; no code asks for it
    IntVector low = CodeSearch.load(search.lowLevels());
    IntVector high = CodeSearch.load(search.highLevels());
    for (int i = 0; i < n; i += LANES) {
      ByteVector bytes = ByteVector.fromArray(BYTES, codes, from + i);
      IntVector code = (IntVector) bytes.convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, 0);
      CodeSearch.level(code, low, high).mul(scale).intoArray(out, to + i);
    }
  }
}
