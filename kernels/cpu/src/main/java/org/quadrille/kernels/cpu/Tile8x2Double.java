// Generated from Tile8x2Float.java by src/main/generator/DoubleTwins.java. Do not edit.
// Generated from Tiles.java in src/main/generator. Do not edit.
package org.quadrille.kernels.cpu;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** The tile of 8 rows and 2 vectors; {@link TileDouble} explains it. */
final class Tile8x2Double {

  private static final VectorSpecies<Double> SPECIES = VectorWidth.DOUBLE;
  private static final int LANES = SPECIES.length();
  private static final int PITCH = TileDouble.PITCH;

  private Tile8x2Double() {}

  static void multiply(
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
    DoubleVector zero = DoubleVector.zero(SPECIES);
    DoubleVector c00 = zero;
    DoubleVector c01 = zero;
    DoubleVector c10 = zero;
    DoubleVector c11 = zero;
    DoubleVector c20 = zero;
    DoubleVector c21 = zero;
    DoubleVector c30 = zero;
    DoubleVector c31 = zero;
    DoubleVector c40 = zero;
    DoubleVector c41 = zero;
    DoubleVector c50 = zero;
    DoubleVector c51 = zero;
    DoubleVector c60 = zero;
    DoubleVector c61 = zero;
    DoubleVector c70 = zero;
    DoubleVector c71 = zero;
    int at = aOffset;
    int bt = bOffset;
    int end = aOffset + depth;
    while (at != end) {
      DoubleVector b0 = DoubleVector.fromArray(SPECIES, b, bt);
      DoubleVector b1 = DoubleVector.fromArray(SPECIES, b, bt + LANES);
      DoubleVector a0 = DoubleVector.broadcast(SPECIES, a[at]);
      c00 = a0.lanewise(VectorOperators.FMA, b0, c00);
      c01 = a0.lanewise(VectorOperators.FMA, b1, c01);
      DoubleVector a1 = DoubleVector.broadcast(SPECIES, a[at + PITCH]);
      c10 = a1.lanewise(VectorOperators.FMA, b0, c10);
      c11 = a1.lanewise(VectorOperators.FMA, b1, c11);
      DoubleVector a2 = DoubleVector.broadcast(SPECIES, a[at + 2 * PITCH]);
      c20 = a2.lanewise(VectorOperators.FMA, b0, c20);
      c21 = a2.lanewise(VectorOperators.FMA, b1, c21);
      DoubleVector a3 = DoubleVector.broadcast(SPECIES, a[at + 3 * PITCH]);
      c30 = a3.lanewise(VectorOperators.FMA, b0, c30);
      c31 = a3.lanewise(VectorOperators.FMA, b1, c31);
      DoubleVector a4 = DoubleVector.broadcast(SPECIES, a[at + 4 * PITCH]);
      c40 = a4.lanewise(VectorOperators.FMA, b0, c40);
      c41 = a4.lanewise(VectorOperators.FMA, b1, c41);
      DoubleVector a5 = DoubleVector.broadcast(SPECIES, a[at + 5 * PITCH]);
      c50 = a5.lanewise(VectorOperators.FMA, b0, c50);
      c51 = a5.lanewise(VectorOperators.FMA, b1, c51);
      DoubleVector a6 = DoubleVector.broadcast(SPECIES, a[at + 6 * PITCH]);
      c60 = a6.lanewise(VectorOperators.FMA, b0, c60);
      c61 = a6.lanewise(VectorOperators.FMA, b1, c61);
      DoubleVector a7 = DoubleVector.broadcast(SPECIES, a[at + 7 * PITCH]);
      c70 = a7.lanewise(VectorOperators.FMA, b0, c70);
      c71 = a7.lanewise(VectorOperators.FMA, b1, c71);
      at++;
      bt += bStep;
    }
    DoubleVector factor = DoubleVector.broadcast(SPECIES, alpha);
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
    } else {
      DoubleVector keep = DoubleVector.broadcast(SPECIES, beta);
      DoubleVector k00 = DoubleVector.fromArray(SPECIES, c, ct);
      factor
          .lanewise(VectorOperators.MUL, c00)
          .lanewise(VectorOperators.ADD, keep.lanewise(VectorOperators.MUL, k00))
          .intoArray(c, ct);
      DoubleVector k01 = DoubleVector.fromArray(SPECIES, c, ct + LANES);
      factor
          .lanewise(VectorOperators.MUL, c01)
          .lanewise(VectorOperators.ADD, keep.lanewise(VectorOperators.MUL, k01))
          .intoArray(c, ct + LANES);
      ct += cStride;
      DoubleVector k10 = DoubleVector.fromArray(SPECIES, c, ct);
      factor
          .lanewise(VectorOperators.MUL, c10)
          .lanewise(VectorOperators.ADD, keep.lanewise(VectorOperators.MUL, k10))
          .intoArray(c, ct);
      DoubleVector k11 = DoubleVector.fromArray(SPECIES, c, ct + LANES);
      factor
          .lanewise(VectorOperators.MUL, c11)
          .lanewise(VectorOperators.ADD, keep.lanewise(VectorOperators.MUL, k11))
          .intoArray(c, ct + LANES);
      ct += cStride;
      DoubleVector k20 = DoubleVector.fromArray(SPECIES, c, ct);
      factor
          .lanewise(VectorOperators.MUL, c20)
          .lanewise(VectorOperators.ADD, keep.lanewise(VectorOperators.MUL, k20))
          .intoArray(c, ct);
      DoubleVector k21 = DoubleVector.fromArray(SPECIES, c, ct + LANES);
      factor
          .lanewise(VectorOperators.MUL, c21)
          .lanewise(VectorOperators.ADD, keep.lanewise(VectorOperators.MUL, k21))
          .intoArray(c, ct + LANES);
      ct += cStride;
      DoubleVector k30 = DoubleVector.fromArray(SPECIES, c, ct);
      factor
          .lanewise(VectorOperators.MUL, c30)
          .lanewise(VectorOperators.ADD, keep.lanewise(VectorOperators.MUL, k30))
          .intoArray(c, ct);
      DoubleVector k31 = DoubleVector.fromArray(SPECIES, c, ct + LANES);
      factor
          .lanewise(VectorOperators.MUL, c31)
          .lanewise(VectorOperators.ADD, keep.lanewise(VectorOperators.MUL, k31))
          .intoArray(c, ct + LANES);
      ct += cStride;
      DoubleVector k40 = DoubleVector.fromArray(SPECIES, c, ct);
      factor
          .lanewise(VectorOperators.MUL, c40)
          .lanewise(VectorOperators.ADD, keep.lanewise(VectorOperators.MUL, k40))
          .intoArray(c, ct);
      DoubleVector k41 = DoubleVector.fromArray(SPECIES, c, ct + LANES);
      factor
          .lanewise(VectorOperators.MUL, c41)
          .lanewise(VectorOperators.ADD, keep.lanewise(VectorOperators.MUL, k41))
          .intoArray(c, ct + LANES);
      ct += cStride;
      DoubleVector k50 = DoubleVector.fromArray(SPECIES, c, ct);
      factor
          .lanewise(VectorOperators.MUL, c50)
          .lanewise(VectorOperators.ADD, keep.lanewise(VectorOperators.MUL, k50))
          .intoArray(c, ct);
      DoubleVector k51 = DoubleVector.fromArray(SPECIES, c, ct + LANES);
      factor
          .lanewise(VectorOperators.MUL, c51)
          .lanewise(VectorOperators.ADD, keep.lanewise(VectorOperators.MUL, k51))
          .intoArray(c, ct + LANES);
      ct += cStride;
      DoubleVector k60 = DoubleVector.fromArray(SPECIES, c, ct);
      factor
          .lanewise(VectorOperators.MUL, c60)
          .lanewise(VectorOperators.ADD, keep.lanewise(VectorOperators.MUL, k60))
          .intoArray(c, ct);
      DoubleVector k61 = DoubleVector.fromArray(SPECIES, c, ct + LANES);
      factor
          .lanewise(VectorOperators.MUL, c61)
          .lanewise(VectorOperators.ADD, keep.lanewise(VectorOperators.MUL, k61))
          .intoArray(c, ct + LANES);
      ct += cStride;
      DoubleVector k70 = DoubleVector.fromArray(SPECIES, c, ct);
      factor
          .lanewise(VectorOperators.MUL, c70)
          .lanewise(VectorOperators.ADD, keep.lanewise(VectorOperators.MUL, k70))
          .intoArray(c, ct);
      DoubleVector k71 = DoubleVector.fromArray(SPECIES, c, ct + LANES);
      factor
          .lanewise(VectorOperators.MUL, c71)
          .lanewise(VectorOperators.ADD, keep.lanewise(VectorOperators.MUL, k71))
          .intoArray(c, ct + LANES);
    }
  }
}
