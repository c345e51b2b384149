package org.quadrille.zernike;

/**
 * The phase of the solution over an interval of angles in which it oscillates: as a function of the
 * angle, and, inverted, the angle and the weight as functions of the phase.
 */
final class PhasePanel {
  /** Pi is PI plus this. */
  static final double PI_LOW = 1.2246467991473532e-16;

  private static final int MOST_STEPS = 20;
  private static final double CONVERGED = 1e-9;

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
   * @param frequency that lags are relative to
   * @param from where the panel starts, the end at which the lag is known
   * @param to other end
   * @param startLag frequency * from - phase(from)
   * @param deficits frequency minus alpha' at the {@link ChebyshevFit#point points} of the interval
   */
  PhasePanel(double frequency, double from, double to, double startLag, double[] deficits) {
    this.frequency = frequency;
    this.from = from;
    this.to = to;
    this.startLag = startLag;
    deficit = ChebyshevFit.of(from, to, deficits);
    lag = deficit.integral(from);
  }

  /** The angle at the end. */
  double end() {
    return to;
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

  /** Phase at the end over pi. */
  double lastCount() {
    return phase(to) / Math.PI;
  }

  /** Prepares {@link #angles}. */
  void invert(ChebyshevFit.Scratch scratch) {
    int points = ChebyshevFit.POINTS;
    double p0 = phase(from);
    double p1 = phase(to);
    double[] targets = new double[points];
    double[] angles = new double[points];
    double[] lags = new double[points];
    double[] rates = new double[points];
    for (int k = 0; k < points; k++) {
      targets[k] = ChebyshevFit.point(p0, p1, k);
      angles[k] = from + (to - from) * ((targets[k] - p0) / (p1 - p0));
    }
    double largest = Double.POSITIVE_INFINITY;
    // convergence is quadratic: the step after the last one would be below rounding
    for (int i = 0; i < MOST_STEPS && largest > CONVERGED * Math.abs(to - from); i++) {
      evaluate(angles, lags, rates, scratch);
      largest = 0;
      for (int k = 0; k < points; k++) {
        double change = (targets[k] - (frequency * angles[k] - lags[k])) / rates[k];
        angles[k] += change;
        largest = Math.max(largest, Math.abs(change));
      }
    }
    evaluate(angles, lags, rates, scratch);
    for (int k = 0; k < points; k++) {
      rates[k] = 1 / rates[k];
    }
    lagOfPhase = ChebyshevFit.of(p0, p1, lags);
    inverseRate = ChebyshevFit.of(p0, p1, rates);
  }

  /** Lags and alpha' at angles. */
  private void evaluate(
      double[] angles, double[] lags, double[] rates, ChebyshevFit.Scratch scratch) {
    lag.at(angles.length, angles, lags, scratch);
    deficit.at(angles.length, angles, rates, scratch);
    for (int k = 0; k < angles.length; k++) {
      lags[k] += startLag;
      rates[k] = frequency - rates[k];
    }
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
