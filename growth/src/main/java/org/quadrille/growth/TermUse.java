package org.quadrille.growth;

import java.util.List;
import org.quadrille.linalg.Arithmetic;
import org.quadrille.linalg.DType;
import org.quadrille.linalg.LinearOperator;
import org.quadrille.linalg.Tensor;

/**
 * One term of an operator on one kind of tensor: {@code Theta_l = sum_j w_lj B W_j A^T}, forward
 * and backward, with its buffers. A null map or mixture is the identity.
 *
 * <p>Stacks have shape [layers, rows, columns]; as matrices [layers, rows columns] they are mixed
 * by one product.
 */
final class TermUse {
  private final List<LinearOperator> rowMaps;
  private final List<LinearOperator> colMaps;
  private final LinearOperator depth;
  private final boolean widthFirst;
  private final boolean rowsFirst;
  private final int[] half;
  private Tensor middle;
  private Tensor middleGradient;
  private Tensor halves;
  private Tensor halfGradient;

  /**
   * @param order which comes first
   * @param small rows and columns of a small tensor
   * @param large rows and columns of a large tensor
   */
  TermUse(
      List<LinearOperator> rowMaps,
      List<LinearOperator> colMaps,
      LinearOperator depth,
      GrowthOrder order,
      int[] small,
      int[] large) {
    this.rowMaps = rowMaps;
    this.colMaps = colMaps;
    this.depth = depth;
    boolean both = rowMaps != null && colMaps != null;
    // B W, then A: or W A^T, then B.
    this.rowsFirst =
        both
            && rowMaps.getFirst().flops(small[1]) + colMaps.getFirst().flops(large[0])
                <= colMaps.getFirst().flops(small[0]) + rowMaps.getFirst().flops(large[1]);
    this.half =
        both ? rowsFirst ? new int[] {large[0], small[1]} : new int[] {small[0], large[1]} : null;
    this.widthFirst =
        order == GrowthOrder.WIDTH_FIRST
            || (order == GrowthOrder.CHEAPER && isWidthFirstCheaper(small, large));
  }

  private boolean isWidthFirstCheaper(int[] small, int[] large) {
    if (depth == null) {
      return true;
    }
    double oneLayer = widthFlops(small, large);
    double first = depth.cols() * oneLayer + depth.flops((long) large[0] * large[1]);
    double last = depth.flops((long) small[0] * small[1]) + depth.rows() * oneLayer;
    return first <= last;
  }

  /** Operations of widening one layer. */
  private double widthFlops(int[] small, int[] large) {
    if (rowMaps == null || colMaps == null) {
      return rowMaps != null
          ? rowMaps.getFirst().flops(small[1])
          : colMaps == null ? 0 : colMaps.getFirst().flops(small[0]);
    }
    return rowsFirst
        ? rowMaps.getFirst().flops(small[1]) + colMaps.getFirst().flops(large[0])
        : colMaps.getFirst().flops(small[0]) + rowMaps.getFirst().flops(large[1]);
  }

  /**
   * {@code large := beta large + M small}.
   *
   * @param keep whether buffers stay for {@link #backward}
   */
  void forward(Tensor small, double beta, Tensor large, boolean keep) {
    if (depth == null) {
      width(small, beta, large, keep);
    } else if (widthFirst) {
      middle = buffer(middle, small.dtype(), small.size(0), large.size(1), large.size(2));
      width(small, 0, middle, keep);
      depth.apply(1, flat(middle), beta, flat(large));
    } else {
      middle = buffer(middle, small.dtype(), large.size(0), small.size(1), small.size(2));
      depth.apply(flat(small), flat(middle));
      width(middle, beta, large, keep);
    }
    if (!keep) {
      middle = null;
      halves = null;
    }
  }

  /**
   * From the gradient of the large tensors to those of maps, mixtures and small tensors.
   *
   * @param smallGradient added to; null if not wanted
   */
  void backward(Tensor small, Tensor gradient, Sinks sinks, Tensor smallGradient) {
    if (depth == null) {
      widthBackward(small, gradient, sinks, smallGradient);
      return;
    }
    boolean wanted = smallGradient != null || wantsWidth(sinks);
    if (widthFirst) {
      sinks.accumulate(depth, flat(middle), flat(gradient));
      if (wanted) {
        middleGradient = like(middleGradient, middle);
        depth.applyTransposed(flat(gradient), flat(middleGradient));
        widthBackward(small, middleGradient, sinks, smallGradient);
      }
      return;
    }
    boolean through = smallGradient != null || sinks.wants(depth);
    middleGradient = through ? like(middleGradient, middle).fill(0) : null;
    widthBackward(middle, gradient, sinks, middleGradient);
    if (through) {
      sinks.accumulate(depth, flat(small), flat(middleGradient));
      if (smallGradient != null) {
        depth.applyTransposed(1, flat(middleGradient), 1, flat(smallGradient));
      }
    }
  }

