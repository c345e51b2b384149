package org.quadrille.cli.train;

import org.quadrille.cli.report.LineChart;
import org.quadrille.transformer.train.TrainingHistory;

/** Draws the losses of a run: each step, a running mean, and the held-out text. */
public final class LossCurve {
  /** Points that are drawn of a long run: more cannot be told apart. */
  private static final int POINTS = 600;

  private static final double MEMORY = 0.95;

  private LossCurve() {}

  /** The chart; values in nats per token. */
  public static LineChart of(TrainingHistory history) {
    int steps = history.steps();
    int stride = Math.max(1, steps / POINTS);
    int count = steps / stride;
    double[] x = new double[count];
    double[] each = new double[count];
    double[] smooth = new double[count];
    double mean = 0;
    double weight = 0;
    for (int i = 0; i < steps; i++) {
      mean = MEMORY * mean + (1 - MEMORY) * history.loss(i);
      weight = MEMORY * weight + (1 - MEMORY);
      if ((i + 1) % stride == 0 && i / stride < count) {
        x[i / stride] = i + 1;
        each[i / stride] = history.loss(i);
        smooth[i / stride] = mean / weight;
      }
    }
    LineChart chart =
        new LineChart("Loss against step", "step", "nats per token")
            .dashedLine("each batch", "loss of each batch", x, each)
            .line("running mean", "mean over about 20 steps", x, smooth);
    int evaluations = history.evaluations();
    if (evaluations > 0) {
      double[] at = new double[evaluations];
      double[] held = new double[evaluations];
      for (int i = 0; i < evaluations; i++) {
        at[i] = history.evaluationStep(i);
        held[i] = history.evaluationLoss(i);
      }
      chart.line("held-out text", "loss on the validation part", at, held);
    }
    return chart;
  }
}
