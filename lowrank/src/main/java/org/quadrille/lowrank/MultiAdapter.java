package org.quadrille.lowrank;

import java.util.Arrays;
import java.util.List;
import org.quadrille.linalg.Arithmetic;
import org.quadrille.linalg.LinearOperator;
import org.quadrille.linalg.LowRank;
import org.quadrille.linalg.Tensor;
import org.quadrille.linalg.Tensors;

/**
 * One frozen weight with many updates, a different one for each column of a batch: {@code y_i = W
 * x_i + s_j B_j A_j x_i} with {@code j = index[i]}, -1 for none (Chen et al., Punica: Multi-Tenant
 * LoRA Serving, 2023; Sheng et al., S-LoRA, 2023).
 *
 * <p>Columns are ordered by update (a stable counting sort), so each update takes two matrix
 * products over its own columns; ranks may differ. The order of columns changes results by no more
 * than rounding.
 *
 * {@snippet :
 * MultiAdapter adapters = MultiAdapter.of(Dense.of(weight), List.of(french, legal, poetry));
 * Tensor y = adapters.apply(x, new int[] {0, 0, 2, -1, 1}); // x has five columns
 * }
 *
 * <p>Cost: one application of W, and {@code 2 r (rows + cols)} flops and two copies for each column
 * with an update. Parameters of update j are {@code j.left} and {@code j.right}. Safe for
 * concurrent use.
 */
public final class MultiAdapter {
  private final LinearOperator base;
  private final List<LowRank> updates;

  private MultiAdapter(LinearOperator base, List<LowRank> updates) {
    this.base = base;
    this.updates = updates;
  }

  /**
   * Puts updates beside a weight.
   *
   * @param base any operator; never differentiated
   * @param updates of its shape and dtype, numbered from 0; shared
   * @throws IllegalArgumentException if a shape or dtype differs
   */
  public static MultiAdapter of(LinearOperator base, List<LowRank> updates) {
    for (int j = 0; j < updates.size(); j++) {
      LowRank update = updates.get(j);
      if (update.rows() != base.rows()
          || update.cols() != base.cols()
          || update.dtype() != base.dtype()) {
        throw new IllegalArgumentException(
            "update " + j + ": " + update + ", expected shape and dtype of " + base);
      }
    }
    return new MultiAdapter(base, List.copyOf(updates));
  }

  /** The weight all share. */
  public LinearOperator base() {
    return base;
  }

  /** The updates by number. */
  public List<LowRank> updates() {
    return updates;
  }

  /**
   * The batch through the weight and each column's update.
   *
   * @param x shape [cols, N], not modified
   * @param index update of each column, -1 for none
   * @return a new tensor of shape [rows, N]
   * @throws IllegalArgumentException if a shape, dtype or index does not fit
   */
  public Tensor apply(Tensor x, int[] index) {
    Segments segments = segments(x, index, base.cols(), "x");
    Tensor y = base.apply(x);
    for (int j = 0; j < updates.size(); j++) {
      if (segments.size(j) > 0) {
        LowRank update = updates.get(j);
        Tensor part = update.apply(segments.gather(j, x));
        segments.scatterAdd(j, part, y);
      }
    }
    return y;
  }

  /**
   * The gradient of the inputs from that of the outputs, {@code W^T g_i + s_j A_j^T B_j^T g_i}.
   *
   * @param gradY shape [rows, N], not modified
   * @param index as in {@link #apply}
   * @return a new tensor of shape [cols, N]
   * @throws IllegalArgumentException if a shape, dtype or index does not fit
   */
  public Tensor applyTransposed(Tensor gradY, int[] index) {
    Segments segments = segments(gradY, index, base.rows(), "gradY");
    Tensor x = base.applyTransposed(gradY);
    for (int j = 0; j < updates.size(); j++) {
      if (segments.size(j) > 0) {
        Tensor part = updates.get(j).applyTransposed(segments.gather(j, gradY));
        segments.scatterAdd(j, part, x);
      }
    }
    return x;
  }

  /** The factors of all updates, shared: {@code 0.left}, {@code 0.right}, {@code 1.left}, ... */
  public Tensors parameters() {
    Tensors parameters = Tensors.empty();
    for (int j = 0; j < updates.size(); j++) {
      parameters.put(j + ".left", updates.get(j).left());
      parameters.put(j + ".right", updates.get(j).right());
    }
    return parameters;
  }

  /**
   * Adds the gradients of the factors over the batch, each update from its own columns.
   *
   * @param x shape [cols, N], not modified
   * @param gradY shape [rows, N], not modified
   * @param index as in {@link #apply}
   * @param gradients modified: tensors named as in {@link #parameters}
   * @throws IllegalArgumentException if a shape, dtype or index does not fit or a tensor is missing
   */
  public void accumulateGradients(Tensor x, Tensor gradY, int[] index, Tensors gradients) {
    Segments segments = segments(x, index, base.cols(), "x");
    segments(gradY, index, base.rows(), "gradY");
    for (int j = 0; j < updates.size(); j++) {
      Tensors own =
          Tensors.of("left", gradients.get(j + ".left")).put("right", gradients.get(j + ".right"));
      if (segments.size(j) > 0) {
        updates.get(j).accumulateGradients(segments.gather(j, x), segments.gather(j, gradY), own);
      }
    }
  }

  private Segments segments(Tensor batch, int[] index, int length, String name) {
    boolean fits = batch.rank() == 2 && batch.size(0) == length && batch.size(1) == index.length;
    if (!fits || batch.dtype() != base.dtype()) {
      throw new IllegalArgumentException(
          name
              + ": given "
              + batch
              + " for "
              + index.length
              + " indices, expected "
              + base.dtype()
              + "["
              + length
              + ", "
              + index.length
              + "]");
    }
    for (int i = 0; i < index.length; i++) {
      if (index[i] < -1 || index[i] >= updates.size()) {
        throw new IllegalArgumentException(
            "index "
                + i
                + ": given "
                + index[i]
                + ", expected -1 or an update from 0 to "
                + (updates.size() - 1));
      }
    }
    return new Segments(index, updates.size());
  }

  /** Columns in the order of their updates. */
  private static final class Segments {
    private final int[] start;
    private final int[] order;

    /** A stable counting sort; columns without update are left out. */
    Segments(int[] index, int count) {
      start = new int[count + 1];
      for (int j : index) {
        if (j >= 0) {
          start[j + 1]++;
        }
      }
      for (int j = 0; j < count; j++) {
        start[j + 1] += start[j];
      }
      order = new int[start[count]];
      int[] next = Arrays.copyOf(start, count);
      for (int i = 0; i < index.length; i++) {
        if (index[i] >= 0) {
          order[next[index[i]]++] = i;
        }
      }
    }

    int size(int j) {
      return start[j + 1] - start[j];
    }

    /** The columns of an update, each contiguous. */
    Tensor gather(int j, Tensor batch) {
      Tensor columns = Tensor.zeros(batch.dtype(), size(j), batch.size(0));
      Tensor all = batch.transpose();
      for (int i = 0; i < size(j); i++) {
        columns.row(i).assign(all.row(order[start[j] + i]));
      }
      return columns.transpose();
    }

    void scatterAdd(int j, Tensor part, Tensor out) {
      Tensor from = part.transpose();
      Tensor to = out.transpose();
      for (int i = 0; i < size(j); i++) {
        Arithmetic.axpy(1, from.row(i), to.row(order[start[j] + i]));
      }
    }
  }
}
