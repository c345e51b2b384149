package org.quadrille.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.quadrille.cli.console.Console;
import org.quadrille.cli.console.Progress;
import org.quadrille.cli.console.Table;
import org.quadrille.cli.console.Units;
import org.quadrille.cli.input.MatrixInput;
import org.quadrille.formats.JsonObject;
import org.quadrille.formats.NpyFile;
import org.quadrille.linalg.Norms;
import org.quadrille.linalg.Tensor;
import org.quadrille.quant.LqDecomposition;
import org.quadrille.quant.LqOptions;
import org.quadrille.quant.LqResult;
import org.quadrille.quant.QuantizationError;
import org.quadrille.quant.Quantizer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code quadrille decompose}: one matrix into a quantized and a low-rank part. */
@Command(
    name = "decompose",
    description = "Decompose one matrix into a quantized and a low-rank part.",
    footer = {"", "Example: quadrille decompose --in weight.npy --config nf3/64/fp8/256 --rank 8"})
final class DecomposeCommand extends QuadrilleCommand {
  private enum Method {
    lq,
    loftq,
    qpissa,
    qlora
  }

  @Mixin private MatrixInput input;

  @Option(
      names = "--config",
      required = true,
      paramLabel = "CFG",
      converter = QuantizerOption.class,
      description =
          "Configuration of the quantized part, for example nf3/64/fp8/256; see quantize.")
  private Quantizer quantizer;

  @Option(
      names = "--rank",
      required = true,
      paramLabel = "R",
      description = "Rank of the low-rank part, 0 for plain quantization.")
  private int rank;

  @Option(
      names = "--method",
      paramLabel = "M",
      defaultValue = "lq",
      description =
          "lq: LQ-LoRA (default); loftq or qpissa: exactly --iterations rounds, the last one kept;"
              + " qlora: quantize, with a low-rank part of zero.")
  private Method method;

  @Option(
      names = "--iterations",
      paramLabel = "N",
      defaultValue = "40",
      description = "At most so many iterations; the best one is kept (default: 40).")
  private int iterations;

  @Option(
      names = "--tolerance",
      paramLabel = "T",
      defaultValue = "1e-4",
      description =
          "Stop when an iteration gains less than this, relatively; 0 for the paper's rule"
              + " (default: 1e-4).")
  private double tolerance;

  @Option(
      names = "--fisher",
      paramLabel = "FILE",
      description =
          "How much the error of each weight counts: a matrix of the same shape (.npy, .f32, .f64),"
              + " or a .safetensors file with one matrix or one named like the input.")
  private Path fisher;

  @Option(
      names = "--factor-config",
      paramLabel = "CFG",
      converter = QuantizerOption.class,
      description = "Quantize the factors too, for example to nf8/64/fp8/256.")
  private Quantizer factorQuantizer;

  @Option(
      names = "--dump",
      paramLabel = "DIR",
      description = "Write the dequantized part and the factors L1, L2 there as .npy.")
  private Path dump;

  @Override
  protected void execute(Console console) throws IOException {
    if (rank < 0 || iterations < 1 || !(tolerance >= 0 && tolerance < 1)) {
      throw wrongUsage(
          "expected --rank 0 or more, --iterations 1 or more and --tolerance from 0 to below 1");
    }
    Tensor weights = Norms.requireFinite(input.file().toString(), input.read());
    LqOptions decomposition = decomposition().withSeed(options().seed());
    if (fisher != null) {
      decomposition = decomposition.withFisher(FisherInput.read(fisher, input, weights));
    }
    if (factorQuantizer != null) {
      decomposition = decomposition.withFactorQuantizer(factorQuantizer);
    }
    long start = System.nanoTime();
    LqResult result;
    try (Progress progress = console.progress("decomposing", iterations, "iterations")) {
      result =
          LqDecomposition.decompose(
              weights,
              decomposition,
              (iteration, error) -> {
                progress.advance(1);
                return true;
              });
    }
    double seconds = (System.nanoTime() - start) * 1e-9;
    Tensor plain = quantizer.quantize(weights).dequantize();
    double plainError = QuantizationError.between(weights, plain).relativeError();
    List<String> files = dump == null ? List.of() : dump(result);
    show(console, weights, result, plainError, seconds);
    if (dump != null) {
      console.print("Wrote " + String.join(", ", files) + " to " + dump);
    }
    console.document(document(weights, result, plainError, seconds, files));
  }

