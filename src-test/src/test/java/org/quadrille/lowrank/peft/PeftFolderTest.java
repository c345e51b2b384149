package org.quadrille.lowrank.peft;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.quadrille.lowrank.LowRankData.assertClose;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.quadrille.formats.ElementType;
import org.quadrille.formats.FormatException;
import org.quadrille.formats.JsonObject;
import org.quadrille.formats.SafetensorsFile;
import org.quadrille.formats.SafetensorsWriter;
import org.quadrille.linalg.Arithmetic;
import org.quadrille.linalg.DType;
import org.quadrille.linalg.GaussianMatrix;
import org.quadrille.linalg.LowRank;
import org.quadrille.linalg.Norms;
import org.quadrille.linalg.Tensor;
import org.quadrille.lowrank.LowRankData;

class PeftFolderTest {
  private static final String PREFIX = "base_model.model.";
  @TempDir private Path folder;

  private static PeftAdapter adapter(String module, int rank, double alpha, boolean stabilized) {
    return PeftAdapter.of(
        module,
        GaussianMatrix.of(DType.F32, rank, rank, 6),
        GaussianMatrix.of(DType.F32, rank + 50, 9, rank),
        alpha,
        stabilized);
  }

  @Test
  void whatIsWrittenIsRead() throws IOException {
    List<PeftAdapter> adapters =
        List.of(
            adapter("encoder.layer.1.query", 4, 8, true),
            adapter("encoder.layer.11.query", 2, 8, true),
            adapter("layer.1.query", 3, 5, true));
    PeftFolder.write(folder, adapters, "some/base", "ab12");
    PeftFolder read = PeftFolder.read(folder);
    assertEquals("some/base", read.config().baseModel());
    assertEquals("ab12", read.baseSha256());
    assertEquals(3, read.adapters().size());
    assertEquals(0, read.others().size());
    for (PeftAdapter expected : adapters) {
      PeftAdapter found = read.adapter(expected.module()).orElseThrow();
      assertEquals(expected.rank(), found.rank());
      assertEquals(expected.alpha(), found.alpha());
      assertEquals(expected.scale(), found.scale());
      assertArrayEquals(expected.a().toFloats(), found.a().toFloats());
      assertArrayEquals(expected.b().toFloats(), found.b().toFloats());
    }
    assertEquals(8 / Math.sqrt(4), read.adapters().get(0).scale());
    assertTrue(read.adapter("query").isEmpty());
    try (SafetensorsFile file = SafetensorsFile.open(folder.resolve(PeftFolder.MODEL_FILE))) {
      assertEquals("pt", file.metadata().get("format"));
      assertTrue(file.names().contains(PREFIX + "layer.1.query.lora_A.weight"));
    }
  }

  /** A folder as PEFT writes it: half precision, patterns by suffix, a trained head beside. */
  @Test
  void patternsHalfPrecisionAndOtherTensors() throws IOException {
    writeConfig(
        "\"rank_pattern\": {\"query\": 2, \"layers\\\\.1\\\\.up\": 3}, \"alpha_pattern\":"
            + " {\"query\": 16}");
    new SafetensorsWriter()
        .metadata("format", "pt")
        .add(PREFIX + "a.query.lora_A.weight", random(1, 2, 5), ElementType.BF16)
        .add(PREFIX + "a.query.lora_B.weight", random(2, 4, 2), ElementType.F16)
        .add(PREFIX + "layers.1.up.lora_A.default.weight", random(3, 3, 5))
        .add(PREFIX + "layers.1.up.lora_B.default.weight", random(4, 4, 3))
        .add(PREFIX + "key.lora_A.weight", random(5, 1, 5))
        .add(PREFIX + "key.lora_B.weight", random(6, 4, 1))
        .add(PREFIX + "classifier.weight", random(7, 2, 3))
        .write(folder.resolve(PeftFolder.MODEL_FILE));
    PeftFolder read = PeftFolder.read(folder);
    assertEquals(16.0 / 2, read.adapter("a.query").orElseThrow().scale());
    assertEquals(32.0 / 3, read.adapter("layers.1.up").orElseThrow().scale());
    assertEquals(32, read.adapter("key").orElseThrow().scale());
    assertEquals(DType.F32, read.adapter("a.query").orElseThrow().a().dtype());
    assertArrayEquals(new int[] {2, 3}, read.others().get("classifier.weight").shape());
    assertEquals("", read.baseSha256());
  }

  private static Tensor random(long seed, int rows, int cols) {
    return GaussianMatrix.of(DType.F32, seed, rows, cols);
  }

  private void writeConfig(String more) throws IOException {
    Files.writeString(
        folder.resolve(PeftFolder.CONFIG_FILE),
        "{\"peft_type\": \"LORA\", \"r\": 1, \"lora_alpha\": 32, \"target_modules\": [\"query\"]"
            + (more.isEmpty() ? "" : ", " + more)
            + "}");
  }

