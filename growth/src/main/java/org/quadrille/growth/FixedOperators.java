package org.quadrille.growth;

import java.util.HashMap;
import java.util.Map;
import org.quadrille.linalg.DType;
import org.quadrille.linalg.Dense;
import org.quadrille.linalg.LinearOperator;
import org.quadrille.linalg.Selection;
import org.quadrille.linalg.Tensor;
import org.quadrille.linalg.Tensors;
import org.quadrille.transformer.Architecture;
import org.quadrille.transformer.Head;
import org.quadrille.transformer.Transformer;

/**
 * Growth without learning: the methods LiGO is compared with, as operators of the same type.
 *
 * {@snippet :
 * FixedGrowth growth = FixedOperators.copies(small, large, DType.F32,
 *     WidthCopies.random(small, large, 1), LayerSources.stack(2, 4));
 * Tensors weights = growth.apply(smallWeights);
 * }
 */
public final class FixedOperators {
  private FixedOperators() {}

  /**
   * Copies of layers only: stacking, interpolation, depth up-scaling, by the sources given.
   *
   * @param source old layer of each new layer, see {@link LayerSources}
   */
  public static FixedGrowth layers(
      Architecture small, Architecture large, DType dtype, int... source) {
    GrowthTerm term =
        GrowthTerm.of(GrowthOrder.WIDTH_FIRST)
            .withDepth(GrowthPlan.ALL, Selection.of(dtype, small.layers(), source));
    return new FixedGrowth(
        GrowthOperator.of(GrowthPlan.of(small, large), dtype, term),
        large,
        small.layers() == large.layers() && inOrder(source),
        small.layers() == large.layers()
            ? "the layers are rearranged or the same"
            : "copied layers act twice");
  }

  /**
   * Copies of neurons, heads and elements of the stream, whose readers share the weight (Net2Net;
   * the function-preserving initialization of bert2BERT; with circular copies and a whole factor,
   * HyperCloning).
   *
   * @param source old layer of each new layer, see {@link LayerSources}
   */
  public static FixedGrowth copies(
      Architecture small, Architecture large, DType dtype, WidthCopies width, int... source) {
    GrowthTerm term =
        copyMaps(GrowthTerm.of(GrowthOrder.WIDTH_FIRST), small, dtype, width)
            .withDepth(GrowthPlan.ALL, Selection.of(dtype, small.layers(), source));
    boolean sameDepth = small.layers() == large.layers() && inOrder(source);
    boolean uniform = width.residual().isUniform();
    return new FixedGrowth(
        GrowthOperator.of(GrowthPlan.of(small, large), dtype, term),
        large,
        sameDepth && uniform,
        !sameDepth
            ? "copied layers act twice"
            : uniform
                ? "copies keep the statistics of the stream, and their readers share the weight"
                : "unequal numbers of copies change mean and variance in the normalizations");
  }

  /**
   * The advanced initialization of bert2BERT (Chen et al., 2021): new rows of queries, keys, values
   * and hidden units come from the layer above; a sum of two terms.
   *
   * @param width copies that keep every old element in its place
   * @param source old layer of each new layer; that above the last is the last
   */
  public static FixedGrowth advanced(
      Architecture small, Architecture large, DType dtype, WidthCopies width, int... source) {
    int[] above = new int[source.length];
    for (int l = 0; l < above.length; l++) {
      above[l] = Math.min(source[l] + 1, small.layers() - 1);
    }
    GrowthTerm old =
        rowParts(
            copyMaps(GrowthTerm.of(GrowthOrder.WIDTH_FIRST), small, dtype, width),
            dtype,
            width,
            true);
    GrowthTerm added =
        rowParts(
                copyMaps(GrowthTerm.of(GrowthOrder.WIDTH_FIRST), small, dtype, width),
                dtype,
                width,
                false)
            .only(FixedOperators::writesNeurons);
    return new FixedGrowth(
        GrowthOperator.of(
            GrowthPlan.of(small, large),
            dtype,
            old.withDepth(GrowthPlan.ALL, Selection.of(dtype, small.layers(), source)),
            added.withDepth(GrowthPlan.ALL, Selection.of(dtype, small.layers(), above))),
        large,
        small.equals(large) && inOrder(source),
        small.equals(large) ? "nothing grows" : "new neurons come from the layer above");
  }

  /**
   * Old weights in the corner of fresh ones: N(0, 0.02^2), scales 1, biases 0 (direct copy).
   *
   * @param source old layer of each new layer, see {@link LayerSources}
   */
  public static FixedGrowth directCopy(
      Architecture small, Architecture large, DType dtype, long seed, int... source) {
    GrowthPlan plan = GrowthPlan.of(small, large);
    GrowthTerm term =
        padding(small, large, dtype)
            .withDepth(GrowthPlan.ALL, Selection.of(dtype, small.layers(), source));
    Tensors fresh = Transformer.random(large, dtype, seed).parameters();
    Map<String, LinearOperator> parts = new HashMap<>();
    for (TensorRule rule : plan.rules()) {
      int[] from = plan.smallShapes().get(rule.name(0));
      for (int l = 0; l < (rule.inLayers() ? large.layers() : 1); l++) {
        Tensor part = StructuredMap.matrix(fresh.get(rule.name(l)));
        Tensor corner = part.slice(0, 0, from[0]);
        (from.length == 1 ? corner : corner.slice(1, 0, from[1])).fill(0);
        parts.put(rule.name(l), Dense.of(part));
      }
    }
    boolean same = small.equals(large) && inOrder(source);
    return new FixedGrowth(
        GrowthOperator.of(plan, dtype, term).plus(parts),
        large,
        same,
        same ? "nothing grows" : "fresh neurons write to what old ones read");
  }

