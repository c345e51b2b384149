// Generated from TileFloat.java by src/main/generator/DoubleTwins.java. Do not edit.
package org.quadrille.kernels.cpu;

import jdk.incubator.vector.VectorSpecies;

/**
 * The innermost loop of the matrix product: one tile of C, held in registers.
 *
 * <p>A <em>wide</em> tile is two vectors wide and as high as C2 keeps in registers: 10 accumulators
 * of 16 registers, or 24 of 32; it needs the rest for two vectors of B and the broadcasts of A. The
 * <em>narrow</em> tile of one vector serves the last columns. Both come in a full and a short
 * height, so that the rows of nearly every matrix are cut without a remainder.
 *
 * <p>Written for C2, and measured: the accumulators are locals and start at zero; the rows of A lie
 * a constant {@link #PITCH} apart, so one index and one hoisted check of bounds serve them all, and
 * packing them is copying; the step of B is a variable, without which the compiler unrolls the loop
 * and spills; and the last operation before each store has a receiver of known class, without which
 * the stores of so many vectors are not intrinsic. The tile updates C itself, from registers; a
 * method for the update of one vector would be compiled without knowing the class and cost half as
 * much as a short tile.
 */
final class TileDouble {

  private static final VectorSpecies<Double> SPECIES = VectorWidth.DOUBLE;

  private static final boolean MANY_REGISTERS = VectorWidth.REGISTERS >= 32;

  /** Lanes of one vector: columns of a narrow tile. */
  static final int LANES = SPECIES.length();

  /** Columns of a wide tile, and width of a packed panel of B. */
  static final int COLUMNS = 2 * LANES;

  /** Distance between packed rows of A: an odd number of cache lines more than the depth. */
  static final int PITCH = SumOrder.GEMM_DEPTH_DOUBLE + 64 / Double.BYTES;

  /** Heights of the wide tile. */
  static final int ROWS = MANY_REGISTERS ? 12 : 5;

  static final int SHORT_ROWS = MANY_REGISTERS ? 8 : 4;

  /** Heights of the narrow tile. */
  static final int NARROW_ROWS = MANY_REGISTERS ? 12 : 10;

  static final int NARROW_SHORT_ROWS = 8;

  private TileDouble() {}

  /**
   * {@code C := alpha * A * B + beta * C} for a tile two vectors wide, each element of A B one
   * chain of fused multiply-adds from 0.
   *
   * @param rows height of the tile, {@link #ROWS} or {@link #SHORT_ROWS}
   * @param a packed rows, {@link #PITCH} apart
   * @param bStep distance between the rows of B, whose columns are neighbours
   * @param cStride distance between the rows of C, whose columns are neighbours
   */
  static void wide(
      int rows,
      int depth,
      double alpha,
      double[] a,
      int aOffset,
      double[] b,
      int bOffset,
      int bStep,
      double beta,
      double[] c,
      int cOffset,
      int cStride) {
    if (MANY_REGISTERS) {
      if (rows == ROWS) {
        Tile12x2Double.multiply(
            depth, alpha, a, aOffset, b, bOffset, bStep, beta, c, cOffset, cStride);
      } else {
        Tile8x2Double.multiply(
            depth, alpha, a, aOffset, b, bOffset, bStep, beta, c, cOffset, cStride);
      }
    } else if (rows == ROWS) {
      Tile5x2Double.multiply(depth, alpha, a, aOffset, b, bOffset, bStep, beta, c, cOffset, cStride);
    } else {
      Tile4x2Double.multiply(depth, alpha, a, aOffset, b, bOffset, bStep, beta, c, cOffset, cStride);
    }
  }

  /** The same for a tile one vector wide and {@link #NARROW_ROWS} or fewer rows high. */
  static void narrow(
      int rows,
      int depth,
      double alpha,
      double[] a,
      int aOffset,
      double[] b,
      int bOffset,
      int bStep,
      double beta,
      double[] c,
      int cOffset,
      int cStride) {
    if (rows == NARROW_SHORT_ROWS) {
      Tile8x1Double.multiply(depth, alpha, a, aOffset, b, bOffset, bStep, beta, c, cOffset, cStride);
    } else if (MANY_REGISTERS) {
      Tile12x1Double.multiply(
          depth, alpha, a, aOffset, b, bOffset, bStep, beta, c, cOffset, cStride);
    } else {
      Tile10x1Double.multiply(
          depth, alpha, a, aOffset, b, bOffset, bStep, beta, c, cOffset, cStride);
    }
  }
}
