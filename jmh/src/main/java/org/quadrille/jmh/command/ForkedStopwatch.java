package org.quadrille.jmh.command;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.openjdk.jmh.results.BenchmarkResult;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.format.OutputFormatFactory;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;
import org.quadrille.cli.console.CommandFailure;

/**
 * Times by JMH, each trial in processes of its own: worker threads of a native library that spin
 * after a product take no time from the next one, and no library meets profiles that another one
 * left. The middle of all iterations of all processes counts.
 */
final class ForkedStopwatch implements Stopwatch {
  private final Effort effort;
  private final List<String> javaOptions;
  private final PrintStream log;
  private final String logName;

  /**
   * A stopwatch.
   *
   * @param javaOptions options of the forked processes
   * @param log where JMH reports
   * @param logName how to call that in an error message
   */
  ForkedStopwatch(Effort effort, List<String> javaOptions, PrintStream log, String logName) {
    this.effort = effort;
    this.javaOptions = List.copyOf(javaOptions);
    this.log = log;
    this.logName = logName;
  }

  @Override
  public String description() {
    return "JMH, each library in its own process; median of "
        + effort.forks() * effort.iterations()
        + " iterations";
  }

  @Override
  public List<Job> jobs(List<Case> cases) {
    Set<Job> jobs = new LinkedHashSet<>();
    for (Case each : cases) {
      each.all().forEach(trial -> jobs.add(new Job(List.of(trial))));
    }
    return new ArrayList<>(jobs);
  }

  @Override
  public Job jobOf(Case owner, Trial trial) {
    return new Job(List.of(trial));
  }

  @Override
  public Map<Trial, Measurement> time(Job job) {
    Trial trial = job.trials().getFirst();
    ChainedOptionsBuilder options =
        new OptionsBuilder()
            .include("^" + Pattern.quote(trial.benchmark().getName() + "." + trial.method()) + "$")
            .jvmArgs(javaOptions.toArray(String[]::new))
            .forks(effort.forks())
            .warmupIterations(effort.warmups())
            .warmupTime(TimeValue.milliseconds(effort.milliseconds()))
            .measurementIterations(effort.iterations())
            .measurementTime(TimeValue.milliseconds(effort.milliseconds()))
            .shouldFailOnError(true);
    trial.parameters().forEach((name, value) -> options.param(name, value));
    try {
      Collection<RunResult> results =
          new Runner(
                  options.build(),
                  OutputFormatFactory.createFormatInstance(log, VerboseMode.NORMAL))
              .run();
      return Map.of(trial, read(results.iterator().next()));
    } catch (RunnerException e) {
      throw new CommandFailure(
          trial.id() + " failed: " + e.getMessage().strip() + "; see " + logName, e);
    }
  }

  private static Measurement read(RunResult run) {
    List<Double> samples = new ArrayList<>();
    String unit = null;
    for (BenchmarkResult fork : run.getBenchmarkResults()) {
      for (IterationResult iteration : fork.getIterationResults()) {
        String counter = counter(iteration);
        Result<?> result =
            counter == null
                ? iteration.getPrimaryResult()
                : (Result<?>) iteration.getSecondaryResults().get(counter);
        // JMH says "ms/op".
        unit = counter == null ? result.getScoreUnit().replace("/op", "") : Counters.unit(counter);
        samples.add(result.getScore());
      }
    }
    return Measurement.middleOf(samples.stream().mapToDouble(Double::doubleValue).toArray(), unit);
  }

  private static String counter(IterationResult iteration) {
    for (Object name : iteration.getSecondaryResults().keySet()) {
      if (Counters.unit(name.toString()) != null) {
        return name.toString();
      }
    }
    return null;
  }
}