  /**
   * Zeros where old elements would see new ones (G_zero of W. Du et al., NeurIPS 2024): new
   * elements of the stream are 0, new heads and hidden units have random weights N(0, 0.02^2) but
   * nothing reads them yet, new layers add nothing. With root mean square normalization its scales
   * become {@code sqrt(D1 / D2)} of the old ones, its epsilon {@code D1 / D2}.
   *
   * @param added numbers of the new layers in the large model, ascending
   */
  public static FixedGrowth zeroPadding(
      Architecture small, Architecture large, DType dtype, long seed, int... added) {
    return ZeroGrowth.of(padding(small, large, dtype), small, large, dtype, seed, added);
  }

  private static GrowthTerm padding(Architecture small, Architecture large, DType dtype) {
    int head = small.headSize();
    LinearOperator query = AxisMap.padding(dtype, large.heads() * head, small.heads() * head);
    LinearOperator key = AxisMap.padding(dtype, large.keyHeads() * head, small.keyHeads() * head);
    return GrowthTerm.of(GrowthOrder.WIDTH_FIRST)
        .withMap("residual", AxisMap.padding(dtype, large.width(), small.width()))
        .withMap("query", query)
        .withMap("key", key)
        .withMap("value", key)
        .withMap("value.in", query)
        .withMap("hidden", AxisMap.padding(dtype, large.hidden(), small.hidden()));
  }

  /** Plain copies of what is written, shared weights of what is read. */
  static GrowthTerm copyMaps(GrowthTerm term, Architecture small, DType dtype, WidthCopies width) {
    LinearOperator residual = width.residual().map(dtype);
    LinearOperator shared = width.residual().splitMap(dtype);
    GrowthTerm result =
        neuronMaps(term, dtype, width).withMap("residual", residual).withMap("residual.in", shared);
    if (small.head() == Head.TIED) {
      // The logits are sums over copies; the last normalization shares the weight out.
      result = result.withMap("final.weight", shared).withMap("final.bias", shared);
    }
    if (small.head() == Head.MASKED_WORDS) {
      result = result.withMap("masked.norm.weight", shared).withMap("masked.norm.bias", shared);
    }
    if (small.head() == Head.MASKED_WORDS_UNTIED) {
      result = result.withMap("masked.in", shared);
    }
    if (mayPool(small)) {
      result = result.withMap("pooler.in", shared);
    }
    return result;
  }

  /** Whether a classifier may read a pooler: it may lie beside the architecture. */
  static boolean mayPool(Architecture small) {
    return small.classes() > 0 ? small.pooled() : small.head() == Head.NONE;
  }

  /** Heads and hidden units, which mean the same in every method. */
  static GrowthTerm neuronMaps(GrowthTerm term, DType dtype, WidthCopies width) {
    return term.withMap("query", width.query().map(dtype))
        .withMap("key", width.key().map(dtype))
        .withMap("value", width.key().map(dtype))
        .withMap("value.in", width.query().splitMap(dtype))
        .withMap("hidden", width.hidden().map(dtype))
        .withMap("hidden.in", width.hidden().splitMap(dtype));
  }

  private static GrowthTerm rowParts(GrowthTerm term, DType dtype, WidthCopies width, boolean old) {
    return term.withMap("query", part(width.query(), dtype, old))
        .withMap("key", part(width.key(), dtype, old))
        .withMap("value", part(width.key(), dtype, old))
        .withMap("hidden", part(width.hidden(), dtype, old));
  }

  /** The old rows of a copying map, or its new ones; the others are zero. */
  static LinearOperator part(Copies copies, DType dtype, boolean old) {
    int[] source = copies.source();
    Tensor scale = Tensor.zeros(dtype, source.length);
    for (int j = 0; j < source.length; j++) {
      boolean first = j < copies.small();
      if (first && source[j] != j) {
        throw new IllegalArgumentException(
            "copies: element "
                + j
                + " is a copy of "
                + source[j]
                + ", expected every old element in its place");
      }
      scale.set(first == old ? 1 : 0, j);
    }
    return AxisMap.scaledSelection(copies.small(), source, scale);
  }

  private static boolean writesNeurons(TensorRule rule) {
    String depth = rule.depth();
    return depth.startsWith("attention.query")
        || depth.startsWith("attention.key")
        || depth.startsWith("attention.value")
        || depth.startsWith("feedforward.up")
        || depth.startsWith("feedforward.gate");
  }

  private static boolean inOrder(int[] source) {
    for (int l = 0; l < source.length; l++) {
      if (source[l] != l) {
        return false;
      }
    }
    return true;
  }
}