  /**
   * {@code small := small + M^T large} without anything kept from a forward pass.
   *
   * @param small added to
   */
  void adjoint(Tensor large, Tensor small) {
    if (depth == null) {
      widthBackward(null, large, Sinks.NONE, small);
      return;
    }
    DType dtype = small.dtype();
    if (widthFirst) {
      Tensor mixed = Tensor.zeros(dtype, small.size(0), large.size(1), large.size(2));
      depth.applyTransposed(flat(large), flat(mixed));
      widthBackward(null, mixed, Sinks.NONE, small);
    } else {
      Tensor narrow = Tensor.zeros(dtype, large.size(0), small.size(1), small.size(2));
      widthBackward(null, large, Sinks.NONE, narrow);
      depth.applyTransposed(1, flat(narrow), 1, flat(small));
    }
  }

  private void width(Tensor in, double beta, Tensor out, boolean keep) {
    int layers = in.size(0);
    if (half != null) {
      halves = buffer(halves, in.dtype(), keep ? layers : 1, half[0], half[1]);
    }
    for (int l = 0; l < layers; l++) {
      Tensor w = in.row(l);
      Tensor grown = out.row(l);
      if (rowMaps == null && colMaps == null) {
        copy(w, beta, grown);
      } else if (colMaps == null) {
        map(rowMaps, l).apply(1, w, beta, grown);
      } else if (rowMaps == null) {
        map(colMaps, l).apply(1, w.transpose(), beta, grown.transpose());
      } else {
        Tensor t = halves.row(keep ? l : 0);
        if (rowsFirst) {
          map(rowMaps, l).apply(w, t);
          map(colMaps, l).apply(1, t.transpose(), beta, grown.transpose());
        } else {
          map(colMaps, l).apply(w.transpose(), t.transpose());
          map(rowMaps, l).apply(1, t, beta, grown);
        }
      }
    }
  }

  private void widthBackward(Tensor in, Tensor gradient, Sinks sinks, Tensor inGradient) {
    for (int l = 0; l < gradient.size(0); l++) {
      Tensor w = in == null ? null : in.row(l);
      Tensor g = gradient.row(l);
      Tensor dw = inGradient == null ? null : inGradient.row(l);
      if (rowMaps == null && colMaps == null) {
        if (dw != null) {
          Arithmetic.axpy(1, g, dw);
        }
      } else if (colMaps == null) {
        one(map(rowMaps, l), w, g, dw, sinks);
      } else if (rowMaps == null) {
        one(map(colMaps, l), turned(w), g.transpose(), turned(dw), sinks);
      } else {
        two(l, w, g, dw, sinks);
      }
    }
  }

  /** Omega = B W A^T: dB = G A W^T, dA = G^T B W, dW = B^T G A. */
  private void two(int l, Tensor w, Tensor g, Tensor dw, Sinks sinks) {
    LinearOperator first = rowsFirst ? map(rowMaps, l) : map(colMaps, l);
    LinearOperator second = rowsFirst ? map(colMaps, l) : map(rowMaps, l);
    boolean wantsFirst = sinks.wants(first);
    if (sinks.wants(second)) {
      Tensor t = halves.row(l);
      sinks.accumulate(second, rowsFirst ? t.transpose() : t, rowsFirst ? g.transpose() : g);
    }
    if (wantsFirst || dw != null) {
      halfGradient = buffer(halfGradient, g.dtype(), 1, half[0], half[1]);
      Tensor dt = halfGradient.row(0);
      if (rowsFirst) {
        second.applyTransposed(g.transpose(), dt.transpose());
        one(first, w, dt, dw, sinks);
      } else {
        second.applyTransposed(g, dt);
        one(first, turned(w), dt.transpose(), turned(dw), sinks);
      }
    }
  }

  private static void one(LinearOperator map, Tensor w, Tensor g, Tensor dw, Sinks sinks) {
    sinks.accumulate(map, w, g);
    if (dw != null) {
      map.applyTransposed(1, g, 1, dw);
    }
  }

  private boolean wantsWidth(Sinks sinks) {
    return wantsAny(rowMaps, sinks) || wantsAny(colMaps, sinks);
  }

  private static boolean wantsAny(List<LinearOperator> maps, Sinks sinks) {
    return maps != null && maps.stream().anyMatch(sinks::wants);
  }

  private static LinearOperator map(List<LinearOperator> maps, int layer) {
    return maps.size() == 1 ? maps.getFirst() : maps.get(layer);
  }

  private static void copy(Tensor from, double beta, Tensor to) {
    if (beta == 0) {
      to.assign(from);
    } else {
      Arithmetic.axpy(1, from, to);
    }
  }

  private static Tensor turned(Tensor x) {
    return x == null ? null : x.transpose();
  }

  private static Tensor flat(Tensor stack) {
    return stack.reshape(stack.size(0), stack.size(1) * stack.size(2));
  }

  private static Tensor like(Tensor old, Tensor example) {
    return buffer(old, example.dtype(), example.size(0), example.size(1), example.size(2));
  }

  private static Tensor buffer(Tensor old, DType dtype, int layers, int rows, int cols) {
    return old != null && old.size(0) == layers && old.size(1) == rows && old.size(2) == cols
        ? old
        : Tensor.zeros(dtype, layers, rows, cols);
  }
}
