package org.quadrille.cli.train;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.quadrille.cli.console.CommandFailure;
import org.quadrille.cli.console.Console;
import org.quadrille.cli.console.Progress;
import org.quadrille.linalg.Tensors;
import org.quadrille.lowrank.adapter.Adapters;
import org.quadrille.transformer.Architecture;
import org.quadrille.transformer.Transformer;
import org.quadrille.transformer.text.TokenData;
import org.quadrille.transformer.text.Tokenizer;
import org.quadrille.transformer.text.WordMasking;
import org.quadrille.transformer.text.WordPiece;
import org.quadrille.transformer.train.DivergedException;
import org.quadrille.transformer.train.ModelFile;
import org.quadrille.transformer.train.TextTask;
import org.quadrille.transformer.train.Trainer;
import org.quadrille.transformer.train.TrainingHistory;

/** One run: from the checkpoint in its folder if there is one, else from the start. */
public final class TrainingJob {
  /** The state of a run that is not finished. */
  public static final String CHECKPOINT = "checkpoint.safetensors";

  /** The trained model. */
  public static final String MODEL = "model.safetensors";

  private static final String SETTINGS = "settings";
  private static final String DATA = "data.sha256";

  private final TrainingSettings settings;

  /** A run with these settings. */
  public TrainingJob(TrainingSettings settings) {
    this.settings = settings;
  }

  /**
   * Trains, and writes the checkpoint and the model.
   *
   * @throws CommandFailure if the folder holds another run, or training diverges
   */
  public TrainingOutcome run(Console console) throws IOException {
    Files.createDirectories(settings.folder());
    Path checkpoint = settings.folder().resolve(CHECKPOINT);
    ModelFile start = start();
    ModelFile saved = Files.exists(checkpoint) ? saved(checkpoint) : null;
    Tokenizer tokenizer =
        saved != null
            ? saved.tokenizer()
            : start != null
                ? start.tokenizer()
                : TokenizerChoice.of(settings.tokenizer(), settings.text().text());
    Transformer plain = start != null ? start.transformer() : random(tokenizer);
    Adapters adapters =
        settings.adapters().wanted()
            ? Adapters.attach(plain.parameters(), settings.adapters().config(settings.seed()))
            : null;
    Transformer model = adapters == null ? plain : adapters.into(plain, Transformer::withOperator);
    int[] tokens = tokenizer.encode(settings.text().text());
    // Chunks of 2048 tokens; shorter ones for a text that has not ten of them.
    TokenData data =
        TokenData.split(tokens, Math.clamp(tokens.length / 10, 1, TokenData.CHUNK), 10);
    TextTask task = task(model, tokenizer, data);
    Trainer trainer =
        new Trainer(
            model.parameters(),
            adapters == null ? task : adapters.dropping(task, settings.seed()),
            settings.rates().optimizer(settings.adapters().leftRatio()),
            settings.rates().plan(settings.evaluateEvery(), settings.saveEvery()));
    if (saved != null) {
      trainer.resuming(saved.state());
    }
    Predicate<String> frozen = frozen(adapters);
    trainer.freezing(frozen);
    int windows =
        Math.min(settings.evaluationWindows(), data.evaluationWindows(settings.model().length()));
    ModelFile file =
        ModelFile.of(
            model,
            tokenizer,
            Map.of(SETTINGS, settings.fingerprint(), DATA, settings.text().sha256()));
    trainer
        .evaluating(() -> task.evaluate(windows))
        .saving(state -> file.withState(state).write(checkpoint));
    long resumedAt = saved == null ? 0 : saved.state().step();
    TrainingHistory history = train(trainer, task, resumedAt, console);
    boolean stopped = history.steps() < settings.rates().steps();
    if (!stopped) {
      ModelFile finished =
          adapters == null
              ? file
              : new ModelFile(
                  plain.architecture(),
                  adapters.mergedInto(plain.parameters()),
                  tokenizer,
                  file.notes(),
                  null);
      finished.write(settings.folder().resolve(MODEL));
    }
    return new TrainingOutcome(
        model,
        trained(model, frozen),
        history,
        settings.rates().rate(),
        task.tokensPerStep(),
        data.trainingTokens(),
        data.validationTokens(),
        resumedAt,
        stopped);
  }

