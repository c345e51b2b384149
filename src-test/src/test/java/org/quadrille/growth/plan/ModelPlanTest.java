package org.quadrille.growth.plan;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.quadrille.formats.Checkpoint;
import org.quadrille.formats.ElementType;
import org.quadrille.formats.FormatException;
import org.quadrille.formats.Json;
import org.quadrille.formats.JsonObject;
import org.quadrille.formats.SafetensorsWriter;
import org.quadrille.formats.TensorInfo;
import org.quadrille.growth.FixedGrowth;
import org.quadrille.growth.LayerSources;
import org.quadrille.linalg.DType;
import org.quadrille.linalg.GaussianMatrix;
import org.quadrille.linalg.Tensor;
import org.quadrille.linalg.Tensors;
import org.quadrille.transformer.Architecture;
import org.quadrille.transformer.Head;

/** Plans in JSON, what they find in files, and what is said when they do not fit. */
class ModelPlanTest {
  @TempDir private Path folder;

  @Test
  void namedPlansAreThere() {
    assertEquals(7, ModelPlan.names().size());
    for (String name : ModelPlan.names()) {
      assertEquals(name, ModelPlan.named(name).name());
      assertTrue(ModelPlan.named(name).hasArchitecture());
    }
    String message =
        assertThrows(IllegalArgumentException.class, () -> ModelPlan.named("bort")).getMessage();
    assertTrue(message.contains("bort") && message.contains("gpt2"), message);
  }

  @Test
  void tensorFlowNames() throws IOException {
    Architecture small = StoredModels.bert(Head.MASKED_WORDS);
    Tensors weights = StoredModels.random(small, DType.F32, 1);
    Path plain = StoredModels.bert(folder.resolve("a.safetensors"), weights, "");
    Path file = folder.resolve("b.safetensors");
    SafetensorsWriter writer = new SafetensorsWriter();
    try (Checkpoint opened = Checkpoint.open(plain)) {
      for (String name : opened.names()) {
        writer.add(tensorFlow(name), opened.read(name));
      }
      writer.write(file);
    }
    try (Checkpoint opened = Checkpoint.open(file)) {
      JsonObject config = new JsonObject().put("num_attention_heads", 4L);
      assertEquals("bert-tensorflow", ModelPlan.detect(opened, config).name());
      PlannedModel model = ModelPlan.named("bert-tensorflow").bind(opened, config);
      assertEquals(small, model.architecture());
      assertArrayEquals(
          weights.get("layers.1.attention.key.weight").toDoubles(),
          model.read("layers.1.attention.key.weight", DType.F64).toDoubles());
      Tensors all = model.read(DType.F32);
      assertEquals(weights.names(), all.names());
    }
  }

  private static String tensorFlow(String name) {
    String to = name.replaceFirst("encoder.layer.(\\d+)", "encoder.layer_$1").replace('.', '/');
    to = to.replaceFirst("LayerNorm/weight", "LayerNorm/gamma");
    to = to.replaceFirst("LayerNorm/bias", "LayerNorm/beta");
    to = to.replaceFirst("_embeddings/weight", "_embeddings");
    to = to.replace("cls/predictions/bias", "cls/predictions/output_bias");
    to = to.replaceFirst("/weight$", "/kernel");
    return to.startsWith("cls") ? "module/" + to : "module/bert/" + to;
  }

