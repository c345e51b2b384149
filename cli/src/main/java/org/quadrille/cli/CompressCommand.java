package org.quadrille.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.quadrille.cli.check.FisherEstimate;
import org.quadrille.cli.check.ModelCheck;
import org.quadrille.cli.compress.BitPlan;
import org.quadrille.cli.compress.CompressionJob;
import org.quadrille.cli.compress.CompressionReport;
import org.quadrille.cli.compress.CompressionResult;
import org.quadrille.cli.compress.CompressionSettings;
import org.quadrille.cli.compress.CompressionSummary;
import org.quadrille.cli.compress.FisherSource;
import org.quadrille.cli.console.CommandFailure;
import org.quadrille.cli.console.Console;
import org.quadrille.cli.console.Digest;
import org.quadrille.cli.console.Machine;
import org.quadrille.cli.console.Progress;
import org.quadrille.cli.console.RunRecord;
import org.quadrille.cli.input.ModelStore;
import org.quadrille.quant.QuantizationConfig;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code quadrille compress}: every weight matrix of a model to quantized plus low-rank. */
@Command(
    name = "compress",
    description =
        "Decompose every weight matrix of a model into a quantized and a low-rank part, write the"
            + " result, read it back and check it.",
    footer = {
      "",
      "Examples:",
      "  quadrille compress minilm --bits 3 --rank 8 --report",
      "  quadrille compress minilm --bits 3 --rank 8 --fisher auto",
      "  quadrille compress model.safetensors --config nf4/64/fp8/256 --out small.safetensors",
      "",
      "A stopped job goes on where it was when the same command is given again."
    })
final class CompressCommand extends QuadrilleCommand {
  private enum Method {
    nf,
    lq
  }

  @Parameters(
      index = "0",
      paramLabel = "MODEL",
      description =
          "A .safetensors or .onnx file, a TensorFlow bundle folder, a folder of .npy, or one of"
              + " minilm, e5-small, bge-small, bert-base.")
  private String model;

  @Option(
      names = "--bits",
      paramLabel = "B",
      description =
          "Average bits per weight of the quantized parts, scales included; each matrix gets the"
              + " configuration that serves the whole best.")
  private Double bits;

  @Option(
      names = "--config",
      paramLabel = "CFG",
      converter = ConfigOption.class,
      description = "The same configuration for every matrix, for example nf3/64/fp8/256.")
  private QuantizationConfig config;

  @Option(
      names = "--rank",
      paramLabel = "R",
      description = "Rank of the low-rank parts (default: 0, or 8 with --method lq).")
  private Integer rank;

  @Option(
      names = "--joint-rank",
      description =
          "With --bits: choose the rank of each matrix (0, 8, 16, 32 or 64) together with its"
              + " configuration; the budget then pays for the factors too, at 8.127 bits an entry.")
  private boolean jointRank;

  @Option(
      names = "--method",
      paramLabel = "M",
      description = "nf: quantize only; lq: with a low-rank part (default: lq if a rank is given).")
  private Method method;

  @Option(
      names = "--iterations",
      paramLabel = "N",
      defaultValue = "40",
      description = "At most so many iterations; the best one is kept (default: 40).")
  private int iterations;

  @Option(
      names = "--include",
      paramLabel = "REGEX",
      description =
          "Compress only linear weights whose name has a match (default: all but those of poolers"
              + " and output heads).")
  private String include;

  @Option(
      names = "--exclude",
      paramLabel = "REGEX",
      description = "Leave alone weights whose name has a match.")
  private String exclude;

  @Option(
      names = "--fisher",
      paramLabel = "FILE|auto",
      description =
          "How much the error of each weight counts: a .safetensors file or folder of .npy with one"
              + " matrix of mean squared gradients per weight, under the weight's name; or auto to"
              + " estimate them by running the model on shipped texts (sentence encoders and BERT)."
              + " Plans and decompositions minimize the weighted error.")
  private String fisher;

