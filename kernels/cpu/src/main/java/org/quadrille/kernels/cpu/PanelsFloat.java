package org.quadrille.kernels.cpu;

/**
 * Where the tile finds the columns of B: column j of step p at {@code offset + j * columnStep + p *
 * rowStep}, j a multiple of the width of a panel, and its neighbours next to it.
 *
 * @param inPlace whether these are the columns of B itself, so that there is no padding to read
 */
record PanelsFloat(float[] data, int offset, int columnStep, int rowStep, boolean inPlace) {

  /** Largest matrix, in elements from its first to its last row, that is read where it lies. */
  private static final int LARGEST_IN_PLACE = (1 << 15) / Float.BYTES;

  /** Whether B, k x n, is so small that packing it would cost more than it saves. */
  static boolean canStayInPlace(int k, int n, MatrixFloat b) {
    int rest = n % TileFloat.COLUMNS;
    int narrowest = rest > 0 && rest <= TileFloat.LANES ? TileFloat.LANES : TileFloat.COLUMNS;
    return b.colStride() == 1 && n >= narrowest && (long) k * b.rowStride() <= LARGEST_IN_PLACE;
  }

  /** Panels one after the other, as {@link PackFloat#panels} writes them. */
  static PanelsFloat packed(float[] data, int offset, int depth) {
    return new PanelsFloat(data, offset, depth, TileFloat.COLUMNS, false);
  }

  static PanelsFloat inPlace(MatrixFloat b, int start, int column) {
    return new PanelsFloat(b.data(), b.at(start, column), 1, b.rowStride(), true);
  }

  int at(int column) {
    return offset + column * columnStep;
  }
}
