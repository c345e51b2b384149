package org.quadrille.kernels.cpu;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Forward substitution with a small triangle for many right-hand sides, on the tile of the matrix
 * product: what the rows above contribute to a few rows is a tile, the few rows among themselves
 * are vector operations.
 */
final class TriangleFloat {

  private static final VectorSpecies<Float> SPECIES = VectorWidth.FLOAT;
  private static final int LANES = SPECIES.length();
  private static final int ROWS = TileFloat.ROWS;
  private static final int COLUMNS = TileFloat.COLUMNS;
  private static final int PITCH = TileFloat.PITCH;

  /** Panels of right-hand sides that one task copies and solves. */
  private static final int GROUP = 8;

  /** Solves with fewer multiply-adds than this run on one thread. */
  private static final long PARALLEL_FROM = 1L << 18;

  private static final Workspace<float[]> PANELS = new Workspace<>(float[]::new, x -> x.length);

  private TriangleFloat() {}

  /** {@code X := L^-1 X}, see {@link Kernels#solveLower}. */
  static void solve(
      int n,
      int k,
      float[] l,
      int lOffset,
      int lRowStride,
      int lColStride,
      boolean unitDiagonal,
      float[] x,
      int xOffset,
      int xRowStride,
      int xColStride) {
    if (n > PITCH) {
      // Longer than a packed row. Callers cut such a triangle into blocks, which are faster anyway.
      ScalarTriangleFloat.solve(
          n,
          k,
          l,
          lOffset,
          lRowStride,
          lColStride,
          unitDiagonal,
          x,
          xOffset,
          xRowStride,
          xColStride);
      return;
    }
    int pivots = (n + ROWS) * PITCH;
    float[] triangle = PANELS.borrow(pivots + n);
    try {
      PackFloat.rows(n, n, l, lOffset, lRowStride, lColStride, triangle, 0);
      for (int i = 0; i < n; i++) {
        triangle[pivots + i] = unitDiagonal ? 1 : l[lOffset + i * (lRowStride + lColStride)];
      }
      int groups = Math.ceilDiv(k, GROUP * COLUMNS);
      boolean parallel = (double) n * n * k >= 2.0 * PARALLEL_FROM;
      for (int group = 0; !parallel && group < groups; group++) {
        solveGroup(n, k, group, triangle, pivots, x, xOffset, xRowStride, xColStride);
      }
      if (parallel) {
        WorkerPool.shared()
            .forEach(
                groups,
                group ->
                    solveGroup(n, k, group, triangle, pivots, x, xOffset, xRowStride, xColStride));
      }
    } finally {
      PANELS.giveBack(triangle);
    }
  }

  private static void solveGroup(
      int n,
      int k,
      int group,
      float[] triangle,
      int pivots,
      float[] x,
      int xOffset,
      int xRowStride,
      int xColStride) {
    int first = group * GROUP * COLUMNS;
    int columns = Math.min(GROUP * COLUMNS, k - first);
    int start = xOffset + first * xColStride;
    float[] panels = PANELS.borrow(n * GROUP * COLUMNS);
    try {
      PackFloat.panels(columns, n, x, start, xRowStride, xColStride, panels, 0);
      float[] tile = new float[ROWS * COLUMNS];
      for (int column = 0; column < columns; column += COLUMNS) {
        solvePanel(n, triangle, pivots, panels, column * n, tile);
        store(
            n,
            Math.min(COLUMNS, columns - column),
            panels,
            column * n,
            x,
            start + column * xColStride,
            xRowStride,
            xColStride);
      }
    } finally {
      PANELS.giveBack(panels);
    }
  }

  /** One panel of right-hand sides, packed as B of a product. */
  private static void solvePanel(
      int n, float[] triangle, int pivots, float[] panels, int panel, float[] tile) {
    for (int i = 0; i < n; i += ROWS) {
      int at = i * PITCH;
      TileFloat.wide(ROWS, i, 1, triangle, at, panels, panel, COLUMNS, 0, tile, 0, COLUMNS);
      int rows = Math.min(ROWS, n - i);
      solveRows(rows, triangle, at + i, pivots + i, panels, panel + i * COLUMNS, tile);
    }
  }

  /** A few rows, with what the rows above contribute in the tile. */
  private static void solveRows(
      int rows, float[] triangle, int at, int pivots, float[] x, int xAt, float[] tile) {
    for (int r = 0; r < rows; r++) {
      FloatVector sum0 = FloatVector.fromArray(SPECIES, tile, r * COLUMNS);
      FloatVector sum1 = FloatVector.fromArray(SPECIES, tile, r * COLUMNS + LANES);
      for (int q = 0; q < r; q++) {
        FloatVector factor = FloatVector.broadcast(SPECIES, triangle[at + r * PITCH + q]);
        int row = xAt + q * COLUMNS;
        sum0 = factor.lanewise(VectorOperators.FMA, FloatVector.fromArray(SPECIES, x, row), sum0);
        sum1 =
            factor.lanewise(
                VectorOperators.FMA, FloatVector.fromArray(SPECIES, x, row + LANES), sum1);
      }
      FloatVector pivot = FloatVector.broadcast(SPECIES, triangle[pivots + r]);
      int row = xAt + r * COLUMNS;
      FloatVector.fromArray(SPECIES, x, row).sub(sum0).div(pivot).intoArray(x, row);
      FloatVector.fromArray(SPECIES, x, row + LANES).sub(sum1).div(pivot).intoArray(x, row + LANES);
    }
  }

  private static void store(
      int n,
      int columns,
      float[] panels,
      int panel,
      float[] x,
      int xOffset,
      int xRowStride,
      int xColStride) {
    if (xColStride == 1) {
      for (int i = 0; i < n; i++) {
        System.arraycopy(panels, panel + i * COLUMNS, x, xOffset + i * xRowStride, columns);
      }
      return;
    }
    for (int c = 0; c < columns; c++) {
      int column = xOffset + c * xColStride;
      for (int i = 0; i < n; i++) {
        x[column + i * xRowStride] = panels[panel + i * COLUMNS + c];
      }
    }
  }
}
