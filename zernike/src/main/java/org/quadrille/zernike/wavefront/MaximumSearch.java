package org.quadrille.zernike.wavefront;

import java.util.Comparator;
import java.util.stream.IntStream;
import org.quadrille.zernike.DiskEvaluator;
import org.quadrille.zernike.DiskModes;
import org.quadrille.zernike.Outside;

/**
 * The largest value of an expansion on the closed unit disk: a polar grid, then Newton's method.
 */
final class MaximumSearch {
  /** So many of the best summits of the grid are climbed. */
  private static final int CANDIDATES = 24;

  private static final int MOST_STEPS = 60;

  private final double[] plain;
  private final DiskEvaluator evaluator;
  private final double value;

  /** One mesh of the grid: no step of Newton's method is longer. */
  private final double mesh;

  private final double[] one = new double[1];
  private final double[][] parts = new double[5][1];

  /** Finds it; coefficients of plain modes in OSA order. */
  MaximumSearch(double[] plain) {
    this.plain = plain;
    int degree = DiskModes.degree(plain.length);
    this.evaluator = DiskEvaluator.ofDegree(degree).withOutside(Outside.EXTRAPOLATE);
    int rings = 2 * degree + 8;
    int angles = 4 * degree + 16;
    this.mesh = 0.5 * Math.PI / rings;
    double[] x = new double[(rings + 1) * angles];
    double[] y = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      // closer to each other next to the edge, as the zeros of the modes are
      int ring = i / angles;
      double r = ring == rings ? 1 : Math.sin(0.5 * Math.PI * ring / rings);
      double angle = 2 * Math.PI * (i % angles) / angles;
      x[i] = r * Math.cos(angle);
      y[i] = r * Math.sin(angle);
    }
    double[] values = evaluator.values(plain, x, y, null);
    double best = Double.NEGATIVE_INFINITY;
    for (int i : summits(values, rings, angles)) {
      best = Math.max(best, Math.max(values[i], climb(x[i], y[i], values[i])));
      if (i / angles >= rings - 1) {
        best = Math.max(best, climbEdge(Math.atan2(y[i], x[i])));
      }
    }
    this.value = best;
  }

  double value() {
    return value;
  }

  /** The best points that no neighbour on the grid exceeds. */
  private static int[] summits(double[] values, int rings, int angles) {
    return IntStream.range(0, values.length)
        .filter(i -> isSummit(values, rings, angles, i))
        .boxed()
        .sorted(Comparator.comparingDouble(i -> -values[i]))
        .limit(CANDIDATES)
        .mapToInt(Integer::intValue)
        .toArray();
  }

  private static boolean isSummit(double[] values, int rings, int angles, int i) {
    int ring = i / angles;
    int angle = i % angles;
    for (int dr = -1; dr <= 1; dr++) {
      for (int da = -1; da <= 1; da++) {
        int r = ring + dr;
        if (r >= 0 && r <= rings) {
          int neighbour = r * angles + Math.floorMod(angle + da, angles);
          if (values[neighbour] > values[i]) {
            return false;
          }
        }
      }
    }
    return true;
  }

  /** Newton's method inside; steps that do not rise are halved. */
  private double climb(double startX, double startY, double startValue) {
    double x = startX;
    double y = startY;
    double height = startValue;
    for (int k = 0; k < MOST_STEPS; k++) {
      derivatives(x, y);
      double gx = parts[0][0];
      double gy = parts[1][0];
      double xx = parts[2][0];
      double xy = parts[3][0];
      double yy = parts[4][0];
      double determinant = xx * yy - xy * xy;
      boolean concave = xx < 0 && determinant > 0;
      double stepX = concave ? (xy * gy - yy * gx) / determinant : gx;
      double stepY = concave ? (xy * gx - xx * gy) / determinant : gy;
      double length = Math.hypot(stepX, stepY);
      if (!(length > 1e-16)) {
        return height;
      }
      double most = concave ? Math.min(1, mesh / length) : mesh / length;
      double share = most;
      double next = Double.NEGATIVE_INFINITY;
      while (share > most * 0x1p-20 && !(next > height)) {
        double newX = x + share * stepX;
        double newY = y + share * stepY;
        next = newX * newX + newY * newY <= 1 ? at(newX, newY) : Double.NEGATIVE_INFINITY;
        if (next > height) {
          x = newX;
          y = newY;
        }
        share *= 0.5;
      }
      if (!(next > height)) {
        return height;
      }
      height = next;
    }
    return height;
  }

  /** Newton's method along the edge, in the angle. */
  private double climbEdge(double start) {
    double angle = start;
    double height = at(Math.cos(angle), Math.sin(angle));
    for (int k = 0; k < MOST_STEPS; k++) {
      double c = Math.cos(angle);
      double s = Math.sin(angle);
      derivatives(c, s);
      // f' = -s W_x + c W_y, f'' = s^2 W_xx - 2 s c W_xy + c^2 W_yy - c W_x - s W_y
      double first = c * parts[1][0] - s * parts[0][0];
      double second =
          s * s * parts[2][0]
              - 2 * s * c * parts[3][0]
              + c * c * parts[4][0]
              - c * parts[0][0]
              - s * parts[1][0];
      double step = second < 0 ? -first / second : Math.copySign(mesh, first);
      double share = Math.min(1, mesh / Math.abs(step));
      double next = Double.NEGATIVE_INFINITY;
      for (int i = 0; i < 20 && !(next > height); i++, share *= 0.5) {
        next = at(Math.cos(angle + share * step), Math.sin(angle + share * step));
        if (next > height) {
          angle += share * step;
        }
      }
      if (!(next > height)) {
        return height;
      }
      height = next;
    }
    return height;
  }

  private double at(double x, double y) {
    return evaluator.value(plain, x, y);
  }

  /** Gradient and second derivatives into {@link #parts}. */
  private void derivatives(double x, double y) {
    one[0] = x;
    double[] other = {y};
    evaluator.gradients(plain, one, other, parts[0], parts[1]);
    evaluator.hessians(plain, one, other, parts[2], parts[3], parts[4]);
  }
}
