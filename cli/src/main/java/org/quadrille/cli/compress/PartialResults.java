package org.quadrille.cli.compress;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.quadrille.cli.console.Digest;
import org.quadrille.formats.AtomicFile;
import org.quadrille.formats.Json;
import org.quadrille.formats.JsonObject;
import org.quadrille.linalg.LowRank;
import org.quadrille.quant.LqOptions;
import org.quadrille.quant.LqResult;
import org.quadrille.quant.QuantizationConfig;
import org.quadrille.quant.QuantizedCheckpoint;
import org.quadrille.quant.QuantizedCheckpointWriter;
import org.quadrille.quant.QuantizedFactors;
import org.quadrille.quant.QuantizedMatrix;
import org.quadrille.quant.allocation.AllocationOption;

/**
 * Finished matrices of a job that is not finished: one file each, under a folder whose name is the
 * digest of everything that decides their bits. A job with another input or other settings finds
 * nothing here.
 *
 * <p>A file appears only when it is complete; one that cannot be read counts as missing.
 */
final class PartialResults {
  private static final String FIGURES = "figures";
  private static final String PLAN = "plan.json";

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

  /** The result for a weight, if an earlier run finished it with these options. */
  Optional<MatrixOutcome> load(String name, LqOptions options) {
    Path file = file(name);
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    try (QuantizedCheckpoint saved = QuantizedCheckpoint.open(file)) {
      JsonObject figures = Json.parseObject(saved.file().metadata().get(FIGURES));
      return key(options).equals(figures.string("config"))
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
        quantized.rows(),
        quantized.cols(),
        quantized.config(),
        quantized.storageBits(),
        lowRank.rank(),
        saved
            .quantizedFactors(name)
            .map(QuantizedFactors::storageBits)
            .orElseGet(lowRank::storageBits),
        new MatrixOutcome.Figures(
            figures.number("norm"),
            figures.number("error"),
            figures.number("weightedError"),
            figures.number("weightedNorm"),
            figures.number("plainError"),
            Arrays.stream(figures.numbers("objective")).boxed().toList(),
            figures.intValue("keptIteration"),
            figures.string("stopRule"),
            figures.number("seconds"),
            digest));
  }

  /** What a result must have been made with to be used again. */
  private static String key(LqOptions options) {
    return options.quantizer().name() + " r" + options.rank();
  }

  /** Keeps a result: its figures and its parts. */
  void save(MatrixOutcome outcome, LqOptions options, LqResult result) throws IOException {
    MatrixOutcome.Figures figures = outcome.figures();
    JsonObject json =
        new JsonObject()
            .put("config", key(options))
            .put("norm", figures.norm())
            .put("error", figures.error())
            .put("weightedError", figures.weightedError())
            .put("weightedNorm", figures.weightedNorm())
            .put("plainError", figures.plainError())
            .put("objective", figures.objective())
            .put("keptIteration", figures.keptIteration())
            .put("stopRule", figures.stopRule())
            .put("seconds", figures.seconds())
            .put("digest", figures.digest());
    QuantizedCheckpointWriter writer =
        new QuantizedCheckpointWriter().metadata(FIGURES, Json.write(json));
    String name = outcome.name();
    if (result.quantizedFactors().isPresent()) {
      QuantizedFactors factors = result.quantizedFactors().get();
      writer.add(name, result.quantized(), factors, Optional.empty());
    } else {
      writer.add(name, result.quantized(), Optional.of(result.lowRank()), Optional.empty());
    }
    writer.write(file(name));
  }

  /**
   * The parts of a finished weight, to be closed by the caller.
   *
   * @throws IOException if they cannot be read
   */
  QuantizedCheckpoint open(String name) throws IOException {
    return QuantizedCheckpoint.open(file(name));
  }

  /** The plan of an earlier run for these weights, if it was kept. */
  Optional<Map<String, AllocationOption>> loadPlan(List<String> names) {
    try {
      JsonObject json = Json.read(folder.resolve(PLAN));
      Map<String, AllocationOption> plan = new LinkedHashMap<>();
      for (String name : names) {
        JsonObject option = json.object(name);
        plan.put(
            name,
            new AllocationOption(
                QuantizationConfig.parse(option.string("config")),
                option.intValue("rank"),
                option.bool("paysForRank")));
      }
      return Optional.of(plan);
    } catch (IOException | IllegalArgumentException e) {
      // Missing or unreadable: planning again is the cure.
      return Optional.empty();
    }
  }

  /** Keeps the plan. */
  void savePlan(Map<String, AllocationOption> plan) throws IOException {
    JsonObject json = new JsonObject();
    plan.forEach(
        (name, option) ->
            json.put(
                name,
                new JsonObject()
                    .put("config", option.config().toString())
                    .put("rank", option.rank())
                    .put("paysForRank", option.paysForRank())));
    AtomicFile.writeText(folder.resolve(PLAN), Json.writeIndented(json));
  }

  /** Where measured costs are kept unless the user named another folder. */
  Path costFolder() {
    return parent.resolve("costs");
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
