package org.quadrille.zernike;

/**
 * The phase of the solution over an interval of angles in which it oscillates: as a function of the
 * angle, and, inverted, the angle and the weight as functions of the phase.
 */
final class PhasePanel {
  /** Pi is PI plus this. */
  static final double PI_LOW = 1.2246467991473532e-16;

  private final double frequency;
  private final ChebyshevFit deficit;
  private final ChebyshevFit lag;
  private final double startLag;
  private final double from;
  private final double to;
  private ChebyshevFit lagOfPhase;
  private ChebyshevFit inverseRate;

  /**
   * Sets up an interval.
   *
   * @param fromEdge whether angles are counted from t = 1
   * @param from where the panel starts, the end at which the lag is known
   * @param to other end
   * @param startLag frequency * from - phase(from)
   */
  PhasePanel(JacobiEquation equation, boolean fromEdge, double from, double to, double startLag) {
    this.frequency = fromEdge ? equation.edgeFrequency() : equation.kappa();
    this.from = from;
    this.to = to;
    this.startLag = startLag;
    double[] deficits = new double[ChebyshevFit.POINTS];
    int passes = Math.max(passes(equation, fromEdge, from), passes(equation, fromEdge, to));
    for (int k = 0; k < deficits.length; k++) {
      deficits[k] =
          PhaseFunction.at(equation, ChebyshevFit.point(from, to, k), fromEdge, passes).deficit();
    }
    deficit = ChebyshevFit.of(from, to, deficits);
    lag = deficit.integral(from);
  }

  private static int passes(JacobiEquation equation, boolean fromEdge, double angle) {
    double sine = Math.sin(angle);
    double cosine = Math.cos(angle);
    double t = fromEdge ? cosine * cosine : sine * sine;
    double s = fromEdge ? sine * sine : cosine * cosine;
    double psi = fromEdge ? Math.PI / 2 - angle : angle;
    double distance = Math.min(psi - equation.turningAngle(), Math.PI / 2 - psi);
    return PhaseFunction.passes(Math.sqrt(Math.max(0, equation.oscillation(t, s))) * distance);
  }

  /** Frequency times angle minus phase, at the end. */
  double endLag() {
    return lag(to);
  }

  private double lag(double angle) {
    return startLag + lag.at(angle);
  }

  private double phase(double angle) {
    return frequency * angle - lag(angle);
  }

  /** Phase at the start over pi. */
  double firstCount() {
    return phase(from) / Math.PI;
  }

  /** Phase at the end over pi. */
  double lastCount() {
    return phase(to) / Math.PI;
  }

  /** Prepares {@link #angles}. */
  void invert() {
    double p0 = phase(from);
    double p1 = phase(to);
    double[] lags = new double[ChebyshevFit.POINTS];
    double[] rates = new double[ChebyshevFit.POINTS];
    for (int k = 0; k < lags.length; k++) {
      double target = ChebyshevFit.point(p0, p1, k);
      double angle = from + (to - from) * ((target - p0) / (p1 - p0));
      for (int i = 0; i < 20; i++) {
        double rate = frequency - deficit.at(angle);
        double change = (target - phase(angle)) / rate;
        angle += change;
        if (Math.abs(change) < 1e-16 * angle) {
          break;
        }
      }
      lags[k] = lag(angle);
      rates[k] = 1 / (frequency - deficit.at(angle));
    }
    lagOfPhase = ChebyshevFit.of(p0, p1, lags);
    inverseRate = ChebyshevFit.of(p0, p1, rates);
  }

  /**
   * The angles whose phases are multiples of pi.
   *
   * @param first multiple of the first angle; the next ones are {@code step} apart
   * @param angles written
   * @param inverseRates written: 1 / alpha' there
   */
  void angles(
      int count,
      int first,
      int step,
      double[] angles,
      double[] inverseRates,
      double[] phases,
      ChebyshevFit.Scratch scratch) {
    for (int i = 0; i < count; i++) {
      phases[i] = (first + i * step) * Math.PI;
    }
    lagOfPhase.at(count, phases, angles, scratch);
    inverseRate.at(count, phases, inverseRates, scratch);
    for (int i = 0; i < count; i++) {
      double k = first + i * step;
      double high = phases[i];
      double low = Math.fma(k, Math.PI, -high) + k * PI_LOW;
      // angle = (k pi + lag) / frequency
      angles[i] = (high + (low + angles[i])) / frequency;
    }
  }
}
