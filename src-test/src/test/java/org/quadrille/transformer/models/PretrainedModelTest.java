package org.quadrille.transformer.models;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.quadrille.formats.AtomicFile;
import org.quadrille.formats.JsonObject;
import org.quadrille.linalg.DType;
import org.quadrille.linalg.Tensor;
import org.quadrille.linalg.Tensors;
import org.quadrille.transformer.Architecture;
import org.quadrille.transformer.Batch;
import org.quadrille.transformer.Head;
import org.quadrille.transformer.Transformer;

/** Names and layouts of the families, there and back. */
class PretrainedModelTest {
  private static final Batch BATCH =
      Batch.of(new int[] {1, 2, 3, 4, 5, 6}, 2, 3).withTargets(new int[] {2, 3, 4, 5, 6, 7});

  static Stream<Arguments> families() {
    Architecture bert = Architecture.bert(19, 8, 12, 3, 2);
    Architecture gpt = Architecture.gpt(19, 8, 12, 3, 2);
    Architecture llama = Architecture.llama(19, 8, 12, 6, 3, 2, 20);
    JsonObject three = new JsonObject().put("num_attention_heads", 3);
    JsonObject six =
        new JsonObject()
            .put("num_attention_heads", 6)
            .put("max_position_embeddings", 8)
            .put("rms_norm_eps", 1e-5);
    JsonObject ofGpt = new JsonObject().put("n_head", 3);
    return Stream.of(
        Arguments.of(new TensorNames(ModelFamily.BERT, "", false), bert, three),
        Arguments.of(new TensorNames(ModelFamily.BERT, "bert.", true), bert, three),
        Arguments.of(
            new TensorNames(ModelFamily.BERT, "bert.", false), bert.withClassifier(4, true), three),
        Arguments.of(
            new TensorNames(ModelFamily.BERT_TENSORFLOW, "module/bert/", true), bert, three),
        Arguments.of(new TensorNames(ModelFamily.BERT_TENSORFLOW, "bert/", true), bert, three),
        Arguments.of(new TensorNames(ModelFamily.GPT2, "transformer.", false), gpt, ofGpt),
        Arguments.of(
            new TensorNames(ModelFamily.GPT2, "", false), gpt.withHead(Head.UNTIED), ofGpt),
        Arguments.of(new TensorNames(ModelFamily.LLAMA, "model.", false), llama, six),
        Arguments.of(
            new TensorNames(ModelFamily.LLAMA, "model.", false), llama.withHead(Head.TIED), six));
  }

  @ParameterizedTest
  @MethodSource("families")
  void aWrittenModelIsReadBackWithTheSameBits(
      TensorNames names, Architecture architecture, JsonObject config, @TempDir Path folder)
      throws IOException {
    Tensors weights = Transformer.random(architecture, DType.F32, 5).parameters();
    PretrainedModel model = PretrainedModel.of(names, architecture, weights);
    Path file = folder.resolve("model.safetensors");
    model.write(file);
    AtomicFile.writeText(folder.resolve("config.json"), config.toString());
    PretrainedModel back = PretrainedModel.read(file);
    assertEquals(names, back.names());
    assertEquals(architecture, back.architecture());
    assertEquals(List.of(), back.unused());
    weights.forEach(
        (name, tensor) ->
            assertArrayEquals(tensor.toFloats(), back.parameters().get(name).toFloats(), name));
    assertEquals(model.transformer().loss(BATCH), back.transformer().loss(BATCH), 0);
    assertEquals(List.copyOf(model.export().names()), List.copyOf(back.export().names()));
  }

  @Test
  void namesAreThoseOfPublishedFiles() {
    TensorNames bert = new TensorNames(ModelFamily.BERT, "bert.", false);
    assertEquals(
        "bert.encoder.layer.3.attention.self.key.bias",
        bert.fileName("layers.3.attention.key.bias"));
    assertEquals(
        "bert.encoder.layer.11.output.LayerNorm.weight",
        bert.fileName("layers.11.feedforward.norm.weight"));
    assertEquals("cls.predictions.transform.LayerNorm.bias", bert.fileName("masked.norm.bias"));
    assertEquals("cls.predictions.bias", bert.fileName("masked.bias"));
    TensorNames google = new TensorNames(ModelFamily.BERT_TENSORFLOW, "module/bert/", true);
    assertEquals(
        "module/bert/encoder/layer_3/attention/output/dense/kernel",
        google.fileName("layers.3.attention.output.weight"));
    assertEquals(
        "module/bert/embeddings/LayerNorm/gamma", google.fileName("embeddings.norm.weight"));
    assertEquals(
        "module/bert/embeddings/token_type_embeddings", google.fileName("embeddings.type.weight"));
    assertEquals("module/cls/predictions/output_bias", google.fileName("masked.bias"));
    TensorNames gpt = new TensorNames(ModelFamily.GPT2, "transformer.", false);
    assertEquals(
        "transformer.h.0.attn.c_attn.weight", gpt.fileName("layers.0.attention.key.weight"));
    assertEquals("transformer.h.0.ln_2.bias", gpt.fileName("layers.0.feedforward.norm.bias"));
    assertEquals("lm_head.weight", gpt.fileName("head.weight"));
    TensorNames llama = new TensorNames(ModelFamily.LLAMA, "model.", false);
    assertEquals(
        "model.layers.7.mlp.gate_proj.weight", llama.fileName("layers.7.feedforward.gate.weight"));
    assertEquals("model.norm.weight", llama.fileName("final.norm.weight"));
    assertThrows(IllegalArgumentException.class, () -> gpt.fileName("masked.bias"));
  }

