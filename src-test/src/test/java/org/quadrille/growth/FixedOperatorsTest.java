package org.quadrille.growth;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.quadrille.formats.JsonObject;
import org.quadrille.linalg.Arithmetic;
import org.quadrille.linalg.DType;
import org.quadrille.linalg.GaussianMatrix;
import org.quadrille.linalg.LinearOperator;
import org.quadrille.linalg.Norms;
import org.quadrille.linalg.Selection;
import org.quadrille.linalg.Tensor;
import org.quadrille.linalg.Tensors;
import org.quadrille.transformer.Architecture;
import org.quadrille.transformer.Batch;
import org.quadrille.transformer.BlockData;
import org.quadrille.transformer.Head;
import org.quadrille.transformer.Transformer;

/** Growth without learning: the reference, and what keeps the function of a model. */
class FixedOperatorsTest {
  private static final double LOGITS = 1e-11;

  @Test
  void layerSources() throws IOException {
    JsonObject tables = BlockData.read("ligo", "fixed_operators.json").object("depth_tables");
    int rows = 0;
    for (Object each : tables.array("stack_interpolation")) {
      JsonObject c = (JsonObject) each;
      int small = c.intValue("L1");
      int large = c.intValue("L2");
      assertArrayEquals(BlockData.ints(c.get("stack")), LayerSources.stack(small, large));
      assertArrayEquals(
          BlockData.ints(c.get("interpolation")), LayerSources.interpolation(small, large));
      rows++;
    }
    for (Object each : tables.array("progressive_top_stack")) {
      JsonObject c = (JsonObject) each;
      assertArrayEquals(
          BlockData.ints(c.get("stack_top")),
          LayerSources.topStack(c.intValue("L1"), c.intValue("L2"), c.intValue("top_k")));
      rows++;
    }
    for (Object each : tables.array("depth_upscaling")) {
      JsonObject c = (JsonObject) each;
      int[] source = LayerSources.upScaling(c.intValue("L1"), c.intValue("removed"));
      assertEquals(c.intValue("L2"), source.length);
      assertArrayEquals(BlockData.ints(c.get("source")), source);
      rows++;
    }
    assertTrue(rows >= 15, "rows: " + rows);
    assertArrayEquals(new int[] {0, 0, 1, 1}, LayerSources.inserted(2, 1, 3));
    assertArrayEquals(new int[] {0, 0, 1}, LayerSources.inserted(2, 0));
    assertArrayEquals(new int[] {1, 3}, LosslessGrowth.spread(2, 4));
    assertArrayEquals(new int[] {}, LosslessGrowth.spread(3, 3));
    assertThrows(IllegalArgumentException.class, () -> LayerSources.stack(3, 2));
    assertThrows(IllegalArgumentException.class, () -> LayerSources.topStack(3, 5, 4));
    assertThrows(IllegalArgumentException.class, () -> LayerSources.upScaling(4, 3));
    assertThrows(IllegalArgumentException.class, () -> LayerSources.inserted(2, 3, 1));
  }

  @Test
  void copiesInAFeedforwardLayer() throws IOException {
    for (Object each : BlockData.read("ligo", "fixed_operators.json").array("ffn_fpi")) {
      JsonObject c = (JsonObject) each;
      Copies residual = Copies.of(t(c, "W1").size(1), BlockData.ints(c.get("map_residual")));
      Copies hidden = Copies.of(t(c, "W1").size(0), BlockData.ints(c.get("map_hidden")));
      JsonObject grown = c.object("grown");
      LinearOperator read = residual.splitMap(DType.F64);
      LinearOperator write = residual.map(DType.F64);
      LinearOperator unit = hidden.map(DType.F64);
      near(t(grown, "W1"), kronecker(unit, t(c, "W1"), read));
      near(t(grown, "b1"), unit.apply(t(c, "b1")));
      near(t(grown, "W2"), kronecker(write, t(c, "W2"), hidden.splitMap(DType.F64)));
      near(t(grown, "b2"), write.apply(t(c, "b2")));
      near(t(grown, "X"), write.apply(t(c, "X").transpose()).transpose());
      near(t(grown, "Y"), write.apply(t(c, "Y").transpose()).transpose());
      JsonObject uneven = c.object("uneven");
      Copies split =
          Copies.proportional(hidden.small(), hidden.source(), t(uneven, "split").toDoubles());
      near(t(uneven, "W2"), kronecker(write, t(c, "W2"), split.splitMap(DType.F64)));
    }
  }

