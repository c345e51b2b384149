package org.quadrille.transformer;

import org.quadrille.kernels.cpu.ElementFunction;
import org.quadrille.linalg.Arithmetic;
import org.quadrille.linalg.Elementwise;
import org.quadrille.linalg.Softmax;
import org.quadrille.linalg.Tensor;

/** Cross entropy of rows of logits and the class each row should have, in nats. */
final class CrossEntropy {
  private CrossEntropy() {}

  /** Sum of the losses of the rows; {@code logits} become log-probabilities. */
  static double sum(Tensor logits, int[] classes, int first) {
    Softmax.logarithm(logits, logits);
    double sum = 0;
    for (int i = 0; i < logits.size(0); i++) {
      sum -= logits.get(i, classes[first + i]);
    }
    return sum;
  }

  /** {@code (softmax - one-hot) factor} in place of log-probabilities. */
  static void gradient(Tensor logProbabilities, int[] classes, int first, double factor) {
    Elementwise.apply(ElementFunction.EXP, logProbabilities, logProbabilities);
    for (int i = 0; i < logProbabilities.size(0); i++) {
      int c = classes[first + i];
      logProbabilities.set(logProbabilities.get(i, c) - 1, i, c);
    }
    Arithmetic.scale(factor, logProbabilities);
  }
}
