package org.quadrille.kernels.cpu;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * The innermost loop of the matrix product: one tile of C, held in registers, times packed panels.
 *
 * <p>The tile is two vectors wide and as high as C2 keeps in registers: 10 accumulators of 16
 * registers, or 24 of 32; it needs the rest for two vectors of B and the broadcasts of A. (A tile
 * of 12 accumulators fits 16 registers by count and is faster alone, but the compiler spills it in
 * some contexts and then it takes twice as long.) Written for C2, and measured: the loop is not a
 * counted one, since unrolling by the compiler makes it spill; the accumulators are locals and
 * start at zero; and the last operation before each store has a receiver of known class, without
 * which the stores of so many vectors are not intrinsic.
 */
final class TileFloat {

  private static final VectorSpecies<Float> SPECIES = VectorWidth.FLOAT;
  private static final int LANES = SPECIES.length();

  /** Rows of a tile, and width of a packed panel of A. */
  static final int ROWS = VectorWidth.REGISTERS >= 32 ? 12 : 5;

  /** Columns of a tile, and width of a packed panel of B. */
  static final int COLUMNS = 2 * LANES;

  private TileFloat() {}

  /**
   * {@code tile := alpha * A * B}, row-major, for one panel of A (depth x ROWS) and one of B (depth
   * x COLUMNS), each element one chain of fused multiply-adds from 0.
   */
  static void multiply(
      int depth, float alpha, float[] a, int aOffset, float[] b, int bOffset, float[] tile) {
    if (ROWS == 12) {
      multiply12(depth, alpha, a, aOffset, b, bOffset, tile);
    } else {
      multiply5(depth, alpha, a, aOffset, b, bOffset, tile);
    }
  }

  // Accumulator cij: row i (hexadecimal), vector j of the tile.

  private static void multiply5(
      int depth, float alpha, float[] a, int aOffset, float[] b, int bOffset, float[] tile) {
    FloatVector zero = FloatVector.zero(SPECIES);
    FloatVector c00 = zero;
    FloatVector c01 = zero;
    FloatVector c10 = zero;
    FloatVector c11 = zero;
    FloatVector c20 = zero;
    FloatVector c21 = zero;
    FloatVector c30 = zero;
    FloatVector c31 = zero;
    FloatVector c40 = zero;
    FloatVector c41 = zero;
    int at = aOffset;
    int bt = bOffset;
    int end = aOffset + 5 * depth;
    while (at != end) {
      FloatVector b0 = FloatVector.fromArray(SPECIES, b, bt);
      FloatVector b1 = FloatVector.fromArray(SPECIES, b, bt + LANES);
      FloatVector a0 = FloatVector.broadcast(SPECIES, a[at + 0]);
      c00 = a0.lanewise(VectorOperators.FMA, b0, c00);
      c01 = a0.lanewise(VectorOperators.FMA, b1, c01);
      FloatVector a1 = FloatVector.broadcast(SPECIES, a[at + 1]);
      c10 = a1.lanewise(VectorOperators.FMA, b0, c10);
      c11 = a1.lanewise(VectorOperators.FMA, b1, c11);
      FloatVector a2 = FloatVector.broadcast(SPECIES, a[at + 2]);
      c20 = a2.lanewise(VectorOperators.FMA, b0, c20);
      c21 = a2.lanewise(VectorOperators.FMA, b1, c21);
      FloatVector a3 = FloatVector.broadcast(SPECIES, a[at + 3]);
      c30 = a3.lanewise(VectorOperators.FMA, b0, c30);
      c31 = a3.lanewise(VectorOperators.FMA, b1, c31);
      FloatVector a4 = FloatVector.broadcast(SPECIES, a[at + 4]);
      c40 = a4.lanewise(VectorOperators.FMA, b0, c40);
      c41 = a4.lanewise(VectorOperators.FMA, b1, c41);
      at += 5;
      bt += COLUMNS;
    }
    FloatVector factor = FloatVector.broadcast(SPECIES, alpha);
    factor.lanewise(VectorOperators.MUL, c00).intoArray(tile, 0 * LANES);
    factor.lanewise(VectorOperators.MUL, c01).intoArray(tile, 1 * LANES);
    factor.lanewise(VectorOperators.MUL, c10).intoArray(tile, 2 * LANES);
    factor.lanewise(VectorOperators.MUL, c11).intoArray(tile, 3 * LANES);
    factor.lanewise(VectorOperators.MUL, c20).intoArray(tile, 4 * LANES);
    factor.lanewise(VectorOperators.MUL, c21).intoArray(tile, 5 * LANES);
    factor.lanewise(VectorOperators.MUL, c30).intoArray(tile, 6 * LANES);
    factor.lanewise(VectorOperators.MUL, c31).intoArray(tile, 7 * LANES);
    factor.lanewise(VectorOperators.MUL, c40).intoArray(tile, 8 * LANES);
    factor.lanewise(VectorOperators.MUL, c41).intoArray(tile, 9 * LANES);
  }

