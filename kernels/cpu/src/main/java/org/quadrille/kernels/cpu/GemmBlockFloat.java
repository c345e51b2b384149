package org.quadrille.kernels.cpu;

/**
 * One block of C: all its tiles, from packed rows of A and panels of B.
 *
 * <p>Tiles are visited along the rows of C, so that a strip of A stays in the first-level cache,
 * the panels of B in the second-level one, and C is read and written in runs. The last columns,
 * where one vector holds them, are left to narrow tiles.
 */
final class GemmBlockFloat {

  /** Elements of B that stay in the second-level cache while the strips of A pass by. */
  private static final int PANELS_IN_CACHE = (1 << 18) / Float.BYTES;

  /** First index used in a workspace: 64 bytes from the start of the object, with its header. */
  static final int START = 48 / Float.BYTES;

  /** Every workspace begins with room for one tile, for tiles that overlap an edge of C. */
  static final int PACKED_START = START + TileFloat.ROWS * TileFloat.COLUMNS;

  private final int rows;
  private final int depth;
  private final float alpha;
  private final float[] a;
  private final PanelsFloat b;
  private final float beta;
  private final MatrixFloat c;
  private final float[] scratch;

  /**
   * @param a workspace with the packed rows of A from {@link #PACKED_START} on
   * @param c the block of C, from its first element
   * @param scratch workspace of this thread, whose room for one tile is used
   */
  GemmBlockFloat(
      int rows,
      int depth,
      float alpha,
      float[] a,
      PanelsFloat b,
      float beta,
      MatrixFloat c,
      float[] scratch) {
    this.rows = rows;
    this.depth = depth;
    this.alpha = alpha;
    this.a = a;
    this.b = b;
    this.beta = beta;
    this.c = c;
    this.scratch = scratch;
  }

  /** Columns whose panels fit the second-level cache, whole panels. */
  static int columnsInCache(int depth) {
    int columns = PANELS_IN_CACHE / Math.max(1, depth);
    return Math.max(TileFloat.COLUMNS, columns - columns % TileFloat.COLUMNS);
  }

  /** Updates columns 0 to {@code columns - 1} of the block. */
  void multiply(int columns) {
    int rest = columns % TileFloat.COLUMNS;
    boolean narrow = rest > 0 && rest <= TileFloat.LANES;
    int wide = narrow ? columns - rest : columns;
    int step = columnsInCache(depth);
    for (int first = 0; first < wide; first += step) {
      wideTiles(first, Math.min(wide, first + step));
    }
    if (narrow) {
      narrowTiles(wide, rest);
    }
  }

  private void wideTiles(int first, int last) {
    int strips = Math.ceilDiv(rows, TileFloat.ROWS);
    int full = strips - shortStrips(strips, TileFloat.ROWS, TileFloat.SHORT_ROWS);
    int row = 0;
    for (int strip = 0; strip < strips; strip++) {
      int height = strip < full ? TileFloat.ROWS : TileFloat.SHORT_ROWS;
      int used = Math.min(height, rows - row);
      int direct = used == height && c.colStride() == 1 ? last - TileFloat.COLUMNS : -1;
      int at = PACKED_START + row * TileFloat.PITCH;
      int column = first;
      for (; column <= direct; column += TileFloat.COLUMNS) {
        TileFloat.wide(
            height,
            depth,
            alpha,
            a,
            at,
            b.data(),
            b.at(column),
            b.rowStep(),
            beta,
            c.data(),
            c.at(row, column),
            c.rowStride());
      }
      for (; column < last; column += TileFloat.COLUMNS) {
        int width = Math.min(TileFloat.COLUMNS, last - column);
        // In place there is no padding: the tile ends with the matrix and begins before.
        int overlap = b.inPlace() ? TileFloat.COLUMNS - width : 0;
        int from = b.at(column) - overlap;
        TileFloat.wide(
            height,
            depth,
            alpha,
            a,
            at,
            b.data(),
            from,
            b.rowStep(),
            0,
            scratch,
            START,
            TileFloat.COLUMNS);
        update(used, width, START + overlap, TileFloat.COLUMNS, row, column);
      }
      row += height;
    }
  }

  private void narrowTiles(int column, int width) {
    int overlap = b.inPlace() ? TileFloat.LANES - width : 0;
    int from = b.at(column) - overlap;
    int strips = Math.ceilDiv(rows, TileFloat.NARROW_ROWS);
    int full = strips - shortStrips(strips, TileFloat.NARROW_ROWS, TileFloat.NARROW_SHORT_ROWS);
    int row = 0;
    for (int strip = 0; strip < strips; strip++) {
      int height = strip < full ? TileFloat.NARROW_ROWS : TileFloat.NARROW_SHORT_ROWS;
      int used = Math.min(height, rows - row);
      int at = PACKED_START + row * TileFloat.PITCH;
      if (used == height && width == TileFloat.LANES && c.colStride() == 1) {
        TileFloat.narrow(
            height,
            depth,
            alpha,
            a,
            at,
            b.data(),
            from,
            b.rowStep(),
            beta,
            c.data(),
            c.at(row, column),
            c.rowStride());
      } else {
        TileFloat.narrow(
            height,
            depth,
            alpha,
            a,
            at,
            b.data(),
            from,
            b.rowStep(),
            0,
            scratch,
            START,
            TileFloat.LANES);
        update(used, width, START + overlap, TileFloat.LANES, row, column);
      }
      row += height;
    }
  }

  /** How many of the strips may be short and still hold all rows. */
  private int shortStrips(int strips, int full, int brief) {
    return Math.min(strips, (strips * full - rows) / (full - brief));
  }

  private void update(int height, int width, int tile, int tileStride, int row, int column) {
    TileUpdateFloat.update(
        height,
        width,
        scratch,
        tile,
        tileStride,
        beta,
        c.data(),
        c.at(row, column),
        c.rowStride(),
        c.colStride());
  }
}
