package org.quadrille.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.quadrille.cli.train.TrainingJob;
import org.quadrille.cli.train.TrainingText;
import org.quadrille.formats.Json;
import org.quadrille.formats.JsonObject;
import org.quadrille.linalg.Tensors;
import org.quadrille.transformer.train.ModelFile;

/** {@code quadrille train} and {@code quadrille generate}, from text to text. */
class TrainCommandTest {
  @TempDir Path folder;

  private Path text() throws IOException {
    Path file = folder.resolve("text.txt");
    if (!Files.exists(file)) {
      Files.writeString(file, TrainingText.find("kjv").text().substring(0, 30_000));
    }
    return file;
  }

  private CommandRun train(String out, String... more) throws IOException {
    List<Object> arguments =
        new ArrayList<>(
            List.of(
                "train",
                "--data",
                text(),
                "--layers",
                1,
                "--width",
                16,
                "--heads",
                2,
                "--length",
                16,
                "--batch",
                4,
                "--evaluate-every",
                5,
                "--evaluation-windows",
                10,
                "--out",
                folder.resolve(out)));
    arguments.addAll(List.of(more));
    return CommandRun.of(arguments.toArray());
  }

  private static void assertDone(CommandRun run) {
    assertEquals(0, run.status(), run.err());
  }

  @Test
  void theShippedTextsAreWhole() throws IOException {
    assertEquals(
        "79d95157fa2c78b86715bd7e368cdb0b6ebee2567a0100b4c9eb9b48bba65020",
        TrainingText.find("kjv").sha256());
    assertEquals(
        "6d0ee5e28cd09774899f95875a7d6020e6f032eb7a9e70139ade4e0b9a7a9164",
        TrainingText.find("jargon").sha256());
  }

  @Test
  void trainsAndGenerates() throws Exception {
    CommandRun run = train("a", "--steps", "12", "--seed", "3", "--report", "--json");
    assertDone(run);
    JsonObject json = run.json();
    List<?> steps = json.array("steps");
    assertEquals(12, steps.size());
    JsonObject last = (JsonObject) steps.getLast();
    assertEquals(12, last.intValue("step"));
    assertEquals(3e-5, last.number("lr"), 1e-12);
    assertTrue(last.number("loss") < ((JsonObject) steps.getFirst()).number("loss"));
    assertTrue(json.number("tokensPerSecond") > 0);
    assertEquals(
        json.number("gflops"),
        json.number("flopsPerToken") * json.number("tokensPerSecond") * 1e-9,
        1e-9);
    assertTrue(json.integer("activationBytes") > 4 * 64 * 16);
    assertEquals(3, json.array("evaluations").size());

    Path out = folder.resolve("a");
    ModelFile model = ModelFile.read(out.resolve("model.safetensors"));
    assertEquals(json.integer("parameters"), model.parameters().elementCount());
    JsonObject record = Json.read(out.resolve("run.json"));
    assertEquals("train", record.string("command"));
    assertTrue(Files.readString(out.resolve("report.html")).contains("held-out"));
    String svg = Files.readString(out.resolve("loss.svg"));
    DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new ByteArrayInputStream(svg.getBytes(StandardCharsets.UTF_8)));
    assertTrue(svg.contains("held-out text"));

