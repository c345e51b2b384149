package org.quadrille.cli;

import java.io.IOException;
import java.nio.file.Path;
import org.quadrille.cli.console.Console;
import org.quadrille.formats.JsonObject;
import org.quadrille.transformer.Transformer;
import org.quadrille.transformer.text.Sampling;
import org.quadrille.transformer.text.TextGenerator;
import org.quadrille.transformer.text.Tokenizer;
import org.quadrille.transformer.train.ModelFile;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code quadrille generate}: a model continues a text. */
@Command(
    name = "generate",
    description = "Continue a text with a model that quadrille train wrote.",
    footer = {
      "",
      "Examples:",
      "  quadrille generate bible/model.safetensors --prompt \"and the lord \" --temperature 0.7",
      "  quadrille generate bible/model.safetensors --greedy --tokens 100"
    })
final class GenerateCommand extends QuadrilleCommand {
  @Parameters(
      index = "0",
      paramLabel = "MODEL",
      description = "model.safetensors or checkpoint.safetensors of a training run.")
  private Path model;

  @Option(
      names = "--prompt",
      paramLabel = "TEXT",
      defaultValue = "\n",
      description = "What the text begins with (default: a line feed).")
  private String prompt;

  @Option(
      names = "--tokens",
      paramLabel = "N",
      defaultValue = "300",
      description = "Tokens to make (default: ${DEFAULT-VALUE}).")
  private int tokens;

  @Option(
      names = "--temperature",
      paramLabel = "T",
      defaultValue = "0.8",
      description = "Below 1 likely tokens become likelier (default: ${DEFAULT-VALUE}).")
  private double temperature;

  @Option(
      names = "--top-k",
      paramLabel = "K",
      defaultValue = "0",
      description = "Draw among the K most probable tokens (default: all).")
  private int topK;

  @Option(
      names = "--top-p",
      paramLabel = "P",
      defaultValue = "1",
      description = "Draw among the fewest tokens that have this probability (default: 1).")
  private double topP;

  @Option(names = "--greedy", description = "Always the most probable token.")
  private boolean greedy;

  @Override
  protected void execute(Console console) throws IOException {
    if (tokens < 0) {
      throw wrongUsage("--tokens " + tokens + ": expected 0 or more");
    }
    ModelFile file = ModelFile.read(model);
    Transformer transformer = file.transformer();
    Tokenizer tokenizer = file.tokenizer();
    Sampling sampling =
        greedy ? Sampling.GREEDY : new Sampling(temperature, topK, topP, options().seed());
    long start = System.nanoTime();
    int[] made =
        TextGenerator.generate(transformer, tokenizer.encode(prompt), tokens, sampling, null);
    double seconds = (System.nanoTime() - start) * 1e-9;
    String text = tokenizer.decode(made);
    console.print(prompt + text);
    console.document(
        new JsonObject()
            .put("prompt", prompt)
            .put("text", text)
            .put("tokens", made)
            .put("seconds", seconds)
            .put("tokensPerSecond", made.length / Math.max(seconds, 1e-9)));
  }
}