  @Test
  void updatesAndMergedWeights() {
    PeftAdapter adapter = adapter("m", 3, 6, false);
    LowRank update = adapter.update();
    assertEquals(2, update.scale());
    Tensor w = GaussianMatrix.of(DType.F32, 9, 9, 6);
    assertClose(Arithmetic.add(w, update.toDense()), adapter.mergedInto(w), 2e-6);
    LowRank given = LowRank.of(update.left(), update.right(), 0.3);
    assertEquals(0.3, PeftAdapter.of("m", given, false).scale(), 1e-15);
    assertEquals(0.3, PeftAdapter.of("m", given, true).scale(), 1e-15);
  }

  @Test
  void rowsOfDoraHaveTheirLengths() throws IOException {
    for (Object entry : LowRankData.read("dora.json").array("cases")) {
      JsonObject test = (JsonObject) entry;
      Tensor a = LowRankData.matrix(test, "A");
      double[] m = test.numbers("m");
      PeftAdapter adapter =
          new PeftAdapter(
              "m",
              a,
              LowRankData.matrix(test, "B"),
              test.number("alpha"),
              false,
              Optional.of(Tensor.of(m, m.length)));
      assertEquals(test.number("s"), adapter.scale(), 1e-15);
      Tensor merged = adapter.mergedInto(LowRankData.matrix(test, "W"));
      assertClose(LowRankData.matrix(test, "merged"), merged, 1e-12);
      for (int i = 0; i < m.length; i++) {
        assertEquals(Math.abs(m[i]), Norms.frobenius(merged.row(i)), 1e-12);
      }
      PeftFolder.write(folder, List.of(adapter), "", "");
      PeftFolder read = PeftFolder.read(folder);
      assertTrue(read.config().magnitudes());
      assertArrayEquals(m, read.adapters().get(0).magnitude().orElseThrow().toDoubles());
    }
  }

  @Test
  void brokenFoldersAreRefused() throws IOException {
    assertThrows(FormatException.class, () -> PeftFolder.read(folder));
    Path model = folder.resolve(PeftFolder.MODEL_FILE);
    Tensor a = random(1, 1, 5);
    Tensor b = random(2, 4, 1);
    new SafetensorsWriter()
        .add(PREFIX + "query.lora_A.weight", a)
        .add(PREFIX + "query.lora_B.weight", b)
        .write(model);
    for (String more :
        List.of(
            "\"peft_type\": \"IA3\"",
            "\"r\": 2",
            "\"use_dora\": true",
            "\"rank_pattern\": {\"(\": 3}",
            "\"rank_pattern\": {\"query\": 7}",
            "\"alpha_pattern\": {\"query\": \"many\"}",
            "\"alpha_pattern\": 3")) {
      writeConfig("");
      String text = Files.readString(folder.resolve(PeftFolder.CONFIG_FILE));
      String key = more.substring(0, more.indexOf(':'));
      String changed =
          text.contains(key)
              ? text.replaceFirst(java.util.regex.Pattern.quote(key) + ": [^,]*", more)
              : text.replace("}", ", " + more + "}");
      Files.writeString(folder.resolve(PeftFolder.CONFIG_FILE), changed);
      FormatException e =
          assertThrows(FormatException.class, () -> PeftFolder.read(folder), changed);
      assertFalse(e.getMessage().isBlank());
    }
    writeConfig("");
    PeftFolder.read(folder);
    for (String extra : List.of("query.lora_A.other.weight", "odd.lora_A.weight")) {
      new SafetensorsWriter()
          .add(PREFIX + "query.lora_A.weight", a)
          .add(PREFIX + "query.lora_B.weight", b)
          .add(PREFIX + extra, a)
          .write(model);
      assertThrows(FormatException.class, () -> PeftFolder.read(folder), extra);
    }
    new SafetensorsWriter().add(PREFIX + "emb.lora_embedding_A", a).write(model);
    assertThrows(FormatException.class, () -> PeftFolder.read(folder));
    Tensor nan = a.copy();
    nan.set(Double.NaN, 0, 2);
    new SafetensorsWriter()
        .add(PREFIX + "query.lora_A.weight", nan)
        .add(PREFIX + "query.lora_B.weight", b)
        .write(model);
    assertThrows(FormatException.class, () -> PeftFolder.read(folder));
  }

  @Test
  void mixedAdaptersAreRefused() {
    assertThrows(IllegalArgumentException.class, () -> PeftFolder.write(folder, List.of(), "", ""));
    List<PeftAdapter> mixed = List.of(adapter("a", 2, 4, true), adapter("b", 2, 4, false));
    assertThrows(IllegalArgumentException.class, () -> PeftFolder.write(folder, mixed, "", ""));
    assertThrows(
        IllegalArgumentException.class,
        () -> PeftAdapter.of("m", random(1, 2, 5), random(2, 4, 3), 1, false));
    assertThrows(
        IllegalArgumentException.class,
        () -> PeftAdapter.of("m", random(1, 2, 5), random(2, 4, 2), Double.NaN, false));
  }
}
