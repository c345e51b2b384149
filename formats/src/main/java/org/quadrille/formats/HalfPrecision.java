package org.quadrille.formats;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * Conversions between {@code float} and the two 16-bit floating-point types.
 *
 * <p>Widening is exact. Narrowing rounds to nearest, ties to even; values too large become infinite
 * and NaN stays NaN. A half is held in a {@code short}, as its bits.
 */
public final class HalfPrecision {
  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private HalfPrecision() {}

  /** The value of an IEEE binary16, exactly. */
  public static float float16ToFloat(short half) {
    return Float.float16ToFloat(half);
  }

  /** The nearest IEEE binary16; magnitudes of 65520 and more become infinite. */
  public static short floatToFloat16(float value) {
    return Float.floatToFloat16(value);
  }

  /** The value of a bfloat16, exactly. */
  public static float bfloat16ToFloat(short half) {
    return Float.intBitsToFloat(half << 16);
  }

  /** The nearest bfloat16; a NaN keeps its sign and the upper bits of its payload. */
  public static short floatToBfloat16(float value) {
    int bits = Float.floatToRawIntBits(value);
    if (Float.isNaN(value)) {
      // The quiet bit keeps a NaN whose payload lies in the lost half from becoming infinite.
      return (short) (bits >> 16 | 0x0040);
    }
    // Half a unit of the last kept place, less one if that place is even: ties go to even.
    return (short) ((bits + 0x7FFF + (bits >>> 16 & 1)) >> 16);
  }

  /**
   * Widens stored halves.
   *
   * @param type {@link ElementType#F16} or {@link ElementType#BF16}
   * @param source little-endian halves; {@code 2 * target.length} bytes are read from its start
   * @param target receives the values
   */
  public static void widen(ElementType type, MemorySegment source, float[] target) {
    short[] chunk = new short[Math.min(target.length, 1 << 14)];
    boolean brain = isBrain(type);
    for (int at = 0; at < target.length; at += chunk.length) {
      int n = Math.min(chunk.length, target.length - at);
      MemorySegment.copy(source, SHORT, 2L * at, chunk, 0, n);
      if (brain) {
        for (int i = 0; i < n; i++) {
          target[at + i] = bfloat16ToFloat(chunk[i]);
        }
      } else {
        for (int i = 0; i < n; i++) {
          target[at + i] = Float.float16ToFloat(chunk[i]);
        }
      }
    }
  }

  /**
   * The value that remains after rounding to a half and widening it again.
   *
   * @param type {@link ElementType#F16} or {@link ElementType#BF16}
   */
  public static float round(ElementType type, float value) {
    return isBrain(type)
        ? bfloat16ToFloat(floatToBfloat16(value))
        : Float.float16ToFloat(Float.floatToFloat16(value));
  }

  /**
   * Rounds to halves.
   *
   * @param type {@link ElementType#F16} or {@link ElementType#BF16}
   * @return the bits, one short per value
   */
  public static short[] narrow(ElementType type, float[] values) {
    boolean brain = isBrain(type);
    short[] halves = new short[values.length];
    for (int i = 0; i < values.length; i++) {
      halves[i] = brain ? floatToBfloat16(values[i]) : Float.floatToFloat16(values[i]);
    }
    return halves;
  }

  private static boolean isBrain(ElementType type) {
    if (type != ElementType.F16 && type != ElementType.BF16) {
      throw new IllegalArgumentException("type: given " + type + ", expected F16 or BF16");
    }
    return type == ElementType.BF16;
  }
}