  /** A classification head of two layers, and a decoder bias that repeats another. */
  @Test
  void robertaNamesWithAHeadBesideTheArchitecture() throws IOException {
    Architecture small = StoredModels.bert(Head.NONE).withEpsilon(1e-5);
    Tensors weights = StoredModels.random(small, DType.F64, 1);
    Path plain = StoredModels.bert(folder.resolve("a.safetensors"), weights, "roberta.");
    Path file =
        changed(
            plain,
            writer ->
                writer
                    .add("classifier.dense.weight", GaussianMatrix.of(DType.F64, 3, 16, 16))
                    .add("classifier.dense.bias", GaussianMatrix.of(DType.F64, 4, 1, 16).row(0))
                    .add("classifier.out_proj.weight", GaussianMatrix.of(DType.F64, 5, 2, 16))
                    .add("classifier.out_proj.bias", GaussianMatrix.of(DType.F64, 6, 1, 2).row(0)));
    Path out = folder.resolve("large.safetensors");
    try (Checkpoint opened = Checkpoint.open(file)) {
      PlannedModel model =
          ModelPlan.detect(opened, new JsonObject().put("num_attention_heads", 4L))
              .bind(opened, new JsonObject().put("num_attention_heads", 4L));
      assertEquals("roberta", model.plan().name());
      FixedGrowth growth =
          GrowthMethod.HYPERCLONING.grow(small, TargetSizes.of(32, 2).apply(small), DType.F64, 1);
      new CheckpointGrowth(model, growth.operator()).writer().write(out);
      try (Checkpoint large = Checkpoint.open(out)) {
        // Both layers read twice as many copies and halve their weights: the logits stay.
        Tensor outProjection = large.read("classifier.out_proj.weight");
        Tensor dense = large.read("classifier.dense.weight");
        for (int j = 0; j < 32; j++) {
          assertEquals(
              opened.read("classifier.out_proj.weight").get(1, j % 16) / 2,
              outProjection.get(1, j),
              1e-15);
          assertEquals(
              opened.read("classifier.dense.weight").get(3, j % 16) / 2, dense.get(19, j), 1e-15);
        }
      }
    }
  }

  /** Tokens beside the class token, and a second classifier. */
  @Test
  void distilledVisionModel() throws IOException {
    Architecture small = StoredModels.vit();
    Tensors weights = StoredModels.random(small, DType.F64, 4);
    Path plain = StoredModels.vit(folder.resolve("a.safetensors"), weights);
    Tensor token = GaussianMatrix.of(DType.F64, 8, 1, 16);
    Path file =
        changed(
            plain,
            writer ->
                writer
                    .add("vit.embeddings.distillation_token", token.reshape(1, 1, 16))
                    .add("distillation_classifier.weight", GaussianMatrix.of(DType.F64, 9, 3, 16))
                    .add("distillation_classifier.bias", token.row(0).slice(0, 0, 3).copy()));
    Path out = folder.resolve("large.safetensors");
    JsonObject config = new JsonObject().put("num_attention_heads", 4L);
    try (Checkpoint opened = Checkpoint.open(file)) {
      PlannedModel model = ModelPlan.detect(opened, config).bind(opened, config);
      assertEquals("deit", model.plan().name());
      Architecture large = TargetSizes.of(24, 4).apply(model.architecture());
      FixedGrowth growth =
          GrowthMethod.HYPERCLONING.grow(model.architecture(), large, DType.F64, 1);
      new CheckpointGrowth(model, growth.operator()).writer().write(out);
      try (Checkpoint written = Checkpoint.open(out)) {
        Tensor grown = written.read("vit.embeddings.distillation_token");
        assertArrayEquals(new int[] {1, 1, 24}, grown.shape());
        for (int j = 0; j < 24; j++) {
          assertEquals(token.get(0, j % 16), grown.get(0, 0, j));
        }
        assertArrayEquals(
            new int[] {3, 24}, written.read("distillation_classifier.weight").shape());
        assertArrayEquals(
            new int[] {24, 3, 2, 2},
            written.read("vit.embeddings.patch_embeddings.projection.weight").shape());
      }
    }
  }

