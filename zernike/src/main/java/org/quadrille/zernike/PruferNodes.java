package org.quadrille.zernike;

/**
 * Nodes and weights by the way of Greengard and Serkh (section 4 of the report of {@link
 * RadialRule}), O(n^2), for comparison: a Prüfer angle leads from zero to zero, and Newton's method
 * with the recurrence in n polishes each.
 *
 * <p>With {@code f = P_n^(a,0)(1 - 2t)}, {@code b = n(n+a+1) / (t(1-t))} and {@code theta = atan(f'
 * / (b^(1/2) f))}, {@code dt/dtheta = -1 / (b^(1/2) + (b'/(4b) + A/2) sin(2 theta))}, where {@code
 * A = (a+1-(a+2)t) / (t(1-t))}. Errors of nodes are absolute, of the size of a rounding of 1.
 */
final class PruferNodes {
  private static final int STEPS_TO_FIRST = 100;
  private static final int STEPS_BETWEEN = 20;
  private static final int MOST_UPDATES = 50;
  private static final int EXTRA_UPDATES = 5;
  private static final double NEAR = 1e-8;

  private final int n;
  private final double a;
  private double value;
  private double derivative;

  /** {@code sum of (2j + a + 1) P_j^2} for j below n, at the point of the last evaluation. */
  private double squares;

  private PruferNodes(int n, double a) {
    this.n = n;
    this.a = a;
  }

  /** Writes the rule with n nodes, n at least 1, for t^a. */
  static void find(int n, double a, double[] t, double[] s, double[] scaledWeights) {
    new PruferNodes(n, a).find(t, s, scaledWeights);
  }

  private void find(double[] t, double[] s, double[] scaledWeights) {
    double start = 1 - (n < 1000 ? 1e-6 : n < 10_000 ? 1e-8 : n < 100_000 ? 1e-10 : 1e-12);
    evaluate(start);
    double rate = Math.sqrt(n * (n + a + 1) / (start * (1 - start)));
    double x =
        integrate(start, Math.atan(derivative / (rate * value)), Math.PI / 2, STEPS_TO_FIRST);
    for (int i = n - 1; i >= 0; i--) {
      x = polish(x);
      t[i] = x;
      s[i] = 1 - x;
      // 1 / sum of normalized squares, over t^a
      scaledWeights[i] = Math.exp(-a * Math.log(x)) / squares;
      if (i > 0) {
        x = integrate(x, Math.PI / 2, 1.5 * Math.PI, STEPS_BETWEEN);
      }
    }
  }

  /** Follows dt/dtheta by the method of Heun. */
  private double integrate(double from, double theta, double end, int steps) {
    double h = (end - theta) / steps;
    double x = from;
    for (int k = 0; k < steps; k++) {
      double angle = theta + k * h;
      double first = slope(x, angle);
      double second = slope(x + h * first, angle + h);
      x += 0.5 * h * (first + second);
    }
    return x;
  }

  private double slope(double x, double angle) {
    double both = x * (1 - x);
    double root = Math.sqrt(n * (n + a + 1) / both);
    // b' / (4b) = -(1 - 2t) / (4 t (1 - t))
    double damping = (-0.25 * (1 - 2 * x) + 0.5 * (a + 1 - (a + 2) * x)) / both;
    return -1 / (root + damping * Math.sin(2 * angle));
  }

  private double polish(double start) {
    double x = start;
    int extra = 0;
    for (int i = 0; i < MOST_UPDATES && extra < EXTRA_UPDATES; i++) {
      evaluate(x);
      double change = value / derivative;
      x -= change;
      extra += extra > 0 || Math.abs(change) < NEAR ? 1 : 0;
    }
    evaluate(x);
    return x;
  }

  /** Value and derivative of {@code P_n^(a,0)(1 - 2t)} by the three-term recurrence. */
  private void evaluate(double x) {
    double before = 0;
    double slopeBefore = 0;
    double p = 1;
    double slope = 0;
    double sum = 0;
    for (int j = 0; j < n; j++) {
      sum += (2.0 * j + a + 1) * p * p;
      double k = 2.0 * j + a;
      double next;
      double nextSlope;
      if (j == 0) {
        // P_1 = a + 1 - (a + 2) t
        next = a + 1 - (a + 2) * x;
        nextSlope = -(a + 2);
      } else {
        double lead = 2 * (j + 1) * (j + a + 1) * k;
        double middle = (k + 1) * (k * (k + 2) * (1 - 2 * x) + a * a);
        double middleSlope = -2 * (k + 1) * k * (k + 2);
        double last = 2 * j * (j + a) * (k + 2);
        next = (middle * p - last * before) / lead;
        nextSlope = (middle * slope + middleSlope * p - last * slopeBefore) / lead;
      }
      before = p;
      slopeBefore = slope;
      p = next;
      slope = nextSlope;
    }
    value = p;
    derivative = slope;
    squares = sum;
  }
}
