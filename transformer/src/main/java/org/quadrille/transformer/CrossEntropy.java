package org.quadrille.transformer;

import org.quadrille.kernels.cpu.ElementFunction;
import org.quadrille.linalg.Arithmetic;
import org.quadrille.linalg.DType;
import org.quadrille.linalg.Elementwise;
import org.quadrille.linalg.Softmax;
import org.quadrille.linalg.Tensor;

/** Cross entropy of rows of logits and the class each row should have, in nats. */
final class CrossEntropy {
  private CrossEntropy() {}

  /**
   * Sum of the losses of the rows; {@code logits} become log-probabilities.
   *
   * @throws ArithmeticException if a logit is not finite
   */
  static double sum(Tensor logits, int[] classes, int first) {
    if (!logits.isFinite()) {
      throw new ArithmeticException(
          "a logit is NaN or infinite: the weights have grown too large; lower the learning rate");
    }
    Softmax.logarithm(logits, logits);
    double sum = 0;
    for (int i = 0; i < logits.size(0); i++) {
      int at = logits.offset() + i * logits.stride(0) + classes[first + i];
      sum -= logits.dtype() == DType.F32 ? logits.floats()[at] : logits.doubles()[at];
    }
    return sum;
  }

  /** {@code (softmax - one-hot) factor} in place of log-probabilities. */
  static void gradient(Tensor logProbabilities, int[] classes, int first, double factor) {
    Tensor p = Elementwise.apply(ElementFunction.EXP, logProbabilities, logProbabilities);
    for (int i = 0; i < p.size(0); i++) {
      int at = p.offset() + i * p.stride(0) + classes[first + i];
      if (p.dtype() == DType.F32) {
        p.floats()[at] -= 1;
      } else {
        p.doubles()[at] -= 1;
      }
    }
    Arithmetic.scale(factor, p);
  }
}
