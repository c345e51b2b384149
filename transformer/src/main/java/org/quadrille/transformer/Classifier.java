package org.quadrille.transformer;

import org.quadrille.kernels.cpu.ElementFunction;
import org.quadrille.linalg.Elementwise;
import org.quadrille.linalg.Tensor;

/** Classes from the first row of each sequence: dense layer with tanh if pooled, linear map. */
final class Classifier {
  private final Linear pooler;
  private final Linear map;
  private final int classes;
  private final int width;
  private Buffers buffers;

  private record Buffers(Tensor picked, Tensor pooled, Tensor logits, Tensor back, Tensor full) {}

  Classifier(ModelParts parts) {
    this.pooler = parts.architecture().pooled() ? parts.linear("pooler") : null;
    this.map = parts.linear("classifier");
    this.classes = parts.architecture().classes();
    this.width = parts.architecture().width();
  }

  /** Logits of each sequence; valid until the next call. */
  Tensor logits(Tensor hidden, Batch batch) {
    Buffers b = buffers(batch.sequences(), hidden);
    RowLoops.gather(hidden, firstRows(batch), batch.sequences(), b.picked());
    if (pooler == null) {
      map.forward(b.picked(), b.logits());
    } else {
      pooler.forward(b.picked(), b.pooled());
      Elementwise.apply(ElementFunction.TANH, b.pooled(), b.pooled());
      map.forward(b.pooled(), b.logits());
    }
    return b.logits();
  }

  /**
   * The mean loss.
   *
   * @param dhidden the gradient of hidden is added; null if no gradient is wanted
   */
  double loss(Tensor hidden, Batch batch, Tensor dhidden, Gradients gradients) {
    Tensor logits = logits(hidden, batch);
    int n = batch.sequences();
    double loss = CrossEntropy.sum(logits, batch.labels(), 0) / n;
    if (dhidden == null) {
      return loss;
    }
    Buffers b = buffers;
    CrossEntropy.gradient(logits, batch.labels(), 0, 1.0 / n);
    Tensor gradient = b.back();
    if (pooler == null) {
      map.backward(b.picked(), logits, gradient, 0, gradients);
    } else {
      map.backward(b.pooled(), logits, b.full(), 0, gradients);
      // tanh' = 1 - tanh^2
      Tensor slope = Elementwise.multiply(b.pooled(), b.pooled(), b.pooled());
      for (int i = 0; i < n; i++) {
        for (int j = 0; j < width; j++) {
          b.full().set(b.full().get(i, j) * (1 - slope.get(i, j)), i, j);
        }
      }
      pooler.backward(b.picked(), b.full(), gradient, 0, gradients);
    }
    RowLoops.scatterAdd(gradient, firstRows(batch), n, dhidden);
    return loss;
  }

  private static int[] firstRows(Batch batch) {
    int[] rows = new int[batch.sequences()];
    for (int s = 0; s < rows.length; s++) {
      rows[s] = s * batch.length();
    }
    return rows;
  }

  private Buffers buffers(int n, Tensor like) {
    if (buffers == null || buffers.picked().size(0) != n) {
      buffers =
          new Buffers(
              Tensor.zeros(like.dtype(), n, width),
              Tensor.zeros(like.dtype(), n, width),
              Tensor.zeros(like.dtype(), n, classes),
              Tensor.zeros(like.dtype(), n, width),
              Tensor.zeros(like.dtype(), n, width));
    }
    return buffers;
  }
}
