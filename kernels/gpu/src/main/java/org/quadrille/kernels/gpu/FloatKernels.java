package org.quadrille.kernels.gpu;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * Device kernels in single precision; {@code DoubleKernels} is generated from this file. Shapes and
 * strides come in one small array, in the order of {@link Geometry}.
 *
 * <p>Every sum has a fixed order that depends on the shape only. A guarded-out work item takes part
 * in every barrier.
 */
final class FloatKernels {
  private FloatKernels() {}

  /**
   * {@code C := alpha A B + beta C}: 256 work items compute a tile of 128 x 128, each 8 x 8 of it
   * in registers, from panels of 8 in local memory. Panel rows are 132 apart, so that work items
   * that store a column do not meet in one memory bank.
   */
  static void wideProductFloat(
      KernelContext c,
      IntArray shape,
      FloatArray a,
      FloatArray b,
      FloatArray out,
      float alpha,
      float beta) {
    int m = shape.get(0);
    int n = shape.get(1);
    int depth = shape.get(2);
    int aRow = shape.get(4);
    int aCol = shape.get(5);
    int bRow = shape.get(7);
    int bCol = shape.get(8);
    int product = c.groupIdx / shape.get(16);
    int tile = c.groupIdx % shape.get(16);
    int row0 = (tile / shape.get(15)) * 128;
    int col0 = (tile % shape.get(15)) * 128;
    int aAt = shape.get(3) + product * shape.get(12);
    int bAt = shape.get(6) + product * shape.get(13);
    int outAt = shape.get(9) + product * shape.get(14);
    int lane = c.localIdx;
    int tx = lane & 15;
    int ty = lane >> 4;
    float[] aPanel = c.allocateFloatLocalArray(1056);
    float[] bPanel = c.allocateFloatLocalArray(1056);
    float[] sums = new float[64];
    float[] left = new float[8];
    float[] right = new float[8];
    for (int i = 0; i < 64; i++) {
      sums[i] = 0;
    }
    for (int p0 = 0; p0 < depth; p0 += 8) {
      for (int l = 0; l < 4; l++) {
        int e = lane + l * 256;
        // neighbouring work items read neighbouring numbers
        int i = aCol == 1 ? e >> 3 : e & 127;
        int p = aCol == 1 ? e & 7 : e >> 7;
        float x = 0;
        if (row0 + i < m && p0 + p < depth) {
          x = a.get(aAt + (row0 + i) * aRow + (p0 + p) * aCol);
        }
        aPanel[p * 132 + i] = x;
        int j = bRow == 1 ? e >> 3 : e & 127;
        int q = bRow == 1 ? e & 7 : e >> 7;
        float y = 0;
        if (col0 + j < n && p0 + q < depth) {
          y = b.get(bAt + (p0 + q) * bRow + (col0 + j) * bCol);
        }
        bPanel[q * 132 + j] = y;
      }
      c.localBarrier();
      for (int p = 0; p < 8; p++) {
        for (int i = 0; i < 8; i++) {
          left[i] = aPanel[p * 132 + ty + 16 * i];
          right[i] = bPanel[p * 132 + tx + 16 * i];
        }
        for (int i = 0; i < 8; i++) {
          for (int j = 0; j < 8; j++) {
            sums[i * 8 + j] += left[i] * right[j];
          }
        }
      }
      c.localBarrier();
    }
    for (int i = 0; i < 8; i++) {
      for (int j = 0; j < 8; j++) {
        int row = row0 + ty + 16 * i;
        int col = col0 + tx + 16 * j;
        if (row < m && col < n) {
          int at = outAt + row * shape.get(10) + col * shape.get(11);
          float value = alpha * sums[i * 8 + j];
          if (beta != 0) {
            value += beta * out.get(at);
          }
          out.set(at, value);
        }
      }
    }
  }

