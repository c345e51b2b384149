package org.quadrille.federated.gaussian;

import org.quadrille.linalg.DType;
import org.quadrille.linalg.LinearOperator;
import org.quadrille.linalg.Tensor;

/** Checks of the vectors and matrices that a precision meets. */
final class VectorOperand {
  private VectorOperand() {}

  /** The elements of a F64 vector of length d in a new array. */
  static double[] copyOf(Tensor x, int dimension, String name) {
    if (x.rank() != 1 || x.length() != dimension || x.dtype() != DType.F64) {
      throw new IllegalArgumentException(
          name + ": " + x + " given, expected a F64 vector of " + dimension + " elements");
    }
    return x.toDoubles();
  }

  /** Refuses operands that a symmetric F64 operator cannot be applied to. */
  static void check(LinearOperator a, Tensor x, Tensor out) {
    boolean fits =
        (x.rank() == 1 || x.rank() == 2)
            && x.rank() == out.rank()
            && x.size(0) == a.rows()
            && x.length() == out.length()
            && x.dtype() == DType.F64
            && out.dtype() == DType.F64
            && out.size(0) == a.rows();
    if (!fits) {
      throw new IllegalArgumentException(
          "precision of dimension "
              + a.rows()
              + ": x "
              + x
              + " and out "
              + out
              + " given, expected F64 tensors of one shape with "
              + a.rows()
              + " rows");
    }
  }
}
