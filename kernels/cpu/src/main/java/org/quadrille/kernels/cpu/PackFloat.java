package org.quadrille.kernels.cpu;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Copies blocks of A and B to where the tile reads them: rows of A a constant pitch apart, columns
 * of B in panels as wide as the tile. Transposed operands differ in their strides only.
 */
final class PackFloat {

  /** Panels copied side by side: a run along a row is read faster than pieces of a column. */
  private static final int GROUP = 8;

  private static final VectorSpecies<Float> SPECIES = VectorWidth.FLOAT;
  private static final int LANES = SPECIES.length();
  private static final int COLUMNS = TileFloat.COLUMNS;
  private static final int PITCH = TileFloat.PITCH;

  private PackFloat() {}

  /** Packs rows of A: element p of row i goes to {@code offset + i * PITCH + p}. */
  static void rows(
      int rows,
      int depth,
      float[] source,
      int sourceOffset,
      int rowStride,
      int colStride,
      float[] packed,
      int offset) {
    if (colStride == 1) {
      for (int i = 0; i < rows; i++) {
        copyRow(depth, source, sourceOffset + i * rowStride, packed, offset + i * PITCH);
      }
      return;
    }
    int i = 0;
    for (; i <= rows - 4; i += 4) {
      int from = sourceOffset + i * rowStride;
      gatherRows(depth, source, from, rowStride, colStride, packed, offset + i * PITCH);
    }
    for (; i < rows; i++) {
      int from = sourceOffset + i * rowStride;
      int to = offset + i * PITCH;
      for (int p = 0; p < depth; p++) {
        packed[to + p] = source[from + p * colStride];
      }
    }
  }

  private static void copyRow(int depth, float[] source, int from, float[] packed, int to) {
    int last = depth - LANES;
    int p = 0;
    for (; p <= last; p += LANES) {
      FloatVector.fromArray(SPECIES, source, from + p).intoArray(packed, to + p);
    }
    if (p == depth) {
      return;
    }
    if (last >= 0) {
      FloatVector.fromArray(SPECIES, source, from + last).intoArray(packed, to + last);
    } else {
      for (; p < depth; p++) {
        packed[to + p] = source[from + p];
      }
    }
  }

  /** Four rows at a time, which are neighbours in the source where A is transposed. */
  private static void gatherRows(
      int depth, float[] source, int from, int rowStride, int colStride, float[] packed, int to) {
    for (int p = 0; p < depth; p++) {
      int at = from + p * colStride;
      packed[to + p] = source[at];
      packed[to + p + PITCH] = source[at + rowStride];
      packed[to + p + 2 * PITCH] = source[at + 2 * rowStride];
      packed[to + p + 3 * PITCH] = source[at + 3 * rowStride];
    }
  }

  /**
   * Packs columns of B as panels one after the other: element p of lane w of a panel goes to its
   * offset plus {@code p * COLUMNS + w}. What the last panel has too many is arbitrary.
   */
  static void panels(
      int columns,
      int depth,
      float[] source,
      int sourceOffset,
      int rowStride,
      int colStride,
      float[] packed,
      int offset) {
    int column = 0;
    if (colStride == 1) {
      for (; column <= columns - COLUMNS; column += GROUP * COLUMNS) {
        int panels = Math.min(GROUP, (columns - column) / COLUMNS);
        int from = sourceOffset + column;
        copyPanels(panels, depth, source, from, rowStride, packed, offset + column * depth);
      }
      column = columns - columns % COLUMNS;
      if (column < columns) {
        int from = sourceOffset + column;
        int to = offset + column * depth;
        copyPartOfPanel(columns - column, depth, source, from, rowStride, packed, to);
      }
      return;
    }
    for (; column < columns; column += COLUMNS) {
      int from = sourceOffset + column * colStride;
      int used = Math.min(COLUMNS, columns - column);
      gatherPanel(used, depth, source, from, rowStride, colStride, packed, offset + column * depth);
    }
  }

  private static void copyPanels(
      int panels, int depth, float[] source, int from, int rowStride, float[] packed, int to) {
    int panelSize = depth * COLUMNS;
    for (int p = 0; p < depth; p++) {
      int row = from + p * rowStride;
      int at = to + p * COLUMNS;
      for (int q = 0; q < panels; q++) {
        FloatVector.fromArray(SPECIES, source, row).intoArray(packed, at);
        FloatVector.fromArray(SPECIES, source, row + LANES).intoArray(packed, at + LANES);
        row += COLUMNS;
        at += panelSize;
      }
    }
  }

  /** The last columns, fewer than a panel; the second vector may overlap the first. */
  private static void copyPartOfPanel(
      int used, int depth, float[] source, int from, int rowStride, float[] packed, int to) {
    int second = used - LANES;
    for (int p = 0; p < depth; p++) {
      int row = from + p * rowStride;
      int at = to + p * COLUMNS;
      if (second >= 0) {
        FloatVector.fromArray(SPECIES, source, row).intoArray(packed, at);
        FloatVector.fromArray(SPECIES, source, row + second).intoArray(packed, at + second);
      } else {
        for (int w = 0; w < used; w++) {
          packed[at + w] = source[row + w];
        }
      }
    }
  }

  /** One panel of any strides, four columns at a time to keep several loads in flight. */
  private static void gatherPanel(
      int used,
      int depth,
      float[] source,
      int from,
      int rowStride,
      int colStride,
      float[] packed,
      int to) {
    int w = 0;
    for (; w <= used - 4; w += 4) {
      gatherColumns(depth, source, from + w * colStride, rowStride, colStride, packed, to + w);
    }
    for (; w < used; w++) {
      for (int p = 0; p < depth; p++) {
        packed[to + p * COLUMNS + w] = source[from + w * colStride + p * rowStride];
      }
    }
  }

  private static void gatherColumns(
      int depth, float[] source, int from, int rowStride, int colStride, float[] packed, int to) {
    int c0 = from;
    int c1 = c0 + colStride;
    int c2 = c1 + colStride;
    int c3 = c2 + colStride;
    for (int p = 0; p < depth; p++) {
      int at = to + p * COLUMNS;
      packed[at] = source[c0 + p * rowStride];
      packed[at + 1] = source[c1 + p * rowStride];
      packed[at + 2] = source[c2 + p * rowStride];
      packed[at + 3] = source[c3 + p * rowStride];
    }
  }
}
