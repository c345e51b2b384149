package org.quadrille.transformer;

import org.quadrille.kernels.cpu.ElementFunction;
import org.quadrille.kernels.cpu.WorkerPool;
import org.quadrille.linalg.DType;
import org.quadrille.linalg.Elementwise;
import org.quadrille.linalg.Tensor;

/** {@code y = g sigmoid(g) u}, element by element, of contiguous matrices. */
final class GatedUnit {
  private static final int PIECE = 1 << 14;

  private GatedUnit() {}

  static void forward(Tensor gate, Tensor up, Tensor y) {
    Elementwise.apply(ElementFunction.SIGMOID, gate, y);
    each(
        y,
        i -> {
          if (y.dtype() == DType.F32) {
            y.floats()[i] = gate.floats()[i] * y.floats()[i] * up.floats()[i];
          } else {
            y.doubles()[i] = gate.doubles()[i] * y.doubles()[i] * up.doubles()[i];
          }
        });
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
    each(
        dy,
        i -> {
          if (dy.dtype() == DType.F32) {
            float s = scratch.floats()[i];
            float g = gate.floats()[i];
            float d = dy.floats()[i];
            dgate.floats()[i] = d * up.floats()[i] * s * (1 + g * (1 - s));
            dup.floats()[i] = d * g * s;
          } else {
            double s = scratch.doubles()[i];
            double g = gate.doubles()[i];
            double d = dy.doubles()[i];
            dgate.doubles()[i] = d * up.doubles()[i] * s * (1 + g * (1 - s));
            dup.doubles()[i] = d * g * s;
          }
        });
  }

  private interface Element {
    void at(int i);
  }

  private static void each(Tensor like, Element element) {
    int n = like.length();
    WorkerPool.shared()
        .forEach(
            Math.ceilDiv(n, PIECE),
            piece -> {
              int to = Math.min(n, (piece + 1) * PIECE);
              for (int i = piece * PIECE; i < to; i++) {
                element.at(i);
              }
            });
  }
}
