package org.quadrille.growth;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.quadrille.formats.JsonObject;
import org.quadrille.linalg.DType;
import org.quadrille.linalg.Tensor;
import org.quadrille.linalg.Tensors;
import org.quadrille.optim.Objective;
import org.quadrille.optim.StepObjective;
import org.quadrille.transformer.Architecture;
import org.quadrille.transformer.Batch;
import org.quadrille.transformer.BlockData;
import org.quadrille.transformer.Head;
import org.quadrille.transformer.Transformer;

/** Grown weights, losses and operator gradients against automatic differentiation. */
class GrowthReferenceTest {
  private static final double WEIGHTS = 1e-12;
  private static final double GRADIENTS = 1e-10;
  private static final double LOSS = 1e-11;

  @Test
  void gptInFourVariants() throws IOException {
    JsonObject data = BlockData.read("ligo", "gpt_growth.json");
    JsonObject config = data.object("config");
    GrowthPlan plan = GrowthPlan.of(GrowthData.gpt(config, false), GrowthData.gpt(config, true));
    Tensors small =
        GrowthData.named(data.object("cases").object("tied_shared_width_first").object("small"));
    Batch batch = GrowthData.tokens(data).withTargets(BlockData.ints(data.get("targets")));
    assertEquals(4, data.object("cases").size());
    for (String name : data.object("cases").members().keySet()) {
      check(data.object("cases").object(name), plan, small, GrowthData.gpt(config, true), batch);
    }
  }

  @Test
  void vit() throws IOException {
    JsonObject data = BlockData.read("ligo", "vit_growth.json");
    JsonObject config = data.object("config");
    Architecture large = GrowthData.exact(GrowthData.vit(config, true), "gelu", 1e-6);
    GrowthPlan plan = GrowthPlan.of(GrowthData.vit(config, false), large);
    Tensors small = GrowthData.named(data.object("case").object("small"));
    Batch batch =
        Batch.ofPatches(BlockData.tensor(data.get("patches")))
            .withLabels(BlockData.ints(data.get("targets")));
    check(data.object("case"), plan, small, large, batch);
  }

  /** Masked words by a decoder of its own, and the next sentence. */
  @Test
  void bert() throws IOException {
    JsonObject data = BlockData.read("ligo", "bert_growth.json");
    JsonObject config = data.object("config");
    int headSize = config.intValue("head_dim");
    Architecture small = GrowthData.bert(config, false, headSize, true);
    Architecture large = GrowthData.bert(config, true, headSize, true);
    GrowthPlan plan =
        GrowthPlan.of(
            small.withHead(Head.MASKED_WORDS_UNTIED), large.withHead(Head.MASKED_WORDS_UNTIED));
    JsonObject expected = data.object("case");
    int[] visible = BlockData.ints(data.get("attention_mask"));
    boolean[] mask = new boolean[visible.length];
    for (int i = 0; i < mask.length; i++) {
      mask[i] = visible[i] == 1;
    }
    Batch batch =
        GrowthData.tokens(data)
            .withTypes(BlockData.ints(data.get("token_types")))
            .withMask(mask)
            .withTargets(BlockData.ints(data.get("mlm_targets")))
            .withLabels(BlockData.ints(data.get("nsp_targets")));
    check(
        expected,
        plan,
        GrowthData.named(expected.object("small")),
        large.withHead(Head.MASKED_WORDS_UNTIED),
        batch);
  }

  @Test
  void publishedCode() throws IOException {
    JsonObject data = BlockData.read("ligo", "published_code_case.json");
    JsonObject config = data.object("config");
    // The case does not say the size of a head; whole heads are not cut by 2.
    GrowthPlan plan =
        GrowthPlan.of(
            GrowthData.bert(config, false, 2, false).withHead(Head.MASKED_WORDS_UNTIED),
            GrowthData.bert(config, true, 2, false).withHead(Head.MASKED_WORDS_UNTIED));
    Tensors grown =
        GrowthData.operator(plan, GrowthData.term("depth_first", data.object("operator")))
            .apply(GrowthData.named(data.object("small")));
    assertEquals(data.intValue("tensors_compared"), grown.size());
    GrowthData.assertClose(GrowthData.named(data.object("grown")), grown, WEIGHTS);
  }