  private Predicate<String> frozen(Adapters adapters) {
    if (adapters != null) {
      return name -> !adapters.trains(name);
    }
    return settings.frozen() == null
        ? name -> false
        : Pattern.compile(settings.frozen()).asPredicate();
  }

  private static long trained(Transformer model, Predicate<String> frozen) {
    long trained = 0;
    for (String name : model.parameters().names()) {
      trained += frozen.test(name) ? 0 : model.parameters().get(name).length();
    }
    return trained;
  }

  private TrainingHistory train(Trainer trainer, TextTask task, long resumedAt, Console console) {
    double tokens = (double) task.tokensPerStep() * settings.rates().steps();
    try (Progress progress = console.progress("training", tokens, "tokens");
        Interruption _ = new Interruption(trainer)) {
      progress.alreadyDone((double) task.tokensPerStep() * resumedAt);
      trainer.telling(
          history -> {
            progress.advance(task.tokensPerStep());
            progress.detail(detail(history));
          });
      return trainer.run();
    } catch (DivergedException e) {
      throw new CommandFailure(e.getMessage(), e);
    }
  }

  private String detail(TrainingHistory history) {
    int done = history.steps();
    String evaluated =
        history.evaluations() == 0
            ? ""
            : String.format(
                Locale.ROOT, " (held out %.4f)", history.evaluationLoss(history.evaluations() - 1));
    return String.format(
        Locale.ROOT,
        "%d/%d  loss %.4f%s",
        done,
        settings.rates().steps(),
        history.loss(done - 1),
        evaluated);
  }

  private ModelFile start() throws IOException {
    if (settings.start() == null) {
      return null;
    }
    ModelFile file = ModelFile.read(settings.start());
    Tensors parameters = Tensors.empty();
    file.parameters().forEach((name, t) -> parameters.put(name, t.to(settings.precision())));
    return new ModelFile(file.architecture(), parameters, file.tokenizer(), Map.of(), null);
  }

  private ModelFile saved(Path checkpoint) throws IOException {
    ModelFile saved = ModelFile.read(checkpoint);
    if (saved.state() == null || !settings.fingerprint().equals(saved.notes().get(SETTINGS))) {
      throw new CommandFailure(
          checkpoint + " belongs to a run with other settings; choose another --out, or remove it");
    }
    return saved;
  }

  private Transformer random(Tokenizer tokenizer) {
    int vocabulary = tokenizer.size() + (settings.masked() && !hasMask(tokenizer) ? 1 : 0);
    Architecture architecture = settings.model().architecture(settings.masked(), vocabulary);
    return Transformer.random(architecture, settings.precision(), settings.seed());
  }

  private static boolean hasMask(Tokenizer tokenizer) {
    return tokenizer instanceof WordPiece;
  }

  private TextTask task(Transformer model, Tokenizer tokenizer, TokenData data) {
    int batch = settings.batch();
    int length = settings.model().length();
    TextTask task;
    if (settings.masked()) {
      int mask = tokenizer instanceof WordPiece pieces ? pieces.id("[MASK]") : tokenizer.size();
      WordMasking masking =
          new WordMasking(
              mask,
              model.architecture().vocabulary(),
              0.15,
              token -> tokenizer instanceof WordPiece pieces && pieces.isSpecial(token));
      task = TextTask.maskedWords(model, data, masking, batch, length, settings.seed());
    } else {
      task = TextTask.nextToken(model, data, batch, length, settings.seed());
    }
    task = settings.inEpochs() ? task.inEpochs() : task;
    return settings.dropout() > 0 ? task.withDropout(settings.dropout()) : task;
  }
}
