// Generated from TileUpdateFloat.java by src/main/generator/DoubleTwins.java. Do not edit.
package org.quadrille.kernels.cpu;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorSpecies;

/** Adds to C the part of a finished tile that lies inside C, of any strides. */
final class TileUpdateDouble {

  private static final VectorSpecies<Double> SPECIES = VectorWidth.DOUBLE;
  private static final int LANES = SPECIES.length();

  private TileUpdateDouble() {}

  /** {@code C := tile + beta * C} for some rows and columns of a tile. */
  static void update(
      int rows,
      int columns,
      double[] tile,
      int tileOffset,
      int tileStride,
      double beta,
      double[] c,
      int cOffset,
      int rowStride,
      int colStride) {
    for (int i = 0; i < rows; i++) {
      int from = tileOffset + i * tileStride;
      int to = cOffset + i * rowStride;
      int j = 0;
      if (colStride == 1) {
        for (; j <= columns - LANES; j += LANES) {
          DoubleVector value = DoubleVector.fromArray(SPECIES, tile, from + j);
          if (beta != 0) {
            value = value.add(DoubleVector.fromArray(SPECIES, c, to + j).mul(beta));
          }
          value.intoArray(c, to + j);
        }
      }
      for (; j < columns; j++) {
        int at = to + j * colStride;
        double value = tile[from + j];
        c[at] = beta == 0 ? value : value + beta * c[at];
      }
    }
  }
}
