package org.quadrille.kernels.cpu;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Matrix products with a {@link PackedMatrix}: the dense product, except that packing a block of
 * the matrix decodes it. So decoding costs once per weight and block of the other factor, and the
 * bits are those of the dense product.
 */
final class PackedGemm extends GemmFloat {
  private static final VectorSpecies<Float> SPECIES = VectorWidth.FLOAT;
  private static final int LANES = SPECIES.length();
  private static final int COLUMNS = TileFloat.COLUMNS;

  private static final Workspace<float[]> PIECES = new Workspace<>(float[]::new, x -> x.length);

  /** Stands for the matrix of codes, which no dense loop reads; never read in place. */
  private static final MatrixFloat CODES = new MatrixFloat(new float[0], 0, 0, 0);

  private final PackedMatrix codes;
  private final boolean leftIsCodes;

  private PackedGemm(
      PackedMatrix codes,
      boolean leftIsCodes,
      int m,
      int n,
      int k,
      MatrixFloat other,
      MatrixFloat c) {
    super(
        m,
        n,
        k,
        1,
        leftIsCodes ? CODES : other,
        leftIsCodes ? other : CODES,
        0,
        c,
        threads(m, n, k));
    this.codes = codes;
    this.leftIsCodes = leftIsCodes;
  }

  /** {@code C := A B} with A of codes and B of n columns. */
  static void multiply(PackedMatrix a, int n, MatrixFloat b, MatrixFloat c) {
    new PackedGemm(a, true, a.rows(), n, a.cols(), b, c).run();
  }

  /** {@code C := A^T B} as {@code C^T = B^T A}. */
  static void multiplyTransposed(PackedMatrix a, int n, MatrixFloat b, MatrixFloat c) {
    new PackedGemm(a, false, n, a.cols(), a.rows(), b.transposed(), c.transposed()).run();
  }

  @Override
  void packRows(int rows, int depth, int row, int start, float[] space, int offset) {
    if (leftIsCodes) {
      for (int i = 0; i < rows; i++) {
        VectorPacked.decode(codes, row + i, start, depth, space, offset + i * TileFloat.PITCH);
      }
    } else {
      super.packRows(rows, depth, row, start, space, offset);
    }
  }

  @Override
  void packPanels(int columns, int depth, int start, int column, float[] space, int offset) {
    if (leftIsCodes) {
      super.packPanels(columns, depth, start, column, space, offset);
      return;
    }
    // whole panels are copied; what the last one has too many is arbitrary
    int padded = (columns + COLUMNS - 1) / COLUMNS * COLUMNS;
    float[] piece = PIECES.borrow(padded);
    for (int p = 0; p < depth; p++) {
      VectorPacked.decode(codes, start + p, column, columns, piece, 0);
      int at = offset + p * COLUMNS;
      for (int j = 0; j < padded; j += COLUMNS) {
        FloatVector.fromArray(SPECIES, piece, j).intoArray(space, at);
        FloatVector.fromArray(SPECIES, piece, j + LANES).intoArray(space, at + LANES);
        at += depth * COLUMNS;
      }
    }
    PIECES.giveBack(piece);
  }
}
