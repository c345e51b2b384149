// Generated from Tiles.java in src/main/generator. Do not edit.
package org.quadrille.kernels.cpu;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** The tile of 4 rows and 2 vectors; {@link TileFloat} explains it. */
final class Tile4x2Float {

  private static final VectorSpecies<Float> SPECIES = VectorWidth.FLOAT;
  private static final int LANES = SPECIES.length();
  private static final int PITCH = TileFloat.PITCH;

  private Tile4x2Float() {}

  static void multiply(
      int depth,
      float alpha,
      float[] a,
      int aOffset,
      float[] b,
      int bOffset,
      int bStep,
      float beta,
      float[] c,
      int cOffset,
      int cStride) {
    FloatVector zero = FloatVector.zero(SPECIES);
    FloatVector c00 = zero;
    FloatVector c01 = zero;
    FloatVector c10 = zero;
    FloatVector c11 = zero;
    FloatVector c20 = zero;
    FloatVector c21 = zero;
    FloatVector c30 = zero;
    FloatVector c31 = zero;
    int at = aOffset;
    int bt = bOffset;
    int end = aOffset + depth;
    while (at != end) {
      FloatVector b0 = FloatVector.fromArray(SPECIES, b, bt);
      FloatVector b1 = FloatVector.fromArray(SPECIES, b, bt + LANES);
      FloatVector a0 = FloatVector.broadcast(SPECIES, a[at]);
      c00 = a0.lanewise(VectorOperators.FMA, b0, c00);
      c01 = a0.lanewise(VectorOperators.FMA, b1, c01);
      FloatVector a1 = FloatVector.broadcast(SPECIES, a[at + PITCH]);
      c10 = a1.lanewise(VectorOperators.FMA, b0, c10);
      c11 = a1.lanewise(VectorOperators.FMA, b1, c11);
      FloatVector a2 = FloatVector.broadcast(SPECIES, a[at + 2 * PITCH]);
      c20 = a2.lanewise(VectorOperators.FMA, b0, c20);
      c21 = a2.lanewise(VectorOperators.FMA, b1, c21);
      FloatVector a3 = FloatVector.broadcast(SPECIES, a[at + 3 * PITCH]);
      c30 = a3.lanewise(VectorOperators.FMA, b0, c30);
      c31 = a3.lanewise(VectorOperators.FMA, b1, c31);
      at++;
      bt += bStep;
    }
    FloatVector factor = FloatVector.broadcast(SPECIES, alpha);
    int ct = cOffset;
    if (beta == 0) {
      factor.lanewise(VectorOperators.MUL, c00).intoArray(c, ct);
      factor.lanewise(VectorOperators.MUL, c01).intoArray(c, ct + LANES);
      ct += cStride;
      factor.lanewise(VectorOperators.MUL, c10).intoArray(c, ct);
      factor.lanewise(VectorOperators.MUL, c11).intoArray(c, ct + LANES);
      ct += cStride;
      factor.lanewise(VectorOperators.MUL, c20).intoArray(c, ct);
      factor.lanewise(VectorOperators.MUL, c21).intoArray(c, ct + LANES);
      ct += cStride;
      factor.lanewise(VectorOperators.MUL, c30).intoArray(c, ct);
      factor.lanewise(VectorOperators.MUL, c31).intoArray(c, ct + LANES);
    } else {
      FloatVector keep = FloatVector.broadcast(SPECIES, beta);
      FloatVector k00 = FloatVector.fromArray(SPECIES, c, ct);
      factor
          .lanewise(VectorOperators.MUL, c00)
          .lanewise(VectorOperators.ADD, keep.lanewise(VectorOperators.MUL, k00))
          .intoArray(c, ct);
      FloatVector k01 = FloatVector.fromArray(SPECIES, c, ct + LANES);
      factor
          .lanewise(VectorOperators.MUL, c01)
          .lanewise(VectorOperators.ADD, keep.lanewise(VectorOperators.MUL, k01))
          .intoArray(c, ct + LANES);
      ct += cStride;
      FloatVector k10 = FloatVector.fromArray(SPECIES, c, ct);
      factor
          .lanewise(VectorOperators.MUL, c10)
          .lanewise(VectorOperators.ADD, keep.lanewise(VectorOperators.MUL, k10))
          .intoArray(c, ct);
      FloatVector k11 = FloatVector.fromArray(SPECIES, c, ct + LANES);
      factor
          .lanewise(VectorOperators.MUL, c11)
          .lanewise(VectorOperators.ADD, keep.lanewise(VectorOperators.MUL, k11))
          .intoArray(c, ct + LANES);
      ct += cStride;
      FloatVector k20 = FloatVector.fromArray(SPECIES, c, ct);
      factor
          .lanewise(VectorOperators.MUL, c20)
          .lanewise(VectorOperators.ADD, keep.lanewise(VectorOperators.MUL, k20))
          .intoArray(c, ct);
      FloatVector k21 = FloatVector.fromArray(SPECIES, c, ct + LANES);
      factor
          .lanewise(VectorOperators.MUL, c21)
          .lanewise(VectorOperators.ADD, keep.lanewise(VectorOperators.MUL, k21))
          .intoArray(c, ct + LANES);
      ct += cStride;
      FloatVector k30 = FloatVector.fromArray(SPECIES, c, ct);
      factor
          .lanewise(VectorOperators.MUL, c30)
          .lanewise(VectorOperators.ADD, keep.lanewise(VectorOperators.MUL, k30))
          .intoArray(c, ct);
      FloatVector k31 = FloatVector.fromArray(SPECIES, c, ct + LANES);
      factor
          .lanewise(VectorOperators.MUL, c31)
          .lanewise(VectorOperators.ADD, keep.lanewise(VectorOperators.MUL, k31))
          .intoArray(c, ct + LANES);
    }
  }
}
