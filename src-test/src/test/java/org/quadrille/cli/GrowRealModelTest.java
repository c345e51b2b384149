package org.quadrille.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.quadrille.cli.console.Console;
import org.quadrille.cli.input.ModelStore;
import org.quadrille.formats.Checkpoint;
import org.quadrille.formats.JsonObject;
import org.quadrille.linalg.Tensor;
import org.quadrille.transformer.models.Pooling;
import org.quadrille.transformer.models.PretrainedModel;
import org.quadrille.transformer.models.SentenceEncoder;
import org.quadrille.transformer.text.WordPiece;

/** Growth of published models, if they have been fetched: {@code -Dquadrille.realdata=DIR}. */
@Tag("real-data")
class GrowRealModelTest {
  @TempDir private Path folder;

  @BeforeAll
  static void modelsAreHere() {
    for (String alias : List.of("minilm", "e5-small", "bge-small")) {
      assumeTrue(ModelStore.standard().present(alias).isPresent(), alias + " is not fetched");
    }
  }

  private static JsonObject done(Object... arguments) throws IOException {
    CommandRun run = CommandRun.of(arguments);
    assertEquals(0, run.status(), run.err());
    return run.json();
  }

  /**
   * MiniLM-L6 and the models of 12 layers have one ancestor, of which MiniLM kept every second
   * layer: layer 2i is made of source layer i, in every kind of matrix.
   */
  @Test
  void layersOfTheSourceAreFoundAgain() throws IOException {
    for (String target : List.of("e5-small", "bge-small")) {
      JsonObject json = done("grow", "fit", "minilm", target, "--json");
      int matrices = 0;
      for (Object each : json.array("kinds")) {
        JsonObject kind = (JsonObject) each;
        if (!kind.bool("matrix")) {
          continue;
        }
        matrices++;
        long[] argmax = kind.integers("argmax");
        assertEquals(12, argmax.length);
        for (int i = 0; i < 6; i++) {
          String where = target + " " + kind.string("kind") + " row " + 2 * i;
          assertEquals(i, argmax[2 * i], where);
          double[] row =
              ((List<?>) kind.array("mixture").get(2 * i))
                  .stream().mapToDouble(x -> ((Number) x).doubleValue()).toArray();
          assertTrue(row[i] > 0.4, where + ": " + row[i]);
          for (int j = 0; j < 6; j++) {
            assertTrue(j == i || Math.abs(row[j]) < 0.15, where + ", source " + j + ": " + row[j]);
          }
          // Layers between them are of no source.
          assertTrue(kind.numbers("residual")[2 * i + 1] > 0.95, where);
        }
      }
      assertEquals(6, matrices);
    }
    // Cosines of the table in the notes on these models: query and intermediate, e5.
    JsonObject json = done("grow", "fit", "minilm", "e5-small", "--json");
    double[] query = {0.952, 0.936, 0.919, 0.886, 0.858, 0.664};
    for (Object each : json.array("kinds")) {
      JsonObject kind = (JsonObject) each;
      if (kind.string("kind").equals("attention.query.weight")) {
        for (int i = 0; i < 6; i++) {
          List<?> row = (List<?>) kind.array("cosine").get(2 * i);
          assertEquals(query[i], ((Number) row.get(i)).doubleValue(), 1e-3);
        }
      }
    }
  }

  @Test
  void twiceTheLayers() throws Exception {
    Path out = folder.resolve("12.safetensors");
    JsonObject json =
        done(
            "grow", "minilm", "--method", "interpolate", "--depth", "6:12", "--json", "--out", out);
    assertEquals("bert", json.string("plan"));
    assertEquals(33_212_160, json.integer("parametersOut"));
    Path source = ModelStore.standard().present("minilm").orElseThrow();
    try (Checkpoint small = Checkpoint.open(source);
        Checkpoint large = Checkpoint.open(out)) {
      for (int l = 0; l < 12; l++) {
        String tail = ".attention.self.query.weight";
        assertArrayEquals(
            small.read("encoder.layer." + l / 2 + tail).floats(),
            large.read("encoder.layer." + l + tail).floats());
      }
    }
    assertEquals(12, PretrainedModel.read(out).architecture().layers());
    assertFalse(json.bool("exact"));
  }

  /** Twice the width keeps the function: sentences stay as near to each other as they were. */
  @Test
  void twiceTheWidthKeepsSentences() throws Exception {
    Path out = folder.resolve("768");
    JsonObject json =
        done(
            "grow",
            "minilm",
            "--method",
            "hypercloning",
            "--width",
            "384:768",
            "--verify",
            "--json",
            "--out",
            out);
    assertTrue(json.bool("exact"));
    assertTrue(json.object("check").number("largestDifference") < 1e-4);
    PretrainedModel large = PretrainedModel.read(out.resolve("model.safetensors"));
    assertEquals(24, large.architecture().heads());
    Console console =
        new Console(
            new java.io.PrintWriter(java.io.Writer.nullWriter()),
            new java.io.PrintWriter(java.io.Writer.nullWriter()),
            true,
            0);
    Path tokenizer = ModelStore.standard().tokenizer("minilm", console).orElseThrow();
    assertTrue(Files.exists(out.resolve("tokenizer.json")));
    SentenceEncoder encoder =
        SentenceEncoder.of(
            large.transformer(), WordPiece.fromTokenizerJson(tokenizer), Pooling.MEAN);
    Tensor vectors =
        encoder.encode(
            List.of(
                "a man is playing a guitar",
                "someone plays an instrument",
                "the stock market fell today"));
    assertEquals(0.652, SentenceEncoder.cosine(vectors, 0, 1), 1e-3);
    assertEquals(-0.062, SentenceEncoder.cosine(vectors, 0, 2), 1e-3);
  }

  /** The shape of BERT-base; the operator is learned from the hidden states of the small model. */
  @Test
  void learningBringsTheGrownModelNearerToItsSource() throws Exception {
    Path out = folder.resolve("learned.safetensors");
    JsonObject json =
        done(
            "grow",
            "minilm",
            "--method",
            "ligo",
            "--depth",
            "6:8",
            "--data",
            "kjv",
            "--steps",
            8,
            "--batch",
            2,
            "--length",
            32,
            "--json",
            "--out",
            out);
    double[] losses = json.numbers("loss");
    assertTrue(losses[7] < 0.8 * losses[0], java.util.Arrays.toString(losses));
    assertEquals(8, PretrainedModel.read(out).architecture().layers());
  }
}
