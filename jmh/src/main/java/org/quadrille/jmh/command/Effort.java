package org.quadrille.jmh.command;

import org.quadrille.formats.JsonObject;

/**
 * How long to measure.
 *
 * @param forks processes per trial
 * @param warmups iterations that do not count
 * @param iterations iterations that count
 * @param milliseconds length of an iteration
 */
record Effort(int forks, int warmups, int iterations, int milliseconds) {
  /** For figures to publish. */
  static final Effort FULL = new Effort(2, 3, 5, 700);

  /** For a first look. */
  static final Effort QUICK = new Effort(1, 3, 4, 250);

  Effort withForks(int number) {
    return new Effort(number, warmups, iterations, milliseconds);
  }

  /** For first calls: nothing before, once per process, several processes. */
  Effort ofFirstCalls() {
    return new Effort(2 * forks + 1, 0, 1, milliseconds);
  }

  /** Seconds that one trial takes, without the start of the processes. */
  double seconds() {
    return forks * (warmups + iterations) * milliseconds * 1e-3;
  }

  JsonObject toJson() {
    return new JsonObject()
        .put("forks", forks)
        .put("warmupIterations", warmups)
        .put("iterations", iterations)
        .put("iterationMilliseconds", milliseconds);
  }
}
