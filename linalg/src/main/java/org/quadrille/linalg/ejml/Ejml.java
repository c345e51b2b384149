package org.quadrille.linalg.ejml;

import org.ejml.data.DMatrixRMaj;
import org.ejml.data.FMatrixRMaj;
import org.quadrille.linalg.DType;
import org.quadrille.linalg.Tensor;

/**
 * Bridges between {@link Tensor} and the dense matrices of EJML, in both precisions.
 *
 * <p>{@code view} and {@code share...} copy nothing: both sides see the writes of the other, for as
 * long as the EJML matrix is not reshaped to a larger size (that gives it a new array). {@code
 * copy...} accept any strides and either dtype.
 *
 * {@snippet :
 * DMatrixRMaj matrix = Ejml.toMatrix(tensor); // shares the array
 * CommonOps_DDRM.scale(2, matrix); // tensor is doubled too
 * }
 */
public final class Ejml {
  private Ejml() {}

  /** The matrix as an F64 tensor of shape [numRows, numCols] that shares its array. */
  public static Tensor view(DMatrixRMaj matrix) {
    return Tensor.view(
        matrix.data, 0, shape(matrix.numRows, matrix.numCols), strides(matrix.numCols));
  }

  /** The matrix as an F32 tensor of shape [numRows, numCols] that shares its array. */
  public static Tensor view(FMatrixRMaj matrix) {
    return Tensor.view(
        matrix.data, 0, shape(matrix.numRows, matrix.numCols), strides(matrix.numCols));
  }

  /**
   * The tensor as an EJML matrix that shares its array.
   *
   * @param tensor an F64 matrix, contiguous from offset 0
   * @throws IllegalArgumentException if the tensor cannot be shared; {@link #copyToMatrix} takes
   *     any
   */
  public static DMatrixRMaj toMatrix(Tensor tensor) {
    checkShareable(tensor, DType.F64, "copyToMatrix");
    return DMatrixRMaj.wrap(tensor.size(0), tensor.size(1), tensor.doubles());
  }

  /**
   * The tensor as a single-precision EJML matrix that shares its array.
   *
   * @param tensor an F32 matrix, contiguous from offset 0
   * @throws IllegalArgumentException if the tensor cannot be shared; {@link #copyToFloatMatrix}
   *     takes any
   */
  public static FMatrixRMaj toFloatMatrix(Tensor tensor) {
    checkShareable(tensor, DType.F32, "copyToFloatMatrix");
    return FMatrixRMaj.wrap(tensor.size(0), tensor.size(1), tensor.floats());
  }

  /** A new EJML matrix with the elements of a matrix tensor of any strides and dtype. */
  public static DMatrixRMaj copyToMatrix(Tensor tensor) {
    checkMatrix(tensor);
    return DMatrixRMaj.wrap(tensor.size(0), tensor.size(1), tensor.toDoubles());
  }

  /**
   * A new single-precision EJML matrix with the elements of a matrix tensor of any strides and
   * dtype; doubles are rounded to nearest.
   */
  public static FMatrixRMaj copyToFloatMatrix(Tensor tensor) {
    checkMatrix(tensor);
    return FMatrixRMaj.wrap(tensor.size(0), tensor.size(1), tensor.toFloats());
  }

  /** A new F64 tensor with the elements of the matrix. */
  public static Tensor copy(DMatrixRMaj matrix) {
    return view(matrix).copy();
  }

  /** A new F32 tensor with the elements of the matrix. */
  public static Tensor copy(FMatrixRMaj matrix) {
    return view(matrix).copy();
  }

  private static void checkShareable(Tensor tensor, DType dtype, String copying) {
    checkMatrix(tensor);
    if (tensor.dtype() != dtype || !tensor.isContiguous() || tensor.offset() != 0) {
      throw new IllegalArgumentException(
          "given "
              + tensor
              + " at offset "
              + tensor.offset()
              + ", expected "
              + dtype
              + ", contiguous, offset 0, to share its array with EJML; call "
              + copying);
    }
  }

  private static void checkMatrix(Tensor tensor) {
    if (tensor.rank() != 2) {
      throw new IllegalArgumentException(
          "given " + tensor + ", expected a matrix; reshape a vector to one column first");
    }
  }

  private static int[] shape(int rows, int cols) {
    return new int[] {rows, cols};
  }

  private static int[] strides(int cols) {
    return new int[] {Math.max(1, cols), 1};
  }
}
