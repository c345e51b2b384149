package org.quadrille.growth;

import org.quadrille.linalg.Tensor;
import org.quadrille.linalg.Tensors;
import org.quadrille.optim.Objective;
import org.quadrille.optim.StepObjective;

/**
 * The loss of the large model as a function of the numbers of a growth operator: what is learned in
 * LiGO (P. Wang et al., ICLR 2023). The large weights are never learned here, only made.
 *
 * {@snippet :
 * GrowthObjective objective = GrowthObjective.of(operator, small, model.objective(batch));
 * Tensors gradients = objective.parameters().zerosLike();
 * double loss = objective.lossAndGradient(objective.parameters(), gradients);
 * }
 *
 * <p>With {@link #tuningSmall()} the small weights are parameters too, as {@code small.} and their
 * name. Not thread safe.
 */
public final class GrowthObjective implements Objective {
  private static final String SMALL = "small.";

  private final Growth growth;
  private final GrowthOperator operator;
  private final Tensors small;
  private final Objective large;
  private final boolean tuning;
  private final Tensors parameters = Tensors.empty();

  private GrowthObjective(
      Growth growth, GrowthOperator operator, Tensors small, Objective large, boolean tuning) {
    this.growth = growth;
    this.operator = operator;
    this.small = small;
    this.large = large;
    this.tuning = tuning;
    operator.parameters().forEach(parameters::put);
    if (tuning) {
      small.forEach((name, tensor) -> parameters.put(SMALL + name, tensor));
    }
  }

  /**
   * The loss at the large weights {@code M(small)}.
   *
   * @param small weights of the small model; not modified unless they are tuned
   * @param large loss of the large weights by the names of the plan
   */
  public static GrowthObjective of(GrowthOperator operator, Tensors small, Objective large) {
    return new GrowthObjective(operator.on(small), operator, small, large, false);
  }

  /**
   * The same with other data, sharing all buffers.
   *
   * @param newLarge loss of the large weights
   */
  public GrowthObjective with(Objective newLarge) {
    return new GrowthObjective(growth, operator, small, newLarge, tuning);
  }

  /** The same with the small weights as further parameters; learning changes them in place. */
  public GrowthObjective tuningSmall() {
    return new GrowthObjective(growth, operator, small, large, true);
  }

  /** Fresh data at every step. */
  public StepObjective steps(StepObjective data) {
    return step -> with(data.at(step));
  }

  /** The live parameters: what the operator has, and the small weights if they are tuned. */
  public Tensors parameters() {
    return parameters;
  }

  /** The live large weights as of the last loss. */
  public Tensors large() {
    return growth.large();
  }

  @Override
  public double loss(Tensors given) {
    take(given);
    return large.loss(growth.grow());
  }

  @Override
  public double lossAndGradient(Tensors given, Tensors gradients) {
    take(given);
    Tensors forOperator = Tensors.empty();
    Tensors forSmall = Tensors.empty();
    gradients.forEach(
        (name, gradient) -> {
          if (tuning && name.startsWith(SMALL)) {
            forSmall.put(name.substring(SMALL.length()), gradient);
          } else {
            forOperator.put(name, gradient);
          }
        });
    double loss = large.lossAndGradient(growth.grow(), growth.largeGradients());
    growth.backward(growth.largeGradients(), forOperator, forSmall);
    return loss;
  }

  /** Whether a parameter of that name is a small weight. */
  static boolean isSmall(String name) {
    return name.startsWith(SMALL);
  }

  private void take(Tensors given) {
    for (String name : parameters.names()) {
      Tensor own = parameters.get(name);
      if (given.get(name) != own) {
        own.assign(given.get(name));
      }
    }
    if (tuning) {
      growth.readSmall();
    }
  }
}
