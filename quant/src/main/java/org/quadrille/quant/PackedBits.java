package org.quadrille.quant;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.quadrille.kernels.cpu.PackedCodes;

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

  /** Bytes that {@code count} codes of {@code bits} bits take. */
  public static long packedLength(int bits, long count) {
    check(bits, count);
    return PackedCodes.length(bits, count);
  }

  /**
   * Packs the lowest bits of each code.
   *
   * @param codes unsigned codes, each below 2^bits, not modified
   * @return {@link #packedLength} bytes
   * @throws IllegalArgumentException if a code does not fit, naming its index
   */
  public static byte[] pack(int bits, byte[] codes) {
    int length = Math.toIntExact(packedLength(bits, codes.length));
    for (int i = 0; i < codes.length; i++) {
      if ((codes[i] & 0xff) >>> bits != 0) {
        throw new IllegalArgumentException(
            "code " + i + " is " + (codes[i] & 0xff) + ", expected less than 2^" + bits);
      }
    }
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment packed = arena.allocate(length);
      PackedCodes.pack(bits, codes, 0, codes.length, packed, 0);
      return packed.toArray(ValueLayout.JAVA_BYTE);
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
    // native memory only: the loops are fast as long as they have seen one kind
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment memory = arena.allocate(packed.length);
      memory.copyFrom(MemorySegment.ofArray(packed));
      PackedCodes.unpack(bits, memory, first, count, codes, offset);
    }
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
