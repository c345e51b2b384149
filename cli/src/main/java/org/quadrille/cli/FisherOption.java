package org.quadrille.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.quadrille.cli.check.FisherEstimate;
import org.quadrille.cli.compress.CompressionJob;
import org.quadrille.cli.compress.FisherSource;
import org.quadrille.cli.console.CommandFailure;
import org.quadrille.cli.console.Console;
import org.quadrille.cli.console.Digest;
import org.quadrille.cli.console.Machine;
import org.quadrille.cli.console.Progress;
import org.quadrille.formats.Checkpoint;
import org.quadrille.quant.FisherFile;

/** The Fisher matrices that {@code --fisher} of compress names. */
final class FisherOption {
  static final String AUTO = "auto";
  private static final int KEY_LENGTH = 12;

  private FisherOption() {}

  /**
   * A file that the user gives.
   *
   * @throws CommandFailure if there is none
   */
  static FisherSource given(String file, Console console) throws IOException {
    Path path = Path.of(file);
    if (!Files.exists(path)) {
      throw new CommandFailure(
          "--fisher " + file + ": there is no such file or folder; check the path");
    }
    return new FisherSource(path, digest(path, console));
  }

  /**
   * Estimates the matrices, or takes those that an earlier run with the same model and settings
   * left.
   *
   * @param model the file or folder of the model
   * @param modelDigest its SHA-256
   * @param folder where the matrices go, into a file that other runs can be given
   * @param include see {@link CompressionJob#select}
   * @param exclude see {@link CompressionJob#select}
   */
  static FisherSource estimated(
      FisherEstimate estimate,
      Path model,
      String modelDigest,
      Path folder,
      String include,
      String exclude,
      Console console)
      throws IOException {
    List<String> weights;
    try (Checkpoint checkpoint = Checkpoint.open(model)) {
      weights = CompressionJob.select(checkpoint, include, exclude);
    }
    String key =
        new Digest()
            .add(Machine.version() + "\n" + modelDigest + "\n" + estimate.fingerprint())
            .add(String.join("\n", weights))
            .hex();
    Path path = folder.resolve("fisher-" + key.substring(0, KEY_LENGTH) + ".safetensors");
    if (!Files.exists(path)) {
      Files.createDirectories(folder);
      FisherFile.write(path, estimate.run(weights, console));
    }
    return new FisherSource(path, digest(path, console));
  }

  private static String digest(Path path, Console console) throws IOException {
    try (Progress progress = console.progress("reading " + path.getFileName(), 0, "")) {
      progress.detail("");
      return Digest.of(path);
    }
  }
}