  @Test
  void newRowsFromTheLayerAbove() throws IOException {
    for (Object each : BlockData.read("ligo", "fixed_operators.json").array("aki")) {
      JsonObject c = (JsonObject) each;
      Tensor w = t(c, "W");
      Copies in = Copies.of(w.size(2), BlockData.ints(c.get("map_in")));
      Copies out = Copies.of(w.size(1), BlockData.ints(c.get("map_out")));
      LinearOperator old = FixedOperators.part(out, DType.F64, true);
      LinearOperator added = FixedOperators.part(out, DType.F64, false);
      for (int l = 0; l < w.size(0); l++) {
        int above = Math.min(l + 1, w.size(0) - 1);
        near(
            t(c, "W_new").row(l),
            Arithmetic.add(
                kronecker(old, w.row(l), in.splitMap(DType.F64)),
                kronecker(added, w.row(above), in.splitMap(DType.F64))));
        near(
            t(c, "b_new").row(l),
            Arithmetic.add(old.apply(t(c, "b").row(l)), added.apply(t(c, "b").row(above))));
      }
    }
  }

  /** The whole operator of two terms, tensor by tensor, from its definition. */
  @Test
  void advancedInitializationIsCopiesExceptNewNeurons() {
    Architecture small = Architecture.gpt(9, 5, 4, 2, 2);
    Architecture large = Architecture.gpt(9, 5, 6, 3, 4);
    WidthCopies width = WidthCopies.random(small, large, 5);
    Tensors weights = random(small, 1);
    int[] source = LayerSources.stack(2, 4);
    Tensors copies = FixedOperators.copies(small, large, DType.F64, width, source).apply(weights);
    FixedGrowth growth = FixedOperators.advanced(small, large, DType.F64, width, source);
    assertFalse(growth.exact());
    Tensors advanced = growth.apply(weights);
    for (String name : copies.names()) {
      boolean neurons =
          name.contains("query")
              || name.contains("key")
              || name.contains("value")
              || name.contains("up");
      Tensor plain = copies.get(name);
      if (!neurons) {
        assertArrayEquals(plain.toDoubles(), advanced.get(name).toDoubles(), name);
        continue;
      }
      int layer = name.charAt("layers.".length()) - '0';
      int above = Math.min(source[layer] + 1, 1);
      int old = weights.get(name.replace("layers." + layer, "layers.0")).size(0);
      Tensor other = copies.get(name.replace("layers." + layer, "layers." + above));
      assertArrayEquals(
          plain.slice(0, 0, old).toDoubles(), advanced.get(name).slice(0, 0, old).toDoubles());
      assertArrayEquals(
          other.slice(0, old, other.size(0)).toDoubles(),
          advanced.get(name).slice(0, old, other.size(0)).toDoubles(),
          name);
    }
  }

  @Test
  void averageExpansionKeepsNormalization() throws IOException {
    for (Object each :
        BlockData.read("ligo", "fixed_operators.json").array("layernorm_average_expansion")) {
      JsonObject c = (JsonObject) each;
      int d1 = t(c, "gamma").size(0);
      int d2 = t(c, "gamma_new").size(0);
      near(t(c, "E"), AxisMap.average(DType.F64, d2, d1).toDense());
      FixedGrowth growth =
          LosslessGrowth.of(
              Architecture.gpt(5, 3, d1, 1, 1).withEpsilon(c.number("eps")),
              // One head of another size would not do; the stream is what matters here.
              widened(d1, d2).withEpsilon(c.number("eps")),
              DType.F64,
              WidthCopies.circular(Architecture.gpt(5, 3, d1, 1, 1), widened(d1, d2)));
      assertEquals(c.number("eps_new"), growth.large().epsilon(), 1e-18);
      Tensors weights = random(Architecture.gpt(5, 3, d1, 1, 1), 3);
      weights.put("layers.0.attention.norm.weight", t(c, "gamma"));
      weights.put("layers.0.attention.norm.bias", t(c, "beta"));
      Tensors grown = growth.apply(weights);
      int whole = d2 / d1 * d1;
      // Scales of the last elements are arbitrary.
      near(
          t(c, "gamma_new").slice(0, 0, whole),
          grown.get("layers.0.attention.norm.weight").slice(0, 0, whole));
      near(t(c, "beta_new"), grown.get("layers.0.attention.norm.bias"));
    }
  }