  @Test
  void learningTrajectories() throws IOException {
    JsonObject data = BlockData.read("ligo", "gpt_growth.json");
    JsonObject config = data.object("config");
    Architecture large = GrowthData.gpt(config, true);
    GrowthPlan plan = GrowthPlan.of(GrowthData.gpt(config, false), large);
    JsonObject start = data.object("cases").object("tied_shared_width_first");
    Tensors small = GrowthData.named(start.object("small"));
    Tensors before = small.copy();
    Batch batch = GrowthData.tokens(data).withTargets(BlockData.ints(data.get("targets")));
    int cases = 0;
    for (Object each : (List<?>) data.get("learning_trajectories_tied_shared")) {
      JsonObject run = (JsonObject) each;
      GrowthOperator operator =
          GrowthData.operator(plan, GrowthData.term("width_first", start.object("operator")));
      double[] expected = BlockData.tensor(run.get("losses")).toDoubles();
      Objective fixed = objective(large, batch);
      LearnedGrowth learned =
          GrowthLearning.of(
                  operator, small, StepObjective.fixed(fixed), settings(run, expected.length - 1))
              .run();
      double[] losses = Arrays.copyOf(learned.losses(), expected.length);
      losses[losses.length - 1] = fixed.loss(learned.grow());
      assertArrayEquals(expected, losses, 1e-9);
      assertEquals(expected.length - 1, learned.steps());
      GrowthData.assertClose(
          "E",
          BlockData.tensor(run.get("final_E")),
          operator.parameters().get("maps.residual.weight"),
          1e-9);
      GrowthData.assertClose(
          "w.q",
          BlockData.tensor(run.get("final_w_q")),
          operator.parameters().get("depth.attention.query.weight.weight"),
          1e-9);
      cases++;
    }
    assertTrue(cases >= 3, "trajectories: " + cases);
    for (String name : small.names()) {
      assertArrayEquals(before.get(name).toDoubles(), small.get(name).toDoubles(), name);
    }
  }

  private static LearningSettings settings(JsonObject run, int steps) throws IOException {
    LearningMethod method =
        run.string("optimizer").equals("adamw")
            ? new LearningMethod.AdamMethod(0.9, 0.95, 1e-8)
            : new LearningMethod.Descent(run.has("momentum") ? run.number("momentum") : 0);
    return LearningSettings.OURS
        .withSteps(steps)
        .withMethod(method)
        .withRate(run.number("lr"))
        .withCourse(0, 1)
        .withClipping(Double.POSITIVE_INFINITY);
  }

  private static void check(
      JsonObject expected, GrowthPlan plan, Tensors small, Architecture large, Batch batch)
      throws IOException {
    Growth growth = checkWeights(expected, plan, small);
    Objective objective = objective(large, batch);
    GrowthObjective learning =
        GrowthObjective.of(
            GrowthData.operator(
                plan, GrowthData.term(expected.string("order"), expected.object("operator"))),
            small,
            objective);
    assertEquals(expected.number("loss"), learning.loss(learning.parameters()), LOSS);
    Tensors gradients = learning.parameters().zerosLike();
    double loss = learning.lossAndGradient(learning.parameters(), gradients);
    assertEquals(expected.number("loss"), loss, LOSS);
    GrowthData.assertClose(
        GrowthData.operatorNumbers(expected.object("grad_operator")), gradients, GRADIENTS);
    if (expected.get("grad_grown") instanceof JsonObject grown) {
      checkBackward(expected, growth, GrowthData.named(grown));
    }
  }

  private static Growth checkWeights(JsonObject expected, GrowthPlan plan, Tensors small)
      throws IOException {
    GrowthOperator operator =
        GrowthData.operator(
            plan, GrowthData.term(expected.string("order"), expected.object("operator")));
    GrowthData.assertClose(
        GrowthData.named(expected.object("grown")), operator.apply(small), WEIGHTS);
    Growth growth = operator.on(small);
    growth.grow();
    return growth;
  }

  private static void checkBackward(JsonObject expected, Growth growth, Tensors large)
      throws IOException {
    Tensors wanted = GrowthData.operatorNumbers(expected.object("grad_operator"));
    Tensors gradients = wanted.zerosLike();
    growth.backward(large, gradients, Tensors.empty());
    GrowthData.assertClose(wanted, gradients, GRADIENTS);
    // One alone is the same.
    for (String name : wanted.names()) {
      Tensors one = Tensors.of(name, Tensor.zeros(DType.F64, wanted.get(name).shape()).fill(3));
      growth.backward(large, one, Tensors.empty());
      assertArrayEquals(gradients.get(name).toDoubles(), one.get(name).toDoubles(), name);
    }
  }

  private static Objective objective(Architecture architecture, Batch batch) {
    Transformer model = Transformer.random(architecture, DType.F64, 1);
    return model.objective(batch);
  }
}