  /** The same for small products: tiles of 32 x 32, each work item 2 x 2, panels of 16. */
  static void smallProductFloat(
      KernelContext c,
      IntArray shape,
      FloatArray a,
      FloatArray b,
      FloatArray out,
      float alpha,
      float beta) {
    int m = shape.get(0);
    int n = shape.get(1);
    int depth = shape.get(2);
    int aRow = shape.get(4);
    int aCol = shape.get(5);
    int bRow = shape.get(7);
    int bCol = shape.get(8);
    int product = c.groupIdx / shape.get(16);
    int tile = c.groupIdx % shape.get(16);
    int row0 = (tile / shape.get(15)) * 32;
    int col0 = (tile % shape.get(15)) * 32;
    int aAt = shape.get(3) + product * shape.get(12);
    int bAt = shape.get(6) + product * shape.get(13);
    int outAt = shape.get(9) + product * shape.get(14);
    int lane = c.localIdx;
    int tx = lane & 15;
    int ty = lane >> 4;
    float[] aPanel = c.allocateFloatLocalArray(528);
    float[] bPanel = c.allocateFloatLocalArray(528);
    float s00 = 0;
    float s01 = 0;
    float s10 = 0;
    float s11 = 0;
    for (int p0 = 0; p0 < depth; p0 += 16) {
      for (int l = 0; l < 2; l++) {
        int e = lane + l * 256;
        int i = aCol == 1 ? e >> 4 : e & 31;
        int p = aCol == 1 ? e & 15 : e >> 5;
        float x = 0;
        if (row0 + i < m && p0 + p < depth) {
          x = a.get(aAt + (row0 + i) * aRow + (p0 + p) * aCol);
        }
        aPanel[p * 33 + i] = x;
        int j = bRow == 1 ? e >> 4 : e & 31;
        int q = bRow == 1 ? e & 15 : e >> 5;
        float y = 0;
        if (col0 + j < n && p0 + q < depth) {
          y = b.get(bAt + (p0 + q) * bRow + (col0 + j) * bCol);
        }
        bPanel[q * 33 + j] = y;
      }
      c.localBarrier();
      for (int p = 0; p < 16; p++) {
        float a0 = aPanel[p * 33 + ty];
        float a1 = aPanel[p * 33 + ty + 16];
        float b0 = bPanel[p * 33 + tx];
        float b1 = bPanel[p * 33 + tx + 16];
        s00 += a0 * b0;
        s01 += a0 * b1;
        s10 += a1 * b0;
        s11 += a1 * b1;
      }
      c.localBarrier();
    }
    for (int i = 0; i < 2; i++) {
      for (int j = 0; j < 2; j++) {
        int row = row0 + ty + 16 * i;
        int col = col0 + tx + 16 * j;
        if (row < m && col < n) {
          int at = outAt + row * shape.get(10) + col * shape.get(11);
          float sum = i == 0 ? (j == 0 ? s00 : s01) : (j == 0 ? s10 : s11);
          float value = alpha * sum;
          if (beta != 0) {
            value += beta * out.get(at);
          }
          out.set(at, value);
        }
      }
    }
  }

  /**
   * The same for few columns and rows of A without gaps: 128 work items share a row, and add up in
   * a tree.
   */
  static void rowDotsFloat(
      KernelContext c,
      IntArray shape,
      FloatArray a,
      FloatArray b,
      FloatArray out,
      float alpha,
      float beta) {
    int n = shape.get(1);
    int depth = shape.get(2);
    int bRow = shape.get(7);
    int product = c.groupIdx / shape.get(16);
    int rest = c.groupIdx % shape.get(16);
    int row = rest / n;
    int col = rest % n;
    int aAt = shape.get(3) + product * shape.get(12) + row * shape.get(4);
    int aCol = shape.get(5);
    int bAt = shape.get(6) + product * shape.get(13) + col * shape.get(8);
    int lane = c.localIdx;
    float[] partial = c.allocateFloatLocalArray(128);
    float sum = 0;
    for (int p = lane; p < depth; p += 128) {
      sum += a.get(aAt + p * aCol) * b.get(bAt + p * bRow);
    }
    partial[lane] = sum;
    for (int half = 64; half > 0; half >>= 1) {
      c.localBarrier();
      if (lane < half) {
        partial[lane] += partial[lane + half];
      }
    }
    if (lane == 0) {
      int at = shape.get(9) + product * shape.get(14) + row * shape.get(10) + col * shape.get(11);
      float value = alpha * partial[0];
      if (beta != 0) {
        value += beta * out.get(at);
      }
      out.set(at, value);
    }
  }