  @Test
  void losslessGpt() throws IOException {
    int cases = 0;
    for (Object each : BlockData.read("ligo", "function_preserving.json").array("gpt_lossless")) {
      JsonObject c = (JsonObject) each;
      Architecture small = losslessGpt(c, "D1", "L1").withEpsilon(c.number("ln_eps"));
      Architecture large = losslessGpt(c, "D2", "L2");
      Tensors weights = GrowthData.named(c.object("small"));
      Batch batch = GrowthData.tokens(c);
      Tensor expected = BlockData.tensor(c.get("logits"));
      Tensor before = Transformer.of(small, weights).logits(batch);
      assertLogits(expected, before);
      // The weights of the reference, then ours.
      Architecture adjusted = large.withEpsilon(c.number("ln_eps_grown"));
      assertLogits(
          before, Transformer.of(adjusted, GrowthData.named(c.object("grown"))).logits(batch));
      int[] added =
          large.layers() == small.layers() ? new int[0] : BlockData.ints(c.get("new_layers"));
      WidthCopies copies = WidthCopies.circular(small, large).uneven(0.3, 7);
      FixedGrowth growth = LosslessGrowth.of(small, large, DType.F64, copies, added);
      assertTrue(growth.exact(), growth.reason());
      assertEquals(c.number("ln_eps_grown"), growth.large().epsilon(), 1e-18);
      assertLogits(before, Transformer.of(growth.large(), growth.apply(weights)).logits(batch));
      FixedGrowth broken = LosslessGrowth.broken(small, large, DType.F64, 3);
      assertLogits(before, Transformer.of(broken.large(), broken.apply(weights)).logits(batch));
      // Forgetting epsilon changes a little, as much as the reference says.
      Tensor off =
          Transformer.of(large.withEpsilon(small.epsilon()), GrowthData.named(c.object("grown")))
              .logits(batch);
      assertEquals(
          c.number("max_logit_change_if_eps_unchanged"),
          Norms.max(Arithmetic.subtract(off, before)),
          1e-10);
      cases++;
    }
    assertTrue(cases >= 3);
  }

  /** The decoder of the case is not tied; ours is the token embedding, with random weights. */
  @Test
  void bertByAWholeFactor() throws IOException {
    for (Object each :
        BlockData.read("ligo", "function_preserving.json").array("bert_post_ln_duplicate")) {
      JsonObject c = (JsonObject) each;
      Architecture small = bert(c, "D1");
      Architecture large = bert(c, "D2");
      Tensors weights = Tensors.empty();
      Tensors named = GrowthData.named(c.object("small"));
      small.parameterShapes().keySet().forEach(name -> weights.put(name, named.get(name)));
      int[] visible = BlockData.ints(c.get("attention_mask"));
      boolean[] mask = new boolean[visible.length];
      for (int i = 0; i < mask.length; i++) {
        mask[i] = visible[i] == 1;
      }
      Batch batch =
          GrowthData.tokens(c).withTypes(BlockData.ints(c.get("token_types"))).withMask(mask);
      WidthCopies copies = WidthCopies.circular(small, large).uneven(0.3, 2);
      FixedGrowth growth = LosslessGrowth.of(small, large, DType.F64, copies);
      assertTrue(growth.exact(), growth.reason());
      Transformer before = Transformer.of(small, weights);
      Transformer after = Transformer.of(growth.large(), growth.apply(weights));
      assertLogits(before.logits(batch), after.logits(batch));
      assertLogits(before.classLogits(batch), after.classLogits(batch));
      // The grown weights of the reference are a growth by its operator.
      GrowthPlan plan =
          GrowthPlan.of(
              small.withHead(Head.MASKED_WORDS_UNTIED), large.withHead(Head.MASKED_WORDS_UNTIED));
      GrowthTerm term = GrowthData.term("width_first", c.object("operator"));
      GrowthData.assertClose(
          GrowthData.named(c.object("grown")), GrowthData.operator(plan, term).apply(named), 1e-12);
    }
  }