  @Option(
      names = "--fisher-samples",
      paramLabel = "N",
      defaultValue = "128",
      description = "With --fisher auto: sentences, or windows of hidden words (default: 128).")
  private int fisherSamples;

  @Option(
      names = "--check",
      negatable = true,
      description =
          "Run the model before and after on shipped texts: cosines of sentence vectors, or the loss"
              + " of hidden words (default: where the model can be run; it needs a tokenizer).")
  private Boolean check;

  @Option(
      names = "--factor-config",
      paramLabel = "CFG",
      converter = ConfigOption.class,
      description = "Quantize the low-rank factors too, for example to nf8/64/fp8/256.")
  private QuantizationConfig factorConfig;

  @Option(
      names = "--cost-cache",
      paramLabel = "DIR",
      description =
          "Keep the measured errors of all options there, so that another --bits for the same model"
              + " need not measure again.")
  private Path costCache;

  @Option(
      names = "--out",
      paramLabel = "FILE|DIR",
      description =
          "File to write (.safetensors), or folder (default: MODEL-bB-rR.safetensors here)."
              + " run.json goes beside it.")
  private Path out;

  @Option(
      names = "--report",
      description = "Also write report.html, report.csv and report.json beside the file.")
  private boolean report;

  @Override
  protected void execute(Console console) throws IOException, InterruptedException {
    checkUsage();
    RunRecord record = new RunRecord("compress", arguments(), options().seed());
    Path input = ModelStore.standard().find(model, console);
    Path output = output();
    refuseToOverwrite(input, output);
    Path tokenizer = ModelStore.standard().tokenizer(model, console).orElse(null);
    ModelCheck modelCheck = modelCheck(input, tokenizer);
    FisherEstimate estimate =
        FisherOption.AUTO.equals(fisher)
            ? FisherEstimate.of(model, input, tokenizer, fisherSamples, options().seed())
            : null;
    FisherSource given =
        fisher == null || estimate != null ? null : FisherOption.given(fisher, console);
    String inputDigest = digest(console, input);
    Path folder = output.toAbsolutePath().getParent();
    CompressionSettings settings =
        settings(
            estimate == null
                ? given
                : FisherOption.estimated(
                    estimate, input, inputDigest, folder, include, exclude, console));
    CompressionJob job =
        new CompressionJob(model, input, inputDigest, output, settings, plan(settings), costCache);
    CompressionResult result = job.run(folder.resolve(output.getFileName() + ".partial"), console);
    result = checked(result, modelCheck, output, console);

    record.input(input, inputDigest);
    if (settings.fisher() != null) {
      record.input(settings.fisher().path(), settings.fisher().digest());
    }
    record.output(output, Digest.of(output));
    result.timings().members().forEach(record::timing);
    record.result("averageBits", result.averageBits());
    record.result("averageBitsWithLowRank", result.averageBitsWithLowRank());
    record.result("averageBitsWithLowRankNf8", result.averageBitsWithQuantizedLowRank());
    record.result("relativeError", result.relativeError());
    record.result("weightedError", result.relativeWeightedError());
    record.result("resumed", result.resumed());
    record.result("peakMemoryBytes", Machine.peakMemory());
    record.result("peakHeapBytes", Machine.peakHeap());
    record.write(folder.resolve("run.json"));
    if (report) {
      new CompressionReport(result, record).write(folder, console);
    }
    CompressionSummary.print(result, report ? folder.resolve("report.html") : null, console);
    console.document(result.toJson().put("peakMemoryBytes", Machine.peakMemory()));
  }

  private BitPlan plan(CompressionSettings settings) {
    if (config != null) {
      return BitPlan.uniform(config, settings.rank());
    }
    return jointRank
        ? BitPlan.jointlyWithin(bits, settings.seed())
        : BitPlan.within(bits, settings.rank(), settings.seed());
  }

  private CompressionResult checked(
      CompressionResult result, ModelCheck modelCheck, Path output, Console console)
      throws IOException {
    if (modelCheck == null) {
      return result;
    }
    try {
      return result.withCheck(modelCheck.run(output, console));
    } catch (CommandFailure e) {
      if (check != null) {
        throw e;
      }
      console.print("The model was not run: " + e.getMessage());
      return result;
    }
  }

