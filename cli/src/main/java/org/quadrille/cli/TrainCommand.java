package org.quadrille.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.quadrille.cli.console.Console;
import org.quadrille.cli.console.Digest;
import org.quadrille.cli.console.Machine;
import org.quadrille.cli.console.RunRecord;
import org.quadrille.cli.console.Table;
import org.quadrille.cli.console.Units;
import org.quadrille.cli.report.ReportPage;
import org.quadrille.cli.train.AdapterOptions;
import org.quadrille.cli.train.LossCurve;
import org.quadrille.cli.train.ModelOptions;
import org.quadrille.cli.train.RateOptions;
import org.quadrille.cli.train.TrainingJob;
import org.quadrille.cli.train.TrainingOutcome;
import org.quadrille.cli.train.TrainingSettings;
import org.quadrille.cli.train.TrainingText;
import org.quadrille.formats.AtomicFile;
import org.quadrille.linalg.DType;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code quadrille train}: a transformer on a text. */
@Command(
    name = "train",
    description =
        "Train a transformer to predict the next token (lm) or masked ones (mlm) of a text, from"
            + " scratch or from a model that this command wrote.",
    footer = {
      "",
      "Examples:",
      "  quadrille train --data kjv --steps 900 --out bible",
      "  quadrille train --data notes.txt --model bible/model.safetensors --rate 1e-3 --out notes",
      "  quadrille train --data notes.txt --model bible/model.safetensors --adapter lora --rank 16",
      "  quadrille train --task mlm --data jargon --tokenizer bpe:1000 --out words",
      "",
      "A tenth of the text is held out: every tenth chunk of 2048 tokens. The folder holds",
      "model.safetensors, checkpoint.safetensors, loss.svg and run.json. A stopped run goes on",
      "where it was, with the same bits, when the same command is given again."
    })
final class TrainCommand extends QuadrilleCommand {
  private enum Task {
    lm,
    mlm
  }

  private enum Precision {
    f32,
    f64
  }

  @Option(
      names = "--task",
      paramLabel = "TASK",
      defaultValue = "lm",
      description = "lm: the next token; mlm: masked tokens (default: ${DEFAULT-VALUE}).")
  private Task task;

  @Option(
      names = "--data",
      paramLabel = "TEXT",
      defaultValue = "kjv",
      description =
          "A UTF-8 file (.gz: gzipped), or a text that comes with the program: kjv (King James"
              + " Bible) or jargon (Jargon File) (default: ${DEFAULT-VALUE}).")
  private String data;

  @Option(
      names = "--tokenizer",
      paramLabel = "KIND",
      defaultValue = "characters",
      description =
          "characters, bytes, bpe:SIZE (learnt from the text), or a vocab.txt or tokenizer.json of"
              + " word pieces (default: ${DEFAULT-VALUE}).")
  private String tokenizer;

  @Option(
      names = "--model",
      paramLabel = "FILE",
      description = "Start from this model and its tokenizer instead of a new one.")
  private Path start;

  @Mixin private ModelOptions model;

  @Mixin private AdapterOptions adapters;

  @Mixin private RateOptions rates;

  @Option(
      names = "--batch",
      paramLabel = "N",
      defaultValue = "16",
      description = "Windows of a step (default: ${DEFAULT-VALUE}).")
  private int batch;

  @Option(
      names = "--epochs",
      description = "Take windows side by side in shuffled epochs, not at random positions.")
  private boolean inEpochs;

  @Option(
      names = "--dropout",
      paramLabel = "P",
      defaultValue = "0",
      description = "Dropout of attention and residual branches (default: ${DEFAULT-VALUE}).")
  private double dropout;

  @Option(
      names = "--freeze",
      paramLabel = "REGEX",
      description = "Leave tensors alone whose name has a match.")
  private String frozen;

  @Option(
      names = "--precision",
      paramLabel = "TYPE",
      defaultValue = "f32",
      description = "f32 or f64 (default: ${DEFAULT-VALUE}).")
  private Precision precision;

  @Option(
      names = "--evaluate-every",
      paramLabel = "N",
      defaultValue = "100",
      description = "Steps between losses on held-out text (default: ${DEFAULT-VALUE}).")
  private int evaluateEvery;

  @Option(
      names = "--evaluation-windows",
      paramLabel = "N",
      defaultValue = "64",
      description = "Held-out windows of such a loss (default: ${DEFAULT-VALUE}).")
  private int evaluationWindows;

