package org.quadrille.linalg;

/** Element type of a {@link Tensor}: IEEE 754 single or double precision. */
public enum DType {
  /** 32-bit floating point, held in a {@code float[]}. */
  F32(32),
  /** 64-bit floating point, held in a {@code double[]}. */
  F64(64);

  private final int bits;

  DType(int bits) {
    this.bits = bits;
  }

  /** Bits of one element. */
  public int bits() {
    return bits;
  }

  /** Unit roundoff: half the distance from 1 to the next larger number (2^-24 or 2^-53). */
  public double unitRoundoff() {
    return this == F32 ? 0x1p-24 : 0x1p-53;
  }
}
