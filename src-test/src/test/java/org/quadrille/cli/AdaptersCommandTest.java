package org.quadrille.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.quadrille.formats.Checkpoint;
import org.quadrille.formats.JsonObject;
import org.quadrille.formats.SafetensorsWriter;
import org.quadrille.linalg.Arithmetic;
import org.quadrille.linalg.DType;
import org.quadrille.linalg.GaussianMatrix;
import org.quadrille.linalg.LowRank;
import org.quadrille.linalg.Norms;
import org.quadrille.linalg.Tensor;
import org.quadrille.lowrank.peft.PeftFolder;

class AdaptersCommandTest {
  private static final String QUERY = "encoder.layer.0.attention.self.query.weight";
  private static final String OUTPUT = "encoder.layer.1.output.dense.weight";
  @TempDir private Path folder;
  private Path base;
  private Path tuned;

  /** Two models that differ by rank 2 in one weight and by rank 3 in another. */
  @BeforeEach
  void models() throws IOException {
    base = folder.resolve("base.safetensors");
    tuned = folder.resolve("tuned.safetensors");
    Tensor query = GaussianMatrix.of(DType.F32, 1, 24, 20);
    Tensor output = GaussianMatrix.of(DType.F32, 2, 20, 30);
    Tensor bias = GaussianMatrix.of(DType.F32, 3, 1, 20).reshape(20);
    write(base, query, output, bias);
    write(
        tuned,
        Arithmetic.add(query, change(4, 24, 2, 20)),
        Arithmetic.add(output, change(5, 20, 3, 30)),
        bias);
  }

  private static Tensor change(long seed, int rows, int rank, int cols) {
    return LowRank.of(
            GaussianMatrix.of(DType.F32, seed, rows, rank),
            GaussianMatrix.of(DType.F32, seed + 10, rank, cols),
            0.25)
        .toDense();
  }

  private static void write(Path path, Tensor query, Tensor output, Tensor bias)
      throws IOException {
    new SafetensorsWriter()
        .metadata("format", "pt")
        .add(QUERY, query)
        .add(OUTPUT, output)
        .add("encoder.layer.1.output.dense.bias", bias)
        .write(path);
  }

  private static JsonObject matrix(JsonObject document, String name) throws IOException {
    for (Object entry : document.array("matrices")) {
      if (((JsonObject) entry).string("name").equals(name)) {
        return (JsonObject) entry;
      }
    }
    throw new AssertionError(name + " is not in " + document);
  }

  private static Tensor read(Path path, String name) throws IOException {
    try (Checkpoint model = Checkpoint.open(path)) {
      return model.read(name);
    }
  }

  @Test
  void spectrumOfADifference() throws IOException {
    Path out = folder.resolve("ranks");
    CommandRun run =
        CommandRun.of(
            "adapters", "spectrum", base, tuned, "--json", "--intruders", "--out", out, "--report");
    assertEquals(0, run.status(), run.err());
    JsonObject document = run.json();
    assertEquals(2, document.array("matrices").size());
    JsonObject query = matrix(document, QUERY);
    assertEquals(2, query.intValue("r99"));
    assertEquals(3, matrix(document, OUTPUT).intValue("r99"));
    for (String key :
        new String[] {"r50", "r90", "r95", "stableRank", "effectiveRank", "gaussianReference"}) {
      assertTrue(query.number(key) > 0, key);
    }
    assertTrue(query.number("gaussianReference") > 8);
    assertEquals(3, Files.readAllLines(out.resolve("profile.csv")).size());
    String report = Files.readString(out.resolve("report.html"));
    assertTrue(report.contains("<rect") && report.contains("class=\"h9\""));
    assertTrue(report.contains("<polyline"));
    assertTrue(Files.readString(out.resolve("run.json")).contains("sha256"));
    CommandRun text = CommandRun.of("adapters", "spectrum", base, tuned, "--match", "query");
    assertEquals(0, text.status());
    assertTrue(text.out().contains("over noise") && !text.out().contains(OUTPUT));
  }

