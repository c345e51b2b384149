package org.quadrille.growth.plan;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.quadrille.formats.Checkpoint;
import org.quadrille.formats.ElementType;
import org.quadrille.formats.Json;
import org.quadrille.formats.JsonObject;
import org.quadrille.formats.SafetensorsWriter;
import org.quadrille.formats.TensorInfo;
import org.quadrille.growth.FixedGrowth;
import org.quadrille.kernels.cpu.KernelProvider;
import org.quadrille.kernels.cpu.WorkerPool;
import org.quadrille.linalg.Arithmetic;
import org.quadrille.linalg.DType;
import org.quadrille.linalg.GaussianMatrix;
import org.quadrille.linalg.Norms;
import org.quadrille.linalg.Tensor;
import org.quadrille.linalg.Tensors;
import org.quadrille.transformer.Architecture;
import org.quadrille.transformer.Batch;
import org.quadrille.transformer.Head;
import org.quadrille.transformer.Transformer;

/** Growth of files under the names of published families, against growth in memory. */
class CheckpointGrowthTest {
  @TempDir private Path folder;

  private static JsonObject heads(String key, Architecture a) {
    return new JsonObject().put(key, (long) a.heads());
  }

  /** Grows the file, reads it back under the same plan, and compares with growth in memory. */
  private void check(
      Path file, String plan, JsonObject config, Architecture small, Tensors weights, int width)
      throws IOException {
    try (Checkpoint opened = Checkpoint.open(file)) {
      assertEquals(plan, ModelPlan.detect(opened, config).name());
      PlannedModel model = ModelPlan.named(plan).bind(opened, config);
      assertEquals(small, model.architecture());
      Tensors read = model.read(DType.F64);
      for (String name : weights.names()) {
        assertArrayEquals(weights.get(name).toDoubles(), read.get(name).toDoubles(), name);
      }
      for (GrowthMethod method : GrowthMethod.values()) {
        Architecture large = TargetSizes.of(width, 4).apply(small);
        FixedGrowth growth = method.grow(small, large, DType.F64, 7);
        Path out = folder.resolve("large.safetensors");
        CheckpointGrowth job = new CheckpointGrowth(model, growth.operator());
        job.writer().write(out);
        Tensors expected = growth.apply(weights);
        JsonObject newConfig = grown(config, growth.large(), model.plan());
        try (Checkpoint written = Checkpoint.open(out)) {
          PlannedModel again = ModelPlan.named(plan).bind(written, newConfig);
          assertEquals(growth.large(), again.architecture(), method.word());
          assertEquals(job.parameterCount(), again.parameterCount());
          Tensors found = again.read(DType.F64);
          assertEquals(expected.names(), found.names());
          for (String name : expected.names()) {
            assertArrayEquals(
                expected.get(name).toDoubles(),
                found.get(name).toDoubles(),
                method.word() + " " + name);
          }
        }
      }
    }
  }

  private static JsonObject grown(JsonObject config, Architecture large, ModelPlan plan) {
    JsonObject result = new JsonObject();
    config.members().forEach(result::put);
    plan.configNames()
        .forEach(
            (size, name) -> {
              switch (size) {
                case "heads" -> result.put(name, (long) large.heads());
                case "epsilon" -> result.put(name, large.epsilon());
                default -> {}
              }
            });
    return result;
  }

  @Test
  void bert() throws IOException {
    for (Head head : List.of(Head.MASKED_WORDS, Head.NONE)) {
      Architecture small = StoredModels.bert(head);
      Tensors weights = StoredModels.random(small, DType.F64, 1);
      Path file = StoredModels.bert(folder.resolve("bert.safetensors"), weights, "bert.");
      check(file, "bert", heads("num_attention_heads", small), small, weights, 24);
    }
  }

  @Test
  void gpt() throws IOException {
    Architecture small = StoredModels.gpt();
    Tensors weights = StoredModels.random(small, DType.F64, 2);
    Path file = StoredModels.gpt(folder.resolve("gpt.safetensors"), weights, 2);
    check(file, "gpt2", heads("n_head", small), small, weights, 24);
  }

