package org.quadrille.linalg;

import java.util.Arrays;

/**
 * Border checks that all operators share, with messages that say what was given, what was expected
 * and what to do.
 */
public final class OperatorChecks {
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
  public static void check(
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

  /**
   * Checks that a result shares no element with what it is computed from.
   *
   * @throws IllegalArgumentException if it does
   */
  public static void checkSeparate(Tensor x, Tensor out, String method) {
    if (Aliasing.shareElements(x, out)) {
      throw new IllegalArgumentException(
          method + ": out " + out + " shares elements with the operand; pass another tensor");
    }
  }

  /** Checks operand and gradient of {@code accumulateGradients}. */
  static void checkGradient(LinearOperator operator, Tensor x, Tensor gradY) {
    check(operator, x, gradY, operator.rows(), operator.cols(), "accumulateGradients");
  }

  /**
   * The tensor of {@code gradients} that belongs to a parameter.
   *
   * @throws IllegalArgumentException if it is missing or has another shape or dtype
   */
  static Tensor gradient(Tensors gradients, String name, Tensor parameter) {
    Tensor target = gradients.get(name);
    if (!Arrays.equals(target.shape(), parameter.shape()) || target.dtype() != parameter.dtype()) {
      throw new IllegalArgumentException(
          "gradient of \""
              + name
              + "\": given "
              + target
              + ", expected "
              + parameter.dtype()
              + Arrays.toString(parameter.shape())
              + "; parameters().zerosLike() gives fitting ones");
    }
    return target;
  }

  /** A vector as a matrix of one column (a view), a matrix unchanged. */
  static Tensor columns(Tensor x) {
    if (x.rank() == 2) {
      return x;
    }
    int[] shape = {x.size(0), 1};
    int[] strides = {x.stride(0), 1};
    return x.dtype() == DType.F32
        ? Tensor.view(x.floats(), x.offset(), shape, strides)
        : Tensor.view(x.doubles(), x.offset(), shape, strides);
  }

  /** {@code x := factor x} without touching x where the factor is 1; returns x. */
  static Tensor scaleUnlessOne(double factor, Tensor x) {
    return factor == 1 ? x : Arithmetic.scale(factor, x);
  }

  /** Checks number of axes and finiteness of a tensor that defines an operator. */
  static void checkParameter(String name, Tensor parameter, int rank) {
    if (parameter.rank() != rank) {
      throw new IllegalArgumentException(
          name + ": given " + parameter + ", expected a " + (rank == 1 ? "vector" : "matrix"));
    }
    Norms.requireFinite(name, parameter);
  }

  /** Checks that a number is finite. */
  static void checkFactor(String name, double value) {
    if (!Double.isFinite(value)) {
      throw new IllegalArgumentException(name + ": given " + value + ", expected a finite number");
    }
  }

  /** Checks that two tensors have one dtype. */
  static void checkSameDtype(String nameA, Tensor a, String nameB, Tensor b) {
    if (a.dtype() != b.dtype()) {
      throw new IllegalArgumentException(
          nameA
              + ": "
              + a
              + " and "
              + nameB
              + ": "
              + b
              + "; expected one dtype; convert one with to(DType."
              + a.dtype()
              + ")");
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
