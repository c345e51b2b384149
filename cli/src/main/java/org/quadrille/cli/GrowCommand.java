package org.quadrille.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import org.quadrille.cli.console.CommandFailure;
import org.quadrille.cli.console.Console;
import org.quadrille.cli.console.Digest;
import org.quadrille.cli.console.Machine;
import org.quadrille.cli.console.RunRecord;
import org.quadrille.cli.console.Units;
import org.quadrille.cli.grow.GrowthJob;
import org.quadrille.cli.grow.GrowthOutcome;
import org.quadrille.cli.grow.GrowthRequest;
import org.quadrille.cli.grow.LearningRequest;
import org.quadrille.cli.grow.OpenedModel;
import org.quadrille.cli.grow.SavedOperator;
import org.quadrille.cli.input.ModelStore;
import org.quadrille.cli.train.TrainingText;
import org.quadrille.formats.AtomicFile;
import org.quadrille.formats.ElementType;
import org.quadrille.formats.Json;
import org.quadrille.growth.plan.GrowthMethod;
import org.quadrille.growth.plan.TargetSizes;
import org.quadrille.transformer.Architecture;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code quadrille grow}: a larger model from a trained small one. */
@Command(
    name = "grow",
    description =
        "Grow a trained transformer in width and depth, by a fixed method or an operator learned on"
            + " a text, and write the larger checkpoint under the names of the old one.",
    subcommands = GrowFitCommand.class,
    footer = {
      "",
      "Examples:",
      "  quadrille grow minilm --method interpolate --depth 6:12",
      "  quadrille grow minilm --method hypercloning --width 384:768 --verify",
      "  quadrille grow bible/model.safetensors --method ligo --width 384 --depth 8 --data kjv",
      "  quadrille grow model.safetensors --plan plan.json --method net2net --depth 4:8",
      "  quadrille grow fit minilm e5-small",
      "",
      "Widths must leave heads of the same size. A plan is one of bert, roberta, bert-tensorflow,",
      "gpt2, llama, vit, deit, or a JSON file that describes other tensors."
    })
final class GrowCommand extends QuadrilleCommand {
  private static final String MODEL = "model.safetensors";