  @Test
  void llamaWithGroupedQueries() throws IOException {
    Architecture small = StoredModels.llama();
    Tensors weights = StoredModels.random(small, DType.F64, 3);
    Path file = StoredModels.llama(folder.resolve("llama.safetensors"), weights);
    JsonObject config =
        heads("num_attention_heads", small)
            .put("max_position_embeddings", (long) small.positions());
    check(file, "llama", config, small, weights, 32);
  }

  @Test
  void vit() throws IOException {
    Architecture small = StoredModels.vit();
    Tensors weights = StoredModels.random(small, DType.F64, 4);
    Path file = StoredModels.vit(folder.resolve("vit.safetensors"), weights);
    check(file, "vit", heads("num_attention_heads", small), small, weights, 24);
  }

  /** Function preserving growth in files: the logits are those of the small model. */
  @Test
  void losslessGptInAFileKeepsLogits() throws IOException {
    Architecture small = StoredModels.gpt();
    Tensors weights = StoredModels.random(small, DType.F64, 5);
    Path file = StoredModels.gpt(folder.resolve("gpt.safetensors"), weights, 2);
    JsonObject config = heads("n_head", small);
    Path out = folder.resolve("large.safetensors");
    Batch batch = Batch.of(new int[] {3, 1, 4, 1, 5, 9, 2, 6}, 2, 4);
    try (Checkpoint opened = Checkpoint.open(file)) {
      PlannedModel model = ModelPlan.named("gpt2").bind(opened, config);
      FixedGrowth growth =
          GrowthMethod.LOSSLESS.grow(small, TargetSizes.of(28, 5).apply(small), DType.F64, 1);
      assertTrue(growth.exact());
      new CheckpointGrowth(model, growth.operator()).writer().write(out);
      try (Checkpoint written = Checkpoint.open(out)) {
        PlannedModel large =
            model.plan().bind(written, grown(config, growth.large(), model.plan()));
        Tensor after =
            Transformer.of(large.architecture(), large.read(DType.F64)).logits(batch).copy();
        Tensor before = Transformer.of(small, weights).logits(batch);
        assertTrue(Norms.max(Arithmetic.subtract(after, before)) < 1e-11);
      }
    }
  }

  /** A pooler without a classifier, a class head, position ids and a tied decoder. */
  @Test
  void whatLiesBesideTheArchitecture() throws IOException {
    Architecture small = StoredModels.bert(Head.MASKED_WORDS);
    Tensors weights = StoredModels.random(small, DType.F32, 1);
    Tensor pooler = GaussianMatrix.of(DType.F32, 9, 16, 16);
    Path plain = StoredModels.bert(folder.resolve("plain.safetensors"), weights, "bert.");
    Path file = folder.resolve("bert.safetensors");
    byte[] ids = new byte[12 * Long.BYTES];
    ids[8] = 1;
    try (Checkpoint opened = Checkpoint.open(plain)) {
      SafetensorsWriter writer = new SafetensorsWriter();
      for (String name : opened.names()) {
        writer.add(name, opened.read(name));
      }
      writer
          .add("bert.pooler.dense.weight", pooler)
          .add("bert.pooler.dense.bias", pooler.row(0).copy())
          .add("cls.predictions.decoder.weight", weights.get("embeddings.token.weight"))
          .add(new TensorInfo("bert.embeddings.position_ids", ElementType.I64, 1, 12), ids)
          .write(file);
    }
    Path out = folder.resolve("large.safetensors");
    try (Checkpoint opened = Checkpoint.open(file)) {
      PlannedModel model =
          ModelPlan.named("bert").bind(opened, heads("num_attention_heads", small));
      assertEquals(List.of("cls.predictions.decoder.weight"), model.dropped());
      Architecture large = TargetSizes.of(32, 2).apply(small);
      FixedGrowth growth = GrowthMethod.HYPERCLONING.grow(small, large, DType.F32, 1);
      new CheckpointGrowth(model, growth.operator()).writer().write(out);
      try (Checkpoint written = Checkpoint.open(out)) {
        assertArrayEquals(
            ids,
            written
                .bytes("bert.embeddings.position_ids")
                .toArray(java.lang.foreign.ValueLayout.JAVA_BYTE));
        Tensor grown = written.read("bert.pooler.dense.weight");
        for (int i = 0; i < 32; i++) {
          for (int j = 0; j < 32; j++) {
            assertEquals(pooler.get(i % 16, j % 16) / 2, grown.get(i, j), 1e-7);
          }
        }
        assertEquals(opened.names().size() - 1, written.names().size());
      }
    }
  }

