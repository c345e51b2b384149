package org.quadrille.growth;

import java.util.Arrays;
import org.quadrille.linalg.Tensors;
import org.quadrille.optim.GradientClipping;
import org.quadrille.optim.Optimizer;
import org.quadrille.optim.Schedule;
import org.quadrille.optim.StepObjective;

/**
 * Learns the numbers of a growth operator from the loss of the large model (P. Wang et al., ICLR
 * 2023, section 3.2): each step makes the large weights, takes the gradient of their loss back
 * through the operator, and moves the operator. Large weights are never moved, small ones only if
 * the settings give them a rate.
 *
 * {@snippet :
 * GrowthOperator operator = LearnedStart.PUBLISHED.operator(plan, DType.F32, 1);
 * LearnedGrowth learned =
 *     GrowthLearning.of(operator, small, step -> model.objective(batch(step)), LearningSettings.OURS)
 *         .run();
 * Tensors weights = learned.grow();
 * }
 *
 * <p>The operator is changed in place. If a loss or a gradient is not finite, learning ends with
 * the last numbers whose loss was. The same settings, data and start give the same bits for any
 * number of threads. Not thread safe, except {@link #stop}.
 */
public final class GrowthLearning {

  /** Told of every step. */
  @FunctionalInterface
  public interface Listener {
    /**
     * Called after a step.
     *
     * @param step number of the step, from 0
     * @param loss of the large model before the step
     */
    void stepDone(int step, double loss);
  }

  private final GrowthOperator operator;
  private final Tensors small;
  private final StepObjective data;
  private final LearningSettings settings;
  private Listener listener = (step, loss) -> {};
  private volatile boolean stopping;

  private GrowthLearning(
      GrowthOperator operator, Tensors small, StepObjective data, LearningSettings settings) {
    this.operator = operator;
    this.small = small;
    this.data = data;
    this.settings = settings;
  }

  /**
   * Learning to come.
   *
   * @param operator its numbers are changed by {@link #run}
   * @param small weights of the small model, never modified
   * @param data loss of the large weights at each step, by the names of the plan
   * @throws IllegalArgumentException if the small weights do not fit the operator, or if there are
   *     steps but nothing has a rate above 0
   */
  public static GrowthLearning of(
      GrowthOperator operator, Tensors small, StepObjective data, LearningSettings settings) {
    operator.plan().requireSmall(small);
    boolean learns =
        settings.small().peak() > 0
            || operator.parameters().names().stream()
                .anyMatch(name -> settings.rate(name).peak() > 0);
    if (settings.steps() > 0 && !learns) {
      throw new IllegalArgumentException(
          "nothing to learn in "
              + settings.steps()
              + " steps: the operator has "
              + operator.parameters().size()
              + " parameters, none with a rate above 0 in "
              + settings
              + "; give a rate, a learnable start, or no steps");
    }
    return new GrowthLearning(operator, small, data, settings);
  }

  /** Tells this of every step. */
  public GrowthLearning telling(Listener newListener) {
    listener = newListener;
    return this;
  }

  /** Ends {@link #run} after the step that is under way. Any thread may call. */
  public void stop() {
    stopping = true;
  }

  /** Takes the steps. */
  public LearnedGrowth run() {
    boolean tuning = settings.small().peak() > 0;
    Tensors weights = tuning ? small.copy() : small;
    if (settings.steps() == 0) {
      return new LearnedGrowth(
          operator, weights, new double[0], 0, LearnedGrowth.End.DONE, "no steps were asked for");
    }
    GrowthObjective objective = GrowthObjective.of(operator, weights, data.at(0));
    return new Run(tuning ? objective.tuningSmall() : objective, weights).take();
  }

  /** The state of one run. */
  private final class Run {
    private final GrowthObjective objective;
    private final Tensors weights;
    private final Tensors parameters = Tensors.empty();
    private final Tensors gradients;
    private final Tensors before;
    private final Optimizer optimizer = settings.method().optimizer(settings.groups());
    private final GradientClipping clipping = GradientClipping.byNorm(settings.largestNorm());
    private final Schedule schedule = settings.schedule();
    private final double[] losses = new double[settings.steps()];

    Run(GrowthObjective objective, Tensors weights) {
      this.objective = objective;
      this.weights = weights;
      objective
          .parameters()
          .forEach(
              (name, tensor) -> {
                if (settings.rate(name).peak() > 0) {
                  parameters.put(name, tensor);
                }
              });
      gradients = parameters.zerosLike();
      before = parameters.copy();
    }

    LearnedGrowth take() {
      for (int step = 0; step < settings.steps(); step++) {
        if (stopping) {
          return end(step, step, LearnedGrowth.End.STOPPED, "stopped after " + step + " steps");
        }
        double loss =
            objective.with(data.at(step)).lossAndGradient(objective.parameters(), gradients);
        if (!Double.isFinite(loss)) {
          return backTo(step, step, step - 1, "the loss is " + loss);
        }
        losses[step] = loss;
        try {
          clipping.clip(gradients);
        } catch (ArithmeticException e) {
          return end(step, step + 1, LearnedGrowth.End.DIVERGED, said(step, step, e.getMessage()));
        }
        parameters.forEach((name, tensor) -> before.get(name).assign(tensor));
        optimizer.step(parameters, gradients, schedule.factor(step));
        listener.stepDone(step, loss);
      }
      return checked();
    }

    /** The last step is not followed by a loss that would tell. */
    private LearnedGrowth checked() {
      int steps = settings.steps();
      boolean[] finite = {true};
      parameters.forEach((name, tensor) -> finite[0] &= tensor.isFinite());
      operator.apply(weights).forEach((name, tensor) -> finite[0] &= tensor.isFinite());
      return finite[0]
          ? end(steps, steps, LearnedGrowth.End.DONE, "all " + steps + " steps were taken")
          : backTo(steps, steps, steps - 1, "the grown weights are not finite");
    }

    private LearnedGrowth backTo(int step, int losses, int contained, String what) {
      parameters.forEach((name, tensor) -> tensor.assign(before.get(name)));
      int steps = Math.max(contained, 0);
      return end(steps, losses, LearnedGrowth.End.DIVERGED, said(step, steps, what));
    }

    private LearnedGrowth end(int steps, int known, LearnedGrowth.End end, String reason) {
      return new LearnedGrowth(operator, weights, Arrays.copyOf(losses, known), steps, end, reason);
    }

    private String said(int step, int steps, String what) {
      return "diverged after "
          + step
          + " steps: "
          + what
          + "; the operator is the one after "
          + steps
          + " steps; lower the rate or clip gradients";
    }
  }
}
