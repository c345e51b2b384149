// Generated from Tiles.java in src/main/generator. Do not edit.
package org.quadrille.kernels.cpu;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** The tile of 10 rows and one vector; {@link TileFloat} explains it. */
final class Tile10x1Float {

  private static final VectorSpecies<Float> SPECIES = VectorWidth.FLOAT;
  private static final int PITCH = TileFloat.PITCH;

  private Tile10x1Float() {}

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
    FloatVector c10 = zero;
    FloatVector c20 = zero;
    FloatVector c30 = zero;
    FloatVector c40 = zero;
    FloatVector c50 = zero;
    FloatVector c60 = zero;
    FloatVector c70 = zero;
    FloatVector c80 = zero;
    FloatVector c90 = zero;
    int at = aOffset;
    int bt = bOffset;
    int end = aOffset + depth;
    while (at != end) {
      FloatVector b0 = FloatVector.fromArray(SPECIES, b, bt);
      FloatVector a0 = FloatVector.broadcast(SPECIES, a[at]);
      c00 = a0.lanewise(VectorOperators.FMA, b0, c00);
      FloatVector a1 = FloatVector.broadcast(SPECIES, a[at + PITCH]);
      c10 = a1.lanewise(VectorOperators.FMA, b0, c10);
      FloatVector a2 = FloatVector.broadcast(SPECIES, a[at + 2 * PITCH]);
      c20 = a2.lanewise(VectorOperators.FMA, b0, c20);
      FloatVector a3 = FloatVector.broadcast(SPECIES, a[at + 3 * PITCH]);
      c30 = a3.lanewise(VectorOperators.FMA, b0, c30);
      FloatVector a4 = FloatVector.broadcast(SPECIES, a[at + 4 * PITCH]);
      c40 = a4.lanewise(VectorOperators.FMA, b0, c40);
      FloatVector a5 = FloatVector.broadcast(SPECIES, a[at + 5 * PITCH]);
      c50 = a5.lanewise(VectorOperators.FMA, b0, c50);
      FloatVector a6 = FloatVector.broadcast(SPECIES, a[at + 6 * PITCH]);
      c60 = a6.lanewise(VectorOperators.FMA, b0, c60);
      FloatVector a7 = FloatVector.broadcast(SPECIES, a[at + 7 * PITCH]);
      c70 = a7.lanewise(VectorOperators.FMA, b0, c70);
      FloatVector a8 = FloatVector.broadcast(SPECIES, a[at + 8 * PITCH]);
      c80 = a8.lanewise(VectorOperators.FMA, b0, c80);
      FloatVector a9 = FloatVector.broadcast(SPECIES, a[at + 9 * PITCH]);
      c90 = a9.lanewise(VectorOperators.FMA, b0, c90);
      at++;
      bt += bStep;
    }
    FloatVector factor = FloatVector.broadcast(SPECIES, alpha);
    int ct = cOffset;
    if (beta == 0) {
      factor.lanewise(VectorOperators.MUL, c00).intoArray(c, ct);
      ct += cStride;
      factor.lanewise(VectorOperators.MUL, c10).intoArray(c, ct);
      ct += cStride;
      factor.lanewise(VectorOperators.MUL, c20).intoArray(c, ct);
      ct += cStride;
      factor.lanewise(VectorOperators.MUL, c30).intoArray(c, ct);
      ct += cStride;
      factor.lanewise(VectorOperators.MUL, c40).intoArray(c, ct);
      ct += cStride;
      factor.lanewise(VectorOperators.MUL, c50).intoArray(c, ct);
      ct += cStride;
      factor.lanewise(VectorOperators.MUL, c60).intoArray(c, ct);
      ct += cStride;
      factor.lanewise(VectorOperators.MUL, c70).intoArray(c, ct);
      ct += cStride;
      factor.lanewise(VectorOperators.MUL, c80).intoArray(c, ct);
      ct += cStride;
      factor.lanewise(VectorOperators.MUL, c90).intoArray(c, ct);
    } else {
      FloatVector keep = FloatVector.broadcast(SPECIES, beta);
      FloatVector k00 = FloatVector.fromArray(SPECIES, c, ct);
      factor
          .lanewise(VectorOperators.MUL, c00)
          .lanewise(VectorOperators.ADD, keep.lanewise(VectorOperators.MUL, k00))
          .intoArray(c, ct);
      ct += cStride;
      FloatVector k10 = FloatVector.fromArray(SPECIES, c, ct);
      factor
          .lanewise(VectorOperators.MUL, c10)
          .lanewise(VectorOperators.ADD, keep.lanewise(VectorOperators.MUL, k10))
          .intoArray(c, ct);
      ct += cStride;
      FloatVector k20 = FloatVector.fromArray(SPECIES, c, ct);
      factor
          .lanewise(VectorOperators.MUL, c20)
          .lanewise(VectorOperators.ADD, keep.lanewise(VectorOperators.MUL, k20))
          .intoArray(c, ct);
      ct += cStride;
      FloatVector k30 = FloatVector.fromArray(SPECIES, c, ct);
      factor
          .lanewise(VectorOperators.MUL, c30)
          .lanewise(VectorOperators.ADD, keep.lanewise(VectorOperators.MUL, k30))
          .intoArray(c, ct);
      ct += cStride;
      FloatVector k40 = FloatVector.fromArray(SPECIES, c, ct);
      factor
          .lanewise(VectorOperators.MUL, c40)
          .lanewise(VectorOperators.ADD, keep.lanewise(VectorOperators.MUL, k40))
          .intoArray(c, ct);
      ct += cStride;
      FloatVector k50 = FloatVector.fromArray(SPECIES, c, ct);
      factor
          .lanewise(VectorOperators.MUL, c50)
          .lanewise(VectorOperators.ADD, keep.lanewise(VectorOperators.MUL, k50))
          .intoArray(c, ct);
      ct += cStride;
      FloatVector k60 = FloatVector.fromArray(SPECIES, c, ct);
      factor
          .lanewise(VectorOperators.MUL, c60)
          .lanewise(VectorOperators.ADD, keep.lanewise(VectorOperators.MUL, k60))
          .intoArray(c, ct);
      ct += cStride;
      FloatVector k70 = FloatVector.fromArray(SPECIES, c, ct);
      factor
          .lanewise(VectorOperators.MUL, c70)
          .lanewise(VectorOperators.ADD, keep.lanewise(VectorOperators.MUL, k70))
          .intoArray(c, ct);
      ct += cStride;
      FloatVector k80 = FloatVector.fromArray(SPECIES, c, ct);
      factor
          .lanewise(VectorOperators.MUL, c80)
          .lanewise(VectorOperators.ADD, keep.lanewise(VectorOperators.MUL, k80))
          .intoArray(c, ct);
      ct += cStride;
      FloatVector k90 = FloatVector.fromArray(SPECIES, c, ct);
      factor
          .lanewise(VectorOperators.MUL, c90)
          .lanewise(VectorOperators.ADD, keep.lanewise(VectorOperators.MUL, k90))
          .intoArray(c, ct);
    }
  }
}
