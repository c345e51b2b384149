package org.quadrille.transformer;

import org.quadrille.kernels.cpu.ElementFunction;
import org.quadrille.linalg.Dense;
import org.quadrille.linalg.Elementwise;
import org.quadrille.linalg.Tensor;

/**
 * Logits over the vocabulary and their loss. Only rows with a target are computed, in pieces, so
 * that the logits of a large batch over a large vocabulary are never all there.
 */
final class TokenHead {
  /** Most logits at once: 16 MB in single precision. */
  private static final int MOST_LOGITS = 1 << 22;

  private final boolean masked;
  private final Linear dense;
  private final Norm norm;
  private final Linear logits;
  private final int vocabulary;
  private final int width;
  private Buffers buffers;

  /** Rows with a target on their way through the head. */
  private record Buffers(
      int capacity,
      Tensor picked,
      Tensor mapped,
      Tensor active,
      Tensor normalized,
      Norm.Statistics statistics,
      Tensor gradient,
      Tensor piece) {}

  TokenHead(ModelParts parts) {
    Architecture architecture = parts.architecture();
    this.masked = architecture.head().predictsMaskedWords();
    this.dense = masked ? parts.linear("masked.dense") : null;
    this.norm = masked ? parts.norm("masked.norm") : null;
    String name =
        switch (architecture.head()) {
          case UNTIED -> "head";
          case MASKED_WORDS_UNTIED -> "masked.decoder";
          default -> "embeddings.token";
        };
    Tensor bias = masked ? parts.parameters().get("masked.bias") : null;
    this.logits =
        new Linear(name, Dense.of(parts.parameters().get(name + ".weight")), bias, "masked.bias");
    this.vocabulary = architecture.vocabulary();
    this.width = architecture.width();
  }

  /** {@code out := logits of all rows of hidden}. */
  void logits(Tensor hidden, Tensor out) {
    Tensor features = hidden;
    if (masked) {
      Buffers b = buffers(hidden.size(0), hidden);
      int n = hidden.size(0);
      dense.forward(hidden, b.mapped().slice(0, 0, n));
      Elementwise.apply(ElementFunction.GELU, b.mapped().slice(0, 0, n), b.active().slice(0, 0, n));
      norm.forward(b.active().slice(0, 0, n), b.normalized().slice(0, 0, n), b.statistics());
      features = b.normalized().slice(0, 0, n);
    }
    logits.forward(features, out);
  }

  /**
   * The mean loss of the rows with a target.
   *
   * @param dhidden overwritten with the gradient of hidden; null if no gradient is wanted
   */
  double loss(Tensor hidden, Batch batch, Tensor dhidden, Gradients gradients) {
    int[] rows = new int[batch.rows()];
    int[] classes = new int[batch.rows()];
    int count = 0;
    for (int i = 0; i < rows.length; i++) {
      if (batch.targets()[i] != Batch.IGNORE) {
        rows[count] = i;
        classes[count++] = batch.targets()[i];
      }
    }
    boolean all = count == rows.length;
    Buffers b = buffers(all && !masked ? 1 : count, hidden);
    Tensor picked = all ? hidden : b.picked().slice(0, 0, count);
    if (!all) {
      RowLoops.gather(hidden, rows, count, picked);
    }
    Tensor features = picked;
    Tensor mapped = null;
    Tensor active = null;
    if (masked) {
      mapped = b.mapped().slice(0, 0, count);
      active = b.active().slice(0, 0, count);
      features = b.normalized().slice(0, 0, count);
      dense.forward(picked, mapped);
      Elementwise.apply(ElementFunction.GELU, mapped, active);
      norm.forward(active, features, b.statistics());
    }
    boolean backward = dhidden != null;
    Tensor gradient =
        backward ? (all && !masked ? dhidden : b.gradient().slice(0, 0, count)) : null;
    double loss = pieces(features, classes, count, gradient, gradients, b);
    if (!backward) {
      return loss;
    }
    if (masked) {
      norm.backward(active, b.statistics(), gradient, gradient, gradients);
      Elementwise.apply(ElementFunction.GELU_DERIVATIVE, mapped, active);
      Elementwise.multiply(gradient, active, gradient);
      Tensor back = all ? dhidden : mapped;
      dense.backward(picked, gradient, back, 0, gradients);
      gradient = back;
    }
    if (!all) {
      dhidden.fill(0);
      RowLoops.scatter(gradient, rows, count, dhidden);
    }
    return loss;
  }

  private double pieces(
      Tensor features, int[] classes, int count, Tensor gradient, Gradients gradients, Buffers b) {
    int rowsAtOnce = b.piece().size(0);
    double sum = 0;
    for (int first = 0; first < count; first += rowsAtOnce) {
      int n = Math.min(rowsAtOnce, count - first);
      Tensor part = features.slice(0, first, first + n);
      Tensor piece = b.piece().slice(0, 0, n);
      logits.forward(part, piece);
      sum += CrossEntropy.sum(piece, classes, first);
      if (gradient != null) {
        CrossEntropy.gradient(piece, classes, first, 1.0 / count);
        logits.backward(part, piece, gradient.slice(0, first, first + n), 0, gradients);
      }
    }
    return sum / count;
  }

  private Buffers buffers(int rows, Tensor like) {
    int atOnce = Math.clamp(MOST_LOGITS / vocabulary, 1, Math.max(like.size(0), 1));
    if (buffers == null || buffers.capacity() < rows || buffers.piece().size(0) < atOnce) {
      int capacity = Math.max(rows, buffers == null ? 0 : buffers.capacity());
      Tensor none = Tensor.zeros(like.dtype(), 0, width);
      buffers =
          new Buffers(
              capacity,
              Tensor.zeros(like.dtype(), capacity, width),
              masked ? Tensor.zeros(like.dtype(), capacity, width) : none,
              masked ? Tensor.zeros(like.dtype(), capacity, width) : none,
              masked ? Tensor.zeros(like.dtype(), capacity, width) : none,
              Norm.Statistics.of(like.dtype(), capacity),
              Tensor.zeros(like.dtype(), capacity, width),
              Tensor.zeros(like.dtype(), atOnce, vocabulary));
    }
    return buffers;
  }
}