  private enum Store {
    f64,
    f32,
    f16,
    bf16
  }

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "MODEL",
      description =
          "A .safetensors or .onnx file, a TensorFlow bundle folder, a folder of .npy, or one of"
              + " minilm, e5-small, bge-small, bert-base.")
  private String model;

  @Option(
      names = "--plan",
      paramLabel = "NAME|FILE",
      defaultValue = "auto",
      description = "How the checkpoint is laid out (default: the first that fits its names).")
  private String plan;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "The model's config.json (default: that beside it or in its metadata).")
  private Path config;

  @Option(
      names = "--method",
      paramLabel = "NAME",
      defaultValue = "lossless",
      description =
          "stack, interpolate, top-stack, upscale (layers; new width by random copies), net2net,"
              + " hypercloning, aki, direct, lossless, ligo (default: ${DEFAULT-VALUE}).")
  private String method;

  @Option(
      names = "--operator",
      paramLabel = "FILE",
      description = "Use an operator that --save-operator wrote instead of a method.")
  private Path operator;

  @Option(
      names = "--save-operator",
      paramLabel = "FILE",
      description = "Also write the operator, to be used on other checkpoints of these sizes.")
  private Path saveOperator;

  @Option(
      names = "--width",
      paramLabel = "[FROM:]TO",
      description = "Width after growth (default: as it is).")
  private String width;

  @Option(
      names = "--depth",
      paramLabel = "[FROM:]TO",
      description = "Layers after growth (default: as they are).")
  private String depth;

  @Option(
      names = "--heads",
      paramLabel = "N",
      defaultValue = "0",
      description = "Heads after growth (default: in proportion to the width).")
  private int heads;

  @Option(
      names = "--key-heads",
      paramLabel = "N",
      defaultValue = "0",
      description = "Heads of keys and values after growth (default: in proportion to the heads).")
  private int keyHeads;

  @Option(
      names = "--hidden",
      paramLabel = "N",
      defaultValue = "0",
      description = "Hidden units after growth (default: in proportion to the width).")
  private int hidden;

  @Option(
      names = "--data",
      paramLabel = "TEXT",
      description =
          "Learn the operator on a UTF-8 file (.gz: gzipped), kjv or jargon: by the next token, by"
              + " masked words, or, with a model that predicts neither, by the hidden states of the"
              + " small model.")
  private String data;

  @Option(
      names = "--steps",
      paramLabel = "N",
      defaultValue = "100",
      description = "With --data: steps of learning (default: ${DEFAULT-VALUE}).")
  private int steps;

  @Option(
      names = "--rate",
      paramLabel = "R",
      defaultValue = "0",
      description =
          "With --data: largest learning rate (default: 0.01, 0.0003 from a start that keeps the"
              + " function).")
  private double rate;

  @Option(
      names = "--batch",
      paramLabel = "N",
      defaultValue = "8",
      description = "With --data: sequences of a step (default: ${DEFAULT-VALUE}).")
  private int batch;

  @Option(
      names = "--length",
      paramLabel = "N",
      defaultValue = "0",
      description = "With --data: tokens of a sequence (default: 128, or what the model can take).")
  private int length;

  @Option(
      names = "--store",
      paramLabel = "TYPE",
      description = "Type of the grown tensors: f64, f32, f16 or bf16 (default: as they were).")
  private Store store;

  @Option(
      names = "--verify",
      description =
          "Read the file back and run both models on the same random input; an error if a method"
              + " that keeps the function did not.")
  private boolean verify;

  @Option(
      names = "--out",
      paramLabel = "FILE|DIR",
      description =
          "File to write (.safetensors), or folder for model.safetensors, config.json and the"
              + " tokenizer (default: MODEL-LxD-METHOD.safetensors here).")
  private Path out;

  @Override
  protected void execute(Console console) throws IOException, InterruptedException {
    checkUsage();
    RunRecord record = new RunRecord("grow", arguments(), options().seed());
    Path input = ModelStore.standard().find(model, console);
    Path tokenizer = ModelStore.standard().tokenizer(model, console).orElse(null);
    try (OpenedModel opened = OpenedModel.of(input, plan, config, tokenizer)) {
      TargetSizes sizes =
          operator == null ? sizes(opened) : SavedOperator.sizes(operator, sizes(opened));
      Path output = output(opened, sizes);
      refuseToOverwrite(input, output);
      GrowthRequest request =
          new GrowthRequest(
              growthMethod(),
              operator,
              saveOperator,
              sizes,
              options().seed(),
              type(),
              learning(),
              verify,
              output);
      GrowthJob job = new GrowthJob(opened, request);
      GrowthOutcome outcome = job.run(console);
      companions(job, outcome, tokenizer, output);
      record.input(input, Digest.of(input));
      record.output(output, Digest.of(output));
      if (saveOperator != null) {
        record.output(saveOperator, Digest.of(saveOperator));
      }
      report(outcome, request.word(), record, output, console);
    }
  }

  private void report(
      GrowthOutcome outcome, String word, RunRecord record, Path output, Console console)
      throws IOException {
    record.timing("learning", outcome.learningSeconds());
    record.timing("growing", outcome.growingSeconds());
    record.result("parametersIn", outcome.small().parameterCount());
    record.result("parametersOut", outcome.numbers());
    record.result("exact", outcome.exact());
    record.result("reason", outcome.reason());
    record.result("peakMemoryBytes", Machine.peakMemory());
    record.write(output.toAbsolutePath().resolveSibling("run.json"));
    console.print(outcome.table(word));
    console.print(outcome.verdict());
    if (outcome.check() != null) {
      console.print(
          "checked  "
              + outcome.check().compared()
              + " of "
              + outcome.check().tokens()
              + " random tokens differ by at most "
              + Units.significant(outcome.check().largestDifference())
              + " (largest value "
              + Units.significant(outcome.check().largestValue())
              + ")");
    }
    console.print(
        output
            + " written ("
            + Units.bytes(outcome.bytes())
            + ", "
            + Units.seconds(outcome.learningSeconds() + outcome.growingSeconds())
            + ")");
    console.document(
        outcome
            .toJson(word)
            .put("out", output.toString())
            .put("seconds", record.seconds())
            .put("peakMemoryBytes", Machine.peakMemory()));
    if (outcome.failed()) {
      throw new CommandFailure(
          output
              + ": "
              + outcome.check().compared()
              + " differ by "
              + Units.significant(outcome.check().largestDifference())
              + " though the method keeps the function; with --store f16 or bf16 rounding does"
              + " that, else please report it");
    }
  }

  /** A folder gets what other programs want to find beside the weights. */
  private void companions(GrowthJob job, GrowthOutcome outcome, Path tokenizer, Path output)
      throws IOException {
    if (out == null || isFile(out)) {
      return;
    }
    Path folder = output.toAbsolutePath().getParent();
    if (outcome.large() != null && !outcome.small().plan().configNames().isEmpty()) {
      AtomicFile.writeText(
          folder.resolve("config.json"), Json.writeIndented(job.config(outcome.large())));
    }
    if (tokenizer != null) {
      AtomicFile.writeText(
          folder.resolve(tokenizer.toString().endsWith(".txt") ? "vocab.txt" : "tokenizer.json"),
          Files.readString(tokenizer));
    }
  }

  private void checkUsage() {
    if (model == null) {
      throw wrongUsage("no MODEL given; for example quadrille grow minilm --depth 6:12");
    }
    if (steps < 0 || batch < 1 || length < 0 || !(rate >= 0) || Double.isInfinite(rate)) {
      throw wrongUsage(
          "--steps, --rate and --length: expected 0 or more; --batch: expected 1 or more");
    }
    if (heads < 0 || keyHeads < 0 || hidden < 0) {
      throw wrongUsage("--heads, --key-heads and --hidden: expected 0 or more");
    }
    growthMethod();
  }

  private GrowthMethod growthMethod() {
    for (GrowthMethod each : GrowthMethod.values()) {
      if (each.word().equals(method.toLowerCase(Locale.ROOT))) {
        return each;
      }
    }
    throw wrongUsage(
        "--method "
            + method
            + ": expected one of "
            + Arrays.stream(GrowthMethod.values()).map(GrowthMethod::word).toList());
  }

  private ElementType type() {
    return store == null ? null : ElementType.valueOf(store.name().toUpperCase(Locale.ROOT));
  }

  private LearningRequest learning() throws IOException {
    return data == null
        ? null
        : new LearningRequest(TrainingText.find(data), steps, rate, batch, length);
  }

  private TargetSizes sizes(OpenedModel opened) {
    if (!opened.model().plan().hasArchitecture()) {
      if (width != null || heads > 0 || keyHeads > 0 || hidden > 0) {
        throw wrongUsage(
            "plan "
                + opened.model().plan().name()
                + " has groups with sizes of its own; change \"to\" in the plan, and leave out"
                + " --width, --heads, --key-heads and --hidden");
      }
      return TargetSizes.of(0, size("--depth", depth, opened.model().layers()));
    }
    Architecture small = opened.model().architecture();
    return new TargetSizes(
        size("--width", width, small.width()),
        size("--depth", depth, small.layers()),
        heads,
        keyHeads,
        hidden);
  }

  /** {@code TO}, or {@code FROM:TO} with FROM checked. */
  private int size(String option, String text, int present) {
    if (text == null) {
      return 0;
    }
    if (!text.matches("(\\d{1,9}:)?\\d{1,9}")) {
      throw wrongUsage(option + " " + text + ": expected a number, or FROM:TO");
    }
    int colon = text.indexOf(':');
    if (colon >= 0 && Integer.parseInt(text.substring(0, colon)) != present) {
      throw wrongUsage(option + " " + text + ": the model has " + present);
    }
    int to = Integer.parseInt(text.substring(colon + 1));
    if (to < present) {
      throw wrongUsage(
          option + " " + text + ": the model has " + present + ", and growth cannot shrink");
    }
    return to;
  }

  private Path output(OpenedModel opened, TargetSizes sizes) {
    if (out != null) {
      return isFile(out) ? out : out.resolve(MODEL);
    }
    int layers = sizes.layers() > 0 ? sizes.layers() : opened.model().layers();
    String size =
        opened.model().plan().hasArchitecture()
            ? layers + "x" + sizes.apply(opened.model().architecture()).width()
            : Integer.toString(layers);
    String name = Path.of(model).getFileName().toString().replaceAll("\\.(safetensors|onnx)$", "");
    return Path.of(
        name
            + "-"
            + size
            + "-"
            + (operator == null ? growthMethod().word() : "operator")
            + ".safetensors");
  }

  private static boolean isFile(Path path) {
    return path.toString().endsWith(".safetensors");
  }

  private static void refuseToOverwrite(Path input, Path output) throws IOException {
    boolean same = Files.exists(output) && Files.isSameFile(input, output);
    Path place = output.toAbsolutePath().normalize();
    Path from = input.toAbsolutePath().normalize();
    boolean inside =
        Files.isDirectory(input)
            ? place.startsWith(from)
            : place.getParent().equals(from.getParent())
                && output.getFileName().toString().equals(MODEL)
                && from.getFileName().toString().equals(MODEL);
    if (same || inside) {
      throw new CommandFailure(
          output + " would overwrite the input " + input + "; choose another --out");
    }
    if (Files.isDirectory(output)) {
      throw new CommandFailure(output + " is a folder; choose another --out");
    }
  }
}
