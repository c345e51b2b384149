package org.quadrille.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.quadrille.formats.AtomicFile;
import org.quadrille.formats.Checkpoint;
import org.quadrille.formats.JsonObject;
import org.quadrille.formats.SafetensorsWriter;
import org.quadrille.linalg.DType;
import org.quadrille.linalg.Tensor;
import org.quadrille.transformer.Architecture;
import org.quadrille.transformer.Head;
import org.quadrille.transformer.Transformer;
import org.quadrille.transformer.models.PretrainedModel;
import org.quadrille.transformer.text.CharacterTokenizer;
import org.quadrille.transformer.train.ModelFile;

class GrowCommandTest {
  private static final String TEXT = "in the beginning god created the heaven and the earth. ";

  @TempDir private Path folder;

  private Path gpt() throws IOException {
    CharacterTokenizer tokenizer = CharacterTokenizer.of(TEXT);
    Transformer model =
        Transformer.random(Architecture.gpt(tokenizer.size(), 16, 16, 2, 2), DType.F32, 5);
    Path file = folder.resolve("small.safetensors");
    ModelFile.of(model, tokenizer, Map.of("data", "genesis")).write(file);
    return file;
  }

  private static JsonObject done(Object... arguments) throws IOException {
    CommandRun run = CommandRun.of(arguments);
    assertEquals(0, run.status(), run.err());
    return run.json();
  }

  private static List<Double> numbers(JsonObject json, String key) throws IOException {
    return IntStream.range(0, json.numbers(key).length)
        .mapToObj(
            i -> {
              try {
                return json.numbers(key)[i];
              } catch (org.quadrille.formats.FormatException e) {
                throw new java.io.UncheckedIOException(e);
              }
            })
        .toList();
  }

  /** A model of our own: grown, checked, opened and asked to write. */
  @Test
  void losslessGrowthOfATrainedModelKeepsItsFunction() throws IOException {
    Path out = folder.resolve("large.safetensors");
    JsonObject json =
        done(
            "grow",
            gpt(),
            "--width",
            "16:24",
            "--depth",
            "2:5",
            "--verify",
            "--json",
            "--out",
            out);
    assertEquals("quadrille", json.string("plan"));
    assertEquals("lossless", json.string("method"));
    assertTrue(json.bool("exact"), json.string("reason"));
    assertTrue(json.object("check").bool("same"));
    assertTrue(json.object("check").number("largestDifference") < 1e-4);
    assertEquals(0, json.array("loss").size());
    assertEquals(Files.size(out), json.integer("bytesOut"));
    assertTrue(json.number("seconds") > 0);
    ModelFile large = ModelFile.read(out);
    assertEquals(json.integer("parametersOut"), large.architecture().parameterCount());
    assertEquals(5, large.architecture().layers());
    assertEquals(3, large.architecture().heads());
    assertEquals("genesis", large.notes().get("data"));
    assertEquals(
        json.integer("parametersIn"),
        ModelFile.read(folder.resolve("small.safetensors")).architecture().parameterCount());
    assertTrue(Files.exists(folder.resolve("run.json")));
    CommandRun written = CommandRun.of("generate", out, "--tokens", 5, "--prompt", "god ");
    assertEquals(0, written.status(), written.err());
  }

  @Test
  void learningLowersTheLossAndTheOperatorIsKept() throws IOException {
    Path small = gpt();
    Path text = folder.resolve("text.txt");
    AtomicFile.writeText(text, TEXT.repeat(60));
    Path operator = folder.resolve("operator.safetensors");
    Path out = folder.resolve("learned.safetensors");
    JsonObject json =
        done(
            "grow",
            small,
            "--method",
            "ligo",
            "--width",
            24,
            "--depth",
            3,
            "--data",
            text,
            "--steps",
            20,
            "--batch",
            4,
            "--length",
            16,
            "--rate",
            0.02,
            "--save-operator",
            operator,
            "--json",
            "--out",
            out);
    assertEquals(20, json.array("loss").size());
    assertFalse(json.bool("exact"));
    List<Double> losses = numbers(json, "loss");
    assertTrue(losses.getLast() < losses.getFirst() - 0.05, losses::toString);
    // The saved operator makes the same bytes of weights, without sizes given again.
    Path again = folder.resolve("again.safetensors");
    done("grow", small, "--operator", operator, "--json", "--out", again);
    assertArrayEquals(Files.readAllBytes(out), Files.readAllBytes(again));
    // No steps: the start of the operator, and the same bits each time.
    Path none = folder.resolve("none.safetensors");
    Path plain = folder.resolve("plain.safetensors");
    done(
        "grow",
        small,
        "--method",
        "ligo",
        "--depth",
        3,
        "--data",
        text,
        "--steps",
        0,
        "--length",
        16,
        "--json",
        "--out",
        none);
    done("grow", small, "--method", "ligo", "--depth", 3, "--json", "--out", plain);
    assertArrayEquals(Files.readAllBytes(none), Files.readAllBytes(plain));
  }

