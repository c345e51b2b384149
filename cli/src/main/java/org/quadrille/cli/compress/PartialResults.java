package org.quadrille.cli.compress;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.quadrille.cli.console.Digest;
import org.quadrille.formats.AtomicFile;
import org.quadrille.formats.Json;
import org.quadrille.formats.JsonObject;
import org.quadrille.linalg.LowRank;
import org.quadrille.quant.QuantizationConfig;
import org.quadrille.quant.QuantizedCheckpoint;
import org.quadrille.quant.QuantizedCheckpointWriter;
import org.quadrille.quant.QuantizedMatrix;

/**
 * Finished matrices of a job that is not finished: one file each, under a folder whose name is the
 * digest of everything that decides their bits. A job with another input or other settings finds
 * nothing here.
 *
 * <p>A file appears only when it is complete; one that cannot be read counts as missing.
 */
final class PartialResults {
  private static final String FIGURES = "figures";

  private final Path parent;
  private final Path folder;

  /**
   * Results below a folder.
   *
   * @param parent folder for the results of all keys
   * @param key digest of input, settings and program version
   */
  PartialResults(Path parent, String key) {
    this.parent = parent;
    this.folder = parent.resolve(key.substring(0, 24));
  }

  /** The result for a weight, if an earlier run finished it with this configuration. */
  Optional<MatrixOutcome> load(String name, QuantizationConfig config) {
    Path file = file(name);
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    try (QuantizedCheckpoint saved = QuantizedCheckpoint.open(file)) {
      JsonObject figures = Json.parseObject(saved.file().metadata().get(FIGURES));
      return config.toString().equals(figures.string("config"))
          ? Optional.of(outcome(name, saved, figures))
          : Optional.empty();
    } catch (IOException | RuntimeException e) {
      // Whatever is wrong with the file, decomposing again is the cure.
      return Optional.empty();
    }
  }

  private static MatrixOutcome outcome(String name, QuantizedCheckpoint saved, JsonObject figures)
      throws IOException {
    QuantizedMatrix quantized = saved.quantized(name);
    LowRank lowRank = saved.lowRank(name);
    String digest = figures.string("digest");
    if (!digest.equals(MatrixOutcome.digest(quantized.dequantize(), lowRank))) {
      throw new IOException(name + ": the digest differs");
    }
    return new MatrixOutcome(
        name,
        quantized,
        lowRank,
        new MatrixOutcome.Figures(
            figures.number("norm"),
            figures.number("error"),
            figures.number("plainError"),
            Arrays.stream(figures.numbers("objective")).boxed().toList(),
            figures.intValue("keptIteration"),
            figures.string("stopRule"),
            figures.number("seconds"),
            digest));
  }

  /** Keeps a result. */
  void save(MatrixOutcome outcome) throws IOException {
    MatrixOutcome.Figures figures = outcome.figures();
    JsonObject json =
        new JsonObject()
            .put("config", outcome.config().toString())
            .put("norm", figures.norm())
            .put("error", figures.error())
            .put("plainError", figures.plainError())
            .put("objective", figures.objective())
            .put("keptIteration", figures.keptIteration())
            .put("stopRule", figures.stopRule())
            .put("seconds", figures.seconds())
            .put("digest", figures.digest());
    new QuantizedCheckpointWriter()
        .metadata(FIGURES, Json.write(json))
        .add(outcome.name(), outcome.quantized(), Optional.of(outcome.lowRank()), Optional.empty())
        .write(file(outcome.name()));
  }

  /** The plan of an earlier run, if it was kept. */
  Optional<JsonObject> loadPlan() {
    try {
      return Optional.of(Json.read(folder.resolve("plan.json")));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** Keeps the plan. */
  void savePlan(JsonObject plan) throws IOException {
    AtomicFile.writeText(folder.resolve("plan.json"), Json.writeIndented(plan));
  }

  /** Deletes the results of all keys; called when the finished file is in place. */
  void delete() throws IOException {
    if (!Files.exists(parent)) {
      return;
    }
    List<Path> paths;
    try (Stream<Path> walk = Files.walk(parent)) {
      paths = walk.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path path : paths) {
      Files.delete(path);
    }
  }

  private Path file(String name) {
    return folder.resolve(new Digest().add(name).hex().substring(0, 24) + ".safetensors");
  }
}
