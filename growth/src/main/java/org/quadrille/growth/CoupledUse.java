package org.quadrille.growth;

import java.util.List;
import java.util.Map;
import org.quadrille.linalg.Arithmetic;
import org.quadrille.linalg.DType;
import org.quadrille.linalg.MatrixProduct;
import org.quadrille.linalg.Tensor;
import org.quadrille.linalg.Tensors;

/**
 * A {@link CoupledTerm} at work: with {@code N_ca = sum over d of layers_da (x) kinds_cd} the large
 * blocks are {@code sum over c, a of N_ca Y_ca}, where {@code Y_ca,j = sum over b of out_ab X_j
 * in_bc^T} for each small block j. Blocks are numbered layer by layer.
 */
final class CoupledUse {
  private final CoupledTerm term;
  private final int rank;
  private final int kinds;
  private final int smallLayers;
  private final int largeLayers;
  private final int d1;
  private final int d2;
  private final Tensor smallBlocks;
  private final Tensor largeBlocks;

  /** Y_ca, kept from the forward pass; shape [rank rank, small blocks, d2, d2]. */
  private final Tensor middle;

  /** out_ab X_j, kept; shape [rank rank, small blocks, d2, d1]. */
  private final Tensor halves;

  private final Tensor mixing;
  private final Tensor middleGradient;
  private final Tensor smallGradient;
  private final Tensor halfGradient;

  CoupledUse(CoupledTerm term) {
    Tensors cores = term.parameters();
    DType dtype = term.dtype();
    this.term = term;
    rank = term.rank();
    kinds = cores.get(CoupledTerm.KINDS).size(2);
    largeLayers = cores.get(CoupledTerm.LAYERS).size(2);
    smallLayers = cores.get(CoupledTerm.LAYERS).size(3);
    d2 = cores.get(CoupledTerm.OUT).size(2);
    d1 = cores.get(CoupledTerm.OUT).size(3);
    int from = smallLayers * kinds;
    int to = largeLayers * kinds;
    smallBlocks = Tensor.zeros(dtype, from, d1, d1);
    largeBlocks = Tensor.zeros(dtype, to, d2, d2);
    middle = Tensor.zeros(dtype, rank * rank, from, d2, d2);
    halves = Tensor.zeros(dtype, rank * rank, from, d2, d1);
    mixing = Tensor.zeros(dtype, to, from);
    middleGradient = Tensor.zeros(dtype, from, d2, d2);
    smallGradient = Tensor.zeros(dtype, from, d1, d1);
    halfGradient = Tensor.zeros(dtype, d2, d1);
  }

  /** Adds to the large stacks, given by name of their rules. */
  void forward(Map<String, Tensor> small, Map<String, Tensor> large) {
    move(small, smallBlocks, d1, smallLayers, true);
    for (int a = 0; a < rank; a++) {
      for (int b = 0; b < rank; b++) {
        for (int j = 0; j < smallBlocks.size(0); j++) {
          Tensor half = halves.row(a * rank + b).row(j);
          MatrixProduct.multiply(1, core(CoupledTerm.OUT, a, b), smallBlocks.row(j), 0, half);
        }
      }
    }
    double beta = 0;
    for (int c = 0; c < rank; c++) {
      for (int a = 0; a < rank; a++) {
        Tensor y = middle.row(c * rank + a);
        for (int j = 0; j < y.size(0); j++) {
          for (int b = 0; b < rank; b++) {
            Tensor right = core(CoupledTerm.IN, b, c).transpose();
            Tensor half = halves.row(a * rank + b).row(j);
            MatrixProduct.multiply(1, half, right, b == 0 ? 0 : 1, y.row(j));
          }
        }
        MatrixProduct.multiply(1, mixing(c, a), flat(y), beta, flat(largeBlocks));
        beta = 1;
      }
    }
    move(large, largeBlocks, d2, largeLayers, false);
  }

  /**
   * From the gradient of the large stacks to those of the cores and the small stacks.
   *
   * @param cores added to; empty if not wanted
   * @param smallGradients added to; missing where not wanted
   */
  void backward(Map<String, Tensor> large, Tensors cores, Map<String, Tensor> smallGradients) {
    // The large blocks themselves are not needed any more.
    move(large, largeBlocks, d2, largeLayers, true);
    smallGradient.fill(0);
    for (int c = 0; c < rank; c++) {
      for (int a = 0; a < rank; a++) {
        if (cores.size() > 0) {
          Tensor y = flat(middle.row(c * rank + a));
          MatrixProduct.multiply(1, flat(largeBlocks), y.transpose(), 0, mixing);
          separate(c, a, cores);
        }
        Tensor n = mixing(c, a);
        MatrixProduct.multiply(1, n.transpose(), flat(largeBlocks), 0, flat(middleGradient));
        for (int j = 0; j < middleGradient.size(0); j++) {
          for (int b = 0; b < rank; b++) {
            width(a, b, c, j, cores);
          }
        }
      }
    }
    if (!smallGradients.isEmpty()) {
      move(smallGradients, smallGradient, d1, smallLayers, false);
    }
  }