  /**
   * The same where the columns of A have no gaps: 32 neighbouring rows at a time, 8 work items
   * share each, and the eight sums are added in their order.
   */
  static void columnSumsFloat(
      KernelContext c,
      IntArray shape,
      FloatArray a,
      FloatArray b,
      FloatArray out,
      float alpha,
      float beta) {
    int m = shape.get(0);
    int n = shape.get(1);
    int depth = shape.get(2);
    int aCol = shape.get(5);
    int bRow = shape.get(7);
    int product = c.groupIdx / shape.get(16);
    int rest = c.groupIdx % shape.get(16);
    int lane = c.localIdx;
    int row = (rest / n) * 32 + (lane & 31);
    int col = rest % n;
    int slice = lane >> 5;
    int aAt = shape.get(3) + product * shape.get(12) + row * shape.get(4);
    int bAt = shape.get(6) + product * shape.get(13) + col * shape.get(8);
    float[] partial = c.allocateFloatLocalArray(256);
    float sum = 0;
    if (row < m) {
      for (int p = slice; p < depth; p += 8) {
        sum += a.get(aAt + p * aCol) * b.get(bAt + p * bRow);
      }
    }
    partial[lane] = sum;
    c.localBarrier();
    if (slice == 0 && row < m) {
      float total = partial[lane];
      for (int l = 1; l < 8; l++) {
        total += partial[lane + 32 * l];
      }
      int at = shape.get(9) + product * shape.get(14) + row * shape.get(10) + col * shape.get(11);
      float value = alpha * total;
      if (beta != 0) {
        value += beta * out.get(at);
      }
      out.set(at, value);
    }
  }

  /** {@code out := alpha x + beta out}, a work item per element. */
  static void addScaledFloat(
      KernelContext c, IntArray shape, FloatArray x, FloatArray out, float alpha, float beta) {
    int e = c.globalIdx;
    if (e < shape.get(0) * shape.get(1)) {
      int i = e / shape.get(1);
      int j = e % shape.get(1);
      int at = shape.get(5) + i * shape.get(6) + j * shape.get(7);
      float value = alpha * x.get(shape.get(2) + i * shape.get(3) + j * shape.get(4));
      if (beta != 0) {
        value += beta * out.get(at);
      }
      out.set(at, value);
    }
  }

  /** {@code out_ij := alpha d_i x_ij + beta out_ij}, a work item per element. */
  static void scaleRowsFloat(
      KernelContext c,
      IntArray shape,
      FloatArray factors,
      FloatArray x,
      FloatArray out,
      float alpha,
      float beta) {
    int e = c.globalIdx;
    if (e < shape.get(0) * shape.get(1)) {
      int i = e / shape.get(1);
      int j = e % shape.get(1);
      int at = shape.get(5) + i * shape.get(6) + j * shape.get(7);
      float d = alpha * factors.get(shape.get(8) + i * shape.get(9));
      float value = d * x.get(shape.get(2) + i * shape.get(3) + j * shape.get(4));
      if (beta != 0) {
        value += beta * out.get(at);
      }
      out.set(at, value);
    }
  }

  /** Sums along arithmetic progressions, a work item per element of the result. */
  static void rowSumsFloat(
      KernelContext c,
      IntArray shape,
      IntArray spans,
      FloatArray weights,
      FloatArray x,
      FloatArray out,
      float alpha,
      float beta) {
    int e = c.globalIdx;
    if (e < shape.get(0) * shape.get(1)) {
      int i = e / shape.get(1);
      int j = e % shape.get(1);
      int weightAt = spans.get(5 * i);
      int weightStep = spans.get(5 * i + 1);
      int terms = spans.get(5 * i + 2);
      int xStep = spans.get(5 * i + 4) * shape.get(3);
      int xAt = shape.get(2) + spans.get(5 * i + 3) * shape.get(3) + j * shape.get(4);
      float sum = 0;
      for (int t = 0; t < terms; t++) {
        sum += weights.get(weightAt + t * weightStep) * x.get(xAt + t * xStep);
      }
      int at = shape.get(5) + i * shape.get(6) + j * shape.get(7);
      float value = alpha * sum;
      if (beta != 0) {
        value += beta * out.get(at);
      }
      out.set(at, value);
    }
  }
}
