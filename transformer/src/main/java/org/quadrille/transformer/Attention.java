package org.quadrille.transformer;

import org.quadrille.kernels.cpu.AttentionShape;
import org.quadrille.kernels.cpu.DropoutMask;
import org.quadrille.kernels.cpu.KernelProvider;
import org.quadrille.kernels.cpu.Kernels;
import org.quadrille.linalg.DType;
import org.quadrille.linalg.Tensor;

/** The attention kernel on tensors: {@code softmax(Q K^T / sqrt(headSize)) V}. */
final class Attention {
  private Attention() {}

  static void forward(
      AttentionShape shape,
      Tensor q,
      Tensor k,
      Tensor v,
      boolean[] mask,
      DropoutMask dropout,
      Tensor out) {
    Kernels kernels = KernelProvider.active();
    double scale = 1 / Math.sqrt(shape.headSize());
    if (q.dtype() == DType.F32) {
      kernels.attention(
          shape,
          (float) scale,
          q.floats(),
          q.offset(),
          q.stride(0),
          k.floats(),
          k.offset(),
          k.stride(0),
          v.floats(),
          v.offset(),
          v.stride(0),
          mask,
          dropout,
          out.floats(),
          out.offset(),
          out.stride(0));
    } else {
      kernels.attention(
          shape,
          scale,
          q.doubles(),
          q.offset(),
          q.stride(0),
          k.doubles(),
          k.offset(),
          k.stride(0),
          v.doubles(),
          v.offset(),
          v.stride(0),
          mask,
          dropout,
          out.doubles(),
          out.offset(),
          out.stride(0));
    }
  }

  static void backward(
      AttentionShape shape,
      LayerActivations a,
      boolean[] mask,
      DropoutMask dropout,
      BackwardBuffers d) {
    Kernels kernels = KernelProvider.active();
    double scale = 1 / Math.sqrt(shape.headSize());
    if (a.query().dtype() == DType.F32) {
      kernels.attentionGradient(
          shape,
          (float) scale,
          a.query().floats(),
          a.query().offset(),
          a.query().stride(0),
          a.key().floats(),
          a.key().offset(),
          a.key().stride(0),
          a.value().floats(),
          a.value().offset(),
          a.value().stride(0),
          mask,
          dropout,
          d.context().floats(),
          d.context().offset(),
          d.context().stride(0),
          d.query().floats(),
          d.query().offset(),
          d.query().stride(0),
          d.key().floats(),
          d.key().offset(),
          d.key().stride(0),
          d.value().floats(),
          d.value().offset(),
          d.value().stride(0));
    } else {
      kernels.attentionGradient(
          shape,
          scale,
          a.query().doubles(),
          a.query().offset(),
          a.query().stride(0),
          a.key().doubles(),
          a.key().offset(),
          a.key().stride(0),
          a.value().doubles(),
          a.value().offset(),
          a.value().stride(0),
          mask,
          dropout,
          d.context().doubles(),
          d.context().offset(),
          d.context().stride(0),
          d.query().doubles(),
          d.query().offset(),
          d.query().stride(0),
          d.key().doubles(),
          d.key().offset(),
          d.key().stride(0),
          d.value().doubles(),
          d.value().offset(),
          d.value().stride(0));
    }
  }
}
