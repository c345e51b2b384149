package org.quadrille.lowrank.adapter;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.quadrille.linalg.DType;
import org.quadrille.linalg.Tensor;

/**
 * Scratch tensors that are kept from call to call, so that training allocates nothing after its
 * first step. Concurrent callers get sets of their own.
 */
final class Workspaces {
  /** The tensors of one call, by use. */
  static final class Set {
    private final Map<String, Tensor> tensors = new HashMap<>();
    private final Map<String, double[]> arrays = new HashMap<>();

    /** A batch [features, samples] with features side by side; contents unspecified. */
    Tensor batch(String use, DType dtype, int features, int samples) {
      return matrix(use, dtype, samples, features).transpose();
    }

    /** A row-major matrix; contents unspecified. */
    Tensor matrix(String use, DType dtype, int rows, int cols) {
      Tensor kept = tensors.get(use);
      int[] shape = {rows, cols};
      if (kept == null || kept.dtype() != dtype || !Arrays.equals(kept.shape(), shape)) {
        kept = Tensor.zeros(dtype, shape);
        tensors.put(use, kept);
      }
      return kept;
    }

    /** An array; contents unspecified. */
    double[] array(String use, int length) {
      double[] kept = arrays.get(use);
      if (kept == null || kept.length != length) {
        kept = new double[length];
        arrays.put(use, kept);
      }
      return kept;
    }
  }

  private final AtomicReference<Set> idle = new AtomicReference<>();

  /** A set that nobody else uses until it is given back. */
  Set take() {
    Set set = idle.getAndSet(null);
    return set == null ? new Set() : set;
  }

  /** Keeps a set for the next call. */
  void giveBack(Set set) {
    idle.set(set);
  }
}