  @Test
  void queryKeyAndValueOfGptAreColumnsOfOneMatrix() throws IOException {
    Architecture architecture = Architecture.gpt(19, 8, 12, 3, 1);
    Tensors weights = Transformer.random(architecture, DType.F64, 7).parameters();
    Tensors stored =
        PretrainedModel.of(new TensorNames(ModelFamily.GPT2, "", false), architecture, weights)
            .export();
    Tensor fused = stored.get("h.0.attn.c_attn.weight");
    assertArrayEquals(new int[] {12, 36}, fused.shape());
    assertArrayEquals(new int[] {36}, stored.get("h.0.attn.c_attn.bias").shape());
    assertArrayEquals(new int[] {12, 48}, stored.get("h.0.mlp.c_fc.weight").shape());
    String[] parts = {"query", "key", "value"};
    for (int p = 0; p < 3; p++) {
      Tensor weight = weights.get("layers.0.attention." + parts[p] + ".weight");
      for (int in = 0; in < 12; in++) {
        for (int out = 0; out < 12; out++) {
          assertEquals(weight.get(out, in), fused.get(in, 12 * p + out), 0);
        }
      }
    }
  }

  @Test
  void aStoredHeadEqualToTheEmbeddingIsTied() throws IOException {
    Architecture architecture = Architecture.gpt(19, 8, 12, 3, 1).withHead(Head.UNTIED);
    Tensors weights = Transformer.random(architecture, DType.F32, 7).parameters();
    weights.put("head.weight", weights.get("embeddings.token.weight").copy());
    Tensors stored =
        PretrainedModel.of(new TensorNames(ModelFamily.GPT2, "", false), architecture, weights)
            .export();
    stored.put("h.0.attn.bias", Tensor.zeros(DType.F32, 8, 8));
    PretrainedModel back =
        PretrainedModel.read(WeightSource.of(stored), new JsonObject().put("n_head", 3));
    assertEquals(Head.TIED, back.architecture().head());
    assertEquals(
        List.of("h.0.attn.bias", "lm_head.weight"), back.unused().stream().sorted().toList());
  }

  @Test
  void refusesWhatIsNoKnownModel() {
    Tensors other = Tensors.of("conv.weight", Tensor.zeros(DType.F32, 2, 2));
    assertMessage("no token embedding", other, new JsonObject());
    Tensors roberta =
        Tensors.of("roberta.embeddings.word_embeddings.weight", Tensor.zeros(DType.F32, 9, 4));
    assertMessage("RoBERTa", roberta, new JsonObject());
    Architecture llama = Architecture.llama(19, 8, 12, 6, 3, 1, 20);
    TensorNames names = new TensorNames(ModelFamily.LLAMA, "model.", false);
    Tensors weights = Transformer.random(llama, DType.F32, 1).parameters();
    Tensors stored = PretrainedModel.of(names, llama, weights).export();
    assertMessage("num_attention_heads", stored, new JsonObject());
    JsonObject five = new JsonObject().put("num_attention_heads", 5);
    assertMessage("5 heads do not divide", stored, five);
    JsonObject scaled =
        new JsonObject().put("num_attention_heads", 6).put("rope_scaling", new JsonObject());
    assertMessage("rope_scaling", stored, scaled);
  }

  @Test
  void refusesMissingAndMisshapenTensors() {
    Architecture bert = Architecture.bert(19, 8, 12, 3, 1);
    TensorNames names = new TensorNames(ModelFamily.BERT, "", false);
    JsonObject config = new JsonObject().put("num_attention_heads", 3);
    Tensors stored =
        PretrainedModel.of(names, bert, Transformer.random(bert, DType.F32, 1).parameters())
            .export();
    Tensors bad = Tensors.empty();
    stored.forEach((name, tensor) -> bad.put(name, tensor));
    bad.put("encoder.layer.0.output.dense.bias", Tensor.zeros(DType.F32, 11));
    assertMessage("encoder.layer.0.output.dense.bias", bad, config);
    Tensors missing = Tensors.empty();
    stored.forEach(
        (name, tensor) -> {
          if (!name.equals("encoder.layer.0.output.dense.weight")) {
            missing.put(name, tensor);
          }
        });
    assertMessage("encoder.layer.0.output.dense.weight", missing, config);
    assertMessage(
        "relu", stored, new JsonObject().put("num_attention_heads", 3).put("hidden_act", "relu"));
  }

  private static void assertMessage(String words, Tensors tensors, JsonObject config) {
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class,
            () -> PretrainedModel.read(WeightSource.of(tensors), config));
    assertTrue(e.getMessage().contains(words), e.getMessage());
  }
}