  @Test
  void exactOperatorStaysExactOnAnotherCheckpoint() throws IOException {
    Path small = gpt();
    Path operator = folder.resolve("operator.safetensors");
    done(
        "grow",
        small,
        "--width",
        20,
        "--heads",
        3,
        "--hidden",
        70,
        "--save-operator",
        operator,
        "--json",
        "--out",
        folder.resolve("a.safetensors"));
    ModelFile file = ModelFile.read(small);
    Path other = folder.resolve("other.safetensors");
    ModelFile.of(Transformer.random(file.architecture(), DType.F32, 99), file.tokenizer(), Map.of())
        .write(other);
    JsonObject json =
        done(
            "grow",
            other,
            "--operator",
            operator,
            "--verify",
            "--json",
            "--out",
            folder.resolve("b.safetensors"));
    assertTrue(json.bool("exact"));
    assertTrue(json.object("check").bool("same"));
    assertEquals("operator", json.string("method"));
  }

  /** A sentence encoder in a folder: config and tokenizer go with it. */
  @Test
  void encoderIntoAFolder() throws IOException {
    Files.createDirectories(folder.resolve("small"));
    Path small = BertFixture.write(folder.resolve("small"), Head.NONE);
    Path out = folder.resolve("large");
    JsonObject json =
        done(
            "grow",
            small,
            "--method",
            "hypercloning",
            "--width",
            64,
            "--verify",
            "--json",
            "--out",
            out);
    assertTrue(json.bool("exact"));
    assertEquals("last hidden states", json.object("check").string("compared"));
    assertTrue(json.object("check").bool("same"));
    assertTrue(Files.exists(out.resolve("config.json")));
    assertEquals(
        Files.readString(folder.resolve("small/vocab.txt")),
        Files.readString(out.resolve("vocab.txt")));
    PretrainedModel large = PretrainedModel.read(out.resolve("model.safetensors"));
    assertEquals(8, large.architecture().heads());
    assertEquals(64, large.architecture().width());
    // The metadata alone tell the heads, too.
    Files.delete(out.resolve("config.json"));
    assertEquals(8, PretrainedModel.read(out.resolve("model.safetensors")).architecture().heads());
  }

  @Test
  void maskedWordsAndHiddenStatesAreLearnedFrom() throws IOException {
    for (Head head : new Head[] {Head.MASKED_WORDS, Head.NONE}) {
      Path place = Files.createDirectories(folder.resolve(head.name()));
      Path small = BertFixture.write(place, head);
      Path text = folder.resolve("text.txt");
      AtomicFile.writeText(text, TEXT.repeat(60));
      JsonObject json =
          done(
              "grow",
              small,
              "--method",
              "stack",
              "--depth",
              4,
              "--data",
              text,
              "--steps",
              15,
              "--batch",
              4,
              "--length",
              16,
              "--json",
              "--out",
              place.resolve("large.safetensors"));
      List<Double> losses = numbers(json, "loss");
      assertEquals(15, losses.size());
      double first = losses.subList(0, 3).stream().mapToDouble(x -> x).sum();
      double last = losses.subList(12, 15).stream().mapToDouble(x -> x).sum();
      assertTrue(last < first, head + " " + losses);
    }
  }

  @Test
  void everyMethodMakesAModelThatRuns() throws IOException {
    Path small = gpt();
    for (String method :
        List.of(
            "stack",
            "interpolate",
            "top-stack",
            "upscale",
            "net2net",
            "hypercloning",
            "aki",
            "direct",
            "zero",
            "lossless",
            "mixtures",
            "ligo")) {
      Path out = folder.resolve(method + ".safetensors");
      JsonObject json =
          done(
              "grow",
              small,
              "--method",
              method,
              "--width",
              24,
              "--depth",
              4,
              "--verify",
              "--json",
              "--out",
              out);
      boolean exact = List.of("lossless", "mixtures").contains(method);
      assertEquals(exact, json.bool("exact"), method);
      assertTrue(Double.isFinite(json.object("check").number("largestDifference")), method);
      assertEquals(4, ModelFile.read(out).architecture().layers());
    }
    CommandRun text =
        CommandRun.of("grow", small, "--depth", 3, "--out", folder.resolve("t.safetensors"));
    assertEquals(0, text.status(), text.err());
    assertTrue(text.out().contains("keeps the function"), text.out());
    assertTrue(text.out().contains("written"), text.out());
  }