  @Test
  void extractMergeAndUnmerge() throws IOException {
    Path adapter = folder.resolve("adapter");
    CommandRun extracted =
        CommandRun.of(
            "adapters", "extract", base, tuned, "--tolerance", "1e-5", "--out", adapter, "--json");
    assertEquals(0, extracted.status(), extracted.err());
    assertEquals(2, matrix(extracted.json(), QUERY).intValue("rank"));
    assertTrue(matrix(extracted.json(), QUERY).number("certifiedError") < 1e-5);
    Path merged = folder.resolve("merged.safetensors");
    CommandRun run = CommandRun.of("adapters", "merge", base, adapter, "--out", merged);
    assertEquals(0, run.status(), run.err());
    for (String name : new String[] {QUERY, OUTPUT}) {
      Tensor difference = Arithmetic.subtract(read(merged, name), read(tuned, name));
      assertTrue(Norms.max(difference) < 1e-5);
    }
    assertArrayEquals(
        read(base, "encoder.layer.1.output.dense.bias").toFloats(),
        read(merged, "encoder.layer.1.output.dense.bias").toFloats());
    // merging twice and merging into another base are refused
    CommandRun twice =
        CommandRun.of(
            "adapters", "merge", merged, adapter, "--any-base", "--out", folder.resolve("x"));
    assertEquals(1, twice.status());
    assertTrue(twice.err().contains("already"), twice.err());
    CommandRun other =
        CommandRun.of("adapters", "merge", tuned, adapter, "--out", folder.resolve("x"));
    assertEquals(1, other.status());
    assertTrue(other.err().contains("--any-base"), other.err());
    assertFalse(Files.exists(folder.resolve("x")));

    Path back = folder.resolve("back.safetensors");
    CommandRun undone =
        CommandRun.of("adapters", "unmerge", merged, adapter, "--out", back, "--json");
    assertEquals(0, undone.status(), undone.err());
    double bound = undone.json().number("largestError");
    for (String name : new String[] {QUERY, OUTPUT}) {
      Tensor difference = Arithmetic.subtract(read(back, name), read(base, name));
      assertTrue(Norms.max(difference) <= bound);
    }
    CommandRun never =
        CommandRun.of("adapters", "unmerge", back, adapter, "--out", folder.resolve("y"));
    assertEquals(1, never.status());
    assertTrue(never.err().contains("was merged"), never.err());
  }

  @Test
  void recompressionOfSums() throws IOException {
    Path adapter = folder.resolve("adapter");
    CommandRun.of("adapters", "extract", base, tuned, "--rank", "5", "--out", adapter);
    Path small = folder.resolve("small");
    CommandRun run =
        CommandRun.of("adapters", "recompress", adapter, "--rank", "1", "--out", small, "--json");
    assertEquals(0, run.status(), run.err());
    PeftFolder folderOfOne = PeftFolder.read(small);
    assertEquals(1, folderOfOne.config().rank());
    assertTrue(matrix(run.json(), "encoder.layer.1.output.dense").number("relativeError") > 0.1);
    // A - A/2 = A/2
    Path half = folder.resolve("half");
    CommandRun sum =
        CommandRun.of(
            "adapters",
            "recompress",
            adapter,
            adapter,
            "--weights",
            "1,-0.5",
            "--tolerance",
            "1e-5",
            "--out",
            half);
    assertEquals(0, sum.status(), sum.err());
    Tensor whole = PeftFolder.read(adapter).adapters().get(0).update().toDense();
    Tensor halved = PeftFolder.read(half).adapters().get(0).update().toDense();
    assertTrue(Norms.max(Arithmetic.axpy(-0.5, whole, halved)) < 1e-5);
    assertEquals(2, PeftFolder.read(half).adapters().get(0).rank());
    // nothing left
    CommandRun zero =
        CommandRun.of(
            "adapters",
            "recompress",
            adapter,
            adapter,
            "--weights",
            "1,-1",
            "--energy",
            "0.9",
            "--out",
            folder.resolve("zero"));
    assertEquals(1, zero.status());
    assertEquals(2, CommandRun.of("adapters", "recompress", adapter, "--out", small).status());
    assertEquals(
        2,
        CommandRun.of(
                "adapters",
                "recompress",
                adapter,
                "--weights",
                "1,2",
                "--rank",
                "1",
                "--out",
                small)
            .status());
  }

