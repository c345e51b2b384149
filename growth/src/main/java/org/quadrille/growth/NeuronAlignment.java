package org.quadrille.growth;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.quadrille.linalg.Arithmetic;
import org.quadrille.linalg.DType;
import org.quadrille.linalg.LinearOperator;
import org.quadrille.linalg.MatrixProduct;
import org.quadrille.linalg.Norms;
import org.quadrille.linalg.Selection;
import org.quadrille.linalg.Tensor;
import org.quadrille.linalg.Tensors;
import org.quadrille.transformer.Architecture;

/**
 * Hidden units and heads of each layer put in the order in which they are most alike those of the
 * layer below, by an optimal assignment. The model computes the same function as before, up to
 * rounding by another order of sums; but mixtures of layers then mix neurons that do similar
 * things.
 *
 * <p>Likeness is the inner product of all weights that belong to two neurons, those that write it
 * and those that read it. A permutation is a {@link Selection}, so this is growth by an operator
 * too: {@link #operator}.
 *
 * {@snippet :
 * Tensors aligned = NeuronAlignment.operator(architecture, small).apply(small);
 * }
 */
public final class NeuronAlignment {
  private NeuronAlignment() {}

  /**
   * The operator that aligns a model.
   *
   * @param architecture of the model
   * @param weights all of its weights, not modified
   * @return from the architecture to itself, maps by layer
   */
  public static GrowthOperator operator(Architecture architecture, Tensors weights) {
    GrowthPlan plan = GrowthPlan.of(architecture, architecture);
    plan.requireSmall(weights);
    DType dtype = weights.get("layers.0.attention.query.weight").dtype();
    List<LinearOperator> hidden = new ArrayList<>();
    List<LinearOperator> query = new ArrayList<>();
    List<LinearOperator> key = new ArrayList<>();
    int[] units = identity(architecture.hidden());
    int[] groups = identity(architecture.keyHeads());
    int groupSize = architecture.heads() / architecture.keyHeads();
    for (int l = 0; l < architecture.layers(); l++) {
      if (l > 0) {
        units = matched(hidden(weights, l - 1), units, hidden(weights, l));
        groups =
            matched(groups(architecture, weights, l - 1), groups, groups(architecture, weights, l));
      }
      hidden.add(Selection.of(dtype, units.length, units));
      int keySize = architecture.headSize();
      key.add(blocks(dtype, keySize, groups));
      query.add(blocks(dtype, keySize * groupSize, groups));
    }
    GrowthTerm term =
        GrowthTerm.of(GrowthOrder.WIDTH_FIRST)
            .withMaps("hidden", hidden)
            .withMaps("query", query)
            .withMaps("key", key)
            .withMaps("value", key)
            .withMaps("value.in", query);
    return GrowthOperator.of(plan, dtype, term);
  }

  /** For each place, the neuron of the next layer that is most like the one below in that place. */
  private static int[] matched(Tensor below, int[] order, Tensor next) {
    Tensor sorted = Selection.of(below.dtype(), order.length, order).apply(below);
    return Assignment.largest(MatrixProduct.multiply(sorted, next.transpose()));
  }

  /** A row for each hidden unit: what it reads and what reads it. */
  private static Tensor hidden(Tensors weights, int layer) {
    String name = "layers." + layer + ".feedforward.";
    List<Tensor> parts = new ArrayList<>();
    parts.add(weights.get(name + "up.weight"));
    if (weights.contains(name + "gate.weight")) {
      parts.add(weights.get(name + "gate.weight"));
    }
    parts.add(weights.get(name + "down.weight").transpose());
    return rows(parts);
  }

  /** A row for each key head with its query heads. */
  private static Tensor groups(Architecture a, Tensors weights, int layer) {
    String name = "layers." + layer + ".attention.";
    List<Tensor> parts = new ArrayList<>();
    for (String kind : List.of("query", "key", "value")) {
      Tensor w = weights.get(name + kind + ".weight");
      parts.add(w.copy().reshape(a.keyHeads(), w.length() / a.keyHeads()));
    }
    Tensor output = weights.get(name + "output.weight").transpose().copy();
    parts.add(output.reshape(a.keyHeads(), output.length() / a.keyHeads()));
    return rows(parts);
  }

  /** Matrices beside each other, each scaled to norm 1 so that none decides alone. */
  private static Tensor rows(List<Tensor> parts) {
    int columns = parts.stream().mapToInt(part -> part.size(1)).sum();
    Tensor all = Tensor.zeros(parts.getFirst().dtype(), parts.getFirst().size(0), columns);
    int at = 0;
    for (Tensor part : parts) {
      double norm = Norms.frobenius(part);
      Tensor place = all.slice(1, at, at + part.size(1)).assign(part);
      if (norm > 0) {
        Arithmetic.scale(1 / norm, place);
      }
      at += part.size(1);
    }
    return all;
  }

  private static LinearOperator blocks(DType dtype, int size, int... order) {
    int[] source = new int[order.length * size];
    for (int j = 0; j < source.length; j++) {
      source[j] = order[j / size] * size + j % size;
    }
    return Selection.of(dtype, source.length, source);
  }

  private static int[] identity(int n) {
    int[] order = new int[n];
    Arrays.setAll(order, i -> i);
    return order;
  }
}
