package org.quadrille.jmh.command;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.quadrille.cli.console.CommandFailure;

/**
 * Lets the libraries of a case and the floor take turns in this process and takes the best turn of
 * each: ratios that hold on a machine that is busy with other things, where one after the other
 * would compare different hours. With one thread the processor time of that thread counts, with
 * more the time on the clock.
 */
final class TurnsStopwatch implements Stopwatch {
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  /** A turn repeats short computations until it is long against the clock and the call. */
  private static final double TURN_SECONDS = 0.02;

  /** Calls that together take less than this are too short for the clock. */
  private static final long SHORT_NANOSECONDS = 200_000;

  private static final int FEWEST_TURNS = 4;

  private static final double WARMUP_SHARE = 0.4;

  /** Workers of native libraries spin for some 20 ms after a product before they sleep. */
  private static final int PAUSE_MILLISECONDS = 40;

  private final double secondsPerTrial;

  /**
   * A stopwatch.
   *
   * @param secondsPerTrial how long each trial may take, except that each has a few turns
   */
  TurnsStopwatch(double secondsPerTrial) {
    this.secondsPerTrial = secondsPerTrial;
  }

  @Override
  public String description() {
    return "libraries in turns in one process, best turn of each; processor time with one thread,"
        + " time on the clock with more";
  }

  @Override
  public List<Job> jobs(List<Case> cases) {
    return cases.stream().map(each -> new Job(each.all())).toList();
  }

  @Override
  public Job jobOf(Case owner, Trial trial) {
    return new Job(owner.all());
  }

  @Override
  public Map<Trial, Measurement> time(Job job) {
    Map<Trial, Runnable> turns = new LinkedHashMap<>();
    Map<Trial, List<Double>> samples = new LinkedHashMap<>();
    Map<Trial, String> units = new LinkedHashMap<>();
    Map<Trial, Double> used = new LinkedHashMap<>();
    for (Trial trial : job.trials()) {
      PreparedTrial prepared = prepare(trial);
      boolean alone = trial.number("threads", 1) == 1;
      samples.put(trial, new ArrayList<>());
      units.put(trial, prepared.unit());
      used.put(trial, 0.0);
      turns.put(trial, () -> turn(trial, prepared, alone, samples.get(trial), used));
    }
    // What comes before the compiler has done its work is neither best nor paid from the budget.
    for (Runnable turn : turns.values()) {
      long end = System.nanoTime() + (long) (WARMUP_SHARE * secondsPerTrial * 1e9);
      do {
        turn.run();
      } while (System.nanoTime() < end);
    }
    used.replaceAll((trial, seconds) -> 0.0);
    int round = 0;
    boolean anyLeft = true;
    while (anyLeft) {
      anyLeft = false;
      for (Map.Entry<Trial, Runnable> turn : turns.entrySet()) {
        if (round < FEWEST_TURNS || used.get(turn.getKey()) < secondsPerTrial) {
          turn.getValue().run();
          anyLeft = true;
        }
      }
      round++;
    }
    Map<Trial, Measurement> results = new LinkedHashMap<>();
    samples.forEach(
        (trial, values) ->
            results.put(
                trial,
                Measurement.bestOf(
                    values.stream().mapToDouble(Double::doubleValue).toArray(), units.get(trial))));
    return results;
  }

  private static PreparedTrial prepare(Trial trial) {
    try {
      return PreparedTrial.of(trial);
    } catch (ReflectiveOperationException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw new CommandFailure(trial.id() + " failed: " + cause, cause);
    }
  }

  private static void turn(
      Trial trial,
      PreparedTrial prepared,
      boolean alone,
      List<Double> samples,
      Map<Trial, Double> used) {
    if (!alone) {
      pause();
    }
    long began = System.nanoTime();
    double nanoseconds = 0;
    double amount = 0;
    try {
      do {
        prepared.beforeCall();
        double before = prepared.counted();
        long start = alone ? THREADS.getCurrentThreadCpuTime() : System.nanoTime();
        int calls = prepared.call();
        long end = alone ? THREADS.getCurrentThreadCpuTime() : System.nanoTime();
        nanoseconds += end - start;
        if (end - start < SHORT_NANOSECONDS) {
          prepared.callMoreOften();
        }
        amount += prepared.hasCounter() ? prepared.counted() - before : calls;
      } while (nanoseconds < TURN_SECONDS * 1e9);
    } catch (ReflectiveOperationException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw new CommandFailure(trial.id() + " failed: " + cause, cause);
    }
    samples.add(
        prepared.hasCounter()
            ? amount / (nanoseconds * 1e-9)
            : nanoseconds / amount / prepared.nanosecondsPerUnit());
    used.merge(trial, (System.nanoTime() - began) * 1e-9, Double::sum);
  }

  private static void pause() {
    try {
      Thread.sleep(PAUSE_MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CommandFailure("interrupted", e);
    }
  }
}
