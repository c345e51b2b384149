package org.quadrille.transformer.train;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.function.DoubleSupplier;
import java.util.function.Predicate;
import org.quadrille.linalg.Tensor;
import org.quadrille.linalg.Tensors;
import org.quadrille.optim.GradientClipping;
import org.quadrille.optim.Objective;
import org.quadrille.optim.Optimizer;
import org.quadrille.optim.StepObjective;

/**
 * The training loop: loss and gradient, clipping, a step of the optimizer, and on the way
 * evaluations and checkpoints.
 *
 * <p>Weights are changed in place. A run that is stopped after any step and goes on from its saved
 * {@link TrainingState} ends with the bits of an unbroken one, provided the objective of a step
 * depends on the step alone. After the first step the loop itself allocates no arrays. Not thread
 * safe, except {@link #stop}.
 */
public final class Trainer {

  /** Keeps a checkpoint. */
  @FunctionalInterface
  public interface Saver {
    /** Writes a state; its tensors are live and change after the call. */
    void save(TrainingState state) throws IOException;
  }

  /** Told of every step. */
  @FunctionalInterface
  public interface Listener {
    /** Called after a step. {@code history.steps()} of them are done. */
    void stepDone(TrainingHistory history);
  }

  private final Tensors parameters;
  private final StepObjective data;
  private final Optimizer optimizer;
  private final TrainingPlan plan;
  private final GradientClipping clipping;
  private Predicate<String> frozen = name -> false;
  private DoubleSupplier evaluation;
  private Listener listener = history -> {};
  private Saver saver;
  private TrainingHistory history = new TrainingHistory();
  private long step;
  private long savedStep = -1;
  private volatile boolean stopping;

  /**
   * A run from step 0.
   *
   * @param parameters of the objective; modified
   * @param data objective of each step
   * @param optimizer new
   * @param plan what to do when
   */
  public Trainer(Tensors parameters, StepObjective data, Optimizer optimizer, TrainingPlan plan) {
    this.parameters = parameters;
    this.data = data;
    this.optimizer = optimizer;
    this.plan = plan;
    this.clipping = GradientClipping.byNorm(plan.largestNorm());
  }

  /** Leaves tensors of such names as they are; their gradients are not computed. */
  public Trainer freezing(Predicate<String> names) {
    frozen = names;
    return this;
  }

  /** Evaluates with this, as often as the plan says. */
  public Trainer evaluating(DoubleSupplier loss) {
    evaluation = loss;
    return this;
  }

  /** Tells this of every step. */
  public Trainer telling(Listener newListener) {
    listener = newListener;
    return this;
  }

  /** Saves with this, as often as the plan says, at the end and when stopped. */
  public Trainer saving(Saver newSaver) {
    saver = newSaver;
    return this;
  }

  /**
   * Goes on from a saved state: its weights are copied into the parameters, step and history
   * continue.
   *
   * @throws IllegalArgumentException if a tensor is missing or does not fit, or the state is beyond
   *     the plan
   */
  public Trainer resuming(TrainingState state) {
    if (state.step() > plan.steps()) {
      throw new IllegalArgumentException(
          "checkpoint of step "
              + state.step()
              + ", the plan has "
              + plan.steps()
              + " steps; ask for more steps");
    }
    for (String name : parameters.names()) {
      Tensor saved = state.parameters().get(name);
      Tensor own = parameters.get(name);
      if (saved.dtype() != own.dtype() || !Arrays.equals(saved.shape(), own.shape())) {
        throw new IllegalArgumentException(
            name + ": checkpoint has " + saved + ", the model " + own);
      }
    }
    parameters.forEach((name, own) -> own.assign(state.parameters().get(name)));
    optimizer.load(state.optimizer());
    history = state.history();
    step = state.step();
    savedStep = step;
    return this;
  }

  /**
   * Ends {@link #run} after the step that is under way; the state is saved. Any thread may call.
   */
  public void stop() {
    stopping = true;
  }

  /**
   * Takes the steps that are left.
   *
   * @return losses of all steps, those before resuming included; shorter than the plan if stopped
   * @throws DivergedException if a loss or gradient is not finite; the weights are those before the
   *     step
   * @throws IllegalArgumentException if all tensors are frozen
   */
  public TrainingHistory run() {
    Tensors gradients = gradients();
    while (step < plan.steps() && !stopping) {
      takeStep(gradients);
      listener.stepDone(history);
      if (evaluation != null && plan.isDue(plan.evaluateEvery(), step)) {
        history.addEvaluation(evaluation.getAsDouble());
      }
      if (plan.isDue(plan.saveEvery(), step)) {
        save();
      }
    }
    if (savedStep != step) {
      save();
    }
    return history;
  }

  private Tensors gradients() {
    Tensors gradients = Tensors.empty();
    for (String name : parameters.names()) {
      if (!frozen.test(name)) {
        Tensor like = parameters.get(name);
        gradients.put(name, Tensor.zeros(like.dtype(), like.shape()));
      }
    }
    if (gradients.size() == 0) {
      throw new IllegalArgumentException(
          "all " + parameters.size() + " tensors are frozen; expected one to be trained");
    }
    return gradients;
  }

  private void takeStep(Tensors gradients) {
    long start = System.nanoTime();
    double factor = plan.schedule().factor(step + 1);
    double loss;
    double norm;
    try {
      Objective objective = data.at(step);
      loss = objective.lossAndGradient(parameters, gradients);
      if (!Double.isFinite(loss)) {
        throw new ArithmeticException("the loss is " + loss);
      }
      norm = clipping.clip(gradients);
    } catch (ArithmeticException e) {
      throw new DivergedException(step, factor, savedStep, e);
    }
    optimizer.step(parameters, gradients, factor);
    history.addStep(loss, factor, norm, (System.nanoTime() - start) * 1e-9);
    step++;
  }

  private void save() {
    if (saver == null) {
      return;
    }
    try {
      saver.save(new TrainingState(step, parameters, optimizer.state(), history));
      savedStep = step;
    } catch (IOException e) {
      throw new UncheckedIOException("checkpoint of step " + step + " cannot be written", e);
    }
  }
}
