package org.quadrille.linalg;

import java.util.Arrays;

/**
 * Border checks that all operators share, with messages that say what was given, what was expected
 * and what to do.
 */
final class OperatorChecks {
  private OperatorChecks() {}

  /**
   * A new result of {@code resultLength} rows for operand {@code x}, which must have {@code
   * operandLength} rows.
   */
  static Tensor newResult(
      LinearOperator operator, Tensor x, int resultLength, int operandLength, String method) {
    checkOperand(operator, x, operandLength, method);
    return x.rank() == 1
        ? Tensor.zeros(operator.dtype(), resultLength)
        : Tensor.zeros(operator.dtype(), resultLength, x.size(1));
  }

  /** Checks operand and result of {@code apply} or {@code applyTransposed}. */
  static void check(
      LinearOperator operator,
      Tensor x,
      Tensor out,
      int resultLength,
      int operandLength,
      String method) {
    checkOperand(operator, x, operandLength, method);
    boolean fits =
        out.rank() == x.rank()
            && out.size(0) == resultLength
            && (x.rank() == 1 || out.size(1) == x.size(1));
    if (!fits) {
      int[] expected =
          x.rank() == 1 ? new int[] {resultLength} : new int[] {resultLength, x.size(1)};
      throw new IllegalArgumentException(
          method + ": out is " + out + ", expected shape " + Arrays.toString(expected));
    }
    if (out.dtype() != operator.dtype()) {
      throw new IllegalArgumentException(
          method + ": out is " + out + ", expected dtype " + operator.dtype());
    }
  }

  private static void checkOperand(
      LinearOperator operator, Tensor x, int operandLength, String method) {
    String shape = "operator of shape [" + operator.rows() + ", " + operator.cols() + "]";
    if ((x.rank() != 1 && x.rank() != 2) || x.size(0) != operandLength) {
      boolean otherWay =
          x.rank() >= 1
              && x.size(0)
                  == (operandLength == operator.cols() ? operator.rows() : operator.cols());
      boolean sideways = x.rank() == 2 && x.size(1) == operandLength;
      String hint =
          sideways
              ? "; did you mean x.transpose()?"
              : otherWay
                  ? "; did you mean " + (method.equals("apply") ? "applyTransposed" : "apply") + "?"
                  : "";
      throw new IllegalArgumentException(
          shape
              + " cannot "
              + method
              + " to "
              + x
              + "; expected shape ["
              + operandLength
              + "] or ["
              + operandLength
              + ", k]"
              + hint);
    }
    if (x.dtype() != operator.dtype()) {
      throw new IllegalArgumentException(
          shape
              + " and dtype "
              + operator.dtype()
              + " cannot "
              + method
              + " to "
              + x
              + "; convert with x.to(DType."
              + operator.dtype()
              + ")");
    }
  }
}
