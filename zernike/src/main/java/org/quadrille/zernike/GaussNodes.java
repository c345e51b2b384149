package org.quadrille.zernike;

/**
 * Nodes and scaled weights of the n-point Gauss rule on [0, 1] for the weight t^a (1-t)^b in O(n).
 *
 * <p>The solution of the differential equation is {@code v = const sin(alpha) / alpha'^(1/2)} with
 * a phase alpha that does not oscillate. Next to t = 1 a march of Taylor series finds the first
 * nodes; between there and the other end, {@code alpha = k pi} is solved for every k at the cost of
 * two short Chebyshev sums; the last nodes, next to t = 0 or to the point where the oscillation
 * begins, are found by another march.
 */
final class GaussNodes {
  /** Nodes next to either end that the phase function does not reach. */
  private static final int END_NODES = 10;

  /** Up to so many nodes, a march over all is as fast. */
  private static final int MARCH_ALL = 50;

  private final int n;
  private final JacobiEquation equation;
  private final double[] t;
  private final double[] s;
  private final double[] scaledWeights;

  private GaussNodes(JacobiEquation equation) {
    this.n = equation.n();
    this.equation = equation;
    this.t = new double[n];
    this.s = new double[n];
    this.scaledWeights = new double[n];
  }

  /**
   * The rule with n nodes for t^a (1-t)^b.
   *
   * @param n at least 1
   * @param a 0 or more
   * @param b above -1; 0 for {@link RadialRule.Method#PRUFER_NEWTON}
   */
  static GaussNodes of(int n, double a, double b, RadialRule.Method method) {
    GaussNodes nodes = new GaussNodes(new JacobiEquation(n, a, b));
    if (n == 1) {
      nodes.single(a, b);
    } else if (method == RadialRule.Method.PRUFER_NEWTON) {
      PruferNodes.find(n, a, nodes.t, nodes.s, nodes.scaledWeights);
    } else {
      nodes.findFromEdge(
          switch (method) {
            case MARCH -> n;
            case PHASE -> 2 * END_NODES;
            default -> MARCH_ALL;
          });
    }
    return nodes;
  }

  private void single(double a, double b) {
    t[0] = (a + 1) / (a + b + 2);
    s[0] = (b + 1) / (a + b + 2);
    // Beta(a + 1, b + 1), 1 / (a + 1) for b = 0
    double weight =
        b == 0 ? 1 / (a + 1) : GammaRatio.of(1, b) / GammaRatio.of(a + 1, b) / (a + b + 1);
    scaledWeights[0] = Math.exp(-a * Math.log1p(-s[0])) * Math.pow(s[0], -b) * weight;
  }

  /** Ascending. */
  double[] t() {
    return t;
  }

  /** 1 - t. */
  double[] s() {
    return s;
  }

  /** Weights times t^-a (1-t)^-b. */
  double[] scaledWeights() {
    return scaledWeights;
  }

  private void findFromEdge(int mostMarched) {
    boolean all = n <= mostMarched;
    EndNodes end = new EndNodes(n - 1);
    TaylorMarch.fromEdge(equation).find(all ? n : END_NODES, true, end);
    if (!all) {
      findInner(end.lastAngle);
    }
  }

  /** Stores the nodes of a march towards t = 0. */
  private final class EndNodes implements TaylorMarch.ZeroSink {
    private int index;

    /** Angle of the last node from t = 1. */
    private double lastAngle;

    EndNodes(int index) {
      this.index = index;
    }

    @Override
    public void accept(boolean isT, double position, double scaledWeight) {
      t[index] = isT ? position : 1 - position;
      s[index] = isT ? 1 - position : position;
      scaledWeights[index] = scaledWeight;
      lastAngle = Math.asin(Math.sqrt(s[index]));
      index--;
    }
  }

