package org.quadrille.cli;

import java.io.IOException;
import java.nio.file.Path;
import org.quadrille.formats.FormatException;
import org.quadrille.formats.NpyFile;
import org.quadrille.linalg.Norms;
import org.quadrille.linalg.Tensor;
import org.quadrille.quant.ActivationAwareQuantizer;
import org.quadrille.quant.ActivationStatistics;
import org.quadrille.quant.GptqQuantizer;
import org.quadrille.quant.Quantizer;
import picocli.CommandLine.Option;

/** Sample inputs of the layer whose weights are quantized, and what is done with them. */
final class LayerInputs {
  @Option(
      names = "--inputs",
      paramLabel = "X",
      description =
          "Inputs of the layer, .npy of samples x columns: weigh errors by them and show what the"
              + " outputs lose.")
  private Path file;

  @Option(
      names = "--aware",
      paramLabel = "METHOD",
      description =
          "What to do with --inputs: gptq (error feedback from column to column), awq (a scale per"
              + " column) or awq+gptq (default: gptq).")
  private String method;

  boolean isGiven() {
    return file != null;
  }

  /** What is wrong with the options, or null. */
  String mistake() {
    if (method != null && !method.matches("gptq|awq|awq\\+gptq")) {
      return "--aware " + method + ": expected gptq, awq or awq+gptq";
    }
    return method != null && file == null ? "--aware needs --inputs" : null;
  }

  /** Reads the inputs of a layer of so many columns. */
  ActivationStatistics read(int cols) throws IOException {
    Tensor samples = Norms.requireFinite(file.toString(), NpyFile.read(file));
    if (samples.rank() != 2 || samples.size(0) < 1 || samples.size(1) != cols) {
      throw new FormatException(
          file, samples + "; expected samples x " + cols + ", as the matrix has columns");
    }
    return new ActivationStatistics(cols).add(samples);
  }

  /** The quantizer that weighs errors by the inputs. */
  Quantizer around(Quantizer quantizer, ActivationStatistics inputs) {
    boolean scales = method != null && method.startsWith("awq");
    boolean feeds = method == null || method.endsWith("gptq");
    Quantizer scaled = scales ? ActivationAwareQuantizer.of(quantizer, inputs) : quantizer;
    return feeds ? GptqQuantizer.of(scaled, inputs) : scaled;
  }
}
