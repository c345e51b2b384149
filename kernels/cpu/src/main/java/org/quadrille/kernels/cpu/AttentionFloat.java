package org.quadrille.kernels.cpu;

import java.util.Arrays;

/**
 * Scaled dot-product attention {@code softmax(scale Q K^T) V} and its gradient, block of queries by
 * block of queries: the matrix of all probabilities is never stored, the backward pass computes
 * them again.
 *
 * <p>A task is a sequence and a key head with its query heads; all sums inside it run in a fixed
 * order.
 */
final class AttentionFloat {

  /** Queries of a block: their probabilities over a thousand keys fit the second-level cache. */
  private static final int BLOCK = 64;

  private static final Workspace<float[]> SCRATCH = new Workspace<>(float[]::new, a -> a.length);

  private final Kernels kernels;
  private final AttentionShape shape;
  private final float scale;
  private final MatrixFloat q;
  private final MatrixFloat k;
  private final MatrixFloat v;
  private final boolean[] keyMask;
  private final DropoutMask dropout;

  AttentionFloat(
      Kernels kernels,
      AttentionShape shape,
      float scale,
      MatrixFloat q,
      MatrixFloat k,
      MatrixFloat v,
      boolean[] keyMask,
      DropoutMask dropout) {
    this.kernels = kernels;
    this.shape = shape;
    this.scale = scale;
    this.q = q;
    this.k = k;
    this.v = v;
    this.keyMask = keyMask;
    this.dropout = dropout;
  }

  void forward(MatrixFloat out) {
    int size = shape.headSize();
    WorkerPool.shared()
        .forEach(
            shape.sequences() * shape.heads(),
            task -> {
              int sequence = task / shape.heads();
              int head = task % shape.heads();
              int keyHead = head / (shape.heads() / shape.keyHeads());
              float[] p = SCRATCH.borrow(BLOCK * shape.keys());
              for (int first = 0; first < shape.queries(); first += BLOCK) {
                int m = Math.min(BLOCK, shape.queries() - first);
                int n = shape.visibleKeys(first + m);
                probabilities(sequence, head, keyHead, first, m, n, p);
                drop(sequence, head, first, m, n, p, p);
                // out := P V
                kernels.gemm(
                    m,
                    size,
                    n,
                    1,
                    p,
                    0,
                    n,
                    1,
                    v.data(),
                    at(v, sequence * shape.keys(), keyHead),
                    v.rowStride(),
                    1,
                    0,
                    out.data(),
                    at(out, sequence * shape.queries() + first, head),
                    out.rowStride(),
                    1);
              }
              SCRATCH.giveBack(p);
            });
  }

  void backward(MatrixFloat dout, MatrixFloat dq, MatrixFloat dk, MatrixFloat dv) {
    int group = shape.heads() / shape.keyHeads();
    WorkerPool.shared()
        .forEach(
            shape.sequences() * shape.keyHeads(),
            task -> {
              int sequence = task / shape.keyHeads();
              int keyHead = task % shape.keyHeads();
              float[] p = SCRATCH.borrow(BLOCK * shape.keys());
              float[] dp = SCRATCH.borrow(BLOCK * shape.keys());
              float[] kept = dropout == null ? p : SCRATCH.borrow(BLOCK * shape.keys());
              clear(dk, sequence, keyHead);
              clear(dv, sequence, keyHead);
              for (int head = keyHead * group; head < (keyHead + 1) * group; head++) {
                for (int first = 0; first < shape.queries(); first += BLOCK) {
                  block(sequence, head, keyHead, first, p, kept, dp, dout, dq, dk, dv);
                }
              }
              SCRATCH.giveBack(p);
              SCRATCH.giveBack(dp);
              if (dropout != null) {
                SCRATCH.giveBack(kept);
              }
            });
  }

