package org.quadrille.cli.compress;

import java.io.IOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.quadrille.cli.console.CommandFailure;
import org.quadrille.cli.console.Console;
import org.quadrille.cli.console.Digest;
import org.quadrille.cli.console.Machine;
import org.quadrille.cli.console.Units;
import org.quadrille.formats.Checkpoint;
import org.quadrille.kernels.cpu.KernelProvider;
import org.quadrille.kernels.cpu.WorkerPool;
import org.quadrille.quant.FisherFile;
import org.quadrille.quant.allocation.AllocationOption;
import org.quadrille.quant.allocation.CostCache;

/**
 * Compresses a model from file to file: select, plan, decompose, write, read back, check.
 *
 * <p>The output depends on the input, the settings and the plan only: neither on threads and
 * backend nor on interruptions.
 */
public final class CompressionJob {
  /** All names but those of poolers and output heads, which are small and sensitive. */
  private static final String EXCEPT_HEADS =
      "^(?!.*(pooler|classifier|lm_head|predictions|(^|[./_])(cls|head)[./])).*";

  private final String model;
  private final Path input;
  private final String inputDigest;
  private final Path output;
  private final CompressionSettings settings;
  private final BitPlan bitPlan;
  private final Path costFolder;

  /**
   * A job, not started.
   *
   * @param model what the user called the model
   * @param input file or folder to read
   * @param inputDigest SHA-256 of the input
   * @param output safetensors file to write
   * @param settings what to do
   * @param bitPlan how to choose configurations
   * @param costFolder where to keep measured costs for later jobs; null to drop them at the end
   */
  public CompressionJob(
      String model,
      Path input,
      String inputDigest,
      Path output,
      CompressionSettings settings,
      BitPlan bitPlan,
      Path costFolder) {
    this.model = model;
    this.input = input;
    this.inputDigest = inputDigest;
    this.output = output;
    this.settings = settings;
    this.bitPlan = bitPlan;
    this.costFolder = costFolder;
  }

  /**
   * Does everything.
   *
   * @param partialFolder where finished matrices are kept until the file is in place
   * @throws CommandFailure if the model has no weights to compress or the check fails
   * @throws IOException if a file cannot be read or written
   */
  public CompressionResult run(Path partialFolder, Console console) throws IOException {
    long start = System.nanoTime();
    try (Checkpoint checkpoint = Checkpoint.open(input);
        FisherFile fisher = fisherFile()) {
      List<String> names = select(checkpoint);
      CheckpointWeights weights = new CheckpointWeights(checkpoint, names, fisher);
      announce(console, names.size(), weights.totalWeights());
      PartialResults partial = partialResults(partialFolder);
      Map<String, AllocationOption> plan = plan(weights, partial, console);
      double planSeconds = seconds(start);

      long decomposeStart = System.nanoTime();
      AtomicInteger resumed = new AtomicInteger();
      WorkSampler sampler = new WorkSampler();
      List<MatrixOutcome> outcomes;
      try (sampler) {
        outcomes = new Decomposer(weights, settings, partial, console).run(plan, resumed);
      }
      double decomposeSeconds = seconds(decomposeStart);

      long writeStart = System.nanoTime();
      CompressedFile file = new CompressedFile(output);
      file.write(checkpoint, names, partial, settings.fingerprint());
      double writeSeconds = seconds(writeStart);

      long verifyStart = System.nanoTime();
      List<MatrixOutcome> verified = file.verify(checkpoint, outcomes);
      double verifySeconds = seconds(verifyStart);
      partial.delete();
      return new CompressionResult(
          model,
          input,
          output,
          settings,
          verified,
          checkpoint.names().size() - names.size(),
          bytesOfOthers(checkpoint, names),
          size(input),
          Files.size(output),
          resumed.get(),
          new CompressionResult.Times(
              planSeconds,
              decomposeSeconds,
              writeSeconds,
              verifySeconds,
              seconds(start),
              sampler.toJson(),
              sampler.productShare(),
              sampler.quantizationShare()),
          Optional.empty());
    }
  }

