package org.quadrille.cli.compress;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.quadrille.cli.ModelFixture;
import org.quadrille.cli.console.Console;
import org.quadrille.cli.console.Digest;
import org.quadrille.formats.Checkpoint;
import org.quadrille.quant.QuantizationConfig;
import org.quadrille.quant.allocation.AllocationOption;

class ResumeTest {
  private static final QuantizationConfig CONFIG = QuantizationConfig.parse("nf2/16/fp8/16");

  @TempDir private Path folder;

  private final Console console =
      new Console(
          new PrintWriter(Writer.nullWriter()), new PrintWriter(Writer.nullWriter()), false, 0);

  private Path model;

  @BeforeEach
  void writeModel() throws IOException {
    model = ModelFixture.write(folder.resolve("model.safetensors"));
  }

  private CompressionJob job(Path output, int rank) throws IOException {
    CompressionSettings settings =
        new CompressionSettings(Double.NaN, CONFIG, rank, false, 20, null, null, 1, null, null);
    return new CompressionJob(
        "model", model, Digest.of(model), output, settings, BitPlan.uniform(CONFIG, rank), null);
  }

  /** Does what a run that was stopped after some matrices has done. */
  private void runPartly(CompressionJob job, int rank, Path partial, List<String> names)
      throws IOException {
    Map<String, AllocationOption> plan = new LinkedHashMap<>();
    names.forEach(name -> plan.put(name, new AllocationOption(CONFIG, rank, false)));
    CompressionSettings settings =
        new CompressionSettings(Double.NaN, CONFIG, rank, false, 20, null, null, 1, null, null);
    try (Checkpoint checkpoint = Checkpoint.open(model)) {
      new Decomposer(
              new CheckpointWeights(checkpoint, names, null),
              settings,
              job.partialResults(partial),
              console)
          .run(plan, new AtomicInteger());
    }
  }

  @Test
  void resumedRunHasTheBytesOfAnUnbrokenOne() throws IOException {
    Path unbroken = folder.resolve("unbroken.safetensors");
    Path resumed = folder.resolve("resumed.safetensors");
    assertEquals(0, job(unbroken, 2).run(folder.resolve("p1"), console).resumed());
    Path partial = folder.resolve("p2");
    CompressionJob job = job(resumed, 2);
    runPartly(job, 2, partial, ModelFixture.WEIGHTS.subList(1, 3));
    CompressionResult result = job.run(partial, console);
    assertEquals(2, result.resumed());
    assertArrayEquals(Files.readAllBytes(unbroken), Files.readAllBytes(resumed));
    assertTrue(Files.notExists(partial), "finished work is cleared away");
  }

  @Test
  void resultsOfOtherSettingsAreNotUsed() throws IOException {
    Path partial = folder.resolve("p");
    runPartly(job(folder.resolve("a.safetensors"), 2), 2, partial, ModelFixture.WEIGHTS);
    CompressionResult result = job(folder.resolve("b.safetensors"), 3).run(partial, console);
    assertEquals(0, result.resumed());
  }

  @Test
  void damagedResultIsComputedAgain() throws IOException {
    Path unbroken = folder.resolve("unbroken.safetensors");
    job(unbroken, 2).run(folder.resolve("p1"), console);
    Path partial = folder.resolve("p2");
    Path output = folder.resolve("resumed.safetensors");
    CompressionJob job = job(output, 2);
    runPartly(job, 2, partial, ModelFixture.WEIGHTS);
    try (Stream<Path> files = Files.walk(partial)) {
      List<Path> saved = files.filter(file -> file.toString().endsWith(".safetensors")).toList();
      byte[] bytes = Files.readAllBytes(saved.getFirst());
      bytes[bytes.length - 1] ^= 1;
      Files.write(saved.getFirst(), bytes);
      Files.write(saved.get(1), new byte[] {1, 2, 3});
    }
    assertEquals(2, job.run(partial, console).resumed());
    assertArrayEquals(Files.readAllBytes(unbroken), Files.readAllBytes(output));
  }

  @Test
  void rankZeroIsResumedToo() throws IOException {
    Path partial = folder.resolve("p");
    CompressionJob job = job(folder.resolve("a.safetensors"), 0);
    runPartly(job, 0, partial, ModelFixture.WEIGHTS);
    assertEquals(4, job.run(partial, console).resumed());
  }
}