  private void block(
      int sequence,
      int head,
      int keyHead,
      int first,
      float[] p,
      float[] kept,
      float[] dp,
      MatrixFloat dout,
      MatrixFloat dq,
      MatrixFloat dk,
      MatrixFloat dv) {
    int size = shape.headSize();
    int m = Math.min(BLOCK, shape.queries() - first);
    int n = shape.visibleKeys(first + m);
    int query = sequence * shape.queries() + first;
    int key = sequence * shape.keys();
    probabilities(sequence, head, keyHead, first, m, n, p);
    drop(sequence, head, first, m, n, p, kept);
    // dV += P^T dO
    kernels.gemm(
        n,
        size,
        m,
        1,
        kept,
        0,
        1,
        n,
        dout.data(),
        at(dout, query, head),
        dout.rowStride(),
        1,
        1,
        dv.data(),
        at(dv, key, keyHead),
        dv.rowStride(),
        1);
    // dP := dO V^T
    kernels.gemm(
        m,
        n,
        size,
        1,
        dout.data(),
        at(dout, query, head),
        dout.rowStride(),
        1,
        v.data(),
        at(v, key, keyHead),
        1,
        v.rowStride(),
        0,
        dp,
        0,
        n,
        1);
    drop(sequence, head, first, m, n, dp, dp);
    // dS := P * (dP - row sums of P * dP)
    kernels.softmaxGradient(m, n, p, 0, n, dp, 0, n, dp, 0, n);
    // dQ := scale dS K
    kernels.gemm(
        m,
        size,
        n,
        scale,
        dp,
        0,
        n,
        1,
        k.data(),
        at(k, key, keyHead),
        k.rowStride(),
        1,
        0,
        dq.data(),
        at(dq, query, head),
        dq.rowStride(),
        1);
    // dK += scale dS^T Q
    kernels.gemm(
        n,
        size,
        m,
        scale,
        dp,
        0,
        1,
        n,
        q.data(),
        at(q, query, head),
        q.rowStride(),
        1,
        1,
        dk.data(),
        at(dk, key, keyHead),
        dk.rowStride(),
        1);
  }

  /** {@code p := softmax(scale Q K^T)} of m queries over n keys, rows of n elements. */
  private void probabilities(
      int sequence, int head, int keyHead, int first, int m, int n, float[] p) {
    kernels.gemm(
        m,
        n,
        shape.headSize(),
        scale,
        q.data(),
        at(q, sequence * shape.queries() + first, head),
        q.rowStride(),
        1,
        k.data(),
        at(k, sequence * shape.keys(), keyHead),
        1,
        k.rowStride(),
        0,
        p,
        0,
        n,
        1);
    for (int i = 0; i < m; i++) {
      int row = i * n;
      if (shape.causal()) {
        int visible = Math.min(n, shape.visibleKeys(first + i + 1));
        Arrays.fill(p, row + visible, row + n, Float.NEGATIVE_INFINITY);
      }
      if (keyMask != null) {
        for (int j = 0; j < n; j++) {
          if (!keyMask[sequence * shape.keys() + j]) {
            p[row + j] = Float.NEGATIVE_INFINITY;
          }
        }
      }
    }
    kernels.softmax(m, n, p, 0, n, p, 0, n);
  }

  /** {@code to := from * mask / (1 - rate)}. */
  private void drop(int sequence, int head, int first, int m, int n, float[] from, float[] to) {
    if (dropout == null) {
      return;
    }
    float factor = dropout.factorFloat();
    for (int i = 0; i < m; i++) {
      long query = ((long) sequence * shape.heads() + head) * shape.queries() + first + i;
      for (int j = 0; j < n; j++) {
        int at = i * n + j;
        to[at] = dropout.keeps(query * shape.keys() + j) ? from[at] * factor : 0;
      }
    }
  }

  private void clear(MatrixFloat matrix, int sequence, int keyHead) {
    for (int j = 0; j < shape.keys(); j++) {
      int start = at(matrix, sequence * shape.keys() + j, keyHead);
      Arrays.fill(matrix.data(), start, start + shape.headSize(), 0);
    }
  }

  private int at(MatrixFloat matrix, int row, int head) {
    return matrix.offset() + row * matrix.rowStride() + head * shape.headSize();
  }
}
