package org.quadrille.kernels.cpu;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/** Adds to C the part of a finished tile that lies inside C, of any strides. */
final class TileUpdateFloat {

  private static final VectorSpecies<Float> SPECIES = VectorWidth.FLOAT;
  private static final int LANES = SPECIES.length();

  private TileUpdateFloat() {}

  /** {@code C := tile + beta * C} for some rows and columns of a tile. */
  static void update(
      int rows,
      int columns,
      float[] tile,
      int tileOffset,
      int tileStride,
      float beta,
      float[] c,
      int cOffset,
      int rowStride,
      int colStride) {
    for (int i = 0; i < rows; i++) {
      int from = tileOffset + i * tileStride;
      int to = cOffset + i * rowStride;
      int j = 0;
      if (colStride == 1) {
        for (; j <= columns - LANES; j += LANES) {
          FloatVector value = FloatVector.fromArray(SPECIES, tile, from + j);
          if (beta != 0) {
            value = value.add(FloatVector.fromArray(SPECIES, c, to + j).mul(beta));
          }
          value.intoArray(c, to + j);
        }
      }
      for (; j < columns; j++) {
        int at = to + j * colStride;
        float value = tile[from + j];
        c[at] = beta == 0 ? value : value + beta * c[at];
      }
    }
  }
}