  @Test
  void everyKindOfModelKeepsItsFunction() {
    int[] tokens = {1, 4, 2, 0, 5, 3, 3, 6, 2, 1};
    Batch batch = Batch.of(tokens, 2, 5);
    int[][] widths = {{4, 8, 2}, {4, 6, 2}, {4, 4, 2}, {6, 15, 3}};
    for (int[] w : widths) {
      for (int layers = 2; layers <= 5; layers += 3) {
        check(
            Architecture.gpt(7, 5, w[0], w[0] / w[2], 2),
            Architecture.gpt(7, 5, w[1], w[1] / w[2], layers),
            batch);
        check(
            Architecture.gpt(7, 5, w[0], w[0] / w[2], 2).withHead(Head.UNTIED),
            Architecture.gpt(7, 5, w[1], w[1] / w[2], layers).withHead(Head.UNTIED),
            batch);
      }
    }
    check(
        Architecture.llama(7, 5, 8, 4, 2, 2, 12), Architecture.llama(7, 5, 16, 8, 4, 3, 20), batch);
    check(
        Architecture.llama(7, 5, 8, 4, 2, 2, 12), Architecture.llama(7, 5, 12, 6, 3, 2, 12), batch);
    Architecture vit = Architecture.vit(4, 6, 3, 4, 2, 2);
    Architecture vitLarge = Architecture.vit(4, 6, 3, 6, 3, 3);
    FixedGrowth growth = LosslessGrowth.broken(vit, vitLarge, DType.F64, 1);
    Tensors weights = random(vit, 4);
    Batch images = Batch.ofPatches(GaussianMatrix.of(DType.F64, 9, 8, 6).reshape(2, 4, 6));
    assertLogits(
        Transformer.of(vit, weights).classLogits(images),
        Transformer.of(growth.large(), growth.apply(weights)).classLogits(images));
  }

  /** What is not exact is not called exact. */
  @Test
  void honestyAboutTheFunction() {
    Architecture bert = Architecture.bert(9, 5, 4, 2, 2);
    FixedGrowth deeper =
        LosslessGrowth.broken(bert, Architecture.bert(9, 5, 8, 4, 3), DType.F64, 1);
    assertFalse(deeper.exact());
    assertTrue(deeper.reason().contains("still normalizes"), deeper.reason());
    FixedGrowth uneven =
        LosslessGrowth.broken(bert, Architecture.bert(9, 5, 6, 3, 2), DType.F64, 1);
    assertFalse(uneven.exact());
    assertTrue(uneven.reason().contains("whole multiple"), uneven.reason());
    Architecture gpt = Architecture.gpt(9, 5, 4, 2, 2);
    Architecture wider = Architecture.gpt(9, 5, 6, 3, 2);
    WidthCopies width = WidthCopies.random(gpt, wider, 1);
    assertFalse(FixedOperators.copies(gpt, wider, DType.F64, width, 0, 1).exact());
    assertFalse(
        FixedOperators.layers(gpt, Architecture.gpt(9, 5, 4, 2, 4), DType.F64, 0, 1, 0, 1).exact());
    assertTrue(FixedOperators.layers(gpt, gpt, DType.F64, 0, 1).exact());
    assertFalse(FixedOperators.layers(gpt, gpt, DType.F64, 1, 0).exact());
    assertFalse(FixedOperators.directCopy(gpt, wider, DType.F64, 1, 0, 1).exact());
  }

  @Test
  void copiesByAWholeFactorAreExact() {
    Architecture small = Architecture.gpt(7, 5, 4, 2, 2);
    Architecture large = Architecture.gpt(7, 5, 12, 6, 2);
    Batch batch = Batch.of(new int[] {1, 4, 2, 0, 5}, 1, 5);
    Tensors weights = random(small, 8);
    for (double spread : new double[] {0, 0.5}) {
      FixedGrowth growth =
          FixedOperators.copies(
              small, large, DType.F64, WidthCopies.circular(small, large).uneven(spread, 1), 0, 1);
      assertTrue(growth.exact());
      assertLogits(
          Transformer.of(small, weights).logits(batch),
          Transformer.of(growth.large(), growth.apply(weights)).logits(batch));
    }
  }

