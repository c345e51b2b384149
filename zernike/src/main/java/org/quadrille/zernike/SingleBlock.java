package org.quadrille.zernike;

import org.quadrille.kernels.cpu.Kernels;

/**
 * Modes and sums at a block of points in single precision.
 *
 * <p>Near the edge the roundings of the relation of four neighbours add up to d^2 / 4 units of the
 * last place: 1e-4 at degree 100. Points there, 2 percent of the disk, are computed in double
 * precision and rounded. Not thread safe; one per task.
 */
final class SingleBlock {
  /** Up to here modes of degree 100 are off by less than 4e-6. */
  private static final double EDGE = 0.99;

  private final Kernels kernels;
  private final int degree;
  private final int from;
  private final int count;
  private final float[] radius;
  private final float[] radiusLow;
  private final float[] cosine;
  private final float[] sine;

  /** Numbers in the block of points next to the edge, and those points. */
  private final int[] edge;

  private final PolarPoints edgePoints;
  private final int edgeCount;

  SingleBlock(
      Kernels kernels, int degree, float[] x, float[] y, int from, int to, Outside outside) {
    this.kernels = kernels;
    this.degree = degree;
    this.from = from;
    count = to - from;
    double[] wideX = new double[count];
    double[] wideY = new double[count];
    for (int i = 0; i < count; i++) {
      wideX[i] = x[from + i];
      wideY[i] = y[from + i];
    }
    PolarPoints polar = new PolarPoints(count);
    polar.take(wideX, wideY, from, outside);
    radius = new float[count];
    radiusLow = new float[count];
    cosine = new float[count];
    sine = new float[count];
    edge = new int[count];
    edgePoints = new PolarPoints(count);
    int found = 0;
    for (int i = 0; i < count; i++) {
      radius[i] = (float) polar.radius[i];
      radiusLow[i] = (float) (polar.radius[i] - radius[i]);
      cosine[i] = (float) polar.cosine[i];
      sine[i] = (float) polar.sine[i];
      if (polar.radius[i] > EDGE) {
        edge[found] = i;
        edgePoints.copy(found, polar, i);
        found++;
      }
    }
    edgeCount = found;
  }

  /** Values of an expansion, given in both precisions. */
  void sum(float[] plainOsa, double[] wide, float[] out) {
    kernels.zernikeSum(degree, plainOsa, 0, count, radius, radiusLow, cosine, sine, 0, out, from);
    double[] sums = new double[edgeCount];
    kernels.zernikeSum(
        degree,
        wide,
        0,
        edgeCount,
        edgePoints.radius,
        edgePoints.radiusLow,
        edgePoints.cosine,
        edgePoints.sine,
        0,
        sums,
        0);
    for (int k = 0; k < edgeCount; k++) {
      out[from + edge[k]] = (float) sums[k];
    }
  }

  /** All modes, those of one mode {@code stride} elements after those of the one before. */
  void modes(float[] out, int stride) {
    kernels.zernikeModes(degree, count, radius, radiusLow, cosine, sine, 0, out, from, stride);
    int modes = DiskModes.count(degree);
    double[] wide = new double[modes * edgeCount];
    kernels.zernikeModes(
        degree,
        edgeCount,
        edgePoints.radius,
        edgePoints.radiusLow,
        edgePoints.cosine,
        edgePoints.sine,
        0,
        wide,
        0,
        edgeCount);
    for (int j = 0; j < modes; j++) {
      for (int k = 0; k < edgeCount; k++) {
        out[j * stride + from + edge[k]] = (float) wide[j * edgeCount + k];
      }
    }
  }
}
