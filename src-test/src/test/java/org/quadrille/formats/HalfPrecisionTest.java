package org.quadrille.formats;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class HalfPrecisionTest {
  private static final int COUNT = 1 << 16;

  @Test
  void everyHalfWidensToItsValue() {
    for (int bits = 0; bits < COUNT; bits++) {
      assertEquals(
          bits << 16, Float.floatToRawIntBits(HalfPrecision.bfloat16ToFloat((short) bits)));
      assertSame(float16ByDefinition(bits), HalfPrecision.float16ToFloat((short) bits));
      assertSame(Float.float16ToFloat((short) bits), HalfPrecision.float16ToFloat((short) bits));
    }
  }

  @Test
  void everyHalfSurvivesWideningAndNarrowing() {
    for (int bits = 0; bits < COUNT; bits++) {
      short half = (short) bits;
      float brain = HalfPrecision.bfloat16ToFloat(half);
      float single = HalfPrecision.float16ToFloat(half);
      if (Float.isNaN(brain)) {
        assertTrue(Float.isNaN(HalfPrecision.round(ElementType.BF16, brain)));
      } else {
        assertEquals(half, HalfPrecision.floatToBfloat16(brain));
      }
      if (Float.isNaN(single)) {
        assertTrue(Float.isNaN(HalfPrecision.round(ElementType.F16, single)));
      } else {
        assertEquals(half, HalfPrecision.floatToFloat16(single));
      }
    }
  }

  @Test
  void bulkWideningAgreesWithSingleValues() {
    byte[] bytes = new byte[2 * COUNT];
    for (int bits = 0; bits < COUNT; bits++) {
      bytes[2 * bits] = (byte) bits;
      bytes[2 * bits + 1] = (byte) (bits >> 8);
    }
    for (ElementType type : new ElementType[] {ElementType.F16, ElementType.BF16}) {
      float[] values = new float[COUNT];
      HalfPrecision.widen(type, MemorySegment.ofArray(bytes), values);
      for (int bits = 0; bits < COUNT; bits++) {
        short half = (short) bits;
        float expected =
            type == ElementType.F16
                ? HalfPrecision.float16ToFloat(half)
                : HalfPrecision.bfloat16ToFloat(half);
        assertSame(expected, values[bits]);
      }
    }
  }

  @Test
  void narrowingToBfloat16GivesTheNearestAndTiesGoToEven() {
    SplittableRandom random = new SplittableRandom(11);
    for (int i = 0; i < 100_000; i++) {
      float value = Float.intBitsToFloat(random.nextInt());
      if (i % 4 == 0) {
        // A value half way between two neighbours.
        value = Float.intBitsToFloat(random.nextInt() & 0xFFFF0000 | 0x8000);
      }
      if (!Float.isFinite(value)) {
        continue;
      }
      int down = Float.floatToRawIntBits(value) & 0xFFFF0000;
      double below = Float.intBitsToFloat(down);
      // One more in the last place; beyond the largest finite value that is 2^128 for rounding.
      float next = Float.intBitsToFloat(down + 0x10000);
      double above = Float.isInfinite(next) ? Math.copySign(0x1p128, next) : next;
      double toBelow = Math.abs(value - below);
      double toAbove = Math.abs(above - value);
      boolean keep = toBelow < toAbove || (toBelow == toAbove && (down >>> 16 & 1) == 0);
      int expected = keep ? down : down + 0x10000;
      assertEquals(
          (short) (expected >>> 16),
          HalfPrecision.floatToBfloat16(value),
          () -> Integer.toHexString(down));
    }
  }

  @Test
  void nanStaysNanAndKeepsItsSign() {
    for (int payload : new int[] {1, 0x7FFF, 0x8000, 0xFFFF, 0x10000, 0x3FFFFF, 0x7FFFFF}) {
      for (int sign : new int[] {0, 0x80000000}) {
        float value = Float.intBitsToFloat(sign | 0x7F800000 | payload);
        short half = HalfPrecision.floatToBfloat16(value);
        assertTrue(Float.isNaN(HalfPrecision.bfloat16ToFloat(half)), () -> "payload " + payload);
        assertEquals(sign != 0, half < 0);
        assertTrue(Float.isNaN(HalfPrecision.round(ElementType.F16, value)));
      }
    }
  }

  @Test
  void tooLargeBecomesInfinite() {
    assertEquals(65504f, HalfPrecision.round(ElementType.F16, Math.nextDown(65520f)));
    assertEquals(Float.POSITIVE_INFINITY, HalfPrecision.round(ElementType.F16, 65520f));
    assertEquals(Float.NEGATIVE_INFINITY, HalfPrecision.round(ElementType.BF16, -Float.MAX_VALUE));
  }

  @Test
  void bulkNarrowingAgreesWithSingleValues() {
    float[] values = {0f, -0f, 1.5f, 1e-8f, 3.3895314e38f, Float.NaN};
    for (ElementType type : new ElementType[] {ElementType.F16, ElementType.BF16}) {
      short[] expected = new short[values.length];
      for (int i = 0; i < values.length; i++) {
        expected[i] =
            type == ElementType.F16
                ? HalfPrecision.floatToFloat16(values[i])
                : HalfPrecision.floatToBfloat16(values[i]);
      }
      assertArrayEquals(expected, HalfPrecision.narrow(type, values));
    }
    assertThrows(
        IllegalArgumentException.class, () -> HalfPrecision.narrow(ElementType.F32, values));
  }

  /** Sign, 5 bits of exponent with bias 15, 10 bits of fraction. */
  private static float float16ByDefinition(int bits) {
    int exponent = bits >> 10 & 31;
    int fraction = bits & 1023;
    double magnitude =
        exponent == 31
            ? fraction == 0 ? Double.POSITIVE_INFINITY : Double.NaN
            : exponent == 0
                ? fraction * 0x1p-24
                : (1024 + fraction) * Math.scalb(1.0, exponent - 25);
    return (float) (bits >> 15 == 0 ? magnitude : -magnitude);
  }

  /** Equal bits, or both NaN. */
  private static void assertSame(float expected, float actual) {
    assertEquals(Float.floatToIntBits(expected), Float.floatToIntBits(actual));
  }
}