  /** The end-to-end check, or null if none is wanted or, without --check, none is possible. */
  private ModelCheck modelCheck(Path input, Path tokenizer) throws IOException {
    if (Boolean.FALSE.equals(check)) {
      return null;
    }
    try {
      return ModelCheck.of(model, input, tokenizer);
    } catch (CommandFailure e) {
      if (Boolean.TRUE.equals(check)) {
        throw new CommandFailure("--check: " + e.getMessage(), e);
      }
      return null;
    }
  }

  private void checkUsage() {
    if ((bits == null) == (config == null)) {
      throw wrongUsage(
          "give either --bits B (for example --bits 3) or --config CFG (for example --config"
              + " nf3/64/fp8/256)");
    }
    if (bits != null && !(bits > 0 && bits <= 16)) {
      throw wrongUsage("--bits " + bits + ": expected more than 0 and at most 16");
    }
    if (jointRank && (config != null || rank != null || method == Method.nf)) {
      throw wrongUsage(
          "--joint-rank chooses the ranks; give --bits, and leave out --config, --rank and --method"
              + " nf");
    }
    if (iterations < 1) {
      throw wrongUsage("--iterations " + iterations + ": expected 1 or more");
    }
    if (fisherSamples < 1) {
      throw wrongUsage("--fisher-samples " + fisherSamples + ": expected 1 or more");
    }
    chosenRank();
    checked("--include", include);
    checked("--exclude", exclude);
  }

  private CompressionSettings settings(FisherSource source) {
    return new CompressionSettings(
        bits == null ? Double.NaN : bits,
        config,
        jointRank ? 0 : chosenRank(),
        jointRank,
        iterations,
        include,
        exclude,
        options().seed(),
        source,
        factorConfig);
  }

  private int chosenRank() {
    if (rank != null && rank < 0) {
      throw wrongUsage("--rank " + rank + ": expected 0 or more");
    }
    if (method == Method.nf) {
      if (rank != null && rank > 0) {
        throw wrongUsage("--method nf has no low-rank part; leave --rank out, or use --method lq");
      }
      return 0;
    }
    if (method == Method.lq && rank != null && rank == 0) {
      throw wrongUsage("--method lq needs --rank 1 or more");
    }
    return rank != null ? rank : method == Method.lq ? 8 : 0;
  }

  private void checked(String option, String regex) {
    try {
      if (regex != null) {
        Pattern.compile(regex);
      }
    } catch (PatternSyntaxException e) {
      throw wrongUsage(option + " " + regex + ": " + e.getDescription());
    }
  }

  private Path output() {
    String size =
        config != null
            ? config.toString().replace('/', '-')
            : "b" + String.format(Locale.ROOT, "%s", bits).replaceAll("\\.0$", "");
    String name = Path.of(model).getFileName().toString().replaceAll("\\.(safetensors|onnx)$", "");
    String ranks = jointRank ? "joint" : "r" + chosenRank();
    String file = name + "-" + size + "-" + ranks + ".safetensors";
    if (out == null) {
      return Path.of(file);
    }
    return out.toString().endsWith(".safetensors") ? out : out.resolve(file);
  }

  private static void refuseToOverwrite(Path input, Path output) throws IOException {
    boolean same = Files.exists(output) && Files.isSameFile(input, output);
    Path folder = output.toAbsolutePath().normalize();
    boolean inside =
        Files.isDirectory(input) && folder.startsWith(input.toAbsolutePath().normalize());
    if (same || inside) {
      throw new CommandFailure(
          output + " would overwrite the input " + input + "; choose another --out");
    }
    if (Files.isDirectory(output)) {
      throw new CommandFailure(output + " is a folder; choose another --out");
    }
  }

  private static String digest(Console console, Path input) throws IOException {
    try (Progress progress = console.progress("reading " + input.getFileName(), 0, "")) {
      progress.detail("");
      return Digest.of(input);
    }
  }
}
