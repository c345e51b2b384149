package org.quadrille.cli.train;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.quadrille.formats.JsonObject;
import org.quadrille.transformer.Transformer;
import org.quadrille.transformer.train.TrainingHistory;

/**
 * What came out of a run.
 *
 * @param model trained
 * @param trained numbers that were trained
 * @param history of all steps
 * @param rate peak learning rate; its factor at each step is in the history
 * @param tokensPerStep tokens that a step reads
 * @param trainingTokens tokens of the training part
 * @param validationTokens tokens of the validation part
 * @param resumedAt step at which the run went on; 0 if it began
 * @param stopped whether it was stopped before the last step
 */
public record TrainingOutcome(
    Transformer model,
    long trained,
    TrainingHistory history,
    double rate,
    int tokensPerStep,
    int trainingTokens,
    int validationTokens,
    long resumedAt,
    boolean stopped) {

  /** Tokens in a second, by the median step: not slowed by the first steps of the program. */
  public double tokensPerSecond() {
    double[] seconds = new double[history.steps()];
    for (int i = 0; i < seconds.length; i++) {
      seconds[i] = history.seconds(i);
    }
    Arrays.sort(seconds);
    return seconds.length == 0 ? 0 : tokensPerStep / seconds[seconds.length / 2];
  }

  /** Useful floating-point operations in a second, in billions. */
  public double gigaflops(int length) {
    return tokensPerSecond() * model.architecture().trainingFlops(length) * 1e-9;
  }

  /** Loss of the last evaluation; NaN if there was none. */
  public double validationLoss() {
    int n = history.evaluations();
    return n == 0 ? Double.NaN : history.evaluationLoss(n - 1);
  }

  /** Every step and evaluation. */
  public JsonObject toJson(int length) {
    List<JsonObject> steps = new ArrayList<>();
    for (int i = 0; i < history.steps(); i++) {
      steps.add(
          new JsonObject()
              .put("step", i + 1)
              .put("loss", history.loss(i))
              .put("lr", rate * history.rateFactor(i))
              .put("gradientNorm", history.gradientNorm(i))
              .put("seconds", history.seconds(i)));
    }
    List<JsonObject> evaluations = new ArrayList<>();
    for (int i = 0; i < history.evaluations(); i++) {
      evaluations.add(
          new JsonObject()
              .put("step", history.evaluationStep(i))
              .put("loss", history.evaluationLoss(i)));
    }
    return new JsonObject()
        .put("parameters", model.architecture().parameterCount())
        .put("trainedParameters", trained)
        .put("trainingTokens", trainingTokens)
        .put("validationTokens", validationTokens)
        .put("tokensPerStep", tokensPerStep)
        .put("resumedAt", resumedAt)
        .put("stopped", stopped)
        .put("steps", steps)
        .put("evaluations", evaluations)
        .put("tokensPerSecond", tokensPerSecond())
        .put("gflops", gigaflops(length))
        .put("flopsPerToken", model.architecture().trainingFlops(length))
        .put(
            "activationBytes",
            Transformer.trainingBytes(
                model.architecture(), model.dtype(), tokensPerStep / length, length))
        .put("seconds", history.totalSeconds());
  }
}