  /** Y = out X in^T: d out = dY in X^T, d in = dY^T out X, dX = out^T dY in. */
  private void width(int a, int b, int c, int j, Tensors cores) {
    Tensor dy = middleGradient.row(j);
    MatrixProduct.multiply(1, dy, core(CoupledTerm.IN, b, c), 0, halfGradient);
    if (cores.contains(CoupledTerm.OUT)) {
      Tensor x = smallBlocks.row(j).transpose();
      Tensor target = cores.get(CoupledTerm.OUT).row(a).row(b);
      MatrixProduct.multiply(1, halfGradient, x, 1, target);
    }
    if (cores.contains(CoupledTerm.IN)) {
      Tensor half = halves.row(a * rank + b).row(j);
      Tensor target = cores.get(CoupledTerm.IN).row(b).row(c);
      MatrixProduct.multiply(1, dy.transpose(), half, 1, target);
    }
    Tensor out = core(CoupledTerm.OUT, a, b).transpose();
    MatrixProduct.multiply(1, out, halfGradient, 1, smallGradient.row(j));
  }

  /** N_ca := sum over d of layers_da (x) kinds_cd. */
  private Tensor mixing(int c, int a) {
    mixing.fill(0);
    for (int d = 0; d < rank; d++) {
      Tensor layers = core(CoupledTerm.LAYERS, d, a);
      for (int to = 0; to < largeLayers; to++) {
        for (int from = 0; from < smallLayers; from++) {
          Arithmetic.axpy(layers.get(to, from), core(CoupledTerm.KINDS, c, d), block(to, from));
        }
      }
    }
    return mixing;
  }

  /** From the gradient of N_ca to those of its factors. */
  private void separate(int c, int a, Tensors cores) {
    for (int d = 0; d < rank; d++) {
      for (int to = 0; to < largeLayers; to++) {
        for (int from = 0; from < smallLayers; from++) {
          if (cores.contains(CoupledTerm.KINDS)) {
            double w = core(CoupledTerm.LAYERS, d, a).get(to, from);
            Arithmetic.axpy(w, block(to, from), cores.get(CoupledTerm.KINDS).row(c).row(d));
          }
          if (cores.contains(CoupledTerm.LAYERS)) {
            Tensor target = cores.get(CoupledTerm.LAYERS).row(d).row(a);
            double w = Arithmetic.dot(block(to, from), core(CoupledTerm.KINDS, c, d));
            target.set(target.get(to, from) + w, to, from);
          }
        }
      }
    }
  }

  private Tensor block(int to, int from) {
    return mixing.slice(0, to * kinds, (to + 1) * kinds).slice(1, from * kinds, (from + 1) * kinds);
  }

  private Tensor core(String name, int i, int j) {
    return term.parameters().get(name).row(i).row(j);
  }

  /** Between stacks of tensors and blocks: into blocks, or added to the stacks. */
  private void move(
      Map<String, Tensor> stacks, Tensor blocks, int size, int layers, boolean gather) {
    for (int l = 0; l < layers; l++) {
      int k = l * kinds;
      for (CoupledTerm.Member member : term.members()) {
        Tensor stack = stacks.get(member.rule().name());
        for (int i = 0; i < member.down(); i++) {
          for (int j = 0; j < member.across(); j++, k++) {
            if (stack == null) {
              continue;
            }
            Tensor part =
                stack.row(l).slice(0, i * size, (i + 1) * size).slice(1, j * size, (j + 1) * size);
            if (gather) {
              blocks.row(k).assign(part);
            } else {
              Arithmetic.axpy(1, blocks.row(k), part);
            }
          }
        }
      }
    }
  }

  private static Tensor flat(Tensor blocks) {
    return blocks.reshape(blocks.size(0), blocks.size(1) * blocks.size(2));
  }

  /** The use of every coupled term. */
  static List<CoupledUse> of(List<CoupledTerm> terms) {
    return terms.stream().map(CoupledUse::new).toList();
  }
}
