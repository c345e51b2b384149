package org.quadrille.transformer.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.quadrille.formats.FormatException;
import org.quadrille.kernels.cpu.WorkerPool;
import org.quadrille.linalg.DType;
import org.quadrille.linalg.Tensor;
import org.quadrille.linalg.Tensors;
import org.quadrille.optim.Objective;
import org.quadrille.optim.StepObjective;
import org.quadrille.transformer.Architecture;
import org.quadrille.transformer.Transformer;

/** The loop learns, stops, resumes, and says when it diverged. */
class TrainerTest {

  private static void assertSame(Tensors expected, Tensors actual) {
    assertEquals(expected.names(), actual.names());
    for (String name : expected.names()) {
      assertArrayEquals(expected.get(name).toDoubles(), actual.get(name).toDoubles(), name);
    }
  }

  @Test
  void learnsToPredictText() throws IOException {
    Transformer model = TinyRun.gpt(DType.F32);
    TextTask task = TinyRun.nextToken(model);
    double before = task.evaluate(20);
    assertEquals(Math.log(38), before, 0.1);
    Trainer trainer =
        new Trainer(model.parameters(), task, TinyRun.adam(1e-2), TinyRun.plan(150).every(50, 0))
            .evaluating(() -> task.evaluate(20));
    TrainingHistory history = trainer.run();
    assertEquals(150, history.steps());
    assertEquals(3, history.evaluations());
    assertEquals(100, history.evaluationStep(1));
    assertEquals(task.evaluate(20), history.evaluationLoss(2));
    assertTrue(history.evaluationLoss(2) < before - 0.6, "loss " + history.evaluationLoss(2));
  }

  @Test
  void learnsMaskedWords() throws IOException {
    Transformer model = TinyRun.bert(DType.F32);
    TextTask task = TinyRun.maskedWords(model);
    double before = task.evaluate(20);
    new Trainer(model.parameters(), task, TinyRun.adam(1e-2), TinyRun.plan(120)).run();
    assertTrue(task.evaluate(20) < before - 0.5, task.evaluate(20) + " after " + before);
  }

  @Test
  void aStoppedRunGoesOnWithTheSameBits(@TempDir Path folder) throws IOException {
    for (DType dtype : DType.values()) {
      Transformer unbroken = TinyRun.gpt(dtype);
      TrainingHistory all =
          new Trainer(
                  unbroken.parameters(),
                  TinyRun.nextToken(unbroken).withDropout(0.1),
                  TinyRun.adam(1e-2),
                  TinyRun.plan(12))
              .run();

      Path file = folder.resolve(dtype + ".safetensors");
      Transformer half = TinyRun.gpt(dtype);
      Trainer stopped =
          new Trainer(
              half.parameters(),
              TinyRun.nextToken(half).withDropout(0.1),
              TinyRun.adam(1e-2),
              TinyRun.plan(12));
      ModelFile model = ModelFile.of(half, TinyRun.tokenizer(), Map.of("data", "abc"));
      TrainingHistory part =
          stopped
              .telling(
                  history -> {
                    if (history.steps() == 5) {
                      stopped.stop();
                    }
                  })
              .saving(state -> model.withState(state).write(file))
              .run();
      assertEquals(5, part.steps());

      ModelFile read = ModelFile.read(file);
      assertEquals("abc", read.notes().get("data"));
      assertEquals(5, read.state().step());
      Transformer other = TinyRun.gpt(dtype);
      other.parameters().forEach((name, tensor) -> tensor.fill(0.5));
      TrainingHistory rest =
          WorkerPool.of(3)
              .call(
                  () -> {
                    try {
                      return new Trainer(
                              other.parameters(),
                              TinyRun.nextToken(other).withDropout(0.1),
                              TinyRun.adam(1e-2),
                              TinyRun.plan(12))
                          .resuming(read.state())
                          .run();
                    } catch (IOException e) {
                      throw new java.io.UncheckedIOException(e);
                    }
                  });
      assertSame(unbroken.parameters(), other.parameters());
      assertEquals(12, rest.steps());
      for (int step = 0; step < 12; step++) {
        assertEquals(all.loss(step), rest.loss(step));
        assertEquals(all.gradientNorm(step), rest.gradientNorm(step));
        assertEquals(all.rateFactor(step), rest.rateFactor(step));
      }
    }
  }

  @Test
  void frozenTensorsStay() throws IOException {
    Transformer model = TinyRun.gpt(DType.F32);
    Tensors before = model.parameters().copy();
    new Trainer(model.parameters(), TinyRun.nextToken(model), TinyRun.adam(1e-2), TinyRun.plan(3))
        .freezing(name -> name.startsWith("embeddings") || name.contains("norm"))
        .run();
    for (String name : before.names()) {
      boolean frozen = name.startsWith("embeddings") || name.contains("norm");
      assertEquals(
          frozen,
          java.util.Arrays.equals(before.get(name).floats(), model.parameters().get(name).floats()),
          name);
    }
    Trainer nothing =
        new Trainer(
                model.parameters(), TinyRun.nextToken(model), TinyRun.adam(1e-2), TinyRun.plan(3))
            .freezing(name -> true);
    assertThrows(IllegalArgumentException.class, nothing::run);
  }

