package org.quadrille.transformer;

import org.quadrille.kernels.cpu.ElementFunction;
import org.quadrille.kernels.cpu.WorkerPool;
import org.quadrille.linalg.DType;
import org.quadrille.linalg.Elementwise;
import org.quadrille.linalg.Tensor;

/** {@code y = g sigmoid(g) u}, element by element, of whole row-major tensors. */
final class GatedUnit {
  private static final int PIECE = 1 << 14;

  private GatedUnit() {}

  static void forward(Tensor gate, Tensor up, Tensor y) {
    Elementwise.apply(ElementFunction.SIGMOID, gate, y);
    Elementwise.multiply(y, gate, y);
    Elementwise.multiply(y, up, y);
  }

  /**
   * {@code dup := dy g s}, {@code dgate := dy u s (1 + g (1 - s))} with s = sigmoid(g).
   *
   * @param scratch overwritten
   * @param dup overwritten; may be dy
   */
  static void backward(
      Tensor gate, Tensor up, Tensor dy, Tensor scratch, Tensor dup, Tensor dgate) {
    Elementwise.apply(ElementFunction.SIGMOID, gate, scratch);
    int n = dy.length();
    WorkerPool.shared()
        .forEach(
            Math.ceilDiv(n, PIECE),
            piece -> {
              int from = piece * PIECE;
              int to = Math.min(n, from + PIECE);
              if (dy.dtype() == DType.F32) {
                floats(gate, up, dy, scratch, dup, dgate, from, to);
              } else {
                doubles(gate, up, dy, scratch, dup, dgate, from, to);
              }
            });
  }

  private static void floats(
      Tensor gate,
      Tensor up,
      Tensor dy,
      Tensor sigmoid,
      Tensor dup,
      Tensor dgate,
      int from,
      int to) {
    float[] g = gate.floats();
    float[] u = up.floats();
    float[] d = dy.floats();
    float[] s = sigmoid.floats();
    float[] ofUp = dup.floats();
    float[] ofGate = dgate.floats();
    for (int i = from; i < to; i++) {
      float slope = d[i] * s[i];
      ofGate[i] = slope * u[i] * (1 + g[i] * (1 - s[i]));
      ofUp[i] = slope * g[i];
    }
  }

  private static void doubles(
      Tensor gate,
      Tensor up,
      Tensor dy,
      Tensor sigmoid,
      Tensor dup,
      Tensor dgate,
      int from,
      int to) {
    double[] g = gate.doubles();
    double[] u = up.doubles();
    double[] d = dy.doubles();
    double[] s = sigmoid.doubles();
    double[] ofUp = dup.doubles();
    double[] ofGate = dgate.doubles();
    for (int i = from; i < to; i++) {
      double slope = d[i] * s[i];
      ofGate[i] = slope * u[i] * (1 + g[i] * (1 - s[i]));
      ofUp[i] = slope * g[i];
    }
  }
}
