package org.quadrille.optim;

import java.util.Arrays;
import java.util.List;
import org.quadrille.linalg.DType;
import org.quadrille.linalg.Tensor;
import org.quadrille.linalg.Tensors;

/**
 * What an optimizer remembers: the number of steps taken, and tensors of several kinds for the
 * trained ones, named {@code kind.name}.
 */
final class Memory {

  private static final String STEP = "step";

  private final Tensors tensors = Tensors.empty();
  private Tensors loaded;
  private long steps;
  private boolean stepped;

  /** Counts a step, from 1 on. */
  long next() {
    stepped = true;
    return ++steps;
  }

  /**
   * The tensors of one kind, one for each name: zeros when new, what was loaded when resumed.
   *
   * @param shapes like these; null for a name that needs none
   */
  Tensor[] kind(String kind, List<String> names, Tensor[] shapes) {
    Tensor[] all = new Tensor[names.size()];
    for (int i = 0; i < all.length; i++) {
      if (shapes[i] != null) {
        String key = kind + "." + names.get(i);
        all[i] = Tensor.zeros(shapes[i].dtype(), shapes[i].shape());
        if (loaded != null) {
          all[i].assign(saved(key, all[i]));
        }
        tensors.put(key, all[i]);
      }
    }
    return all;
  }

  private Tensor saved(String key, Tensor expected) {
    if (!loaded.contains(key)) {
      throw new IllegalArgumentException(
          "state of the optimizer: \""
              + key
              + "\" is missing; it was saved by another optimizer or for other tensors");
    }
    Tensor saved = loaded.get(key);
    if (saved.dtype() != expected.dtype() || !Arrays.equals(saved.shape(), expected.shape())) {
      throw new IllegalArgumentException(
          "state of the optimizer: \"" + key + "\" is " + saved + ", expected " + expected);
    }
    return saved;
  }

  /** Whether tensors come from saved state rather than start fresh. */
  boolean isResumed() {
    return loaded != null;
  }

  Tensors state() {
    Tensors state = Tensors.empty();
    if (steps > 0) {
      // A count below 2^53 is exact.
      state.put(STEP, Tensor.of(new double[] {(double) steps}, 1));
      (tensors.size() == 0 && loaded != null ? loaded : tensors).forEach(state::put);
    }
    return state;
  }

  void load(Tensors state) {
    if (stepped || tensors.size() > 0) {
      throw new IllegalStateException(
          "state is loaded into an optimizer that has already taken steps; load into a new one");
    }
    if (!state.contains(STEP) && state.size() > 0) {
      throw new IllegalArgumentException(
          "state of the optimizer: \"" + STEP + "\" is missing in " + state);
    }
    steps = state.size() == 0 ? 0 : (long) state.get(STEP).to(DType.F64).get(0);
    loaded = state.size() == 0 ? null : state.copy();
  }
}
