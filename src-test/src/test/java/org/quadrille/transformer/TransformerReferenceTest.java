package org.quadrille.transformer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.quadrille.formats.JsonObject;
import org.quadrille.linalg.DType;
import org.quadrille.linalg.Dense;
import org.quadrille.linalg.LowRank;
import org.quadrille.linalg.Norms;
import org.quadrille.linalg.Sum;
import org.quadrille.linalg.Tensor;
import org.quadrille.linalg.Tensors;

/** Losses, logits, residual streams and all gradients against automatic differentiation. */
class TransformerReferenceTest {
  private static final double LOSS = 1e-12;
  private static final double LOGITS = 1e-11;
  private static final double GRADIENT = 1e-10;

  @Test
  void gpt() throws IOException {
    JsonObject data = BlockData.read("ligo", "gpt_block.json");
    JsonObject config = data.object("config");
    Architecture architecture =
        Architecture.gpt(
                config.intValue("vocab"),
                config.intValue("positions"),
                config.intValue("width"),
                config.intValue("heads"),
                config.intValue("layers"))
            .withEpsilon(config.number("ln_eps"))
            .withActivation(activation(config));
    Batch batch = tokens(data).withTargets(BlockData.ints(data.get("targets")));
    Transformer model = checkAll(architecture, data, batch);
    assertClose(data.get("logits"), model.logits(batch), LOGITS);
    assertStream(data.array("residual_stream"), model.stream(batch));
  }

  @Test
  void bert() throws IOException {
    JsonObject data = BlockData.read("ligo", "bert_block.json");
    JsonObject config = data.object("config");
    Architecture architecture =
        Architecture.bert(
                config.intValue("vocab"),
                config.intValue("positions"),
                config.intValue("width"),
                config.intValue("heads"),
                config.intValue("layers"))
            .withEpsilon(config.number("ln_eps"))
            .withActivation(activation(config))
            .withClassifier(2, true);
    int[] visible = BlockData.ints(data.get("attention_mask"));
    boolean[] mask = new boolean[visible.length];
    for (int i = 0; i < mask.length; i++) {
      mask[i] = visible[i] == 1;
    }
    Batch input = tokens(data).withTypes(BlockData.ints(data.get("token_types"))).withMask(mask);
    Batch batch =
        input
            .withTargets(BlockData.ints(data.get("mlm_targets")))
            .withLabels(BlockData.ints(data.get("nsp_targets")));
    Transformer model = checkAll(architecture, data, batch);
    assertClose(data.get("mlm_logits"), model.logits(input), LOGITS);
    assertClose(data.get("nsp_logits"), model.classLogits(input), LOGITS);
    assertStream(data.array("hidden_states"), model.stream(input));
    assertEquals(
        data.number("mlm_loss"),
        model.loss(input.withTargets(BlockData.ints(data.get("mlm_targets")))),
        LOSS);
    assertEquals(
        data.number("nsp_loss"),
        model.loss(input.withLabels(BlockData.ints(data.get("nsp_targets")))),
        LOSS);
  }

  @Test
  void vit() throws IOException {
    JsonObject data = BlockData.read("ligo", "vit_block.json");
    JsonObject config = data.object("config");
    int patch = config.intValue("patch");
    Architecture architecture =
        Architecture.vit(
                config.intValue("patches"),
                config.intValue("channels") * patch * patch,
                config.intValue("classes"),
                config.intValue("width"),
                config.intValue("heads"),
                config.intValue("layers"))
            .withEpsilon(config.number("ln_eps"))
            .withActivation(activation(config));
    Batch batch =
        Batch.ofPatches(BlockData.tensor(data.get("patches")))
            .withLabels(BlockData.ints(data.get("targets")));
    Transformer model = checkAll(architecture, data, batch);
    assertClose(data.get("logits"), model.classLogits(batch), LOGITS);
  }

  @Test
  void tinyGpt() throws IOException {
    JsonObject data = BlockData.read("low-rank", "tiny_gpt.json");
    Architecture architecture = tinyArchitecture(data);
    Tensors parameters = BlockData.tensors(data.object("params"), architecture);
    Transformer model = Transformer.of(architecture, parameters);
    Batch batch = tinyBatch(data);
    JsonObject base = data.object("base");
    checkGradients(base, batch, model, architecture);
    assertClose(base.get("logits"), model.logits(batch), LOGITS);
  }

