package org.quadrille.optim;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.quadrille.kernels.cpu.WorkerPool;
import org.quadrille.linalg.Tensor;
import org.quadrille.linalg.Tensors;

/**
 * All trained tensors, cut into blocks of a fixed number of elements that are worked on in
 * parallel: one loop over everything, so that many small tensors cost no more than a large one.
 * What the blocks are depends on the shapes alone.
 */
final class ParameterBlocks {

  /** Elements of a block: large against the cost of handing it out, small against a cache. */
  private static final int BLOCK = 1 << 13;

  /** Works on part of one tensor. */
  interface Action {
    /**
     * Elements {@code from} to {@code from + n} of the tensor of that index, in row-major order.
     */
    void block(int tensor, int from, int n);
  }

  /** Works on part of one tensor and knows the number of the block. */
  interface NumberedAction {
    /** As {@link Action#block}. */
    void block(int block, int tensor, int from, int n);
  }

  private final List<String> names;
  private final Tensor[] parameters;
  private final Tensor[] gradients;
  private final int[] tensorOf;
  private final int[] fromOf;

  ParameterBlocks(Tensors gradients) {
    names = List.copyOf(gradients.names());
    parameters = new Tensor[names.size()];
    this.gradients = new Tensor[names.size()];
    List<int[]> blocks = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      int length = gradients.get(names.get(i)).length();
      for (int from = 0; from < length; from += BLOCK) {
        blocks.add(new int[] {i, from});
      }
    }
    tensorOf = blocks.stream().mapToInt(block -> block[0]).toArray();
    fromOf = blocks.stream().mapToInt(block -> block[1]).toArray();
  }

  /** Names of the trained tensors in order. */
  List<String> names() {
    return names;
  }

  int count() {
    return fromOf.length;
  }

  Tensor parameter(int tensor) {
    return parameters[tensor];
  }

  Tensor gradient(int tensor) {
    return gradients[tensor];
  }

  /** Takes the tensors of one step. */
  void bind(Tensors newParameters, Tensors newGradients) {
    if (newGradients.size() != names.size()) {
      throw new IllegalArgumentException(
          "gradients: given "
              + newGradients
              + ", expected the "
              + names.size()
              + " names of the first step; start a new optimizer to train other tensors");
    }
    for (int i = 0; i < names.size(); i++) {
      String name = names.get(i);
      Tensor gradient = newGradients.get(name);
      Tensor parameter = newParameters.get(name);
      if (parameter.dtype() != gradient.dtype()
          || !Arrays.equals(parameter.shape(), gradient.shape())) {
        throw new IllegalArgumentException(
            name + ": gradient " + gradient + " does not fit parameter " + parameter);
      }
      if (gradients[i] != null
          && (gradients[i].length() != gradient.length()
              || gradients[i].dtype() != gradient.dtype())) {
        throw new IllegalArgumentException(
            name + ": gradient " + gradient + ", in the step before " + gradients[i]);
      }
      requireContiguous(name, "parameter", parameter);
      requireContiguous(name, "gradient", gradient);
      gradients[i] = gradient;
      parameters[i] = parameter;
    }
  }

  private static void requireContiguous(String name, String what, Tensor tensor) {
    if (!tensor.isContiguous()) {
      throw new IllegalArgumentException(
          name + ": " + what + " " + tensor + " is a strided view; train a contiguous tensor");
    }
  }

  /** Whether gradients have the names and shapes these blocks were made for. */
  boolean fits(Tensors newGradients) {
    if (newGradients.size() != names.size()) {
      return false;
    }
    for (int i = 0; i < names.size(); i++) {
      if (!newGradients.contains(names.get(i))
          || newGradients.get(names.get(i)).length() != gradients[i].length()
          || newGradients.get(names.get(i)).dtype() != gradients[i].dtype()) {
        return false;
      }
    }
    return true;
  }

  /** Runs the action for every block of every tensor. */
  void forEach(Action action) {
    forEachNumbered((block, tensor, from, n) -> action.block(tensor, from, n));
  }

  /** Runs the action for every block of every tensor. */
  void forEachNumbered(NumberedAction action) {
    WorkerPool.shared()
        .forEach(
            fromOf.length,
            block -> {
              int tensor = tensorOf[block];
              int from = fromOf[block];
              action.block(block, tensor, from, Math.min(BLOCK, gradients[tensor].length() - from));
            });
  }
}