  @Test
  void halfPrecisionStaysHalfPrecision() throws IOException {
    Architecture small = StoredModels.gpt();
    Tensors weights = StoredModels.random(small, DType.F32, 6);
    Path full = StoredModels.gpt(folder.resolve("full.safetensors"), weights, 2);
    Path file = folder.resolve("half.safetensors");
    try (Checkpoint opened = Checkpoint.open(full)) {
      SafetensorsWriter writer = new SafetensorsWriter();
      for (String name : opened.names()) {
        writer.add(name, opened.read(name), ElementType.BF16);
      }
      writer.write(file);
    }
    try (Checkpoint opened = Checkpoint.open(file)) {
      PlannedModel model = ModelPlan.named("gpt2").bind(opened, heads("n_head", small));
      FixedGrowth growth =
          GrowthMethod.NET2NET.grow(small, TargetSizes.of(24, 3).apply(small), DType.F32, 1);
      for (ElementType type : new ElementType[] {null, ElementType.F16, ElementType.F64}) {
        CheckpointGrowth job = new CheckpointGrowth(model, growth.operator());
        Path out = folder.resolve("large.safetensors");
        (type == null ? job : job.storedAs(type)).writer().write(out);
        try (Checkpoint written = Checkpoint.open(out)) {
          ElementType expected = type == null ? ElementType.BF16 : type;
          for (String name : written.names()) {
            assertEquals(expected, written.info(name).type(), name);
          }
        }
      }
      CheckpointGrowth job = new CheckpointGrowth(model, growth.operator());
      assertThrows(IllegalArgumentException.class, () -> job.storedAs(ElementType.I64));
    }
  }

  @Test
  void sameBytesForAnyThreadsAndBackend() throws Exception {
    Architecture small = StoredModels.gpt();
    Tensors weights = StoredModels.random(small, DType.F32, 6);
    Path file = StoredModels.gpt(folder.resolve("gpt.safetensors"), weights, 2);
    List<byte[]> results = new ArrayList<>();
    for (int threads : new int[] {1, 4}) {
      for (var kernels :
          List.of(KernelProvider.scalar(), KernelProvider.simd().orElse(KernelProvider.scalar()))) {
        Path out = folder.resolve("out" + results.size());
        WorkerPool.of(threads)
            .call(
                () -> {
                  KernelProvider.with(
                      kernels,
                      () -> {
                        write(file, small, out);
                        return null;
                      });
                  return null;
                });
        results.add(Files.readAllBytes(out));
      }
    }
    for (byte[] each : results) {
      assertArrayEquals(results.getFirst(), each);
    }
  }