  /** Low-rank updates beside frozen weights: the same code, other operators. */
  @Test
  void tinyGptWithLowRankUpdates() throws IOException {
    JsonObject data = BlockData.read("low-rank", "tiny_gpt.json");
    Architecture architecture = tinyArchitecture(data);
    Tensors parameters = BlockData.tensors(data.object("params"), architecture);
    JsonObject lora = data.object("lora");
    double scale = lora.number("s");
    Transformer model = Transformer.of(architecture, parameters);
    for (String key : lora.object("A").members().keySet()) {
      String name = BlockData.name(key).replace(".weight", "");
      Tensor a = BlockData.tensor(lora.object("A").get(key));
      Tensor b = BlockData.tensor(lora.object("B").get(key));
      Sum adapted = Sum.of(frozen(parameters.get(name + ".weight")), LowRank.of(b, a, scale));
      model = model.withOperator(name, adapted);
    }
    Batch batch = tinyBatch(data);
    assertClose(lora.get("logits"), model.logits(batch), LOGITS);
    Tensors gradients = Tensors.empty();
    for (String name : model.parameters().names()) {
      if (name.endsWith("left") || name.endsWith("right")) {
        Tensor p = model.parameters().get(name);
        gradients.put(name, Tensor.zeros(p.dtype(), p.shape()));
      }
    }
    double loss = model.objective(batch).lossAndGradient(model.parameters(), gradients);
    assertEquals(lora.number("loss"), loss, LOSS);
    JsonObject expected = lora.object("grads");
    assertEquals(2 * expected.size(), gradients.size());
    for (String key : expected.members().keySet()) {
      String name = BlockData.name(key).replace("weight", "1.");
      assertClose(expected.object(key).get("A"), gradients.get(name + "right"), GRADIENT);
      assertClose(expected.object(key).get("B"), gradients.get(name + "left"), GRADIENT);
    }
  }

  /** An operator without parameters that applies the weight. */
  private static org.quadrille.linalg.LinearOperator frozen(Tensor weight) {
    return org.quadrille.linalg.Frozen.of(Dense.of(weight));
  }

  private static Architecture tinyArchitecture(JsonObject data) throws IOException {
    return Architecture.gpt(
            data.intValue("V"),
            data.intValue("T"),
            data.intValue("d"),
            data.intValue("heads"),
            data.intValue("layers"))
        .withBiases(false)
        .withHead(Head.UNTIED);
  }

  private static Batch tinyBatch(JsonObject data) throws IOException {
    return Batch.of(BlockData.ints(data.get("x")), data.intValue("batch"), data.intValue("T"))
        .withTargets(BlockData.ints(data.get("y")));
  }

  private static Transformer checkAll(Architecture architecture, JsonObject data, Batch batch)
      throws IOException {
    assertEquals(data.object("config").intValue("ffn"), architecture.hidden(), "feedforward width");
    Transformer model =
        Transformer.of(architecture, BlockData.tensors(data.object("params"), architecture));
    checkGradients(data, batch, model, architecture);
    return model;
  }

  private static void checkGradients(
      JsonObject data, Batch batch, Transformer model, Architecture architecture)
      throws IOException {
    assertEquals(data.number("loss"), model.loss(batch), LOSS);
    Tensors expected = BlockData.tensors(data.object("grads"), architecture);
    Tensors gradients = model.parameters().zerosLike();
    double loss = model.objective(batch).lossAndGradient(model.parameters(), gradients);
    assertEquals(data.number("loss"), loss, LOSS);
    for (String name : expected.names()) {
      assertClose(name, expected.get(name), gradients.get(name), GRADIENT);
      // One alone, everything else frozen, is the same.
      Tensors one = Tensors.of(name, Tensor.zeros(DType.F64, expected.get(name).shape()).fill(7));
      model.objective(batch).lossAndGradient(model.parameters(), one);
      assertArrayEquals(gradients.get(name).toDoubles(), one.get(name).toDoubles(), name);
    }
  }

  private static Batch tokens(JsonObject data) throws IOException {
    long[] shape = data.object("tokens").integers("shape");
    return Batch.of(
        BlockData.ints(data.get("tokens")), Math.toIntExact(shape[0]), Math.toIntExact(shape[1]));
  }

  private static Activation activation(JsonObject config) throws IOException {
    return config.string("activation").equals("gelu_tanh") ? Activation.GELU_TANH : Activation.GELU;
  }

  private static void assertStream(List<?> expected, List<Tensor> actual) throws IOException {
    assertEquals(expected.size(), actual.size());
    for (int l = 0; l < actual.size(); l++) {
      assertClose(expected.get(l), actual.get(l), LOGITS);
    }
  }

  private static void assertClose(Object expected, Tensor actual, double tolerance)
      throws IOException {
    assertClose("", BlockData.tensor(expected), actual, tolerance);
  }

  private static void assertClose(String name, Tensor expected, Tensor actual, double tolerance) {
    double largest = Math.max(Norms.max(expected), 1e-3);
    assertArrayEquals(
        expected.toDoubles(), actual.toDoubles(), tolerance * largest, name + " of " + largest);
  }
}
