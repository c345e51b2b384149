// Generated from Tiles.java in src/main/generator. Do not edit.
package org.quadrille.kernels.cpu;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** The tile of 12 rows and 2 vectors; {@link TileFloat} explains it. */
final class Tile12x2Float {

  private static final VectorSpecies<Float> SPECIES = VectorWidth.FLOAT;
  private static final int LANES = SPECIES.length();
  private static final int PITCH = TileFloat.PITCH;

  private Tile12x2Float() {}

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
      FloatVector a4 = FloatVector.broadcast(SPECIES, a[at + 4 * PITCH]);
      c40 = a4.lanewise(VectorOperators.FMA, b0, c40);
      c41 = a4.lanewise(VectorOperators.FMA, b1, c41);
      FloatVector a5 = FloatVector.broadcast(SPECIES, a[at + 5 * PITCH]);
      c50 = a5.lanewise(VectorOperators.FMA, b0, c50);
      c51 = a5.lanewise(VectorOperators.FMA, b1, c51);
      FloatVector a6 = FloatVector.broadcast(SPECIES, a[at + 6 * PITCH]);
      c60 = a6.lanewise(VectorOperators.FMA, b0, c60);
      c61 = a6.lanewise(VectorOperators.FMA, b1, c61);
      FloatVector a7 = FloatVector.broadcast(SPECIES, a[at + 7 * PITCH]);
      c70 = a7.lanewise(VectorOperators.FMA, b0, c70);
      c71 = a7.lanewise(VectorOperators.FMA, b1, c71);
      FloatVector a8 = FloatVector.broadcast(SPECIES, a[at + 8 * PITCH]);
      c80 = a8.lanewise(VectorOperators.FMA, b0, c80);
      c81 = a8.lanewise(VectorOperators.FMA, b1, c81);
      FloatVector a9 = FloatVector.broadcast(SPECIES, a[at + 9 * PITCH]);
      c90 = a9.lanewise(VectorOperators.FMA, b0, c90);
      c91 = a9.lanewise(VectorOperators.FMA, b1, c91);
      FloatVector aa = FloatVector.broadcast(SPECIES, a[at + 10 * PITCH]);
      ca0 = aa.lanewise(VectorOperators.FMA, b0, ca0);
      ca1 = aa.lanewise(VectorOperators.FMA, b1, ca1);
      FloatVector ab = FloatVector.broadcast(SPECIES, a[at + 11 * PITCH]);
      cb0 = ab.lanewise(VectorOperators.FMA, b0, cb0);
      cb1 = ab.lanewise(VectorOperators.FMA, b1, cb1);
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
      ct += cStride;
      factor.lanewise(VectorOperators.MUL, c40).intoArray(c, ct);
      factor.lanewise(VectorOperators.MUL, c41).intoArray(c, ct + LANES);
      ct += cStride;
      factor.lanewise(VectorOperators.MUL, c50).intoArray(c, ct);
      factor.lanewise(VectorOperators.MUL, c51).intoArray(c, ct + LANES);
      ct += cStride;
      factor.lanewise(VectorOperators.MUL, c60).intoArray(c, ct);
      factor.lanewise(VectorOperators.MUL, c61).intoArray(c, ct + LANES);
      ct += cStride;
      factor.lanewise(VectorOperators.MUL, c70).intoArray(c, ct);
      factor.lanewise(VectorOperators.MUL, c71).intoArray(c, ct + LANES);
      ct += cStride;
      factor.lanewise(VectorOperators.MUL, c80).intoArray(c, ct);
      factor.lanewise(VectorOperators.MUL, c81).intoArray(c, ct + LANES);
      ct += cStride;
      factor.lanewise(VectorOperators.MUL, c90).intoArray(c, ct);
      factor.lanewise(VectorOperators.MUL, c91).intoArray(c, ct + LANES);
      ct += cStride;
      factor.lanewise(VectorOperators.MUL, ca0).intoArray(c, ct);
      factor.lanewise(VectorOperators.MUL, ca1).intoArray(c, ct + LANES);
      ct += cStride;
      factor.lanewise(VectorOperators.MUL, cb0).intoArray(c, ct);
      factor.lanewise(VectorOperators.MUL, cb1).intoArray(c, ct + LANES);
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
      ct += cStride;
      FloatVector k40 = FloatVector.fromArray(SPECIES, c, ct);
      factor
          .lanewise(VectorOperators.MUL, c40)
          .lanewise(VectorOperators.ADD, keep.lanewise(VectorOperators.MUL, k40))
          .intoArray(c, ct);
      FloatVector k41 = FloatVector.fromArray(SPECIES, c, ct + LANES);
      factor
          .lanewise(VectorOperators.MUL, c41)
          .lanewise(VectorOperators.ADD, keep.lanewise(VectorOperators.MUL, k41))
          .intoArray(c, ct + LANES);
      ct += cStride;
      FloatVector k50 = FloatVector.fromArray(SPECIES, c, ct);
      factor
          .lanewise(VectorOperators.MUL, c50)
          .lanewise(VectorOperators.ADD, keep.lanewise(VectorOperators.MUL, k50))
          .intoArray(c, ct);
      FloatVector k51 = FloatVector.fromArray(SPECIES, c, ct + LANES);
      factor
          .lanewise(VectorOperators.MUL, c51)
          .lanewise(VectorOperators.ADD, keep.lanewise(VectorOperators.MUL, k51))
          .intoArray(c, ct + LANES);
      ct += cStride;
      FloatVector k60 = FloatVector.fromArray(SPECIES, c, ct);
      factor
          .lanewise(VectorOperators.MUL, c60)
          .lanewise(VectorOperators.ADD, keep.lanewise(VectorOperators.MUL, k60))
          .intoArray(c, ct);
      FloatVector k61 = FloatVector.fromArray(SPECIES, c, ct + LANES);
      factor
          .lanewise(VectorOperators.MUL, c61)
          .lanewise(VectorOperators.ADD, keep.lanewise(VectorOperators.MUL, k61))
          .intoArray(c, ct + LANES);
      ct += cStride;
      FloatVector k70 = FloatVector.fromArray(SPECIES, c, ct);
      factor
          .lanewise(VectorOperators.MUL, c70)
          .lanewise(VectorOperators.ADD, keep.lanewise(VectorOperators.MUL, k70))
          .intoArray(c, ct);
      FloatVector k71 = FloatVector.fromArray(SPECIES, c, ct + LANES);
      factor
          .lanewise(VectorOperators.MUL, c71)
          .lanewise(VectorOperators.ADD, keep.lanewise(VectorOperators.MUL, k71))
          .intoArray(c, ct + LANES);
      ct += cStride;
      FloatVector k80 = FloatVector.fromArray(SPECIES, c, ct);
      factor
          .lanewise(VectorOperators.MUL, c80)
          .lanewise(VectorOperators.ADD, keep.lanewise(VectorOperators.MUL, k80))
          .intoArray(c, ct);
      FloatVector k81 = FloatVector.fromArray(SPECIES, c, ct + LANES);
      factor
          .lanewise(VectorOperators.MUL, c81)
          .lanewise(VectorOperators.ADD, keep.lanewise(VectorOperators.MUL, k81))
          .intoArray(c, ct + LANES);
      ct += cStride;
      FloatVector k90 = FloatVector.fromArray(SPECIES, c, ct);
      factor
          .lanewise(VectorOperators.MUL, c90)
          .lanewise(VectorOperators.ADD, keep.lanewise(VectorOperators.MUL, k90))
          .intoArray(c, ct);
      FloatVector k91 = FloatVector.fromArray(SPECIES, c, ct + LANES);
      factor
          .lanewise(VectorOperators.MUL, c91)
          .lanewise(VectorOperators.ADD, keep.lanewise(VectorOperators.MUL, k91))
          .intoArray(c, ct + LANES);
      ct += cStride;
      FloatVector ka0 = FloatVector.fromArray(SPECIES, c, ct);
      factor
          .lanewise(VectorOperators.MUL, ca0)
          .lanewise(VectorOperators.ADD, keep.lanewise(VectorOperators.MUL, ka0))
          .intoArray(c, ct);
      FloatVector ka1 = FloatVector.fromArray(SPECIES, c, ct + LANES);
      factor
          .lanewise(VectorOperators.MUL, ca1)
          .lanewise(VectorOperators.ADD, keep.lanewise(VectorOperators.MUL, ka1))
          .intoArray(c, ct + LANES);
      ct += cStride;
      FloatVector kb0 = FloatVector.fromArray(SPECIES, c, ct);
      factor
          .lanewise(VectorOperators.MUL, cb0)
          .lanewise(VectorOperators.ADD, keep.lanewise(VectorOperators.MUL, kb0))
          .intoArray(c, ct);
      FloatVector kb1 = FloatVector.fromArray(SPECIES, c, ct + LANES);
      factor
          .lanewise(VectorOperators.MUL, cb1)
          .lanewise(VectorOperators.ADD, keep.lanewise(VectorOperators.MUL, kb1))
          .intoArray(c, ct + LANES);
    }
  }
}
