// Generated from TileUpdateFloat.java by src/main/generator/DoubleTwins.java. Do not edit.
package org.quadrille.kernels.cpu;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorSpecies;

/** Adds a finished tile to its place in C, or as much of it as lies inside C. */
final class TileUpdateDouble {

  private static final VectorSpecies<Double> SPECIES = VectorWidth.DOUBLE;
  private static final int LANES = SPECIES.length();

  private TileUpdateDouble() {}

  /** {@code C := tile + beta * C} for the first rows and columns of a tile. */
  static void update(
      int rows,
      int columns,
      double[] tile,
      double beta,
      double[] c,
      int cOffset,
      int rowStride,
      int colStride) {
    if (colStride != 1) {
      updateStrided(rows, columns, tile, beta, c, cOffset, rowStride, colStride);
    } else if (beta == 0) {
      overwrite(rows, columns, tile, c, cOffset, rowStride);
    } else if (beta == 1) {
      add(rows, columns, tile, c, cOffset, rowStride);
    } else {
      updateStrided(rows, columns, tile, beta, c, cOffset, rowStride, 1);
    }
  }

  private static void overwrite(
      int rows, int columns, double[] tile, double[] c, int cOffset, int rowStride) {
    for (int i = 0; i < rows; i++) {
      int from = i * TileDouble.COLUMNS;
      int to = cOffset + i * rowStride;
      int j = 0;
      for (; j <= columns - LANES; j += LANES) {
        DoubleVector.fromArray(SPECIES, tile, from + j).intoArray(c, to + j);
      }
      for (; j < columns; j++) {
        c[to + j] = tile[from + j];
      }
    }
  }

  private static void add(
      int rows, int columns, double[] tile, double[] c, int cOffset, int rowStride) {
    for (int i = 0; i < rows; i++) {
      int from = i * TileDouble.COLUMNS;
      int to = cOffset + i * rowStride;
      int j = 0;
      for (; j <= columns - LANES; j += LANES) {
        DoubleVector.fromArray(SPECIES, tile, from + j)
            .add(DoubleVector.fromArray(SPECIES, c, to + j))
            .intoArray(c, to + j);
      }
      for (; j < columns; j++) {
        c[to + j] = tile[from + j] + c[to + j];
      }
    }
  }

  private static void updateStrided(
      int rows,
      int columns,
      double[] tile,
      double beta,
      double[] c,
      int cOffset,
      int rowStride,
      int colStride) {
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < columns; j++) {
        int at = cOffset + i * rowStride + j * colStride;
        double value = tile[i * TileDouble.COLUMNS + j];
        c[at] = beta == 0 ? value : value + beta * c[at];
      }
    }
  }
}