  @Test
  void whatDoesNotFitIsNamed() throws IOException {
    Architecture small = StoredModels.bert(Head.NONE);
    Tensors weights = StoredModels.random(small, DType.F32, 1);
    Path plain = StoredModels.bert(folder.resolve("a.safetensors"), weights, "");
    String gap = "encoder.layer.1.output.dense.bias";
    assertRejected("output.dense.bias\" in layer 1 of 2", without(plain, gap));
    assertRejected(
        "no tensor \"encoder.layer.0.intermediate.dense.weight\"",
        without(
            without(plain, "encoder.layer.0.intermediate.dense.weight"),
            "encoder.layer.1.intermediate.dense.weight"));
    assertRejected(
        "the first \"extra.weight\"",
        changed(plain, w -> w.add("extra.weight", weights.get("embeddings.norm.weight"))));
    assertRejected(
        "other layers have it",
        changed(
            plain,
            w ->
                w.add("encoder.layer.7.output.dense.bias", weights.get("embeddings.norm.weight"))));
    assertRejected(
        "\"encoder.layer.0.attention.self.key.weight\": given [16, 12]",
        replaced(plain, "attention.self.key.weight", Tensor.zeros(DType.F32, 16, 12)));
    assertRejected(
        "must be alike", replaced(plain, "1.output.LayerNorm.weight", Tensor.zeros(DType.F32, 12)));
    assertRejected("heads 5 does not divide 16", plain, 5);
    Path integers =
        changed(
            without(plain, "embeddings.LayerNorm.bias"),
            w ->
                w.add(
                    new TensorInfo("embeddings.LayerNorm.bias", ElementType.I32, 16),
                    new byte[64]));
    assertRejected("holds no floating-point numbers", integers);
    Path other = folder.resolve("other.safetensors");
    new SafetensorsWriter().add("x", Tensor.zeros(DType.F32, 2)).write(other);
    assertRejected("fit none of the plans", other);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"plan\": \"p\"} | \"rules\" is missing",
        "{\"plan\": \"p\", \"rules\": []} | no rules",
        "{\"plan\": \"p\", \"rules\": [3]} | a rule is no object",
        "{\"plan\": \"p\", \"rulez\": []} | unknown member \"rulez\"",
        "{\"plan\": \"p\", \"rules\": [{\"match\": \"a\", \"outs\": \"x\"}]} | unknown member \"outs\"",
        "{\"plan\": \"p\", \"rules\": [{\"match\": \"a\", \"module\": \"m\", \"split\": 2}]} | split 2",
        "{\"plan\": \"p\", \"rules\": [{\"match\": \"a\", \"module\": \"m\", \"in\": \"x\"}]} | no \"in\"",
        "{\"plan\": \"p\", \"rules\": [{\"match\": \"{x}a\", \"module\": \"m\"}]} | \"{x}a\"",
        "{\"plan\": \"p\", \"rules\": [{\"match\": \"{layer}a{layer}\", \"module\": \"m\"}]} | at most one",
        "{\"plan\": \"p\", \"rules\": [{\"match\": \"{layer}a\", \"module\": \"m\"}]} | needs {layer}",
        "{\"plan\": \"p\", \"rules\": [{\"match\": \"a\", \"module\": \"m\", \"orientation\": \"up\"}]} | orientation \"up\"",
        "{\"plan\": \"p\", \"groups\": {\"g\": {\"size\": 4, \"to\": 2}}, \"rules\": [{\"match\": \"a\", \"out\": \"g\"}]} | no fewer after",
        "{\"plan\": \"p\", \"groups\": {\"g\": {\"size\": 6, \"headSize\": 4}}, \"rules\": [{\"match\": \"a\", \"out\": \"g\"}]} | whole blocks",
        "{\"plan\": \"p\", \"groups\": {}, \"architecture\": {}, \"rules\": [{\"match\": \"a\", \"out\": \"g\"}]} | not both",
        "{\"plan\": \"p\", \"copyThrough\": [1], \"rules\": [{\"match\": \"a\", \"out\": \"g\"}]} | expected strings"
      })
  void whatIsNoPlanSaysWhy(String json, String part) throws IOException {
    Path file = folder.resolve("plan.json");
    Files.writeString(file, json);
    FormatException e = assertThrows(FormatException.class, () -> ModelPlan.read(file));
    assertTrue(e.getMessage().contains(part), e.getMessage());
    assertTrue(e.getMessage().contains("plan.json"), e.getMessage());
  }

  @Test
  void rulesThatDisagreeWithTheFile() throws IOException {
    Tensors stored = Tensors.empty();
    stored.put("w", GaussianMatrix.of(DType.F32, 1, 4, 6));
    stored.put("n", Tensor.zeros(DType.F32, 4));
    Path file = StoredModels.write(folder.resolve("m.safetensors"), stored);
    String groups = "\"groups\": {\"g\": {\"size\": 4, \"to\": 6}, \"h\": {\"size\": 5}}";
    String n = "{\"match\": \"n\", \"out\": \"g\"}";
    bindFails(file, groups, n + ", {\"match\": \"w\", \"out\": \"g\"}", "expected \"in\"");
    bindFails(
        file, groups, n + ", {\"match\": \"w\", \"module\": \"w\"}", "none of the architecture");
    bindFails(
        file,
        groups,
        n + ", {\"match\": \"{any}\", \"out\": \"g\", \"in\": \"fixed\"}",
        "in two rules");
    String w = "{\"match\": \"w\", \"out\": \"g\", \"in\": \"%s\"}";
    planFails(file, groups, n + ", " + w.formatted("h"), "axis 1 has size 6");
    planFails(file, groups, n + ", " + w.formatted("k"), "no group \"k\"");
  }

  @Test
  void sizesAfterGrowth() {
    Architecture small = StoredModels.gpt();
    Architecture large = TargetSizes.of(24, 3).apply(small);
    assertEquals(6, large.heads());
    assertEquals(96, large.hidden());
    assertEquals(small, TargetSizes.of(0, 0).apply(small));
    assertThrows(IllegalArgumentException.class, () -> TargetSizes.of(18, 2).apply(small));
    assertEquals(5, new TargetSizes(18, 2, 5, 5, 70).apply(small).heads());
    assertThrows(IllegalArgumentException.class, () -> TargetSizes.of(-1, 2));
    assertThrows(
        IllegalArgumentException.class,
        () -> GrowthMethod.UPSCALE.grow(small, TargetSizes.of(16, 5).apply(small), DType.F32, 1));
    assertArrayEquals(new int[] {0, 1, 1}, LayerSources.topStack(2, 3, 1));
  }

  private void bindFails(Path file, String groups, String rules, String part) throws IOException {
    ModelPlan plan = plan(groups, rules);
    try (Checkpoint opened = Checkpoint.open(file)) {
      IllegalArgumentException e =
          assertThrows(IllegalArgumentException.class, () -> plan.bind(opened, new JsonObject()));
      assertTrue(e.getMessage().contains(part), e.getMessage());
    }
  }

  private void planFails(Path file, String groups, String rules, String part) throws IOException {
    ModelPlan plan = plan(groups, rules);
    try (Checkpoint opened = Checkpoint.open(file)) {
      PlannedModel model = plan.bind(opened, new JsonObject());
      IllegalArgumentException e =
          assertThrows(IllegalArgumentException.class, () -> model.groupPlan(0));
      assertTrue(e.getMessage().contains(part), e.getMessage());
    }
  }

  private static ModelPlan plan(String groups, String rules) throws FormatException {
    return ModelPlan.parse(
        Json.parseObject("{\"plan\": \"p\", " + groups + ", \"rules\": [" + rules + "]}"));
  }

  private void assertRejected(String part, Path file) throws IOException {
    assertRejected(part, file, 4);
  }

  private static void assertRejected(String part, Path file, long heads) throws IOException {
    try (Checkpoint opened = Checkpoint.open(file)) {
      IllegalArgumentException e =
          assertThrows(
              IllegalArgumentException.class,
              () -> ModelPlan.detect(opened, new JsonObject().put("num_attention_heads", heads)));
      assertTrue(e.getMessage().contains(part), e.getMessage());
    }
  }

  private Path without(Path file, String name) throws IOException {
    return changed(file, writer -> {}, name);
  }

  private Path replaced(Path file, String ending, Tensor by) throws IOException {
    Path out = folder.resolve("replaced" + ending + ".safetensors");
    SafetensorsWriter writer = new SafetensorsWriter();
    try (Checkpoint opened = Checkpoint.open(file)) {
      for (String name : opened.names()) {
        writer.add(name, name.endsWith(ending) ? by : opened.read(name));
      }
      writer.write(out);
    }
    return out;
  }

  private Path changed(Path file, Consumer<SafetensorsWriter> added, String... left)
      throws IOException {
    Path out = Files.createTempFile(folder, "changed", ".safetensors");
    SafetensorsWriter writer = new SafetensorsWriter();
    try (Checkpoint opened = Checkpoint.open(file)) {
      for (String name : opened.names()) {
        if (!List.of(left).contains(name)) {
          writer.add(name, opened.read(name));
        }
      }
      added.accept(writer);
      writer.write(out);
    }
    return out;
  }
}
