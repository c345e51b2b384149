package org.quadrille.transformer.models;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.quadrille.formats.Checkpoint;
import org.quadrille.linalg.Tensor;
import org.quadrille.linalg.Tensors;

/** Named tensors to read a model from: a checkpoint, or something put together from parts. */
public interface WeightSource {
  /** The names of all tensors. */
  List<String> names();

  /** Sizes of a tensor, outermost axis first. */
  int[] shape(String name);

  /** Reads a tensor in single or double precision; weights of linear layers as [out, in]. */
  Tensor read(String name) throws IOException;

  /** The tensors of an open checkpoint. */
  static WeightSource of(Checkpoint checkpoint) {
    return new WeightSource() {
      @Override
      public List<String> names() {
        return checkpoint.names();
      }

      @Override
      public int[] shape(String name) {
        return Arrays.stream(checkpoint.info(name).shape()).mapToInt(Math::toIntExact).toArray();
      }

      @Override
      public Tensor read(String name) throws IOException {
        return checkpoint.read(name);
      }
    };
  }

  /** Tensors in memory, not copied. */
  static WeightSource of(Tensors tensors) {
    return new WeightSource() {
      @Override
      public List<String> names() {
        return List.copyOf(tensors.names());
      }

      @Override
      public int[] shape(String name) {
        return tensors.get(name).shape();
      }

      @Override
      public Tensor read(String name) {
        return tensors.get(name);
      }
    };
  }
}