  /** Panels of angles phi with s = sin^2 phi, from node END_NODES on. */
  private void findInner(double firstAngle) {
    double frequency = equation.edgeFrequency();
    double turn = equation.turningAngleFromEdge();
    boolean crosses = turn > Math.PI / 4 + 0.1;
    double phi = firstAngle;
    // the phase there is END_NODES pi
    double product = frequency * phi;
    double lag = (product - END_NODES * Math.PI) + Math.fma(frequency, phi, -product);
    int known = END_NODES;
    PanelSequence panels =
        new PanelSequence(equation, true, phi, crosses ? Math.PI / 4 : Math.PI / 2);
    while (true) {
      PhasePanel panel = panels.next(lag);
      int reached = Math.min(n, (int) Math.floor(panel.lastCount()));
      if (reached > known) {
        new PanelNodes(this, panel, true).store(known + 1, reached);
        known = reached;
      }
      lag = panel.endLag();
      phi = panel.end();
      if (crosses && phi == Math.PI / 4) {
        findLeft(lag, n - known);
        return;
      }
      if (n - known <= END_NODES) {
        march(phi, lag, true, n - known);
        return;
      }
    }
  }

  /** Panels of angles psi with t = sin^2 psi, from pi / 4 down. */
  private void findLeft(double edgeLag, int open) {
    double a = equation.a();
    double kappa = equation.kappa();
    double psi = Math.PI / 4;
    // counted from both ends, with the same frequency kappa, lags add up to (a + b - 1) pi / 2
    double ofFrequency = a * a / (kappa + equation.edgeFrequency()) * psi;
    double lag = (a + equation.b() - 1) * Math.PI / 2 - (edgeLag + ofFrequency);
    int left = open;
    PanelSequence panels = new PanelSequence(equation, false, psi, 0);
    while (left > END_NODES) {
      PhasePanel panel = panels.next(lag);
      int below = Math.max(0, (int) Math.ceil(panel.lastCount()) - 1);
      new PanelNodes(this, panel, false).store(below + 1, left);
      left = below;
      lag = panel.endLag();
      psi = panel.end();
    }
    march(psi, lag, false, left);
  }

  /**
   * The nodes nearest to t = 0, by a march from an angle whose phase is known.
   *
   * @param lag frequency times angle minus phase
   */
  private void march(double angle, double lag, boolean fromEdge, int open) {
    double frequency = fromEdge ? equation.edgeFrequency() : equation.kappa();
    PhaseFunction phase = new PhaseFunction(equation, 1);
    phase.at(new double[] {angle}, fromEdge, PhaseFunction.MOST_PASSES);
    double w = phase.value(0);
    // the phase modulo pi, in two-term arithmetic
    double product = frequency * angle;
    double k = Math.rint((product - lag) / Math.PI);
    double high = k * Math.PI;
    double low = Math.fma(k, Math.PI, -high) + k * PhasePanel.PI_LOW;
    double rest = ((product - high) + (Math.fma(frequency, angle, -product) - low)) - lag;
    // the march starts at the double next to sin^2: the phase of that one
    double sine = Math.sin(angle);
    double cosine = Math.cos(angle);
    double start = sine * sine;
    rest += w * excessOverSquaredSine(start, angle) / (2 * sine * cosine);
    // v = (2 / pi)^(1/2) sin(alpha) / w^(1/2), g = v / ((sin cos)^(1/2) s^(b/2))
    double size = Math.sqrt(2 / Math.PI);
    double root = Math.sqrt(w);
    double v = size * Math.sin(rest) / root;
    double vSlope =
        size * (Math.cos(rest) * root - Math.sin(rest) * phase.derivative(0) / (2 * w * root));
    double both = sine * cosine;
    double b = equation.b();
    double scale = Math.sqrt(both) * (b == 0 ? 1 : Math.pow(fromEdge ? sine : cosine, b));
    double g = v / scale;
    double ofEdge = b == 0 ? 0 : b * v * (fromEdge ? cosine / sine : -sine / cosine);
    double gSlope = (vSlope - 0.5 * v * (cosine * cosine - sine * sine) / both - ofEdge) / scale;
    // by x = sin^2: dx = 2 sin cos d(angle)
    TaylorMarch.from(equation, !fromEdge, start, g, gSlope / (2 * both))
        .find(open, true, new EndNodes(open - 1));
  }

  /** {@code x - sin^2(angle)} with an error far below a rounding of x. */
  private static double excessOverSquaredSine(double x, double angle) {
    double square = angle * angle;
    double term = angle;
    double rest = 0; // sin(angle) - angle
    for (int k = 1; Math.abs(term) > 1e-20 * angle; k++) {
      term *= -square / (2 * k * (2 * k + 1.0));
      rest += term;
    }
    double sine = angle + rest;
    double low = (angle - sine) + rest;
    double product = sine * sine;
    return (x - product) - (Math.fma(sine, sine, -product) + 2 * sine * low);
  }
}
