package org.quadrille.kernels.cpu;

import java.util.Arrays;
import java.util.Random;

/** Either precision behind one interface, so that each test is written once. Arrays are objects. */
enum Precision {
  FLOAT(0x1p-24) {
    @Override
    Object random(int size, Random random) {
      float[] values = new float[size];
      for (int i = 0; i < size; i++) {
        values[i] = random.nextFloat() - 0.5f;
      }
      return values;
    }

    @Override
    double get(Object array, int i) {
      return ((float[]) array)[i];
    }

    @Override
    void set(Object array, int i, double value) {
      ((float[]) array)[i] = (float) value;
    }

    @Override
    Object copy(Object array) {
      return ((float[]) array).clone();
    }

    @Override
    boolean sameBits(Object a, Object b) {
      return Arrays.equals((float[]) a, (float[]) b);
    }

    @Override
    void gemm(
        Kernels kernels,
        int m,
        int n,
        int k,
        double alpha,
        Object a,
        Layout la,
        Object b,
        Layout lb,
        double beta,
        Object c,
        Layout lc) {
      kernels.gemm(
          m,
          n,
          k,
          (float) alpha,
          (float[]) a,
          la.offset(),
          la.rowStride(),
          la.colStride(),
          (float[]) b,
          lb.offset(),
          lb.rowStride(),
          lb.colStride(),
          (float) beta,
          (float[]) c,
          lc.offset(),
          lc.rowStride(),
          lc.colStride());
    }

    @Override
    void gemv(
        Kernels kernels,
        int m,
        int n,
        double alpha,
        Object a,
        Layout la,
        Object x,
        Layout lx,
        double beta,
        Object y,
        Layout ly) {
      kernels.gemv(
          m,
          n,
          (float) alpha,
          (float[]) a,
          la.offset(),
          la.rowStride(),
          la.colStride(),
          (float[]) x,
          lx.offset(),
          lx.colStride(),
          (float) beta,
          (float[]) y,
          ly.offset(),
          ly.colStride());
    }

    @Override
    void symv(
        Kernels kernels,
        boolean upper,
        int n,
        double alpha,
        Object a,
        Layout la,
        Object x,
        Layout lx,
        double beta,
        Object y,
        Layout ly) {
      kernels.symv(
          upper,
          n,
          (float) alpha,
          (float[]) a,
          la.offset(),
          la.rowStride(),
          (float[]) x,
          lx.offset(),
          lx.colStride(),
          (float) beta,
          (float[]) y,
          ly.offset(),
          ly.colStride());
    }

    @Override
    double dot(Kernels kernels, int n, Object x, Layout lx, Object y, Layout ly) {
      return kernels.dot(
          n, (float[]) x, lx.offset(), lx.colStride(), (float[]) y, ly.offset(), ly.colStride());
    }

    @Override
    void axpy(Kernels kernels, int n, double alpha, Object x, Layout lx, Object y, Layout ly) {
      kernels.axpy(
          n,
          (float) alpha,
          (float[]) x,
          lx.offset(),
          lx.colStride(),
          (float[]) y,
          ly.offset(),
          ly.colStride());
    }

    @Override
    void scale(Kernels kernels, int n, double alpha, Object x, Layout lx) {
      kernels.scale(n, (float) alpha, (float[]) x, lx.offset(), lx.colStride());
    }

    @Override
    double[] norms(Kernels kernels, int n, Object x, Layout lx) {
      float[] values = (float[]) x;
      return new double[] {
        kernels.norm1(n, values, lx.offset(), lx.colStride()),
        kernels.norm2(n, values, lx.offset(), lx.colStride()),
        kernels.normInf(n, values, lx.offset(), lx.colStride())
      };
    }

    @Override
    void transpose(Kernels kernels, int m, int n, Object a, Layout la, Object b, Layout lb) {
      kernels.transpose(
          m, n, (float[]) a, la.offset(), la.rowStride(), (float[]) b, lb.offset(), lb.rowStride());
    }
  },

