package org.quadrille.lowrank.adapter;

import org.quadrille.linalg.Norms;
import org.quadrille.linalg.Tensor;
import org.quadrille.linalg.Tensors;

/**
 * The numbers of one adapter: {@code s diag(b) B diag(d) A}, and magnitudes.
 *
 * @param left B, shape [out, r]
 * @param right A, shape [r, in]
 * @param inner d, shape [r], or null for ones
 * @param outer b, shape [out], or null for ones
 * @param magnitude m, shape [out], or null for none
 * @param scale s
 * @param trainsLeft whether B is learned
 * @param trainsRight whether A is learned
 * @param fullNorms whether the norms under the magnitudes are differentiated
 */
public record AdapterParts(
    Tensor left,
    Tensor right,
    Tensor inner,
    Tensor outer,
    Tensor magnitude,
    double scale,
    boolean trainsLeft,
    boolean trainsRight,
    boolean fullNorms) {

  /** Checks shapes and numbers. */
  public AdapterParts {
    if (left.rank() != 2
        || right.rank() != 2
        || left.size(1) != right.size(0)
        || left.dtype() != right.dtype()) {
      throw new IllegalArgumentException(
          "left: "
              + left
              + " and right: "
              + right
              + "; expected shapes [out, r] and [r, in] of one dtype");
    }
    Norms.requireFinite(AdaptedOperator.LEFT, left);
    Norms.requireFinite(AdaptedOperator.RIGHT, right);
    requireVector(AdaptedOperator.INNER, inner, left.size(1), left);
    requireVector(AdaptedOperator.OUTER, outer, left.size(0), left);
    requireVector(AdaptedOperator.MAGNITUDE, magnitude, left.size(0), left);
    if (!Double.isFinite(scale)) {
      throw new IllegalArgumentException("scale: given " + scale + ", expected a finite number");
    }
  }

  private static void requireVector(String name, Tensor vector, int length, Tensor like) {
    if (vector == null) {
      return;
    }
    if (vector.rank() != 1 || vector.size(0) != length || vector.dtype() != like.dtype()) {
      throw new IllegalArgumentException(
          name + ": " + vector + ", expected shape [" + length + "] and dtype " + like.dtype());
    }
    Norms.requireFinite(name, vector);
  }

  /** r. */
  public int rank() {
    return left.size(1);
  }

  /** Whether row norms are parameters of their own. */
  public boolean hasMagnitude() {
    return magnitude != null;
  }

  /** Whether the update is {@code s B A} without vectors. */
  boolean isPlain() {
    return inner == null && outer == null;
  }

  boolean needsLeft() {
    return trainsLeft || !isPlain();
  }

  boolean needsRight() {
    return trainsRight;
  }

  /** All numbers, learned or not. */
  long count() {
    long count = (long) left.length() + right.length();
    count += inner == null ? 0 : inner.length();
    count += outer == null ? 0 : outer.length();
    return count + (magnitude == null ? 0 : magnitude.length());
  }

  /** What is learned, by name, shared. */
  Tensors trained() {
    Tensors trained = Tensors.empty();
    put(trained, trainsLeft, AdaptedOperator.LEFT, left);
    put(trained, trainsRight, AdaptedOperator.RIGHT, right);
    put(trained, inner != null, AdaptedOperator.INNER, inner);
    put(trained, outer != null, AdaptedOperator.OUTER, outer);
    put(trained, magnitude != null, AdaptedOperator.MAGNITUDE, magnitude);
    return trained;
  }

  private static void put(Tensors trained, boolean wanted, String name, Tensor tensor) {
    if (wanted) {
      trained.put(name, tensor);
    }
  }

  /** {@code diag(b) B diag(d)} in a new tensor. */
  Tensor effectiveLeft() {
    return effectiveLeft(Tensor.zeros(left.dtype(), left.size(0), left.size(1)));
  }

  /** {@code out := diag(b) B diag(d)}. */
  Tensor effectiveLeft(Tensor out) {
    for (int i = 0; i < left.size(0); i++) {
      double b = outer == null ? 1 : outer.get(i);
      for (int j = 0; j < left.size(1); j++) {
        double d = inner == null ? 1 : inner.get(j);
        out.set(b * left.get(i, j) * d, i, j);
      }
    }
    return out;
  }

  /** Adds the gradients of B, b and d, given that of {@code L = diag(b) B diag(d)}. */
  void addGradients(Tensor dleft, Tensors gradients) {
    for (int i = 0; i < left.size(0); i++) {
      double b = outer == null ? 1 : outer.get(i);
      double ofOuter = 0;
      for (int j = 0; j < left.size(1); j++) {
        double d = inner == null ? 1 : inner.get(j);
        double g = dleft.get(i, j);
        ofOuter += left.get(i, j) * d * g;
        if (trainsLeft) {
          Tensor target = gradients.get(AdaptedOperator.LEFT);
          target.set(target.get(i, j) + b * g * d, i, j);
        }
      }
      if (outer != null) {
        Tensor target = gradients.get(AdaptedOperator.OUTER);
        target.set(target.get(i) + ofOuter, i);
      }
    }
    if (inner != null) {
      addInner(dleft, gradients.get(AdaptedOperator.INNER));
    }
  }

  private void addInner(Tensor dleft, Tensor target) {
    for (int j = 0; j < left.size(1); j++) {
      double sum = 0;
      for (int i = 0; i < left.size(0); i++) {
        sum += (outer == null ? 1 : outer.get(i)) * left.get(i, j) * dleft.get(i, j);
      }
      target.set(target.get(j) + sum, j);
    }
  }
}
