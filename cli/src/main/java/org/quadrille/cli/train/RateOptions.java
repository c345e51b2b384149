package org.quadrille.cli.train;

import org.quadrille.lowrank.adapter.AdapterRates;
import org.quadrille.optim.Adafactor;
import org.quadrille.optim.Adam;
import org.quadrille.optim.GradientDescent;
import org.quadrille.optim.Lion;
import org.quadrille.optim.Optimizer;
import org.quadrille.optim.ParameterGroups;
import org.quadrille.optim.Schedule;
import org.quadrille.transformer.train.TrainingPlan;
import picocli.CommandLine.Option;

/** The options that say how weights move, and how fast when. */
public final class RateOptions {
  /** Optimizers. */
  enum Method {
    adamw,
    lion,
    sgd,
    adafactor
  }

  /** Schedules. */
  enum Shape {
    cosine,
    linear,
    constant
  }

  @Option(
      names = "--steps",
      paramLabel = "N",
      defaultValue = "900",
      description = "Steps (default: ${DEFAULT-VALUE}).")
  private int steps;

  @Option(
      names = "--optimizer",
      paramLabel = "NAME",
      defaultValue = "adamw",
      description = "One of ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
  private Method method;

  @Option(
      names = "--rate",
      paramLabel = "R",
      defaultValue = "3e-3",
      description = "Peak learning rate (default: ${DEFAULT-VALUE}).")
  private double rate;

  @Option(
      names = "--schedule",
      paramLabel = "NAME",
      defaultValue = "cosine",
      description =
          "How the rate falls after the warm-up: ${COMPLETION-CANDIDATES} (default: cosine).")
  private Shape shape;

  @Option(
      names = "--warm-up",
      paramLabel = "PART",
      defaultValue = "0.1",
      description = "Part of the steps in which the rate rises (default: ${DEFAULT-VALUE}).")
  private double warmUp;

  @Option(
      names = "--final-ratio",
      paramLabel = "R",
      defaultValue = "0.01",
      description = "Rate of the last step relative to the peak (default: ${DEFAULT-VALUE}).")
  private double finalRatio;

  @Option(
      names = "--decay",
      paramLabel = "D",
      defaultValue = "0.1",
      description =
          "Weight decay of matrices, times the rate; biases and norms do not decay (default: 0.1).")
  private double decay;

  @Option(
      names = "--clip",
      paramLabel = "NORM",
      defaultValue = "1",
      description = "Largest norm of all gradients together (default: 1; Infinity for none).")
  private double clip;

  /** Peak learning rate. */
  public double rate() {
    return rate;
  }

  /** Steps in all. */
  public int steps() {
    return steps;
  }

  String summary() {
    return steps
        + " "
        + method
        + " "
        + rate
        + " "
        + shape
        + " "
        + warmUp
        + " "
        + finalRatio
        + " "
        + decay
        + " "
        + clip;
  }

  /**
   * The optimizer.
   *
   * @param leftRatio how many times as fast left factors of adapters learn
   */
  Optimizer optimizer(double leftRatio) {
    ParameterGroups groups =
        AdapterRates.factors(rate * leftRatio, rate, decay)
            .undecayed(name -> name.endsWith("bias") || name.contains("norm."));
    return switch (method) {
      case adamw -> new Adam(groups, Adam.Options.DEFAULT.withBetas(0.9, 0.95));
      case lion -> new Lion(groups, 0.9, 0.95);
      case sgd -> new GradientDescent(groups, 0.9);
      case adafactor -> new Adafactor(groups, Adafactor.Options.DEFAULT.withAbsoluteRates());
    };
  }

  TrainingPlan plan(int evaluateEvery, int saveEvery) {
    if (!(warmUp >= 0 && warmUp <= 1)) {
      throw new IllegalArgumentException(
          "--warm-up " + warmUp + ": expected a part of the steps, 0 to 1");
    }
    long rising = Math.round(warmUp * steps);
    long total = Math.max(1, steps);
    Schedule schedule =
        switch (shape) {
          case cosine -> Schedule.cosine(rising, total, finalRatio);
          case linear -> Schedule.linear(rising, total, finalRatio);
          case constant -> Schedule.constant(rising);
        };
    return TrainingPlan.of(steps)
        .withSchedule(schedule)
        .withClipping(clip)
        .every(evaluateEvery, saveEvery);
  }
}
