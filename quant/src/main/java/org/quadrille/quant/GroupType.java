package org.quadrille.quant;

import java.util.Locale;

/** Number format of a group scale: the second level of the two-level block scales. */
public enum GroupType {
  /** IEEE 754 single precision. */
  FP32(32),
  /** IEEE 754 half precision: largest finite value 65504, relative spacing 2^-10. */
  FP16(16),
  /** The upper half of a single: its range, relative spacing 2^-7. */
  BF16(16);

  private final int bits;

  GroupType(int bits) {
    this.bits = bits;
  }

  /** Bits of one group scale. */
  public int bits() {
    return bits;
  }

  /**
   * The nearest number of this format, ties to even; infinite where the format ends.
   *
   * @param value not NaN
   */
  public float round(float value) {
    return switch (this) {
      case FP32 -> value;
      case FP16 -> Float.float16ToFloat(Float.floatToFloat16(value));
      case BF16 -> {
        int bits = Float.floatToRawIntBits(value);
        // add half a unit of the upper half, less one unless its last bit is set
        int rounded = bits + 0x7fff + ((bits >>> 16) & 1);
        yield Float.intBitsToFloat(rounded & 0xffff0000);
      }
    };
  }

  /** {@code fp32}, {@code fp16} or {@code bf16}. */
  public String token() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * The type of a {@link #token()}.
   *
   * @throws IllegalArgumentException if there is none of that name
   */
  public static GroupType of(String token) {
    for (GroupType type : values()) {
      if (type.token().equals(token)) {
        return type;
      }
    }
    throw new IllegalArgumentException(
        "group scale type \"" + token + "\": expected fp32, fp16 or bf16");
  }
}