  @Test
  void divergenceNamesStepRateAndCheckpoint() {
    Tensors parameters = Tensors.of("w", Tensor.of(new double[] {1}, 1));
    Objective good =
        new Objective() {
          @Override
          public double loss(Tensors p) {
            return p.get("w").get(0);
          }

          @Override
          public double lossAndGradient(Tensors p, Tensors gradients) {
            gradients.get("w").fill(1);
            return loss(p);
          }
        };
    Objective badLoss =
        new Objective() {
          @Override
          public double loss(Tensors p) {
            return Double.NaN;
          }

          @Override
          public double lossAndGradient(Tensors p, Tensors gradients) {
            return Double.NaN;
          }
        };
    Objective badGradient =
        new Objective() {
          @Override
          public double loss(Tensors p) {
            return 0;
          }

          @Override
          public double lossAndGradient(Tensors p, Tensors gradients) {
            gradients.get("w").fill(Double.POSITIVE_INFINITY);
            return 0;
          }
        };
    for (Objective bad : List.of(badLoss, badGradient)) {
      StepObjective data = step -> step == 7 ? bad : good;
      List<Long> saved = new ArrayList<>();
      Trainer trainer =
          new Trainer(parameters, data, TinyRun.adam(1e-3), TrainingPlan.of(10).every(0, 3))
              .saving(state -> saved.add(state.step()));
      DivergedException error = assertThrows(DivergedException.class, trainer::run);
      assertEquals(7, error.step());
      assertEquals(6, error.savedStep());
      assertEquals(1, error.rateFactor());
      assertEquals(List.of(3L, 6L), saved);
      assertTrue(parameters.get("w").isFinite());
      assertTrue(error.getMessage().contains("step 7"), error.getMessage());
    }
  }

  @Test
  void evaluationDoesNotDependOnTheSizeOfBatches() throws IOException {
    Transformer model = TinyRun.gpt(DType.F64);
    double one = TextTask.nextToken(model, TinyRun.data(), 1, TinyRun.LENGTH, 1).evaluate(11);
    double four = TextTask.nextToken(model, TinyRun.data(), 4, TinyRun.LENGTH, 2).evaluate(11);
    assertEquals(one, four, 1e-13);
    Transformer bert = TinyRun.bert(DType.F64);
    assertEquals(
        TinyRun.maskedWords(bert).evaluate(11), TinyRun.maskedWords(bert).inEpochs().evaluate(11));
  }

  @Test
  void filesKeepArchitectureAndRefuseOthers(@TempDir Path folder) throws IOException {
    for (Architecture architecture :
        List.of(
            Architecture.gpt(10, 8, 8, 2, 1),
            Architecture.bert(10, 8, 8, 2, 1).withClassifier(3, true),
            Architecture.llama(10, 8, 8, 4, 2, 1, 12),
            Architecture.vit(4, 6, 3, 8, 2, 1))) {
      assertEquals(architecture, ArchitectureJson.read(ArchitectureJson.write(architecture)));
    }
    assertThrows(
        FormatException.class,
        () ->
            ArchitectureJson.read(
                ArchitectureJson.write(Architecture.gpt(10, 8, 8, 2, 1)).put("heads", 0L)));
    assertThrows(
        FormatException.class,
        () ->
            ArchitectureJson.read(
                ArchitectureJson.write(Architecture.gpt(10, 8, 8, 2, 1)).put("head", "NO")));
    Path file = folder.resolve("plain.safetensors");
    new org.quadrille.formats.SafetensorsWriter()
        .add("w", Tensor.zeros(DType.F32, 2, 2))
        .write(file);
    assertThrows(FormatException.class, () -> ModelFile.read(file));
    Transformer model = TinyRun.gpt(DType.F32);
    assertThrows(
        IllegalArgumentException.class,
        () ->
            ModelFile.of(model, TinyRun.tokenizer(), Map.of("quadrille.step", "1"))
                .write(folder.resolve("x.safetensors")));
    assertFalse(Files.exists(folder.resolve("x.safetensors")));
  }

  @Test
  void refusesWhatDoesNotFit() throws IOException {
    assertThrows(IllegalArgumentException.class, () -> TrainingPlan.of(-1));
    assertThrows(IllegalArgumentException.class, () -> TrainingPlan.of(1).withClipping(0));
    Transformer gpt = TinyRun.gpt(DType.F32);
    Transformer bert = TinyRun.bert(DType.F32);
    assertThrows(IllegalArgumentException.class, () -> TinyRun.nextToken(bert));
    assertThrows(
        IllegalArgumentException.class,
        () -> TextTask.nextToken(gpt, TinyRun.data(), 2, TinyRun.LENGTH + 1, 1));
    Trainer trainer =
        new Trainer(gpt.parameters(), TinyRun.nextToken(gpt), TinyRun.adam(1), TinyRun.plan(3));
    assertThrows(
        IllegalArgumentException.class,
        () ->
            trainer.resuming(
                new TrainingState(4, gpt.parameters(), Tensors.empty(), new TrainingHistory())));
    assertThrows(
        IllegalArgumentException.class,
        () ->
            trainer.resuming(
                new TrainingState(1, bert.parameters(), Tensors.empty(), new TrainingHistory())));
  }
}