  @Test
  void wrongUsageAndFailedJobs() throws IOException {
    Path small = gpt();
    assertUsage("no MODEL", "grow");
    assertUsage("growth cannot shrink", "grow", small, "--depth", 1);
    assertUsage("the model has 2", "grow", small, "--depth", "3:4");
    assertUsage("--width x: expected a number", "grow", small, "--width", "x");
    assertUsage("--method nothing", "grow", small, "--method", "nothing");
    assertUsage("--batch", "grow", small, "--batch", 0);
    assertUsage("--store", "grow", small, "--store", "i8");
    Path out = folder.resolve("out.safetensors");
    assertFails("no whole number", "grow", small, "--width", 20, "--out", out);
    assertFails("would overwrite", "grow", small, "--depth", 3, "--out", small);
    assertFails("no tensor", "grow", small, "--plan", "gpt2", "--depth", 3, "--out", out);
    assertFails(
        "expected an even number",
        "grow",
        small,
        "--method",
        "upscale",
        "--depth",
        3,
        "--out",
        out);
    assertFails("no model", "grow", folder.resolve("none.safetensors"), "--depth", 3);
    assertFails("no such file", "grow", small, "--plan", folder.resolve("p.json"), "--depth", 3);
    assertFails(
        "expected a saved growth operator", "grow", small, "--operator", small, "--out", out);
    AtomicFile.writeText(folder.resolve("plan.json"), "{\"plan\": \"p\", \"rule\": []}");
    assertFails(
        "unknown member \"rule\"",
        "grow",
        small,
        "--plan",
        folder.resolve("plan.json"),
        "--depth",
        3,
        "--out",
        out);
    assertFalse(Files.exists(out));
    // A NaN in the weights is named, and no file is left.
    Path sick = folder.resolve("sick.safetensors");
    SafetensorsWriter writer = new SafetensorsWriter();
    try (Checkpoint opened = Checkpoint.open(small)) {
      opened.metadata().forEach(writer::metadata);
      for (String name : opened.names()) {
        Tensor tensor = opened.read(name);
        if (name.equals("layers.1.feedforward.up.weight")) {
          tensor.set(Double.NaN, 3, 3);
        }
        writer.add(name, tensor);
      }
      writer.write(sick);
    }
    assertFails(
        "\"layers.1.feedforward.up.weight\" has a NaN", "grow", sick, "--depth", 3, "--out", out);
    assertFalse(Files.exists(out));
  }

  @Test
  void fitFindsTheLayersAgain() throws IOException {
    Path small = gpt();
    Path large = folder.resolve("large.safetensors");
    done("grow", small, "--method", "interpolate", "--depth", 4, "--json", "--out", large);
    JsonObject json = done("grow", "fit", small, large, "--json");
    int matrices = 0;
    for (Object each : json.array("kinds")) {
      JsonObject kind = (JsonObject) each;
      if (kind.bool("matrix")) {
        matrices++;
        assertArrayEquals(new long[] {0, 0, 1, 1}, kind.integers("argmax"));
        for (double residual : kind.numbers("residual")) {
          assertEquals(0, residual, 1e-6);
        }
      }
    }
    assertEquals(6, matrices);
    CommandRun text = CommandRun.of("grow", "fit", small, large);
    assertEquals(0, text.status(), text.err());
    assertTrue(text.out().contains("attention.query.weight"), text.out());
    assertFails(
        "a mixture of layers needs models of equal widths", "grow", "fit", small, wide(small));
  }

  private Path wide(Path small) throws IOException {
    Path wide = folder.resolve("wide.safetensors");
    done("grow", small, "--width", 24, "--json", "--out", wide);
    return wide;
  }

  private static void assertUsage(String part, Object... arguments) {
    CommandRun run = CommandRun.of(arguments);
    assertEquals(2, run.status(), run.err());
    assertTrue(
        run.err()
            .toLowerCase(java.util.Locale.ROOT)
            .contains(part.toLowerCase(java.util.Locale.ROOT)),
        run.err());
  }

  private static void assertFails(String part, Object... arguments) {
    CommandRun run = CommandRun.of(arguments);
    assertEquals(1, run.status(), run.out() + run.err());
    assertTrue(run.err().contains(part), run.err());
    assertEquals(1, run.err().strip().lines().count(), run.err());
  }
}