  @Test
  void intrudersAreScaledDown() throws IOException {
    Path strong = folder.resolve("strong.safetensors");
    Tensor query = read(base, QUERY);
    write(
        strong,
        Arithmetic.axpy(20, change(8, 24, 1, 20), query.copy()),
        read(base, OUTPUT),
        read(base, "encoder.layer.1.output.dense.bias"));
    Path milder = folder.resolve("milder.safetensors");
    CommandRun run =
        CommandRun.of(
            "adapters",
            "intruders",
            base,
            strong,
            "--threshold",
            "0.7",
            "--mitigate",
            "0",
            "--out",
            milder,
            "--json");
    assertEquals(0, run.status(), run.err());
    JsonObject found = matrix(run.json(), QUERY);
    assertTrue(found.intValue("intruders") >= 1);
    assertEquals(0, matrix(run.json(), OUTPUT).intValue("intruders"));
    assertTrue(Norms.frobenius(read(milder, QUERY)) < 0.5 * Norms.frobenius(read(strong, QUERY)));
    assertArrayEquals(read(strong, OUTPUT).toFloats(), read(milder, OUTPUT).toFloats());
    assertEquals(2, CommandRun.of("adapters", "intruders", base, strong, "--out", milder).status());
  }

  @Test
  void wrongUse() throws IOException {
    assertEquals(2, CommandRun.of("adapters").status());
    assertEquals(2, CommandRun.of("adapters", "spectrum", base, tuned, "--report").status());
    assertEquals(1, CommandRun.of("adapters", "spectrum", base, tuned, "--match", "(").status());
    assertEquals(1, CommandRun.of("adapters", "spectrum", base, tuned, "--match", "no").status());
    CommandRun same =
        CommandRun.of(
            "adapters", "extract", base, base, "--rank", "1", "--out", folder.resolve("none"));
    assertEquals(1, same.status());
    assertTrue(same.err().contains("do not differ"), same.err());
    CommandRun missing =
        CommandRun.of("adapters", "merge", base, folder, "--out", folder.resolve("m"));
    assertEquals(1, missing.status());
    assertTrue(missing.err().contains("adapter_config.json"), missing.err());
  }

  /** Two published finetunes of one ancestor: ranks found by another implementation. */
  @Test
  @Tag("real-data")
  void ranksOfARealDifference() throws IOException {
    Map<String, int[]> expected = new LinkedHashMap<>();
    expected.put("encoder.layer.5.attention.self.query.weight", new int[] {167, 159});
    expected.put("encoder.layer.5.attention.self.value.weight", new int[] {177, 153});
    expected.put("encoder.layer.5.intermediate.dense.weight", new int[] {256, 242});
    expected.put("encoder.layer.5.output.dense.weight", new int[] {259, 230});
    CommandRun run = CommandRun.of("adapters", "spectrum", "e5-small", "bge-small", "--json");
    assertEquals(0, run.status(), run.err());
    JsonObject document = run.json();
    assertEquals(72, document.array("matrices").size());
    for (Map.Entry<String, int[]> entry : expected.entrySet()) {
      JsonObject found = matrix(document, entry.getKey());
      assertEquals(entry.getValue()[0], found.intValue("r90"), entry.getKey());
      assertEquals(entry.getValue()[1], found.intValue("baseR90"), entry.getKey());
    }
    assertEquals(
        0.48,
        matrix(document, "encoder.layer.5.attention.self.query.weight").number("relativeNorm"),
        0.005);
    assertEquals(
        0.73,
        matrix(document, "encoder.layer.5.output.dense.weight").number("relativeNorm"),
        0.005);
  }
}
