package org.quadrille.kernels.cpu;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Codes of 1 to 8 bits packed without gaps, the layout of files:
 *
 * <ul>
 *   <li>1, 2, 4, 8 bits: code i lies at bits [i b, i b + b) of a stream, low bits of a byte first;
 *       the tail is zero bits up to a byte.
 *   <li>3, 5, 6, 7 bits: 32 codes become b little-endian words of 32 bits; bit i of word p is bit p
 *       of code i. The tail is zero codes up to 32.
 * </ul>
 *
 * <p>Eight codes at a time: bits are spread to bytes, and gathered from them, by one instruction
 * where the processor has it. Linear in the count. Stateless; no checks beyond the bounds.
 */
public final class PackedCodes {
  /** A piece that starts at a multiple of so many codes starts with a byte, or a group of words. */
  public static final int ALIGNMENT = 32;

  private static final long LOW_BIT_OF_BYTES = 0x0101010101010101L;
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfByte BYTE = ValueLayout.JAVA_BYTE;

  private PackedCodes() {}

  /** Whether codes of that width are split into bit planes. */
  public static boolean usesPlanes(int bits) {
    return bits == 3 || (bits >= 5 && bits <= 7);
  }

  /** Bytes that {@code count} codes of {@code bits} bits take. */
  public static long length(int bits, long count) {
    return usesPlanes(bits)
        ? Math.ceilDiv(count, (long) ALIGNMENT) * 4 * bits
        : Math.ceilDiv(count * bits, 8L);
  }

  /** Codes {@code first <= i < first + count} as unsigned bytes, from {@code at} on. */
  public static void unpack(
      int bits, MemorySegment packed, long first, int count, byte[] codes, int at) {
    if (bits == 8) {
      MemorySegment.copy(packed, BYTE, first, codes, at, count);
      return;
    }
    int i = 0;
    while (i < count && (first + i) % 8 != 0) {
      codes[at + i] = code(bits, packed, first + i);
      i++;
    }
    for (; i <= count - 8; i += 8) {
      LONGS.set(codes, at + i, eight(bits, packed, first + i));
    }
    for (; i < count; i++) {
      codes[at + i] = code(bits, packed, first + i);
    }
  }

  /** Code number {@code i}. */
  private static byte code(int bits, MemorySegment packed, long i) {
    if (!usesPlanes(bits)) {
      long bit = i * bits;
      return (byte) (((packed.get(BYTE, bit >> 3) & 0xff) >>> (bit & 7)) & ((1 << bits) - 1));
    }
    long at = (i >> 5) * 4L * bits + ((i >> 3) & 3);
    int code = 0;
    for (int plane = 0; plane < bits; plane++) {
      code |= ((packed.get(BYTE, at + 4L * plane) >>> (i & 7)) & 1) << plane;
    }
    return (byte) code;
  }

  /** Eight codes from a multiple of eight on, one per byte of the result, the first lowest. */
  private static long eight(int bits, MemorySegment packed, long i) {
    return switch (bits) {
      case 1 -> Long.expand(packed.get(BYTE, i >> 3), LOW_BIT_OF_BYTES);
      case 2 -> Long.expand(packed.get(SHORT, i >> 2), 3 * LOW_BIT_OF_BYTES);
      case 4 -> Long.expand(packed.get(INT, i >> 1), 15 * LOW_BIT_OF_BYTES);
      default -> {
        long at = (i >> 5) * 4L * bits + ((i >> 3) & 3);
        long codes = 0;
        for (int plane = 0; plane < bits; plane++) {
          codes |= Long.expand(packed.get(BYTE, at + 4L * plane), LOW_BIT_OF_BYTES << plane);
        }
        yield codes;
      }
    };
  }

  /**
   * Packs the lowest bits of {@code count} codes; other bits must be 0. What is left of the last
   * byte, or group of words, becomes zero bits.
   *
   * @param first number of the first code among the packed ones, a multiple of {@link #ALIGNMENT}
   */
  public static void pack(
      int bits, byte[] codes, int from, int count, MemorySegment packed, long first) {
    if (bits == 8) {
      MemorySegment.copy(codes, from, packed, BYTE, first, count);
      return;
    }
    int i = 0;
    for (; i <= count - 8; i += 8) {
      store(bits, (long) LONGS.get(codes, from + i), packed, first + i);
    }
    int end = usesPlanes(bits) ? Math.ceilDiv(count, ALIGNMENT) * ALIGNMENT : count;
    for (; i < end; i += 8) {
      long rest = 0;
      for (int k = i; k < Math.min(count, i + 8); k++) {
        rest |= (codes[from + k] & 0xffL) << (8 * (k - i));
      }
      if (usesPlanes(bits)) {
        store(bits, rest, packed, first + i);
      } else {
        long dense = Long.compress(rest, ((1L << bits) - 1) * LOW_BIT_OF_BYTES);
        long at = ((first + i) * bits) >> 3;
        for (int k = 0; k < (count - i) * bits; k += 8) {
          packed.set(BYTE, at + (k >> 3), (byte) (dense >>> k));
        }
      }
    }
  }

  /** Eight codes, one per byte, to a multiple of eight. */
  private static void store(int bits, long codes, MemorySegment packed, long i) {
    switch (bits) {
      case 1 -> packed.set(BYTE, i >> 3, (byte) Long.compress(codes, LOW_BIT_OF_BYTES));
      case 2 -> packed.set(SHORT, i >> 2, (short) Long.compress(codes, 3 * LOW_BIT_OF_BYTES));
      case 4 -> packed.set(INT, i >> 1, (int) Long.compress(codes, 15 * LOW_BIT_OF_BYTES));
      default -> {
        long at = (i >> 5) * 4L * bits + ((i >> 3) & 3);
        for (int plane = 0; plane < bits; plane++) {
          long bitsOfPlane = Long.compress(codes, LOW_BIT_OF_BYTES << plane);
          packed.set(BYTE, at + 4L * plane, (byte) bitsOfPlane);
        }
      }
    }
  }
}
