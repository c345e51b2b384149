package org.quadrille.growth.plan;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.quadrille.formats.Checkpoint;
import org.quadrille.formats.ElementType;
import org.quadrille.formats.TensorInfo;
import org.quadrille.linalg.DType;
import org.quadrille.linalg.Tensor;

/**
 * One kind of tensor of an open checkpoint over all layers, and how its parts are taken out and put
 * together again.
 */
final class StoredFamily {
  private final StoredRule rule;
  private final NamePattern pattern;
  private final String prefix;
  private final int layers;
  private final Checkpoint checkpoint;
  private final int[] stored;

  StoredFamily(
      StoredRule rule, NamePattern pattern, String prefix, int layers, Checkpoint checkpoint) {
    this.rule = rule;
    this.pattern = pattern;
    this.prefix = prefix;
    this.layers = rule.inLayers() ? layers : 1;
    this.checkpoint = checkpoint;
    this.stored = intShape(checkpoint.info(name(0)));
    for (int l = 1; l < this.layers; l++) {
      if (!Arrays.equals(intShape(checkpoint.info(name(l))), stored)) {
        throw new IllegalArgumentException(
            "tensor "
                + checkpoint.info(name(l))
                + ": expected the shape of layer 0, "
                + Arrays.toString(stored)
                + "; all layers must be alike");
      }
    }
  }

  StoredRule rule() {
    return rule;
  }

  int layers() {
    return layers;
  }

  String name(int layer) {
    return pattern.name(prefix, layer);
  }

  ElementType type() {
    return checkpoint.info(name(0)).type();
  }

  /** Shape as the model sees the whole tensor: [out] or [out, in]. */
  int[] shape() {
    int[] used = Arrays.copyOfRange(stored, leading(), stored.length);
    if (used.length == 0) {
      throw new IllegalArgumentException(
          "tensor " + checkpoint.info(name(0)) + " is a number; name it under copyThrough");
    }
    if (used.length == 1) {
      return used;
    }
    // Kernels of convolutions: everything but the out axis is the in axis.
    int rest = 1;
    for (int axis = 1; axis < used.length; axis++) {
      rest = Math.multiplyExact(rest, used[axis]);
    }
    return rule.inOut() ? new int[] {rest, used[0]} : new int[] {used[0], rest};
  }

  /**
   * The shape in the file of a tensor that the model sees as {@code [out]} or {@code [out, in]}.
   */
  int[] storedShape(int... shape) {
    int[] result = stored.clone();
    int first = leading();
    if (shape.length == 1) {
      result[first] = shape[0];
    } else {
      int[] own = rule.inOut() ? new int[] {shape[1], shape[0]} : shape;
      result[first] = own[0];
      boolean sameRest = own[1] == (rule.inOut() ? shape()[0] : shape()[1]);
      if (stored.length - first == 2) {
        result[first + 1] = own[1];
      } else if (!sameRest) {
        throw new IllegalArgumentException(
            "tensor "
                + checkpoint.info(name(0))
                + ": its in axis stands for several axes of the file and cannot grow");
      }
    }
    return result;
  }

  private int leading() {
    int leading = 0;
    while (rule.squeezed() && leading < stored.length - 1 && stored[leading] == 1) {
      leading++;
    }
    return leading;
  }

  /** The tensor of a layer, [out] or [out, in]. */
  Tensor read(int layer, DType dtype) throws IOException {
    Tensor tensor = checkpoint.read(name(layer)).to(dtype);
    int[] shape = shape();
    if (shape.length == 2 && rule.inOut()) {
      return tensor.reshape(shape[1], shape[0]).transpose();
    }
    return tensor.reshape(shape);
  }

  /**
   * The parts along the out axis.
   *
   * @param sizes of the parts on that axis
   */
  static List<Tensor> split(Tensor whole, int... sizes) {
    if (sizes.length == 1) {
      return List.of(whole);
    }
    List<Tensor> parts = new ArrayList<>();
    int at = 0;
    for (int size : sizes) {
      parts.add(whole.slice(0, at, at + size));
      at += size;
    }
    return parts;
  }

  /** The parts put together as the file has them, contiguous. */
  Tensor join(List<Tensor> parts) {
    int out = parts.stream().mapToInt(part -> part.size(0)).sum();
    int[] shape = parts.getFirst().shape();
    shape[0] = out;
    boolean turned = shape.length == 2 && rule.inOut();
    if (parts.size() == 1 && !turned) {
      return parts.getFirst().reshape(storedShape(shape));
    }
    DType dtype = parts.getFirst().dtype();
    Tensor joined = turned ? Tensor.zeros(dtype, shape[1], shape[0]) : Tensor.zeros(dtype, shape);
    Tensor seen = turned ? joined.transpose() : joined;
    int at = 0;
    for (Tensor part : parts) {
      seen.slice(0, at, at + part.size(0)).assign(part);
      at += part.size(0);
    }
    return joined.reshape(storedShape(shape));
  }

  private static int[] intShape(TensorInfo info) {
    if (!info.type().isFloatingPoint()) {
      throw new IllegalArgumentException(
          "tensor " + info + " holds no floating-point numbers; name it under copyThrough");
    }
    return Arrays.stream(info.shape()).mapToInt(Math::toIntExact).toArray();
  }
}