  private static void multiply12(
      int depth, float alpha, float[] a, int aOffset, float[] b, int bOffset, float[] tile) {
    FloatVector zero = FloatVector.zero(SPECIES);
    FloatVector c00 = zero;
    FloatVector c01 = zero;
    FloatVector c10 = zero;
    FloatVector c11 = zero;
    FloatVector c20 = zero;
    FloatVector c21 = zero;
    FloatVector c30 = zero;
    FloatVector c31 = zero;
    FloatVector c40 = zero;
    FloatVector c41 = zero;
    FloatVector c50 = zero;
    FloatVector c51 = zero;
    FloatVector c60 = zero;
    FloatVector c61 = zero;
    FloatVector c70 = zero;
    FloatVector c71 = zero;
    FloatVector c80 = zero;
    FloatVector c81 = zero;
    FloatVector c90 = zero;
    FloatVector c91 = zero;
    FloatVector ca0 = zero;
    FloatVector ca1 = zero;
    FloatVector cb0 = zero;
    FloatVector cb1 = zero;
    int at = aOffset;
    int bt = bOffset;
    int end = aOffset + 12 * depth;
    while (at != end) {
      FloatVector b0 = FloatVector.fromArray(SPECIES, b, bt);
      FloatVector b1 = FloatVector.fromArray(SPECIES, b, bt + LANES);
      FloatVector a0 = FloatVector.broadcast(SPECIES, a[at + 0]);
      c00 = a0.lanewise(VectorOperators.FMA, b0, c00);
      c01 = a0.lanewise(VectorOperators.FMA, b1, c01);
      FloatVector a1 = FloatVector.broadcast(SPECIES, a[at + 1]);
      c10 = a1.lanewise(VectorOperators.FMA, b0, c10);
      c11 = a1.lanewise(VectorOperators.FMA, b1, c11);
      FloatVector a2 = FloatVector.broadcast(SPECIES, a[at + 2]);
      c20 = a2.lanewise(VectorOperators.FMA, b0, c20);
      c21 = a2.lanewise(VectorOperators.FMA, b1, c21);
      FloatVector a3 = FloatVector.broadcast(SPECIES, a[at + 3]);
      c30 = a3.lanewise(VectorOperators.FMA, b0, c30);
      c31 = a3.lanewise(VectorOperators.FMA, b1, c31);
      FloatVector a4 = FloatVector.broadcast(SPECIES, a[at + 4]);
      c40 = a4.lanewise(VectorOperators.FMA, b0, c40);
      c41 = a4.lanewise(VectorOperators.FMA, b1, c41);
      FloatVector a5 = FloatVector.broadcast(SPECIES, a[at + 5]);
      c50 = a5.lanewise(VectorOperators.FMA, b0, c50);
      c51 = a5.lanewise(VectorOperators.FMA, b1, c51);
      FloatVector a6 = FloatVector.broadcast(SPECIES, a[at + 6]);
      c60 = a6.lanewise(VectorOperators.FMA, b0, c60);
      c61 = a6.lanewise(VectorOperators.FMA, b1, c61);
      FloatVector a7 = FloatVector.broadcast(SPECIES, a[at + 7]);
      c70 = a7.lanewise(VectorOperators.FMA, b0, c70);
      c71 = a7.lanewise(VectorOperators.FMA, b1, c71);
      FloatVector a8 = FloatVector.broadcast(SPECIES, a[at + 8]);
      c80 = a8.lanewise(VectorOperators.FMA, b0, c80);
      c81 = a8.lanewise(VectorOperators.FMA, b1, c81);
      FloatVector a9 = FloatVector.broadcast(SPECIES, a[at + 9]);
      c90 = a9.lanewise(VectorOperators.FMA, b0, c90);
      c91 = a9.lanewise(VectorOperators.FMA, b1, c91);
      FloatVector aa = FloatVector.broadcast(SPECIES, a[at + 10]);
      ca0 = aa.lanewise(VectorOperators.FMA, b0, ca0);
      ca1 = aa.lanewise(VectorOperators.FMA, b1, ca1);
      FloatVector ab = FloatVector.broadcast(SPECIES, a[at + 11]);
      cb0 = ab.lanewise(VectorOperators.FMA, b0, cb0);
      cb1 = ab.lanewise(VectorOperators.FMA, b1, cb1);
      at += 12;
      bt += COLUMNS;
    }
    FloatVector factor = FloatVector.broadcast(SPECIES, alpha);
    factor.lanewise(VectorOperators.MUL, c00).intoArray(tile, 0 * LANES);
    factor.lanewise(VectorOperators.MUL, c01).intoArray(tile, 1 * LANES);
    factor.lanewise(VectorOperators.MUL, c10).intoArray(tile, 2 * LANES);
    factor.lanewise(VectorOperators.MUL, c11).intoArray(tile, 3 * LANES);
    factor.lanewise(VectorOperators.MUL, c20).intoArray(tile, 4 * LANES);
    factor.lanewise(VectorOperators.MUL, c21).intoArray(tile, 5 * LANES);
    factor.lanewise(VectorOperators.MUL, c30).intoArray(tile, 6 * LANES);
    factor.lanewise(VectorOperators.MUL, c31).intoArray(tile, 7 * LANES);
    factor.lanewise(VectorOperators.MUL, c40).intoArray(tile, 8 * LANES);
    factor.lanewise(VectorOperators.MUL, c41).intoArray(tile, 9 * LANES);
    factor.lanewise(VectorOperators.MUL, c50).intoArray(tile, 10 * LANES);
    factor.lanewise(VectorOperators.MUL, c51).intoArray(tile, 11 * LANES);
    factor.lanewise(VectorOperators.MUL, c60).intoArray(tile, 12 * LANES);
    factor.lanewise(VectorOperators.MUL, c61).intoArray(tile, 13 * LANES);
    factor.lanewise(VectorOperators.MUL, c70).intoArray(tile, 14 * LANES);
    factor.lanewise(VectorOperators.MUL, c71).intoArray(tile, 15 * LANES);
    factor.lanewise(VectorOperators.MUL, c80).intoArray(tile, 16 * LANES);
    factor.lanewise(VectorOperators.MUL, c81).intoArray(tile, 17 * LANES);
    factor.lanewise(VectorOperators.MUL, c90).intoArray(tile, 18 * LANES);
    factor.lanewise(VectorOperators.MUL, c91).intoArray(tile, 19 * LANES);
    factor.lanewise(VectorOperators.MUL, ca0).intoArray(tile, 20 * LANES);
    factor.lanewise(VectorOperators.MUL, ca1).intoArray(tile, 21 * LANES);
    factor.lanewise(VectorOperators.MUL, cb0).intoArray(tile, 22 * LANES);
    factor.lanewise(VectorOperators.MUL, cb1).intoArray(tile, 23 * LANES);
  }
}