  private LqOptions decomposition() {
    return switch (method) {
      case lq -> LqOptions.of(quantizer, rank).withIterations(iterations, tolerance);
      case loftq -> LqOptions.loftq(quantizer, rank, iterations);
      case qpissa -> LqOptions.qpissa(quantizer, rank, iterations);
      case qlora -> LqOptions.qlora(quantizer, rank);
    };
  }

  private void show(
      Console console, Tensor weights, LqResult result, double plainError, double seconds) {
    console.print(
        "Decomposed "
            + input.file()
            + ", "
            + weights.size(0)
            + " x "
            + weights.size(1)
            + ", into "
            + quantizer.name()
            + " plus rank "
            + rank
            + " in "
            + Units.seconds(seconds));
    console.print("");
    Table table =
        new Table()
            .number("iteration")
            .number(fisher == null ? "relative error" : "relative weighted error");
    for (int i = 0; i < result.iterations(); i++) {
      table.row(
          Integer.toString(i + 1),
          Units.fixed(relative(result.objective().get(i), result.weightedNorm()), 6));
    }
    console.print(table);
    console.print("");
    console.print(
        "Relative error "
            + Units.significant(result.relativeError())
            + " (iteration "
            + result.keptIteration()
            + (method == Method.lq ? ", factors refitted), " : "), ")
            + Units.significant(plainError)
            + " without the low-rank part.");
    if (fisher != null) {
      console.print(
          "Relative error weighted by "
              + fisher
              + ": "
              + Units.significant(result.relativeWeightedError())
              + ".");
    }
    console.print(
        "Bits per parameter "
            + Units.fixed((double) result.quantized().storageBits() / weights.length(), 4)
            + (factorQuantizer == null
                ? ", with the factors in single precision "
                : ", with the factors in " + factorQuantizer.name() + " ")
            + Units.fixed((double) result.storageBits() / weights.length(), 4)
            + ".");
  }

  private JsonObject document(
      Tensor weights, LqResult result, double plainError, double seconds, List<String> files) {
    return new JsonObject()
        .put("in", input.file().toString())
        .put("rows", weights.size(0))
        .put("cols", weights.size(1))
        .put("config", quantizer.name())
        .put("rank", rank)
        .put("method", method)
        .put("objective", result.objective())
        .put("relativeError", result.relativeError())
        .put("weightedError", result.relativeWeightedError())
        .put("weightedNorm", result.weightedNorm())
        .put("frobeniusError", result.error())
        .put("norm", result.norm())
        .put("relativeErrorWithoutLowRank", plainError)
        .put("iterations", result.iterations())
        .put("keptIteration", result.keptIteration())
        .put("stopRule", result.stopRule().name())
        .put("bitsPerParameter", (double) result.quantized().storageBits() / weights.length())
        .put("bitsPerParameterWithLowRank", (double) result.storageBits() / weights.length())
        .put("seconds", seconds)
        .put("files", files);
  }

  private static double relative(double error, double norm) {
    return norm == 0 ? 0 : error / norm;
  }

  private List<String> dump(LqResult result) throws IOException {
    NpyFile.write(dump.resolve("dequantized.npy"), result.quantized().dequantize());
    NpyFile.write(dump.resolve("L1.npy"), result.lowRank().left());
    NpyFile.write(dump.resolve("L2.npy"), result.lowRank().right());
    return List.of("dequantized.npy", "L1.npy", "L2.npy");
  }
}
