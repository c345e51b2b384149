package org.quadrille.quant;

/**
 * Codes of 1 to 8 bits packed without gaps, the layout of files and of {@link QuantizedMatrix}.
 *
 * <ul>
 *   <li>1, 2, 4, 8 bits: code i lies at bits [i b, i b + b) of a stream, low bits of a byte first;
 *       the tail is zero bits up to a byte.
 *   <li>3, 5, 6, 7 bits: 32 codes become b little-endian words of 32 bits; bit i of word p is bit p
 *       of code i. The tail is zero codes up to 32.
 * </ul>
 *
 * <p>Packing and unpacking are linear in the count. Stateless.
 */
public final class PackedBits {
  private PackedBits() {}

  /** Whether codes of that width are split into bit planes. */
  static boolean usesPlanes(int bits) {
    return bits == 3 || (bits >= 5 && bits <= 7);
  }

  /** Bytes that {@code count} codes of {@code bits} bits take. */
  public static long packedLength(int bits, long count) {
    check(bits, count);
    return usesPlanes(bits) ? Math.ceilDiv(count, 32L) * 4 * bits : Math.ceilDiv(count * bits, 8L);
  }

  /**
   * Packs the lowest bits of each code.
   *
   * @param codes unsigned codes, each below 2^bits, not modified
   * @return {@link #packedLength} bytes
   * @throws IllegalArgumentException if a code does not fit, naming its index
   */
  public static byte[] pack(int bits, byte[] codes) {
    byte[] packed = new byte[Math.toIntExact(packedLength(bits, codes.length))];
    for (int i = 0; i < codes.length; i++) {
      if ((codes[i] & 0xff) >>> bits != 0) {
        throw new IllegalArgumentException(
            "code " + i + " is " + (codes[i] & 0xff) + ", expected less than 2^" + bits);
      }
    }
    if (usesPlanes(bits)) {
      packPlanes(bits, codes, packed);
    } else {
      int shift = codesPerByteLog2(bits);
      int last = (1 << shift) - 1;
      for (int i = 0; i < codes.length; i++) {
        packed[i >>> shift] |= (byte) ((codes[i] & 0xff) << ((i & last) * bits));
      }
    }
    return packed;
  }

  private static void packPlanes(int bits, byte[] codes, byte[] packed) {
    for (int first = 0; first < codes.length; first += 32) {
      int last = Math.min(first + 32, codes.length);
      for (int plane = 0; plane < bits; plane++) {
        int word = 0;
        for (int i = first; i < last; i++) {
          word |= ((codes[i] >>> plane) & 1) << (i - first);
        }
        int at = first / 32 * 4 * bits + 4 * plane;
        for (int k = 0; k < 4; k++) {
          packed[at + k] = (byte) (word >>> (8 * k));
        }
      }
    }
  }

  /** All {@code count} codes of a packed array. */
  public static byte[] unpack(int bits, byte[] packed, int count) {
    if (packed.length < packedLength(bits, count)) {
      throw new IllegalArgumentException(
          "packed: given "
              + packed.length
              + " bytes, expected "
              + packedLength(bits, count)
              + " for "
              + count
              + " codes of "
              + bits
              + " bits");
    }
    byte[] codes = new byte[count];
    unpack(bits, packed, 0, count, codes, 0);
    return codes;
  }

  /** Codes {@code first <= i < first + count} into {@code codes} from {@code offset} on. */
  static void unpack(int bits, byte[] packed, int first, int count, byte[] codes, int offset) {
    if (bits == 8) {
      System.arraycopy(packed, first, codes, offset, count);
    } else if (usesPlanes(bits)) {
      unpackPlanes(bits, packed, first, count, codes, offset);
    } else {
      int shift = codesPerByteLog2(bits);
      int last = (1 << shift) - 1;
      int mask = (1 << bits) - 1;
      for (int i = 0; i < count; i++) {
        int position = first + i;
        int value = packed[position >>> shift] & 0xff;
        codes[offset + i] = (byte) ((value >>> ((position & last) * bits)) & mask);
      }
    }
  }

  private static void unpackPlanes(
      int bits, byte[] packed, int first, int count, byte[] codes, int offset) {
    int end = first + count;
    for (int start = first; start < end; start = (start / 32 + 1) * 32) {
      int stop = Math.min(end, (start / 32 + 1) * 32);
      int at = start / 32 * 4 * bits;
      for (int plane = 0; plane < bits; plane++) {
        int word = word(packed, at + 4 * plane) >>> (start % 32);
        for (int i = start; i < stop; i++) {
          int bit = (word & 1) << plane;
          int k = offset + i - first;
          codes[k] = (byte) (plane == 0 ? bit : codes[k] | bit);
          word >>>= 1;
        }
      }
    }
  }

  /** 3, 2, 1, 0 for 1, 2, 4, 8 bits. */
  private static int codesPerByteLog2(int bits) {
    return 3 - Integer.numberOfTrailingZeros(bits);
  }

  private static int word(byte[] packed, int at) {
    return (packed[at] & 0xff)
        | ((packed[at + 1] & 0xff) << 8)
        | ((packed[at + 2] & 0xff) << 16)
        | ((packed[at + 3] & 0xff) << 24);
  }

  private static void check(int bits, long count) {
    if (bits < 1 || bits > 8) {
      throw new IllegalArgumentException("bits: given " + bits + ", expected 1 to 8");
    }
    if (count < 0) {
      throw new IllegalArgumentException("count: given " + count + ", expected 0 or more");
    }
  }
}
