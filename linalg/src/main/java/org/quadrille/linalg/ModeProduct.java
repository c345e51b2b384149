package org.quadrille.linalg;

/**
 * A batch of matrices in one strided array, X of shape [first, second, columns], and products along
 * one of its first two axes.
 *
 * <p>Every product is as few matrix products as the strides allow: one where two axes can be walked
 * as one, else one for each entry of the shorter axis that is not contracted.
 */
final class ModeProduct {
  /** Neighbouring entries that make a matrix worth reading along them. */
  private static final int VECTOR = 16;

  private final Tensor x;

  private ModeProduct(Tensor x) {
    this.x = x;
  }

  /** A matrix [first * second, columns], or a vector, with its first axis split; a view. */
  static ModeProduct of(Tensor matrix, int first, int second) {
    Tensor columns = OperatorChecks.columns(matrix);
    int row = columns.stride(0);
    return new ModeProduct(
        view(
            columns,
            0,
            new int[] {first, second, columns.size(1)},
            new int[] {second * row, row, columns.stride(1)}));
  }

  /** New zeros of shape [first, second, columns] with the batch inside or outside as it is here. */
  ModeProduct like(int first, int second) {
    int columns = x.size(2);
    boolean batchOutside = x.stride(2) > x.stride(1) && columns > 1;
    Tensor zeros = Tensor.zeros(x.dtype(), first, second, columns);
    return batchOutside
        ? new ModeProduct(view(zeros, 0, zeros.shape(), new int[] {second, 1, first * second}))
        : new ModeProduct(zeros);
  }

  /** {@code out_imk := sum_j a_ij x_jmk}; returns out. */
  ModeProduct applyFirst(Tensor a, ModeProduct out) {
    return applyFirst(1, a, 0, out);
  }

  /** {@code out_imk := alpha sum_j a_ij x_jmk + beta out_imk}; returns out. */
  ModeProduct applyFirst(double alpha, Tensor a, double beta, ModeProduct out) {
    multiply(alpha, a, 0, 1, beta, out);
    return out;
  }

  /** {@code out_jmk := sum_l b_ml x_jlk}; returns out. */
  ModeProduct applySecond(Tensor b, ModeProduct out) {
    return applySecond(1, b, 0, out);
  }

  /** {@code out_jmk := alpha sum_l b_ml x_jlk + beta out_jmk}; returns out. */
  ModeProduct applySecond(double alpha, Tensor b, double beta, ModeProduct out) {
    multiply(alpha, b, 1, 0, beta, out);
    return out;
  }

  private void multiply(double alpha, Tensor a, int axis, int free, double beta, ModeProduct out) {
    Tensor in = merged(axis, free);
    Tensor to = out.merged(axis, free);
    Tensor inSwapped = merged(axis, free, true);
    Tensor toSwapped = out.merged(axis, free, true);
    if (in != null && to != null) {
      MatrixProduct.multiply(alpha, a, in, beta, to);
    } else if (inSwapped != null && toSwapped != null) {
      MatrixProduct.multiply(alpha, a, inSwapped, beta, toSwapped);
    } else {
      int looped = looped(free);
      MatrixProduct.multiplyBatch(
          alpha, a, batch(axis, free, looped), beta, out.batch(axis, free, looped));
    }
  }

  /** The free axis walked one entry at a time: the other one, if long enough, has unit stride. */
  private int looped(int free) {
    if (x.stride(2) == 1 && x.size(2) >= VECTOR) {
      return free;
    }
    if (x.stride(free) == 1 && x.size(free) >= VECTOR) {
      return 2;
    }
    return x.size(free) < x.size(2) ? free : 2;
  }

  /** {@code target_ij += sum_mk this_imk other_jmk}. */
  void contractSecond(ModeProduct other, Tensor target) {
    contract(other, 0, 1, target);
  }

  /** {@code target_ml += sum_ik this_imk other_ilk}. */
  void contractFirst(ModeProduct other, Tensor target) {
    contract(other, 1, 0, target);
  }

  private void contract(ModeProduct other, int axis, int free, Tensor target) {
    Tensor a = merged(axis, free);
    Tensor b = other.merged(axis, free);
    if (a != null && b != null) {
      MatrixProduct.multiply(1, a, b.transpose(), 1, target);
      return;
    }
    int looped = looped(free);
    for (int i = 0; i < x.size(looped); i++) {
      Tensor b2 = other.part(axis, free, looped, i);
      MatrixProduct.multiply(1, part(axis, free, looped, i), b2.transpose(), 1, target);
    }
  }

  private Tensor merged(int axis, int free) {
    return merged(axis, free, false);
  }

  /**
   * The view [axis, free * columns], or with {@code swapped} [axis, columns * free], or null if no
   * single stride walks both.
   */
  private Tensor merged(int axis, int free, boolean swapped) {
    int outer = swapped ? 2 : free;
    int inner = swapped ? free : 2;
    int count = x.size(outer) * x.size(inner);
    int stride;
    if (x.size(outer) == 1 || count == 0) {
      stride = x.stride(inner);
    } else if (x.size(inner) == 1) {
      stride = x.stride(outer);
    } else if (x.stride(outer) == x.size(inner) * x.stride(inner)) {
      stride = x.stride(inner);
    } else {
      return null;
    }
    return view(x, 0, new int[] {x.size(axis), count}, new int[] {x.stride(axis), stride});
  }

  /** All matrices [axis, one free axis] along the other one, shape [looped, axis, kept]. */
  private Tensor batch(int axis, int free, int looped) {
    int kept = looped == 2 ? free : 2;
    return view(
        x,
        0,
        new int[] {x.size(looped), x.size(axis), x.size(kept)},
        new int[] {x.stride(looped), x.stride(axis), x.stride(kept)});
  }

  /** Entry i of one free axis: a matrix [axis, the other free axis]. */
  private Tensor part(int axis, int free, int looped, int i) {
    int kept = looped == 2 ? free : 2;
    return view(
        x,
        i * x.stride(looped),
        new int[] {x.size(axis), x.size(kept)},
        new int[] {x.stride(axis), x.stride(kept)});
  }

  private static Tensor view(Tensor of, int shift, int[] shape, int[] strides) {
    return of.dtype() == DType.F32
        ? Tensor.view(of.floats(), of.offset() + shift, shape, strides)
        : Tensor.view(of.doubles(), of.offset() + shift, shape, strides);
  }
}
