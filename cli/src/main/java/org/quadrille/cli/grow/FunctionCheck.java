package org.quadrille.cli.grow;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.quadrille.growth.GrowthOperator;
import org.quadrille.growth.TensorRule;
import org.quadrille.growth.plan.PlannedModel;
import org.quadrille.linalg.Arithmetic;
import org.quadrille.linalg.DType;
import org.quadrille.linalg.GaussianMatrix;
import org.quadrille.linalg.Norms;
import org.quadrille.linalg.Tensor;
import org.quadrille.transformer.Architecture;
import org.quadrille.transformer.Batch;
import org.quadrille.transformer.Head;
import org.quadrille.transformer.Transformer;

/**
 * Runs a model before and after growth on the same random input.
 *
 * @param compared what was compared: logits, logits of classes, or hidden states
 * @param largestDifference of any element
 * @param largestValue of what the small model gives
 * @param tokens of the input
 */
public record FunctionCheck(
    String compared, double largestDifference, double largestValue, int tokens) {
  private static final int SEQUENCES = 4;
  private static final int LENGTH = 48;

  /**
   * Largest difference, as a share of the largest value, that rounding explains: single precision
   * through a deep model.
   */
  private static final double ROUNDING = 2e-4;

  /**
   * Runs both.
   *
   * @param operator that grew the model; tells where hidden states lie in the large model
   * @param large read back from what was written
   */
  static FunctionCheck run(
      PlannedModel small, GrowthOperator operator, PlannedModel large, long seed)
      throws IOException {
    DType dtype = operator.dtype();
    Batch batch = batch(small.architecture(), dtype, seed);
    Tensor before = output(small, batch, dtype);
    Tensor after = output(large, batch, dtype);
    boolean hidden = !predicts(small.architecture());
    Tensor expected = hidden ? expanded(before, operator, small.architecture()) : before;
    return new FunctionCheck(
        small.architecture().classes() > 0
            ? "class logits"
            : hidden ? "last hidden states" : "logits",
        Norms.max(Arithmetic.subtract(after, expected)),
        Norms.max(before),
        batch.rows());
  }

  /** Whether the two functions are the same up to rounding. */
  public boolean same() {
    return largestDifference <= ROUNDING * Math.max(1, largestValue);
  }

  private static boolean predicts(Architecture a) {
    return a.classes() > 0 || a.head() != Head.NONE;
  }

  private static Tensor output(PlannedModel model, Batch batch, DType dtype) throws IOException {
    Transformer transformer = Transformer.of(model.architecture(), model.read(dtype));
    Tensor output =
        model.architecture().classes() > 0
            ? transformer.classLogits(batch)
            : predicts(model.architecture())
                ? transformer.logits(batch)
                : transformer.hidden(batch);
    return output.copy();
  }

  private static Batch batch(Architecture a, DType dtype, long seed) {
    if (a.patchInputs() > 0) {
      // Positions hold the class token, too.
      int rows = SEQUENCES * (a.positions() - 1);
      return Batch.ofPatches(
          GaussianMatrix.of(dtype, seed, rows, a.patchInputs())
              .reshape(SEQUENCES, a.positions() - 1, a.patchInputs()));
    }
    int length = Math.min(LENGTH, a.positions());
    SplittableRandom random = new SplittableRandom(seed);
    int[] tokens = new int[SEQUENCES * length];
    Arrays.setAll(tokens, i -> random.nextInt(a.vocabulary()));
    return Batch.of(tokens, SEQUENCES, length);
  }

  /** The hidden states as the shifts of the last normalization grow. */
  private static Tensor expanded(Tensor hidden, GrowthOperator operator, Architecture a) {
    TensorRule rule =
        new TensorRule(
            "hidden states",
            List.of(TensorRule.FIXED, a.normFirst() ? "final.bias" : "norm.bias"),
            TensorRule.NO_LAYERS);
    return operator.grow(rule, List.of(hidden)).getFirst();
  }
}
