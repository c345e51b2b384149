package org.quadrille.transformer.train;

import java.util.Arrays;
import org.quadrille.linalg.Tensor;
import org.quadrille.linalg.Tensors;

/**
 * Losses, rate factors, gradient norms and times of all steps, and the evaluations on the way. Not
 * thread safe.
 */
public final class TrainingHistory {
  /** Numbers of a step: loss, rate factor, norm of the gradients before clipping, seconds. */
  private static final int COLUMNS = 4;

  private double[] steps = new double[64 * COLUMNS];
  private int count;
  private double[] evaluations = new double[16];
  private int evaluationCount;

  /** An empty history. */
  public TrainingHistory() {}

  /** The history that {@link #toTensors} gave. */
  static TrainingHistory of(Tensors tensors) {
    TrainingHistory history = new TrainingHistory();
    Tensor steps = tensors.get("steps");
    history.count = steps.size(0);
    history.steps = Arrays.copyOf(steps.toDoubles(), Math.max(COLUMNS, steps.length()));
    Tensor evaluations = tensors.get("evaluations");
    history.evaluationCount = evaluations.size(0);
    history.evaluations = Arrays.copyOf(evaluations.toDoubles(), Math.max(2, evaluations.length()));
    return history;
  }

  Tensors toTensors() {
    return Tensors.of("steps", Tensor.of(Arrays.copyOf(steps, count * COLUMNS), count, COLUMNS))
        .put(
            "evaluations",
            Tensor.of(Arrays.copyOf(evaluations, evaluationCount * 2), evaluationCount, 2));
  }

  void addStep(double loss, double rateFactor, double norm, double seconds) {
    if ((count + 1) * COLUMNS > steps.length) {
      steps = Arrays.copyOf(steps, 2 * steps.length);
    }
    int at = count++ * COLUMNS;
    steps[at] = loss;
    steps[at + 1] = rateFactor;
    steps[at + 2] = norm;
    steps[at + 3] = seconds;
  }

  void addEvaluation(double loss) {
    if ((evaluationCount + 1) * 2 > evaluations.length) {
      evaluations = Arrays.copyOf(evaluations, 2 * evaluations.length);
    }
    evaluations[evaluationCount * 2] = count;
    evaluations[evaluationCount * 2 + 1] = loss;
    evaluationCount++;
  }

  /** Steps taken. */
  public int steps() {
    return count;
  }

  /** Training loss of a step, from 0, before it moved the weights. */
  public double loss(int step) {
    return steps[at(step)];
  }

  /** Factor of the peak rates in a step. */
  public double rateFactor(int step) {
    return steps[at(step) + 1];
  }

  /** Norm of all gradients of a step together, before clipping. */
  public double gradientNorm(int step) {
    return steps[at(step) + 2];
  }

  /** Seconds that a step took. */
  public double seconds(int step) {
    return steps[at(step) + 3];
  }

  /** Seconds of all steps, evaluations and checkpoints left out. */
  public double totalSeconds() {
    double sum = 0;
    for (int i = 0; i < count; i++) {
      sum += seconds(i);
    }
    return sum;
  }

  /** Number of evaluations. */
  public int evaluations() {
    return evaluationCount;
  }

  /** After how many steps an evaluation took place. */
  public long evaluationStep(int index) {
    return (long) evaluations[evaluationAt(index)];
  }

  /** Loss of an evaluation. */
  public double evaluationLoss(int index) {
    return evaluations[evaluationAt(index) + 1];
  }

  private int at(int step) {
    if (step < 0 || step >= count) {
      throw new IndexOutOfBoundsException("step " + step + " of " + count);
    }
    return step * COLUMNS;
  }

  private int evaluationAt(int index) {
    if (index < 0 || index >= evaluationCount) {
      throw new IndexOutOfBoundsException("evaluation " + index + " of " + evaluationCount);
    }
    return index * 2;
  }
}
