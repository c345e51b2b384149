package org.quadrille.zernike.wavefront;

import java.util.Arrays;
import org.quadrille.zernike.RadialRule;

/**
 * Points and weights that integrate polynomials over the part of a square pixel within the unit
 * disk: a tensor Gauss rule for whole pixels; for cut ones, strips between the crossings of the
 * circle with the pixel's sides, in {@code x = sin phi}, where the circle is a smooth function.
 */
final class PixelQuadrature {
  private final RadialRule whole;
  private final double[] wholeWeights;
  private final RadialRule cut;
  private final double[] cutWeights;

  PixelQuadrature(int degree) {
    whole = RadialRule.ofPower(degree / 2 + 1, 0);
    wholeWeights = whole.weights();
    cut = RadialRule.ofPower(degree / 2 + 12, 0);
    cutWeights = cut.weights();
  }

  /** Receives points. */
  interface Sink {
    void accept(double x, double y, double weight);
  }

  /**
   * Points of one pixel.
   *
   * @param x centre
   * @param y centre
   * @param half half the side
   * @param factor of all weights, which add up to factor times the area within the disk
   */
  void pixel(double x, double y, double half, double factor, Sink sink) {
    double farX = Math.abs(x) + half;
    double farY = Math.abs(y) + half;
    double nearX = Math.max(0, Math.abs(x) - half);
    double nearY = Math.max(0, Math.abs(y) - half);
    if (farX * farX + farY * farY <= 1) {
      for (int i = 0; i < whole.size(); i++) {
        for (int j = 0; j < whole.size(); j++) {
          double weight = 4 * half * half * wholeWeights[i] * wholeWeights[j];
          sink.accept(
              x + half * (whole.node(j) - whole.complement(j)),
              y + half * (whole.node(i) - whole.complement(i)),
              factor * weight);
        }
      }
    } else if (nearX * nearX + nearY * nearY < 1) {
      if (Math.abs(x) <= Math.abs(y)) {
        strips(x, y, half, factor, sink);
      } else {
        strips(y, x, half, factor, (v, u, weight) -> sink.accept(u, v, weight));
      }
    }
  }

  /** Integrates by u outside, v inside. */
  private void strips(double u, double v, double half, double factor, Sink sink) {
    double left = Math.asin(Math.max(-1, u - half));
    double right = Math.asin(Math.min(1, u + half));
    double[] ends = new double[6];
    int count = 0;
    ends[count++] = left;
    ends[count++] = right;
    for (double side : new double[] {v - half, v + half}) {
      if (Math.abs(side) < 1) {
        // sin^2 phi + side^2 = 1
        double crossing = Math.acos(Math.abs(side));
        for (double phi : new double[] {-crossing, crossing}) {
          if (phi > left && phi < right) {
            ends[count++] = phi;
          }
        }
      }
    }
    Arrays.sort(ends, 0, count);
    for (int e = 0; e + 1 < count; e++) {
      strip(ends[e], ends[e + 1], v - half, v + half, factor, sink);
    }
  }

  private void strip(double from, double to, double low, double high, double factor, Sink sink) {
    double width = to - from;
    for (int i = 0; i < cut.size(); i++) {
      double phi = from + width * cut.node(i);
      double u = Math.sin(phi);
      double edge = Math.cos(phi);
      double bottom = Math.max(low, -edge);
      double height = Math.min(high, edge) - bottom;
      if (height > 0) {
        for (int j = 0; j < cut.size(); j++) {
          // du = cos phi d(phi)
          double weight = width * edge * cutWeights[i] * height * cutWeights[j];
          sink.accept(u, bottom + height * cut.node(j), factor * weight);
        }
      }
    }
  }
}
