package org.quadrille.transformer;

import org.quadrille.kernels.cpu.AttentionShape;
import org.quadrille.kernels.cpu.DropoutMask;
import org.quadrille.kernels.cpu.ElementFunction;
import org.quadrille.linalg.Arithmetic;
import org.quadrille.linalg.Elementwise;
import org.quadrille.linalg.Tensor;

/**
 * One transformer layer. With normalization first:
 *
 * <pre>
 * m = x + output(attention(norm(x)))      y = m + down(act(up(norm(m))))
 * </pre>
 *
 * and with normalization after the sums:
 *
 * <pre>
 * m = norm(x + output(attention(x)))      y = norm(m + down(act(up(m))))
 * </pre>
 */
final class Layer {
  private final int index;
  private final Architecture architecture;
  private final Rotary rotary;
  private final Linear query;
  private final Linear key;
  private final Linear value;
  private final Linear output;
  private final Norm attentionNorm;
  private final Linear up;
  private final Linear gate;
  private final Linear down;
  private final Norm feedforwardNorm;

  Layer(int index, ModelParts parts, Rotary rotary) {
    this.index = index;
    this.architecture = parts.architecture();
    this.rotary = rotary;
    String attention = "layers." + index + ".attention.";
    String feedforward = "layers." + index + ".feedforward.";
    this.query = parts.linear(attention + "query");
    this.key = parts.linear(attention + "key");
    this.value = parts.linear(attention + "value");
    this.output = parts.linear(attention + "output");
    this.attentionNorm = parts.norm(attention + "norm");
    this.up = parts.linear(feedforward + "up");
    this.gate =
        architecture.activation() == Activation.SWIGLU ? parts.linear(feedforward + "gate") : null;
    this.down = parts.linear(feedforward + "down");
    this.feedforwardNorm = parts.norm(feedforward + "norm");
  }

  /**
   * Writes what comes out into {@code a.out()}.
   *
   * @param x the residual stream before the layer, not modified
   * @param cache keys and values of earlier tokens, or null
   */
  void forward(Tensor x, LayerActivations a, Batch batch, Dropout dropout, KeyValueCache cache) {
    boolean first = architecture.normFirst();
    int past = cache == null ? 0 : cache.length();
    if (first) {
      attentionNorm.forward(x, a.first(), a.firstStatistics());
    }
    Tensor in = first ? a.first() : x;
    query.forward(in, a.query());
    key.forward(in, a.key());
    value.forward(in, a.value());
    if (rotary != null) {
      rotary.turn(a.query(), past, batch.length(), 1);
      rotary.turn(a.key(), past, batch.length(), 1);
    }
    Tensor keys = cache == null ? a.key() : cache.addKeys(index, a.key());
    Tensor values = cache == null ? a.value() : cache.addValues(index, a.value());
    Attention.forward(
        shape(batch, past),
        a.query(),
        keys,
        values,
        batch.mask(),
        dropout.probabilities(index),
        a.context());
    Tensor sum = first ? a.middle() : a.first();
    join(output, x, a.context(), dropout.attentionBranch(index), sum);
    if (first) {
      feedforwardNorm.forward(a.middle(), a.second(), a.secondStatistics());
    } else {
      attentionNorm.forward(a.first(), a.middle(), a.firstStatistics());
    }
    Tensor into = first ? a.second() : a.middle();
    up.forward(into, a.up());
    if (gate == null) {
      Elementwise.apply(function(), a.up(), a.active());
    } else {
      gate.forward(into, a.gate());
      GatedUnit.forward(a.gate(), a.up(), a.active());
    }
    Tensor total = first ? a.out() : a.second();
    join(down, a.middle(), a.active(), dropout.feedforwardBranch(index), total);
    if (!first) {
      feedforwardNorm.forward(a.second(), a.out(), a.secondStatistics());
    }
  }