  DOUBLE(0x1p-53) {
    @Override
    Object random(int size, Random random) {
      return random.doubles(size, -0.5, 0.5).toArray();
    }

    @Override
    double get(Object array, int i) {
      return ((double[]) array)[i];
    }

    @Override
    void set(Object array, int i, double value) {
      ((double[]) array)[i] = value;
    }

    @Override
    Object copy(Object array) {
      return ((double[]) array).clone();
    }

    @Override
    boolean sameBits(Object a, Object b) {
      return Arrays.equals((double[]) a, (double[]) b);
    }

    @Override
    void gemm(
        Kernels kernels,
        int m,
        int n,
        int k,
        double alpha,
        Object a,
        Layout la,
        Object b,
        Layout lb,
        double beta,
        Object c,
        Layout lc) {
      kernels.gemm(
          m,
          n,
          k,
          alpha,
          (double[]) a,
          la.offset(),
          la.rowStride(),
          la.colStride(),
          (double[]) b,
          lb.offset(),
          lb.rowStride(),
          lb.colStride(),
          beta,
          (double[]) c,
          lc.offset(),
          lc.rowStride(),
          lc.colStride());
    }

    @Override
    void gemv(
        Kernels kernels,
        int m,
        int n,
        double alpha,
        Object a,
        Layout la,
        Object x,
        Layout lx,
        double beta,
        Object y,
        Layout ly) {
      kernels.gemv(
          m,
          n,
          alpha,
          (double[]) a,
          la.offset(),
          la.rowStride(),
          la.colStride(),
          (double[]) x,
          lx.offset(),
          lx.colStride(),
          beta,
          (double[]) y,
          ly.offset(),
          ly.colStride());
    }

    @Override
    void symv(
        Kernels kernels,
        boolean upper,
        int n,
        double alpha,
        Object a,
        Layout la,
        Object x,
        Layout lx,
        double beta,
        Object y,
        Layout ly) {
      kernels.symv(
          upper,
          n,
          alpha,
          (double[]) a,
          la.offset(),
          la.rowStride(),
          (double[]) x,
          lx.offset(),
          lx.colStride(),
          beta,
          (double[]) y,
          ly.offset(),
          ly.colStride());
    }

    @Override
    double dot(Kernels kernels, int n, Object x, Layout lx, Object y, Layout ly) {
      return kernels.dot(
          n, (double[]) x, lx.offset(), lx.colStride(), (double[]) y, ly.offset(), ly.colStride());
    }

    @Override
    void axpy(Kernels kernels, int n, double alpha, Object x, Layout lx, Object y, Layout ly) {
      kernels.axpy(
          n,
          alpha,
          (double[]) x,
          lx.offset(),
          lx.colStride(),
          (double[]) y,
          ly.offset(),
          ly.colStride());
    }

    @Override
    void scale(Kernels kernels, int n, double alpha, Object x, Layout lx) {
      kernels.scale(n, alpha, (double[]) x, lx.offset(), lx.colStride());
    }

    @Override
    double[] norms(Kernels kernels, int n, Object x, Layout lx) {
      double[] values = (double[]) x;
      return new double[] {
        kernels.norm1(n, values, lx.offset(), lx.colStride()),
        kernels.norm2(n, values, lx.offset(), lx.colStride()),
        kernels.normInf(n, values, lx.offset(), lx.colStride())
      };
    }

    @Override
    void transpose(Kernels kernels, int m, int n, Object a, Layout la, Object b, Layout lb) {
      kernels.transpose(
          m,
          n,
          (double[]) a,
          la.offset(),
          la.rowStride(),
          (double[]) b,
          lb.offset(),
          lb.rowStride());
    }
  };

  /** Where the elements of a matrix lie; a vector is one row. */
  record Layout(int offset, int rowStride, int colStride) {

    /** Row-major or column-major, with a gap between rows or columns and a step inside them. */
    static Layout of(int offset, int rows, int cols, boolean byColumns, int step, int gap) {
      return byColumns
          ? new Layout(offset, step, step * rows + gap)
          : new Layout(offset, step * cols + gap, step);
    }

    int at(int i, int j) {
      return offset + i * rowStride + j * colStride;
    }

    /** Elements of an array that holds such a matrix and three guard elements after it. */
    int size(int rows, int cols) {
      return rows == 0 || cols == 0 ? offset + 3 : at(rows - 1, cols - 1) + 4;
    }
  }

  final double roundoff;

  Precision(double roundoff) {
    this.roundoff = roundoff;
  }

  abstract Object random(int size, Random random);

  abstract double get(Object array, int i);

  abstract void set(Object array, int i, double value);

  abstract Object copy(Object array);

  /** Same bits, but for the payload of a NaN. */
  abstract boolean sameBits(Object a, Object b);

  abstract void gemm(
      Kernels kernels,
      int m,
      int n,
      int k,
      double alpha,
      Object a,
      Layout la,
      Object b,
      Layout lb,
      double beta,
      Object c,
      Layout lc);

  abstract void gemv(
      Kernels kernels,
      int m,
      int n,
      double alpha,
      Object a,
      Layout la,
      Object x,
      Layout lx,
      double beta,
      Object y,
      Layout ly);

  abstract void symv(
      Kernels kernels,
      boolean upper,
      int n,
      double alpha,
      Object a,
      Layout la,
      Object x,
      Layout lx,
      double beta,
      Object y,
      Layout ly);

  abstract double dot(Kernels kernels, int n, Object x, Layout lx, Object y, Layout ly);

  abstract void axpy(
      Kernels kernels, int n, double alpha, Object x, Layout lx, Object y, Layout ly);

  abstract void scale(Kernels kernels, int n, double alpha, Object x, Layout lx);

  abstract double[] norms(Kernels kernels, int n, Object x, Layout lx);

  abstract void transpose(Kernels kernels, int m, int n, Object a, Layout la, Object b, Layout lb);
}
