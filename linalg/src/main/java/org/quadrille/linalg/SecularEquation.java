package org.quadrille.linalg;

import java.util.Arrays;

/**
 * Roots of the secular equation {@code f(x) = 1 / rho + sum_i z_i^2 / (d_i - x) = 0}: the
 * eigenvalues of {@code diag(d) + rho z z^T}, one in each interval between neighbouring poles and
 * one beyond the last pole. With {@link #ofSquares} the poles are {@code d_i^2}, and the roots
 * squares of singular values.
 *
 * <p>Every root is kept as a distance {@code tau} from the nearer pole, so that all differences
 * {@code d_i - x} are known to full relative accuracy; eigenvectors need no more than that (Gu and
 * Eisenstat 1995). The iteration interpolates f by two poles, with the weight of the nearer one
 * fixed or, when that is slow, by the middle way (Li 1993, LAPACK working note 89), inside an
 * interval that always holds the root. Roots do not depend on each other.
 */
final class SecularEquation {
  private static final double UNIT_ROUNDOFF = 0x1p-53;

  /** Steps before every second one becomes a bisection; interpolation takes 2 to 8. */
  private static final int FREE_STEPS = 30;

  /** With bisection, an interval shrinks to neighbouring numbers long before. */
  private static final int MOST_STEPS = 400;

  private final int count;
  private final double[] d;

  /** Poles i and j are {@code (d_i - d_j)(s_i + s_j)} apart. */
  private final double[] s;

  private final double[] z;
  private final double rho;
  private final double inverseRho;

  /** Index of the pole that each root is measured from. */
  final int[] origin;

  /** Distance of each root from its pole of origin. */
  final double[] tau;

  /**
   * An equation with {@code d.length} roots.
   *
   * @param d poles, strictly ascending
   * @param z weights before squaring, none of them 0
   * @param rho positive
   */
  SecularEquation(double[] d, double[] z, double rho) {
    this(d, halves(d.length), z, rho);
  }

  private SecularEquation(double[] d, double[] s, double[] z, double rho) {
    this.count = d.length;
    this.d = d;
    this.s = s;
    this.z = z;
    this.rho = rho;
    this.inverseRho = 1 / rho;
    this.origin = new int[count];
    this.tau = new double[count];
  }

  /**
   * The equation whose poles are the squares of {@code d}. Its roots are the squares of the
   * singular values of the matrix with first row z and, below it, the diagonal of d without {@code
   * d_0 = 0}.
   *
   * @param d not negative, strictly ascending
   * @param z weights before squaring, none of them 0
   */
  static SecularEquation ofSquares(double[] d, double[] z) {
    return new SecularEquation(d, d, z, 1);
  }

  private static double[] halves(int n) {
    double[] halves = new double[n];
    Arrays.fill(halves, 0.5);
    return halves;
  }

  /** Root j as one number, where the poles are {@code d} itself. */
  double root(int j) {
    return d[origin[j]] + tau[j];
  }

  /** Square root of root j of an equation {@link #ofSquares}, without cancellation. */
  double squareRoot(int j) {
    double base = d[origin[j]];
    // sqrt(base^2 + tau) - base = tau / (base + sqrt(base^2 + tau))
    return base + tau[j] / (base + Math.sqrt(base * base + tau[j]));
  }

  /** Pole i minus pole j to full relative accuracy. */
  double distance(int i, int j) {
    return (d[i] - d[j]) * (s[i] + s[j]);
  }

  /** {@code d_i - root_j}, accurate to a few units roundoff however close they are. */
  double difference(int i, int j) {
    return distance(i, origin[j]) - tau[j];
  }

  /** Finds root j; writes only what belongs to it. */
  void solve(int j) {
    if (count == 1) {
      origin[0] = 0;
      tau[0] = rho * z[0] * z[0];
    } else {
      // The last root has no pole above it; the two below it carry the interpolation.
      int lower = Math.min(j, count - 2);
      new Root(j, lower, lower + 1).find();
    }
  }

  /** The iteration for one root, with the values of f at the current point. */
  private final class Root {
    private final int j;

    /** The two poles that interpolate f. */
    private final int lower;

    private final int upper;
    private final boolean isLast;
    private double low;
    private double high;
    private double x;
    private int near;

    /** f and its parts: poles below the root and above it, without the nearer pole. */
    private double f;

    private double slopeBelow;
    private double slopeAbove;
    private double slope;

    /** Bound of the rounding error of f in units roundoff. */
    private double error;

    Root(int j, int lower, int upper) {
      this.j = j;
      this.lower = lower;
      this.upper = upper;
      this.isLast = j == count - 1;
    }

    void find() {
      start();
      boolean middleWay = false;
      for (int step = 0; step < MOST_STEPS; step++) {
        double before = f;
        evaluate();
        if (Math.abs(f) <= UNIT_ROUNDOFF * error) {
          break;
        }
        if (f * before > 0 && Math.abs(f) > Math.abs(before) / 10) {
          middleWay = !middleWay;
        }
        if (f < 0) {
          low = Math.max(low, x);
        } else {
          high = Math.min(high, x);
        }
        double next = x + (isLast ? stepBeyondPoles() : stepBetweenPoles(middleWay));
        // The negation also catches NaN.
        boolean inside = next >= low && next <= high;
        if (!inside || (step >= FREE_STEPS && step % 2 == 0)) {
          next = low + (high - low) / 2;
        }
        if (next == x) {
          break;
        }
        x = next;
      }
      origin[j] = near;
      tau[j] = x;
    }