  /** Null, which the caller need not close, where all weights count the same. */
  private FisherFile fisherFile() throws IOException {
    return settings.fisher() == null ? null : FisherFile.open(settings.fisher().path());
  }

  private List<String> select(Checkpoint checkpoint) {
    return select(checkpoint, settings.include(), settings.exclude());
  }

  /**
   * The linear weights of a model to compress.
   *
   * @param includeRegex names to take; null for all but those of poolers and output heads
   * @param excludeRegex names to leave out; null for none
   * @throws CommandFailure if none is left
   */
  public static List<String> select(
      Checkpoint checkpoint, String includeRegex, String excludeRegex) {
    Pattern include = Pattern.compile(includeRegex == null ? EXCEPT_HEADS : includeRegex);
    Pattern exclude = excludeRegex == null ? null : Pattern.compile(excludeRegex);
    List<String> linear = checkpoint.matrixNames();
    List<String> names =
        linear.stream()
            .filter(name -> include.matcher(name).find())
            .filter(name -> exclude == null || !exclude.matcher(name).find())
            .toList();
    if (names.isEmpty()) {
      throw new CommandFailure(
          checkpoint.path()
              + " has "
              + linear.size()
              + " linear weights among "
              + checkpoint.names().size()
              + " tensors, and none is left to compress; check --include and --exclude");
    }
    return names;
  }

  private void announce(Console console, int matrices, long weights) {
    console.print(
        "Compressing "
            + model
            + ": "
            + matrices
            + " matrices, "
            + Units.count(weights)
            + " weights, to "
            + (settings.config() == null ? settings.bits() + " bits" : settings.config())
            + (settings.jointRank() ? ", factors included," : "")
            + (settings.rank() > 0 ? " plus rank " + settings.rank() : "")
            + (settings.fisher() == null ? "" : ", weighted by " + settings.fisher().path())
            + " ("
            + KernelProvider.active().name()
            + " backend, "
            + WorkerPool.shared().threads()
            + " threads)");
    console.print("");
  }

  /** What runs of this very job have finished: the key is everything that decides the bits. */
  PartialResults partialResults(Path folder) {
    String key =
        new Digest()
            .add(Machine.version() + "\n" + inputDigest + "\n" + settings.fingerprint())
            .hex();
    return new PartialResults(folder, key);
  }

  private Map<String, AllocationOption> plan(
      CheckpointWeights weights, PartialResults partial, Console console) throws IOException {
    Optional<Map<String, AllocationOption>> saved = partial.loadPlan(weights.names());
    if (saved.isPresent()) {
      return saved.get();
    }
    Path folder = costFolder == null ? partial.costFolder() : costFolder;
    CostCache cache = new CostCache(folder, costKey());
    Map<String, AllocationOption> plan = bitPlan.choose(weights, cache, console);
    partial.savePlan(plan);
    return plan;
  }

  /** What decides measured costs beside the measurement itself. */
  private String costKey() {
    String weighting = settings.fisher() == null ? "" : " " + settings.fisher().digest();
    return Machine.version() + " " + inputDigest + weighting;
  }

  /** Size of the tensors that are passed through. */
  private static long bytesOfOthers(Checkpoint checkpoint, List<String> names) {
    Set<String> compressed = Set.copyOf(names);
    return checkpoint.names().stream()
        .filter(name -> !compressed.contains(name))
        .mapToLong(name -> checkpoint.info(name).byteCount())
        .sum();
  }

  private static long size(Path path) throws IOException {
    try (Stream<Path> walk = Files.walk(path, FileVisitOption.FOLLOW_LINKS)) {
      long bytes = 0;
      for (Path file : walk.filter(Files::isRegularFile).toList()) {
        bytes += Files.size(file);
      }
      return bytes;
    }
  }

  private static double seconds(long start) {
    return (System.nanoTime() - start) * 1e-9;
  }
}
