package org.quadrille.kernels.cpu;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * The vector shapes of this machine, fixed when the first SIMD kernel loads.
 *
 * <p>Nothing but SIMD kernels may touch this class: it needs the incubator module.
 */
final class VectorWidth {

  /**
   * Test-only system property that narrows the vectors: 128, 256 or 512 bits; {@code emulated512}
   * has 512 bits on any hardware, very slowly.
   */
  static final String BITS_PROPERTY = "quadrille.vectorBits";

  /** Test-only system property that chooses the tile for 16 or 32 vector registers. */
  static final String REGISTERS_PROPERTY = "quadrille.vectorRegisters";

  private static final int WIDEST_BITS = 512;

  /** Bits of the vectors in use, never more than the hardware prefers unless emulated. */
  static final int BITS =
      chooseBits(System.getProperty(BITS_PROPERTY), FloatVector.SPECIES_PREFERRED.vectorBitSize());

  static final VectorSpecies<Float> FLOAT =
      VectorSpecies.of(float.class, VectorShape.forBitSize(BITS));
  static final VectorSpecies<Double> DOUBLE =
      VectorSpecies.of(double.class, VectorShape.forBitSize(BITS));

  /** Number of vector registers: 16 for x86 up to AVX2, 32 for AVX-512 and all of ARM. */
  static final int REGISTERS =
      chooseRegisters(
          System.getProperty(REGISTERS_PROPERTY),
          System.getProperty("os.arch", ""),
          FloatVector.SPECIES_PREFERRED.vectorBitSize());

  private VectorWidth() {}

  /** Bits to use, from the text of the property (null: not set) and the width of the hardware. */
  static int chooseBits(String text, int preferred) {
    // Wider vectors than 512 bits would need more partial sums than the definition has.
    int widest = Math.min(preferred, WIDEST_BITS);
    if (text == null) {
      return widest;
    }
    return switch (text.trim()) {
      case "128" -> Math.min(128, widest);
      case "256" -> Math.min(256, widest);
      case "512" -> widest;
      case "emulated512" -> WIDEST_BITS;
      default ->
          throw new IllegalArgumentException(
              "-D" + BITS_PROPERTY + "=" + text + ": expected 128, 256, 512 or emulated512");
    };
  }

  /** Registers to plan for, from the text of the property (null: not set) and the hardware. */
  static int chooseRegisters(String text, String architecture, int preferredBits) {
    if (text == null) {
      boolean x86 = architecture.matches("amd64|x86_64|x86|i386");
      return x86 && preferredBits < WIDEST_BITS ? 16 : 32;
    }
    return switch (text.trim()) {
      case "16" -> 16;
      case "32" -> 32;
      default ->
          throw new IllegalArgumentException(
              "-D" + REGISTERS_PROPERTY + "=" + text + ": expected 16 or 32");
    };
  }
}