  @Option(
      names = "--save-every",
      paramLabel = "N",
      defaultValue = "100",
      description = "Steps between checkpoints (default: ${DEFAULT-VALUE}).")
  private int saveEvery;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      defaultValue = "training",
      description = "Folder for everything that is written (default: ${DEFAULT-VALUE}).")
  private Path out;

  @Option(names = "--report", description = "Also write report.html.")
  private boolean report;

  @Override
  protected void execute(Console console) throws IOException {
    RunRecord record = new RunRecord("train", arguments(), options().seed());
    TrainingSettings settings = settings();
    if (Files.exists(Path.of(data))) {
      record.input(Path.of(data), settings.text().sha256());
    }
    if (start != null) {
      record.input(start, settings.startDigest());
    }
    TrainingOutcome outcome = new TrainingJob(settings).run(console);
    finish(outcome, record, console);
  }

  private void finish(TrainingOutcome outcome, RunRecord record, Console console)
      throws IOException {
    AtomicFile.writeText(out.resolve("loss.svg"), LossCurve.of(outcome.history()).renderFile());
    Path result = out.resolve(outcome.stopped() ? TrainingJob.CHECKPOINT : TrainingJob.MODEL);
    if (Files.exists(result)) {
      record.output(result, Digest.of(result));
    }
    record.timing("training", outcome.history().totalSeconds());
    record.result("data", data);
    record.result("steps", outcome.history().steps());
    record.result("resumedAt", outcome.resumedAt());
    record.result("tokensPerSecond", outcome.tokensPerSecond());
    record.result("gflops", outcome.gigaflops(model.length()));
    record.result("peakMemoryBytes", Machine.peakMemory());
    if (outcome.history().evaluations() > 0) {
      record.result("heldOutLoss", outcome.validationLoss());
    }
    record.write(out.resolve("run.json"));
    if (report) {
      AtomicFile.writeText(out.resolve("report.html"), page(outcome));
    }
    console.print(table(outcome));
    console.print(
        outcome.stopped()
            ? "stopped; the same command goes on from " + result
            : result + " written; quadrille generate " + result + " continues a text");
    console.document(outcome.toJson(model.length()).put("peakMemoryBytes", Machine.peakMemory()));
  }

  private Table table(TrainingOutcome outcome) {
    int steps = outcome.history().steps();
    Table table = new Table().text("training").number(data);
    table.row("weights", Units.count(outcome.model().architecture().parameterCount()));
    if (adapters.wanted()) {
      table.row("of these trained in adapters", Units.count(outcome.trained()));
    }
    table.row("tokens to learn", Units.count((long) outcome.trainingTokens()));
    table.row("steps", Integer.toString(steps));
    if (steps > 0) {
      table.row("loss of the first batch", Units.fixed(outcome.history().loss(0), 4));
      table.row("loss of the last batch", Units.fixed(outcome.history().loss(steps - 1), 4));
    }
    if (outcome.history().evaluations() > 0) {
      table.row("loss on held-out text", Units.fixed(outcome.validationLoss(), 4));
    }
    table.row("tokens/s (median step)", Units.count(outcome.tokensPerSecond()));
    table.row("Gflop/s", Units.significant(outcome.gigaflops(model.length())));
    table.row("time", Units.seconds(outcome.history().totalSeconds()));
    return table;
  }

  private String page(TrainingOutcome outcome) {
    return new ReportPage(
            "Training on " + data,
            Units.count(outcome.model().architecture().parameterCount())
                + " weights, "
                + outcome.history().steps()
                + " steps of "
                + outcome.tokensPerStep()
                + " tokens")
        .tiles(
            List.of(
                new ReportPage.Tile(
                    Units.significant(outcome.validationLoss()), "nats per token, held-out text"),
                new ReportPage.Tile(Units.count(outcome.tokensPerSecond()), "tokens a second"),
                new ReportPage.Tile(
                    Units.seconds(outcome.history().totalSeconds()), "in all steps")))
        .section(
            "Loss",
            "Mean cross entropy of each batch, its running mean, and the loss on text that was"
                + " held out.",
            LossCurve.of(outcome.history()).render())
        .footer("quadrille " + Machine.version() + ", JDK " + Machine.jdk())
        .render();
  }

  private TrainingSettings settings() throws IOException {
    if (batch < 1 || evaluateEvery < 0 || saveEvery < 0 || evaluationWindows < 1) {
      throw wrongUsage(
          "--batch and --evaluation-windows: expected 1 or more; --evaluate-every and --save-every:"
              + " 0 or more");
    }
    if (adapters.wanted() && start == null) {
      throw wrongUsage("--adapter: adapters stand beside a trained model; name one with --model");
    }
    if (adapters.wanted() && frozen != null) {
      throw wrongUsage("--freeze with --adapter: all weights are frozen; choose --targets instead");
    }
    if (frozen != null) {
      try {
        Pattern.compile(frozen);
      } catch (PatternSyntaxException e) {
        throw wrongUsage("--freeze " + frozen + ": " + e.getDescription());
      }
    }
    return new TrainingSettings(
        task == Task.mlm,
        TrainingText.find(data),
        tokenizer,
        start,
        start == null ? "" : Digest.of(start),
        model,
        adapters,
        rates,
        batch,
        inEpochs,
        dropout,
        frozen,
        precision == Precision.f32 ? DType.F32 : DType.F64,
        options().seed(),
        evaluateEvery,
        evaluationWindows,
        saveEvery,
        out);
  }
}
