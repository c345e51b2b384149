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
    for (int lane = 0; lane < lanes; lane += width) {
      int from = sourceOffset + lane * laneStride;
      int to = packedOffset + lane * depth;
      int used = Math.min(width, lanes - lane);
      if (laneStride == 1 && width == VECTORS && used == width) {
        copyVectors(depth, source, from, stepStride, packed, to);
      } else if (laneStride == 1) {
        copySteps(width, used, depth, source, from, stepStride, packed, to);
      } else {
        gatherLanes(width, used, depth, source, from, laneStride, stepStride, packed, to);
      }
    }
  }

  /** The lanes of each step are neighbours and fill two vectors: a whole panel of B. */
  private static void copyVectors(
      int depth, float[] source, int from, int stepStride, float[] packed, int to) {
    for (int p = 0; p < depth; p++) {
      int step = from + p * stepStride;
      int panel = to + p * VECTORS;
      FloatVector.fromArray(SPECIES, source, step).intoArray(packed, panel);
      FloatVector.fromArray(SPECIES, source, step + LANES).intoArray(packed, panel + LANES);
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
      for (int w = 0; w < used; w++) {
        gatherLane(
            width,
            steps,
            source,
            from + w * laneStride + start * stepStride,
            stepStride,
            packed,
            to + start * width + w);
      }
      for (int w = used; w < width; w++) {
        for (int p = 0; p < steps; p++) {
          packed[to + (start + p) * width + w] = 0;
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
}
