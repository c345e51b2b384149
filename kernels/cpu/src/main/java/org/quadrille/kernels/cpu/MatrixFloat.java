package org.quadrille.kernels.cpu;

/**
 * Where the elements of one operand lie: element (i, j) at {@code offset + i * rowStride + j *
 * colStride}.
 */
record MatrixFloat(float[] data, int offset, int rowStride, int colStride) {

  /** The index of element (i, j). */
  int at(int i, int j) {
    return offset + i * rowStride + j * colStride;
  }

  /** The part of the matrix from element (i, j) on. */
  MatrixFloat from(int i, int j) {
    return new MatrixFloat(data, at(i, j), rowStride, colStride);
  }

  MatrixFloat transposed() {
    return new MatrixFloat(data, offset, colStride, rowStride);
  }
}