    /** Chooses the nearer pole by the sign of f half way, an interval and a first point. */
    private void start() {
      double gap = distance(upper, lower);
      double width = isLast ? rho * sumOfSquares() : gap;
      double base = d[isLast ? upper : lower];
      double sum = s[isLast ? upper : lower];
      double half = width / 2;
      double rest = inverseRho;
      for (int i = 0; i < count; i++) {
        if (i != lower && i != upper) {
          rest += z[i] * z[i] / ((d[i] - base) * (s[i] + sum) - half);
        }
      }
      double zl = z[lower] * z[lower];
      double zu = z[upper] * z[upper];
      double middle =
          rest
              + zl / ((d[lower] - base) * (s[lower] + sum) - half)
              + zu / ((d[upper] - base) * (s[upper] + sum) - half);
      boolean leftHalf = middle > 0;
      if (isLast) {
        near = upper;
        low = leftHalf ? 0 : half;
        high = leftHalf ? half : width;
        // c x^2 - a x - b = 0, the positive root
        x = largerRoot(rest, zl + zu - rest * gap, zu * gap);
      } else if (leftHalf) {
        near = lower;
        low = 0;
        high = half;
        // c x^2 - a x + b = 0, the root in 0 .. gap
        x = smallerRoot(rest, rest * gap + zl + zu, zl * gap);
      } else {
        near = upper;
        low = -half;
        high = 0;
        // c x^2 + a x - b = 0, the root in -gap .. 0; its negative solves c y^2 - a y - b = 0
        x = -largerRoot(rest, rest * gap - zl - zu, zu * gap);
      }
      if (!(x > low && x < high)) {
        x = low + (high - low) / 2;
      }
    }

    private double sumOfSquares() {
      double sum = 0;
      for (int i = 0; i < count; i++) {
        sum += z[i] * z[i];
      }
      return sum;
    }

    /** f, its derivatives from both sides and the error bound at x (Li 1993, section 5). */
    private void evaluate() {
      double base = d[near];
      double sum = s[near];
      double below = 0;
      double slopes = 0;
      double bound = 0;
      for (int i = 0; i < near; i++) {
        double ratio = z[i] / ((d[i] - base) * (s[i] + sum) - x);
        below += z[i] * ratio;
        slopes += ratio * ratio;
        bound -= below;
      }
      slopeBelow = slopes;
      double above = 0;
      slopes = 0;
      for (int i = count - 1; i > near; i--) {
        double ratio = z[i] / ((d[i] - base) * (s[i] + sum) - x);
        above += z[i] * ratio;
        slopes += ratio * ratio;
        bound += above;
      }
      slopeAbove = slopes;
      double ratio = z[near] / -x;
      double own = z[near] * ratio;
      slope = slopeBelow + slopeAbove + ratio * ratio;
      f = inverseRho + below + above + own;
      error =
          8 * (above - below + (isLast ? -own : 0))
              + bound
              + 2 * inverseRho
              + 3 * Math.abs(own)
              + Math.abs(x) * slope;
    }

    /** Correction from an interpolation {@code c + s / (dl - x) + S / (du - x)}. */
    private double stepBetweenPoles(boolean middleWay) {
      double dl = distance(lower, near) - x;
      double du = distance(upper, near) - x;
      double ratio = z[near] / (near == lower ? dl : du);
      double own = ratio * ratio;
      double c;
      if (middleWay) {
        // Each side of the root by the pole next to it.
        c =
            near == lower
                ? f - dl * (slopeBelow + own) - du * slopeAbove
                : f - dl * slopeBelow - du * (slopeAbove + own);
      } else if (near == lower) {
        c = f - du * slope - distance(lower, upper) * own;
      } else {
        c = f - dl * slope - distance(upper, lower) * own;
      }
      // c eta^2 - a eta + b = 0
      double eta = smallerRoot(c, (dl + du) * f - dl * du * slope, dl * du * f);
      return f * eta < 0 ? eta : -f / slope;
    }

    /** Correction for the root above all poles. */
    private double stepBeyondPoles() {
      double dl = distance(lower, near) - x;
      double du = -x;
      double ratio = z[near] / du;
      double c = Math.abs(f - dl * slopeBelow - du * ratio * ratio);
      double a = (dl + du) * f - dl * du * slope;
      double b = dl * du * f;
      double root = Math.sqrt(Math.abs(a * a - 4 * b * c));
      double eta = a >= 0 ? (a + root) / (2 * c) : 2 * b / (a - root);
      return f * eta < 0 ? eta : -f / slope;
    }
  }

  /** A root of {@code c x^2 - a x + b} without cancellation: {@code (a - sqrt) / (2 c)}. */
  private static double smallerRoot(double c, double a, double b) {
    double root = Math.sqrt(Math.abs(a * a - 4 * b * c));
    return a > 0 ? 2 * b / (a + root) : (a - root) / (2 * c);
  }

  /** The positive root of {@code c x^2 - a x - b}, b positive. */
  private static double largerRoot(double c, double a, double b) {
    double root = Math.sqrt(Math.abs(a * a + 4 * b * c));
    return a < 0 ? 2 * b / (root - a) : (a + root) / (2 * c);
  }
}
