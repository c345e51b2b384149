package org.quadrille.kernels.cpu;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Copies blocks of A and B into panels, in the order in which {@link TileFloat} reads them.
 *
 * <p>A panel is {@code width} lanes wide (rows of A or columns of B) and {@code depth} long: lane w
 * of step p lies at {@code p * width + w}. The last panel is padded with zeros, so the tile needs
 * no tails. Transposed operands differ in their strides only.
 */
final class PackFloat {

  /** Steps copied at a time, so that the lines written stay in the first-level cache. */
  private static final int STEPS = 64;

  /** Panels copied side by side. */
  private static final int GROUP = 8;

  private static final VectorSpecies<Float> SPECIES = VectorWidth.FLOAT;
  private static final int LANES = SPECIES.length();

  /** Lanes of a panel that is two vectors wide. */
  private static final int VECTORS = 2 * LANES;

  private PackFloat() {}

  /**
   * Packs {@code lanes} lanes as panels one after the other.
   *
   * @param width lanes of a panel
   * @param laneStride distance in {@code source} from one lane to the next
   * @param stepStride distance in {@code source} from one step to the next
   */
  static void pack(
      int width,
      int lanes,
      int depth,
      float[] source,
      int sourceOffset,
      int laneStride,
      int stepStride,
      float[] packed,
      int packedOffset) {
    int lane = 0;
    if (laneStride == 1 && width == VECTORS) {
      for (; lane <= lanes - width; lane += GROUP * width) {
        int panels = Math.min(GROUP, (lanes - lane) / width);
        int from = sourceOffset + lane;
        copyPanels(panels, depth, source, from, stepStride, packed, packedOffset + lane * depth);
      }
      lane = lanes - lanes % width;
    }
    for (; lane < lanes; lane += width) {
      int from = sourceOffset + lane * laneStride;
      int to = packedOffset + lane * depth;
      int used = Math.min(width, lanes - lane);
      if (laneStride == 1) {
        copySteps(width, used, depth, source, from, stepStride, packed, to);
      } else {
        gatherLanes(width, used, depth, source, from, laneStride, stepStride, packed, to);
      }
    }
  }

  /**
   * Whole panels of two vectors whose lanes are neighbours: a matrix B stored by rows. Several at a
   * time, since a run along a row is read faster than pieces of a column.
   */
  private static void copyPanels(
      int panels, int depth, float[] source, int from, int stepStride, float[] packed, int to) {
    int panelSize = depth * VECTORS;
    for (int p = 0; p < depth; p++) {
      int step = from + p * stepStride;
      int at = to + p * VECTORS;
      for (int q = 0; q < panels; q++) {
        FloatVector.fromArray(SPECIES, source, step).intoArray(packed, at);
        FloatVector.fromArray(SPECIES, source, step + LANES).intoArray(packed, at + LANES);
        step += VECTORS;
        at += panelSize;
      }
    }
  }

  /** The lanes of each step are neighbours: one short copy per step. */
  private static void copySteps(
      int width,
      int used,
      int depth,
      float[] source,
      int from,
      int stepStride,
      float[] packed,
      int to) {
    for (int p = 0; p < depth; p++) {
      int step = from + p * stepStride;
      int panel = to + p * width;
      for (int w = 0; w < used; w++) {
        packed[panel + w] = source[step + w];
      }
      for (int w = used; w < width; w++) {
        packed[panel + w] = 0;
      }
    }
  }

  /** Lane after lane, for a few steps at a time. */
  private static void gatherLanes(
      int width,
      int used,
      int depth,
      float[] source,
      int from,
      int laneStride,
      int stepStride,
      float[] packed,
      int to) {
    for (int start = 0; start < depth; start += STEPS) {
      int steps = Math.min(STEPS, depth - start);
      int first = from + start * stepStride;
      int panel = to + start * width;
      if (stepStride != 1) {
        for (int w = 0; w < used; w++) {
          gatherLane(width, steps, source, first + w * laneStride, stepStride, packed, panel + w);
        }
      } else if (width == VECTORS) {
        rowsOfB(used, steps, source, first, laneStride, packed, panel);
      } else {
        rowsOfA(used, steps, source, first, laneStride, packed, panel);
      }
      for (int w = used; w < width; w++) {
        for (int p = 0; p < steps; p++) {
          packed[panel + p * width + w] = 0;
        }
      }
    }
  }

  private static void gatherLane(
      int width, int steps, float[] source, int from, int stepStride, float[] packed, int to) {
    for (int p = 0; p < steps; p++) {
      packed[to + p * width] = source[from + p * stepStride];
    }
  }

  // Contiguous along the depth, the common case: constant widths let the compiler lift the checks
  // of
  // bounds out of the loops, and four lanes at a time keep several loads in flight.

  private static void rowsOfA(
      int used, int steps, float[] source, int from, int laneStride, float[] packed, int to) {
    int w = 0;
    for (; w <= used - 4; w += 4) {
      int r0 = from + w * laneStride;
      int r1 = r0 + laneStride;
      int r2 = r1 + laneStride;
      int r3 = r2 + laneStride;
      int at = to + w;
      for (int p = 0; p < steps; p++) {
        packed[at + p * TileFloat.ROWS] = source[r0 + p];
        packed[at + p * TileFloat.ROWS + 1] = source[r1 + p];
        packed[at + p * TileFloat.ROWS + 2] = source[r2 + p];
        packed[at + p * TileFloat.ROWS + 3] = source[r3 + p];
      }
    }
    for (; w < used; w++) {
      int row = from + w * laneStride;
      for (int p = 0; p < steps; p++) {
        packed[to + w + p * TileFloat.ROWS] = source[row + p];
      }
    }
  }

  private static void rowsOfB(
      int used, int steps, float[] source, int from, int laneStride, float[] packed, int to) {
    int w = 0;
    for (; w <= used - 4; w += 4) {
      int r0 = from + w * laneStride;
      int r1 = r0 + laneStride;
      int r2 = r1 + laneStride;
      int r3 = r2 + laneStride;
      int at = to + w;
      for (int p = 0; p < steps; p++) {
        packed[at + p * VECTORS] = source[r0 + p];
        packed[at + p * VECTORS + 1] = source[r1 + p];
        packed[at + p * VECTORS + 2] = source[r2 + p];
        packed[at + p * VECTORS + 3] = source[r3 + p];
      }
    }
    for (; w < used; w++) {
      int row = from + w * laneStride;
      for (int p = 0; p < steps; p++) {
        packed[to + w + p * VECTORS] = source[row + p];
      }
    }
  }
}
