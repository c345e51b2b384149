package org.quadrille.zernike;

/**
 * Panels of angles one after another, each as wide as a part of its distance to the next singular
 * point. The phase functions of some panels are computed at once: panels need not know each other
 * for that.
 */
final class PanelSequence {
  /** Panels computed at once. */
  private static final int AT_ONCE = 4;

  /** Width of a panel over its distance to the turning point. */
  private static final double WIDTH = 0.35;

  private final JacobiEquation equation;
  private final boolean fromEdge;
  private final double turn;
  private final double limit;
  private final PhaseFunction phases;
  private final double[] points = new double[AT_ONCE * ChebyshevFit.POINTS];
  private final double[] edges = new double[AT_ONCE + 1];
  private int taken = AT_ONCE;

  /**
   * Panels from an angle on, rising from the edge and falling from the centre.
   *
   * @param fromEdge whether angles are counted from t = 1
   * @param limit no panel goes beyond
   */
  PanelSequence(JacobiEquation equation, boolean fromEdge, double start, double limit) {
    this.equation = equation;
    this.fromEdge = fromEdge;
    this.limit = limit;
    turn = fromEdge ? equation.turningAngleFromEdge() : equation.turningAngle();
    phases = new PhaseFunction(equation, points.length);
    edges[AT_ONCE] = start;
  }

  /** The next panel; {@code lag} is frequency times angle minus phase where it starts. */
  PhasePanel next(double lag) {
    if (taken == AT_ONCE) {
      compute();
      taken = 0;
    }
    double[] deficits = new double[ChebyshevFit.POINTS];
    for (int k = 0; k < deficits.length; k++) {
      deficits[k] = phases.deficit(taken * deficits.length + k);
    }
    double frequency = fromEdge ? equation.edgeFrequency() : equation.kappa();
    taken++;
    return new PhasePanel(frequency, edges[taken - 1], edges[taken], lag, deficits);
  }

  private void compute() {
    edges[0] = edges[AT_ONCE];
    int passes = passes(edges[0]);
    for (int panel = 0; panel < AT_ONCE; panel++) {
      double from = edges[panel];
      double to = following(from);
      edges[panel + 1] = to;
      passes = Math.max(passes, passes(to));
      for (int k = 0; k < ChebyshevFit.POINTS; k++) {
        points[panel * ChebyshevFit.POINTS + k] = ChebyshevFit.point(from, to, k);
      }
    }
    phases.at(points, fromEdge, passes);
  }

  private double following(double angle) {
    double edgeTurn = equation.edgeTurningAngle();
    double fromTurn = edgeTurn == 0 ? angle : WIDTH * (angle - edgeTurn);
    return fromEdge
        ? Math.min(limit, angle + Math.min(fromTurn, WIDTH * (turn - angle)))
        : Math.max(limit, angle - WIDTH * (angle - turn));
  }

  private int passes(double angle) {
    double sine = Math.sin(angle);
    double cosine = Math.cos(angle);
    double t = fromEdge ? cosine * cosine : sine * sine;
    double s = fromEdge ? sine * sine : cosine * cosine;
    double psi = fromEdge ? Math.PI / 2 - angle : angle;
    double distance =
        Math.min(psi - equation.turningAngle(), Math.PI / 2 - psi - equation.edgeTurningAngle());
    return PhaseFunction.passes(Math.sqrt(Math.max(0, equation.oscillation(t, s))) * distance);
  }
}
