package org.quadrille.cli.reproduce.growth;

import org.quadrille.linalg.Tensors;
import org.quadrille.optim.Adam;
import org.quadrille.optim.DecayRule;
import org.quadrille.optim.Optimizer;
import org.quadrille.optim.ParameterGroups;
import org.quadrille.optim.Schedule;
import org.quadrille.transformer.Architecture;
import org.quadrille.transformer.Transformer;
import org.quadrille.transformer.train.TextTask;
import org.quadrille.transformer.train.Trainer;
import org.quadrille.transformer.train.TrainingPlan;

/**
 * How every model of a study is trained: AdamW (0.9, 0.95, weight decay 0.01 on matrices), clipping
 * at norm 1, linear warm-up, then linear decay to a tenth at the end of the run's own budget.
 *
 * @param length characters of a window
 * @param batch windows of a batch
 * @param headSize length of an attention head
 * @param sourceSteps budget of the small models
 * @param scratchRate peak rate of small models and of large ones from scratch
 * @param grownRate peak rate of grown models
 * @param warmUp steps
 * @param evaluationWindows held-out windows, the same for all runs
 */
record StudyRecipe(
    int length,
    int batch,
    int headSize,
    int sourceSteps,
    double scratchRate,
    double grownRate,
    int warmUp,
    int evaluationWindows) {
  private static final double DECAY = 0.01;
  private static final double FINAL = 0.1;
  private static final double BETA1 = 0.9;
  private static final double BETA2 = 0.95;

  /** Sizes at which the effect was first seen, in minutes a run. */
  static final StudyRecipe FULL = new StudyRecipe(64, 8, 16, 8000, 6e-3, 1.5e-3, 50, 512);

  /** Half the width and half the length: an eighth of the time. */
  static final StudyRecipe HALF = new StudyRecipe(32, 8, 8, 4000, 6e-3, 1.5e-3, 50, 1024);

  /**
   * The same for hidden characters: few of a batch are hidden, and with normalization after the
   * sums training has to start slowly.
   */
  static final StudyRecipe HALF_MASKED = new StudyRecipe(32, 8, 8, 8000, 3e-3, 7.5e-4, 500, 1024);

  /** Seconds a run. */
  static final StudyRecipe QUICK = new StudyRecipe(32, 8, 8, 1500, 6e-3, 1.5e-3, 50, 256);

  /**
   * What a run gave.
   *
   * @param before held-out loss of the start, nats per predicted character
   * @param after held-out loss at the end
   * @param weights at the end
   */
  record Trained(double before, double after, Tensors weights) {}

  /**
   * Trains a copy of weights.
   *
   * @param start not modified
   * @param seed of the order of the data
   * @param steps the whole budget; 0 only evaluates
   */
  Trained train(
      StudyTask task,
      StudyText text,
      Architecture architecture,
      Tensors start,
      long seed,
      int steps,
      double rate) {
    Tensors weights = Tensors.empty();
    start.forEach((name, tensor) -> weights.put(name, tensor.copy()));
    Transformer model = Transformer.of(architecture, weights);
    TextTask batches = task.batches(model, text, this, seed);
    double before = batches.evaluate(evaluationWindows);
    if (steps == 0) {
      return new Trained(before, before, weights);
    }
    TrainingPlan plan =
        TrainingPlan.of(steps)
            .withSchedule(Schedule.linear(Math.min(warmUp, steps), steps, FINAL))
            .withClipping(1);
    new Trainer(weights, batches, optimizer(rate), plan).run();
    return new Trained(before, batches.evaluate(evaluationWindows), weights);
  }

  private static Optimizer optimizer(double rate) {
    ParameterGroups groups =
        ParameterGroups.of(rate, DECAY, DecayRule.PYTORCH)
            .undecayed(name -> name.endsWith(".bias") || name.contains("norm"));
    return new Adam(groups, Adam.Options.DEFAULT.withBetas(BETA1, BETA2));
  }

  /** Floating-point operations of one training step. */
  double stepFlops(Architecture architecture) {
    return (double) batch * length * architecture.trainingFlops(length);
  }
}
