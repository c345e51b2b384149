package org.quadrille.kernels.cpu;

/** Plain Java loops: readable, flag-free, and the definition of every result. */
final class ScalarKernels implements Kernels {

  @Override
  public String name() {
    return "scalar";
  }

  @Override
  public int lanesFloat() {
    return 1;
  }

  @Override
  public int lanesDouble() {
    return 1;
  }

  @Override
  public void gemm(
      int m,
      int n,
      int k,
      float alpha,
      float[] a,
      int aOffset,
      int aRowStride,
      int aColStride,
      float[] b,
      int bOffset,
      int bRowStride,
      int bColStride,
      float beta,
      float[] c,
      int cOffset,
      int cRowStride,
      int cColStride) {
    ScalarFloat.gemm(
        m,
        n,
        k,
        alpha,
        a,
        aOffset,
        aRowStride,
        aColStride,
        b,
        bOffset,
        bRowStride,
        bColStride,
        beta,
        c,
        cOffset,
        cRowStride,
        cColStride);
  }

  @Override
  public void gemm(
      int m,
      int n,
      int k,
      double alpha,
      double[] a,
      int aOffset,
      int aRowStride,
      int aColStride,
      double[] b,
      int bOffset,
      int bRowStride,
      int bColStride,
      double beta,
      double[] c,
      int cOffset,
      int cRowStride,
      int cColStride) {
    ScalarDouble.gemm(
        m,
        n,
        k,
        alpha,
        a,
        aOffset,
        aRowStride,
        aColStride,
        b,
        bOffset,
        bRowStride,
        bColStride,
        beta,
        c,
        cOffset,
        cRowStride,
        cColStride);
  }

  @Override
  public void gemv(
      int m,
      int n,
      float alpha,
      float[] a,
      int aOffset,
      int aRowStride,
      int aColStride,
      float[] x,
      int xOffset,
      int xStride,
      float beta,
      float[] y,
      int yOffset,
      int yStride) {
    ScalarFloat.gemv(
        m,
        n,
        alpha,
        a,
        aOffset,
        aRowStride,
        aColStride,
        x,
        xOffset,
        xStride,
        beta,
        y,
        yOffset,
        yStride);
  }

  @Override
  public void gemv(
      int m,
      int n,
      double alpha,
      double[] a,
      int aOffset,
      int aRowStride,
      int aColStride,
      double[] x,
      int xOffset,
      int xStride,
      double beta,
      double[] y,
      int yOffset,
      int yStride) {
    ScalarDouble.gemv(
        m,
        n,
        alpha,
        a,
        aOffset,
        aRowStride,
        aColStride,
        x,
        xOffset,
        xStride,
        beta,
        y,
        yOffset,
        yStride);
  }

  @Override
  public void symv(
      boolean upper,
      int n,
      float alpha,
      float[] a,
      int aOffset,
      int aRowStride,
      float[] x,
      int xOffset,
      int xStride,
      float beta,
      float[] y,
      int yOffset,
      int yStride) {
    SymmetricFloat.multiply(
        SymmetricFloat.SCALAR,
        upper,
        n,
        alpha,
        a,
        aOffset,
        aRowStride,
        x,
        xOffset,
        xStride,
        beta,
        y,
        yOffset,
        yStride);
  }

  @Override
  public void symv(
      boolean upper,
      int n,
      double alpha,
      double[] a,
      int aOffset,
      int aRowStride,
      double[] x,
      int xOffset,
      int xStride,
      double beta,
      double[] y,
      int yOffset,
      int yStride) {
    SymmetricDouble.multiply(
        SymmetricDouble.SCALAR,
        upper,
        n,
        alpha,
        a,
        aOffset,
        aRowStride,
        x,
        xOffset,
        xStride,
        beta,
        y,
        yOffset,
        yStride);
  }

  @Override
  public float dot(
      int n, float[] x, int xOffset, int xStride, float[] y, int yOffset, int yStride) {
    return ScalarFloat.dot(n, x, xOffset, xStride, y, yOffset, yStride);
  }

  @Override
  public double dot(
      int n, double[] x, int xOffset, int xStride, double[] y, int yOffset, int yStride) {
    return ScalarDouble.dot(n, x, xOffset, xStride, y, yOffset, yStride);
  }

  @Override
  public void axpy(
      int n,
      float alpha,
      float[] x,
      int xOffset,
      int xStride,
      float[] y,
      int yOffset,
      int yStride) {
    ScalarFloat.axpy(n, alpha, x, xOffset, xStride, y, yOffset, yStride);
  }

  @Override
  public void axpy(
      int n,
      double alpha,
      double[] x,
      int xOffset,
      int xStride,
      double[] y,
      int yOffset,
      int yStride) {
    ScalarDouble.axpy(n, alpha, x, xOffset, xStride, y, yOffset, yStride);
  }

  @Override
  public void scale(int n, float alpha, float[] x, int xOffset, int xStride) {
    ScalarFloat.scale(n, alpha, x, xOffset, xStride);
  }

  @Override
  public void scale(int n, double alpha, double[] x, int xOffset, int xStride) {
    ScalarDouble.scale(n, alpha, x, xOffset, xStride);
  }

  @Override
  public double norm1(int n, float[] x, int xOffset, int xStride) {
    return ScalarFloat.norm1(n, x, xOffset, xStride);
  }

  @Override
  public double norm1(int n, double[] x, int xOffset, int xStride) {
    return ScalarDouble.norm1(n, x, xOffset, xStride);
  }

  @Override
  public double norm2(int n, float[] x, int xOffset, int xStride) {
    return Math.sqrt(ScalarFloat.sumOfSquares(n, 1, x, xOffset, xStride));
  }

  @Override
  public double norm2(int n, double[] x, int xOffset, int xStride) {
    double sum = ScalarDouble.sumOfSquares(n, 1, x, xOffset, xStride);
    return EuclideanNorm.isSafe(sum)
        ? Math.sqrt(sum)
        : EuclideanNorm.rescaled(
            normInf(n, x, xOffset, xStride),
            factor -> ScalarDouble.sumOfSquares(n, factor, x, xOffset, xStride));
  }

  @Override
  public float normInf(int n, float[] x, int xOffset, int xStride) {
    return ScalarFloat.normInf(n, x, xOffset, xStride);
  }

  @Override
  public double normInf(int n, double[] x, int xOffset, int xStride) {
    return ScalarDouble.normInf(n, x, xOffset, xStride);
  }

  @Override
  public void transpose(
      int rows,
      int cols,
      float[] a,
      int aOffset,
      int aRowStride,
      float[] b,
      int bOffset,
      int bRowStride) {
    ScalarFloat.transpose(rows, cols, a, aOffset, aRowStride, b, bOffset, bRowStride);
  }

  @Override
  public void transpose(
      int rows,
      int cols,
      double[] a,
      int aOffset,
      int aRowStride,
      double[] b,
      int bOffset,
      int bRowStride) {
    ScalarDouble.transpose(rows, cols, a, aOffset, aRowStride, b, bOffset, bRowStride);
  }
}