    CommandRun one = generate("--seed", "5", "--json");
    assertDone(one);
    String text = one.json().string("text");
    assertEquals(40, text.length());
    assertEquals(text, generate("--seed", "5", "--json").json().string("text"));
    assertNotEquals(text, generate("--seed", "6", "--json").json().string("text"));
    assertTrue(generate("--greedy").out().startsWith("in the "));
  }

  private CommandRun generate(String... more) {
    List<Object> arguments =
        new ArrayList<>(
            List.of(
                "generate",
                folder.resolve("a/model.safetensors"),
                "--prompt",
                "in the ",
                "--tokens",
                40));
    arguments.addAll(List.of(more));
    return CommandRun.of(arguments.toArray());
  }

  @Test
  void aStoppedRunGoesOnWithTheSameBits() throws IOException, InterruptedException {
    String[] command = {"--steps", "14", "--save-every", "1", "--dropout", "0.1", "--json"};
    // A copy of a checkpoint on the way: what a run leaves that is stopped there.
    Path checkpoint = folder.resolve("whole/checkpoint.safetensors");
    Path copy = Files.createDirectories(folder.resolve("again")).resolve("checkpoint.safetensors");
    Thread copier =
        Thread.ofPlatform()
            .start(
                () -> {
                  while (!Files.exists(copy)) {
                    try {
                      Files.copy(checkpoint, copy);
                    } catch (IOException e) {
                      Thread.onSpinWait();
                    }
                  }
                });
    assertDone(train("whole", command));
    copier.join();
    CommandRun rest = train("again", command);
    assertDone(rest);
    long resumedAt = rest.json().integer("resumedAt");
    assertTrue(resumedAt > 0 && resumedAt < 14, "went on at step " + resumedAt);
    assertEquals(14, rest.json().array("steps").size());
    Tensors whole = ModelFile.read(folder.resolve("whole/model.safetensors")).parameters();
    Tensors again = ModelFile.read(folder.resolve("again/model.safetensors")).parameters();
    for (String name : whole.names()) {
      assertArrayEquals(whole.get(name).floats(), again.get(name).floats(), name);
    }
    assertEquals(14, train("again", command).json().integer("resumedAt"));
    CommandRun other = train("again", "--steps", "15");
    assertEquals(1, other.status());
    assertTrue(other.err().contains("other settings"), other.err());
  }

  @Test
  void goesOnFromAModelAndMasksWords() throws IOException {
    assertDone(train("base", "--steps", "4", "--tokenizer", "bpe:300"));
    CommandRun tuned =
        train(
            "tuned",
            "--steps",
            "3",
            "--model",
            folder.resolve("base/model.safetensors").toString(),
            "--freeze",
            "embeddings",
            "--optimizer",
            "lion",
            "--rate",
            "1e-4",
            "--epochs");
    assertDone(tuned);
    Tensors before = ModelFile.read(folder.resolve("base/model.safetensors")).parameters();
    Tensors after = ModelFile.read(folder.resolve("tuned/model.safetensors")).parameters();
    String embedding = "embeddings.token.weight";
    assertArrayEquals(before.get(embedding).floats(), after.get(embedding).floats());
    assertFalse(
        java.util.Arrays.equals(
            before.get("final.norm.weight").floats(), after.get("final.norm.weight").floats()));
    assertDone(train("words", "--task", "mlm", "--steps", "3", "--precision", "f64"));
    ModelFile masked = ModelFile.read(folder.resolve("words/model.safetensors"));
    assertEquals(masked.tokenizer().size() + 1, masked.architecture().vocabulary());
    CommandRun run = CommandRun.of("generate", folder.resolve("words/model.safetensors"));
    assertEquals(1, run.status());
    assertTrue(run.err().contains("not causal"), run.err());
  }

  @Test
  void saysWhatIsWrong() throws IOException {
    assertEquals(1, CommandRun.of("train", "--data", folder.resolve("none.txt")).status());
    Files.write(folder.resolve("bad.txt"), new byte[] {(byte) 0xff, 1});
    CommandRun bad = CommandRun.of("train", "--data", folder.resolve("bad.txt"));
    assertEquals(1, bad.status());
    assertTrue(bad.err().contains("not UTF-8"), bad.err());
    assertEquals(2, train("x", "--batch", "0").status());
    assertEquals(2, train("x", "--freeze", "(").status());
    CommandRun diverged = train("x", "--rate", "1e30", "--clip", "Infinity", "--steps", "5");
    assertEquals(1, diverged.status());
    assertTrue(diverged.err().contains("diverged in step"), diverged.err());
    assertEquals(1, train("y", "--tokenizer", "bpe:few").status());
    CommandRun odd = CommandRun.of("train", "--width", 15, "--heads", 2, "--out", folder);
    assertEquals(1, odd.status());
    assertTrue(odd.err().contains("not a multiple of 2 heads"), odd.err());
    assertEquals(2, CommandRun.of("generate", "m", "--tokens", "-1").status());
    assertEquals(1, CommandRun.of("generate", folder.resolve("none")).status());
  }

  @Test
  void adaptersLeaveTheWeightsAloneAndAreMerged() throws Exception {
    assertDone(train("base", "--steps", "10"));
    Path start = folder.resolve("base").resolve(TrainingJob.MODEL);
    String[] adapted = {
      "--model", start.toString(), "--adapter", "lora", "--rank", "2", "--rate", "1e-2", "--json"
    };
    List<String> eight = new ArrayList<>(List.of(adapted));
    eight.addAll(List.of("--steps", "8"));
    CommandRun run = train("adapted", eight.toArray(String[]::new));
    assertDone(run);
    // (out + in) r over four square maps of 16 and two of 16 and 64.
    assertEquals(2 * (4 * 32 + 2 * 80), Json.parseObject(run.out()).integer("trainedParameters"));
    ModelFile before = ModelFile.read(start);
    ModelFile after = ModelFile.read(folder.resolve("adapted").resolve(TrainingJob.MODEL));
    assertEquals(before.parameters().names(), after.parameters().names());
    for (String name : before.parameters().names()) {
      boolean map = name.matches("layers.*(query|key|value|output|up|down).weight");
      assertEquals(
          !map,
          Arrays.equals(
              before.parameters().get(name).toDoubles(), after.parameters().get(name).toDoubles()),
          name);
    }
    assertEquals(
        2, train("none", "--steps", "1", "--adapter", "lora").status(), "no model to adapt");
  }

  @Test
  void adaptersGoOnFromTheirCheckpoint() throws Exception {
    assertDone(train("base", "--steps", "5"));
    String start = folder.resolve("base").resolve(TrainingJob.MODEL).toString();
    String[] options = {
      "--model",
      start,
      "--adapter",
      "dora",
      "--rank",
      "2",
      "--adapter-dropout",
      "0.1",
      "--steps",
      "6",
      "--save-every",
      "3"
    };
    assertDone(train("whole", options));
    assertDone(train("again", options));
    // The last checkpoint is complete: the same command writes the same model from it.
    Path model = folder.resolve("again").resolve(TrainingJob.MODEL);
    Files.delete(model);
    assertDone(train("again", options));
    assertEquals(-1, Files.mismatch(folder.resolve("whole").resolve(TrainingJob.MODEL), model));
  }
}