  /**
   * Turns {@code d.stream()} from the gradient of what came out into that of what went in, and adds
   * the gradients of the parameters. The activations are used up.
   *
   * @param needInput whether anybody needs the gradient of what went in
   */
  void backward(
      Tensor x,
      LayerActivations a,
      Batch batch,
      Dropout dropout,
      BackwardBuffers d,
      boolean needInput,
      Gradients gradients) {
    boolean first = architecture.normFirst();
    Tensor stream = d.stream();
    if (!first) {
      feedforwardNorm.backward(a.second(), a.secondStatistics(), stream, stream, gradients);
    }
    Tensor branch = dropped(dropout.feedforwardBranch(index), stream, d.branch());
    down.backward(a.active(), branch, d.active(), 0, gradients);
    activationBackward(a, d);
    Tensor into = first ? a.second() : a.middle();
    // With normalization first the branch has a gradient of its own, else it joins the stream.
    Tensor target = first ? d.branch() : stream;
    up.backward(into, d.active(), target, first ? 0 : 1, gradients);
    if (gate != null) {
      gate.backward(into, d.gate(), target, 1, gradients);
    }
    if (first) {
      feedforwardNorm.backward(a.middle(), a.secondStatistics(), target, target, gradients);
      Arithmetic.axpy(1, target, stream);
    } else {
      attentionNorm.backward(a.first(), a.firstStatistics(), stream, stream, gradients);
    }
    branch = dropped(dropout.attentionBranch(index), stream, d.branch());
    output.backward(a.context(), branch, d.context(), 0, gradients);
    Attention.backward(shape(batch, 0), a, batch.mask(), dropout.probabilities(index), d);
    if (rotary != null) {
      rotary.turn(d.query(), 0, batch.length(), -1);
      rotary.turn(d.key(), 0, batch.length(), -1);
    }
    Tensor in = first ? a.first() : x;
    // The parameters of the first normalization need the gradient of the branch too.
    boolean needBranch = needInput || (first && gradients.wantsAny(attentionNormName()));
    Tensor back = needBranch ? target : null;
    query.backward(in, d.query(), back, first ? 0 : 1, gradients);
    key.backward(in, d.key(), back, 1, gradients);
    value.backward(in, d.value(), back, 1, gradients);
    if (first && needBranch) {
      attentionNorm.backward(x, a.firstStatistics(), target, target, gradients);
      Arithmetic.axpy(1, target, stream);
    }
  }

  private String attentionNormName() {
    return "layers." + index + ".attention.norm.";
  }

  private void activationBackward(LayerActivations a, BackwardBuffers d) {
    if (gate != null) {
      GatedUnit.backward(a.gate(), a.up(), d.active(), a.active(), d.active(), d.gate());
      return;
    }
    ElementFunction derivative =
        architecture.activation() == Activation.GELU
            ? ElementFunction.GELU_DERIVATIVE
            : ElementFunction.GELU_TANH_DERIVATIVE;
    Elementwise.apply(derivative, a.up(), a.active());
    Elementwise.multiply(d.active(), a.active(), d.active());
  }

  private ElementFunction function() {
    return architecture.activation() == Activation.GELU
        ? ElementFunction.GELU
        : ElementFunction.GELU_TANH;
  }

  /** {@code sum := stream + dropout(map(in))}. */
  private static void join(Linear map, Tensor stream, Tensor in, DropoutMask mask, Tensor sum) {
    if (mask == null) {
      map.forward(stream, in, sum);
    } else {
      map.forward(in, sum);
      RowLoops.drop(mask, sum, sum);
      Arithmetic.axpy(1, stream, sum);
    }
  }

  private static Tensor dropped(DropoutMask mask, Tensor gradient, Tensor scratch) {
    if (mask == null) {
      return gradient;
    }
    RowLoops.drop(mask, gradient, scratch);
    return scratch;
  }

  private AttentionShape shape(Batch batch, int past) {
    return new AttentionShape(
        batch.sequences(),
        architecture.heads(),
        architecture.keyHeads(),
        batch.length(),
        past + batch.length(),
        architecture.headSize(),
        architecture.causal(),
        past);
  }
}