  @Test
  void directCopyKeepsOldWeightsInTheCorner() {
    Architecture small = Architecture.gpt(7, 5, 4, 2, 2);
    Architecture large = Architecture.gpt(7, 5, 6, 3, 4);
    Tensors weights = random(small, 8);
    Tensors grown =
        FixedOperators.directCopy(small, large, DType.F64, 3, LayerSources.stack(2, 4))
            .apply(weights);
    Tensors fresh = Transformer.random(large, DType.F64, 3).parameters();
    Tensor query = grown.get("layers.3.attention.query.weight");
    assertArrayEquals(
        weights.get("layers.1.attention.query.weight").toDoubles(),
        query.slice(0, 0, 4).slice(1, 0, 4).toDoubles());
    assertArrayEquals(
        fresh.get("layers.3.attention.query.weight").slice(0, 4, 6).toDoubles(),
        query.slice(0, 4, 6).toDoubles());
    Tensor scale = grown.get("final.norm.weight");
    assertArrayEquals(new double[] {1, 1}, scale.slice(0, 4, 6).toDoubles());
  }

  @Test
  void stackingTwiceIsStackingOnce() {
    for (boolean stack : new boolean[] {true, false}) {
      int[] once = stack ? LayerSources.stack(2, 8) : LayerSources.interpolation(2, 8);
      int[] first = stack ? LayerSources.stack(2, 4) : LayerSources.interpolation(2, 4);
      int[] second = stack ? LayerSources.stack(4, 8) : LayerSources.interpolation(4, 8);
      assertArrayEquals(once, Arrays.stream(second).map(l -> first[l]).toArray());
    }
    LinearOperator twice = Selection.of(DType.F64, 2, LayerSources.stack(2, 8));
    assertEquals(8, twice.rows());
  }

  private static void check(Architecture small, Architecture large, Batch batch) {
    Tensors weights = random(small, 11);
    FixedGrowth growth = LosslessGrowth.broken(small, large, DType.F64, 5);
    assertTrue(growth.exact(), growth.reason());
    assertLogits(
        Transformer.of(small, weights).logits(batch),
        Transformer.of(growth.large(), growth.apply(weights)).logits(batch));
  }

  /** Random numbers in every tensor, norms and biases too. */
  static Tensors random(Architecture architecture, long seed) {
    Tensors weights = Transformer.random(architecture, DType.F64, seed).parameters();
    for (String name : weights.names()) {
      Tensor w = weights.get(name);
      Tensor noise = GaussianMatrix.of(DType.F64, seed + name.hashCode(), 1, w.length());
      Arithmetic.axpy(0.3, noise.reshape(w.shape()), w);
    }
    return weights;
  }

  private static Architecture losslessGpt(JsonObject c, String width, String layers)
      throws IOException {
    int d = c.intValue(width);
    return withHidden(
        Architecture.gpt(9, 5, d, d / c.intValue("head_dim"), c.intValue(layers)),
        d * c.intValue("ffn_mult"));
  }

  private static Architecture bert(JsonObject c, String width) throws IOException {
    int d = c.intValue(width);
    return Architecture.bert(9, 5, d, d / c.intValue("head_dim"), c.intValue("L"))
        .withClassifier(2, true);
  }

  private static Architecture widened(int d1, int d2) {
    // Heads of size d1 in both; the width of the stream alone is another.
    Architecture a = Architecture.gpt(5, 3, d1, 1, 1);
    return resized(a, d2, a.hidden());
  }

  private static Architecture withHidden(Architecture a, int hidden) {
    return resized(a, a.width(), hidden);
  }

  private static Architecture resized(Architecture a, int width, int hidden) {
    return new Architecture(
        a.vocabulary(),
        a.positions(),
        a.types(),
        width,
        a.heads(),
        a.keyHeads(),
        a.headSize(),
        a.layers(),
        hidden,
        a.meanCentered(),
        a.normFirst(),
        a.epsilon(),
        a.activation(),
        a.rotaryBase(),
        a.causal(),
        a.biases(),
        a.head(),
        a.classes(),
        a.pooled(),
        a.patchInputs());
  }

  private static Tensor kronecker(LinearOperator b, Tensor w, LinearOperator a) {
    return a.apply(b.apply(w).transpose()).transpose();
  }

  private static Tensor t(JsonObject c, String name) throws IOException {
    return BlockData.tensor(c.get(name));
  }

  private static void near(Tensor expected, Tensor actual) {
    assertArrayEquals(expected.shape(), actual.shape());
    assertArrayEquals(expected.toDoubles(), actual.toDoubles(), 1e-12);
  }

  private static void assertLogits(Tensor expected, Tensor actual) {
    assertArrayEquals(
        expected.toDoubles(), actual.toDoubles(), LOGITS * Math.max(1, Norms.max(expected)));
  }
}