  private static void write(Path file, Architecture small, Path out) {
    try (Checkpoint opened = Checkpoint.open(file)) {
      PlannedModel model = ModelPlan.named("gpt2").bind(opened, heads("n_head", small));
      FixedGrowth growth =
          GrowthMethod.LIGO.grow(small, TargetSizes.of(40, 5).apply(small), DType.F32, 3);
      new CheckpointGrowth(model, growth.operator()).writer().write(out);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  /** A model in nobody's layout, described by groups; against loops over its definition. */
  @Test
  void groupsOfTheUser() throws IOException {
    JsonObject json =
        Json.parseObject(
            """
            {"plan": "mine", "layers": {"to": 4},
             "groups": {"stream": {"size": 4, "to": 6}, "units": {"size": 6, "to": 9},
                        "heads": {"size": 4, "to": 8, "headSize": 2}},
             "ties": {"stream.in": "stream", "units.in": "units", "heads.in": "heads"},
             "rules": [
               {"match": "table", "module": "table", "out": "fixed", "in": "stream"},
               {"match": "block{layer}/qk", "split": 2, "orientation": "in_out",
                "module": ["b.{layer}.q", "b.{layer}.k"], "out": ["heads", "heads"],
                "in": "stream.in"},
               {"match": "block{layer}/w1", "module": "b.{layer}.w1", "out": "units",
                "in": "stream.in"},
               {"match": "block{layer}/b1", "module": "b.{layer}.b1", "out": "units",
                "depth": "w1.bias"}],
             "copyThrough": ["block{layer}/mask"], "drop": ["junk{any}"]}
            """);
    Tensors stored = Tensors.empty();
    stored.put("table", GaussianMatrix.of(DType.F64, 1, 5, 4));
    for (int l = 0; l < 2; l++) {
      stored.put("block" + l + "/qk", GaussianMatrix.of(DType.F64, 10 + l, 4, 8));
      stored.put("block" + l + "/w1", GaussianMatrix.of(DType.F64, 20 + l, 6, 4));
      stored.put("block" + l + "/b1", GaussianMatrix.of(DType.F64, 30 + l, 6, 1).reshape(6));
      stored.put("block" + l + "/mask", GaussianMatrix.of(DType.F64, 40 + l, 2, 2));
    }
    stored.put("junk1", GaussianMatrix.of(DType.F64, 50, 2, 2));
    Path file = StoredModels.write(folder.resolve("mine.safetensors"), stored);
    Path out = folder.resolve("large.safetensors");
    try (Checkpoint opened = Checkpoint.open(file)) {
      PlannedModel model = ModelPlan.parse(json).bind(opened, new JsonObject());
      assertEquals(List.of("junk1"), model.dropped());
      assertThrows(IllegalStateException.class, model::architecture);
      var plan = model.groupPlan(0);
      assertEquals(4, plan.largeLayers());
      new CheckpointGrowth(model, GrowthMethod.HYPERCLONING.grow(model, plan, DType.F64, 0))
          .writer()
          .write(out);
      for (GrowthMethod method :
          List.of(
              GrowthMethod.AKI,
              GrowthMethod.DIRECT,
              GrowthMethod.ZERO,
              GrowthMethod.LOSSLESS,
              GrowthMethod.MIXTURES)) {
        assertThrows(IllegalArgumentException.class, () -> method.grow(model, plan, DType.F64, 0));
      }
      for (GrowthMethod method :
          List.of(GrowthMethod.LIGO, GrowthMethod.TOP_STACK, GrowthMethod.UPSCALE)) {
        assertEquals(plan, method.grow(model, plan, DType.F64, 0).plan());
      }
    }
    try (Checkpoint written = Checkpoint.open(out)) {
      assertEquals(1 + 4 * 4, written.names().size());
      Tensor table = written.read("table");
      for (int v = 0; v < 5; v++) {
        for (int j = 0; j < 6; j++) {
          assertEquals(stored.get("table").get(v, j % 4), table.get(v, j));
        }
      }
      // Elements 0 and 1 of the stream have two copies, whose readers take half.
      double[] share = {0.5, 0.5, 1, 1, 0.5, 0.5};
      for (int l = 0; l < 4; l++) {
        Tensor old = stored.get("block" + l % 2 + "/qk");
        Tensor grown = written.read("block" + l + "/qk");
        assertArrayEquals(new int[] {6, 16}, grown.shape());
        for (int i = 0; i < 6; i++) {
          for (int j = 0; j < 16; j++) {
            // Two parts of eight; heads of two in turn.
            double expected = share[i] * old.get(i % 4, j / 8 * 4 + j % 4);
            assertEquals(expected, grown.get(i, j), 1e-15);
          }
        }
        Tensor bias = written.read("block" + l + "/b1");
        for (int i = 0; i < 9; i++) {
          assertEquals(stored.get("block" + l % 2 + "/b1").get(i % 6), bias.get(i));
        }
        assertArrayEquals(
            stored.get("block" + Math.min(l, 1) + "/mask").toDoubles(),
            written.read("block" + l + "/mask").toDoubles());
      }
    }
  }
}
