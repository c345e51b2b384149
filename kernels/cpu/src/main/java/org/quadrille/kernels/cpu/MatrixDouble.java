// Generated from MatrixFloat.java by src/main/generator/DoubleTwins.java. Do not edit.
package org.quadrille.kernels.cpu;

/**
 * Where the elements of one operand lie: element (i, j) at {@code offset + i * rowStride + j *
 * colStride}.
 */
record MatrixDouble(double[] data, int offset, int rowStride, int colStride) {

  /** The index of element (i, j). */
  int at(int i, int j) {
    return offset + i * rowStride + j * colStride;
  }

  /** The part of the matrix from element (i, j) on. */
  MatrixDouble from(int i, int j) {
    return new MatrixDouble(data, at(i, j), rowStride, colStride);
  }

  MatrixDouble transposed() {
    return new MatrixDouble(data, offset, colStride, rowStride);
  }
}
