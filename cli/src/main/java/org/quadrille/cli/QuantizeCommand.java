package org.quadrille.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.quadrille.cli.console.Console;
import org.quadrille.cli.console.Table;
import org.quadrille.cli.console.Units;
import org.quadrille.cli.input.MatrixInput;
import org.quadrille.formats.JsonObject;
import org.quadrille.formats.NpyFile;
import org.quadrille.linalg.Norms;
import org.quadrille.linalg.Tensor;
import org.quadrille.quant.BlockQuantizer;
import org.quadrille.quant.QuantizationConfig;
import org.quadrille.quant.QuantizationError;
import org.quadrille.quant.QuantizedMatrix;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code quadrille quantize}: one matrix to NormalFloat codes with two-level scales. */
@Command(
    name = "quantize",
    description = "Quantize one matrix and show what is lost.",
    footer = {
      "",
      "Example: quadrille quantize --in weight.npy --config nf4/64/fp8/256 --dump codes",
      "CFG is NF-bits/block/scale code/blocks per group[/fp16|bf16], or 4/8/fp32/64/256."
    })
final class QuantizeCommand extends QuadrilleCommand {
  @Mixin private MatrixInput input;

  @Option(
      names = "--config",
      required = true,
      paramLabel = "CFG",
      converter = ConfigOption.class,
      description = "Configuration, for example nf4/64/fp8/256.")
  private QuantizationConfig config;

  @Option(
      names = "--dump",
      paramLabel = "DIR",
      description = "Write codes, scales and the dequantized matrix there as .npy.")
  private Path dump;

  @Override
  protected void execute(Console console) throws IOException {
    Tensor weights = Norms.requireFinite(input.file().toString(), input.read());
    long start = System.nanoTime();
    QuantizedMatrix quantized = BlockQuantizer.of(config).quantize(weights);
    Tensor dequantized = quantized.dequantize();
    double seconds = (System.nanoTime() - start) * 1e-9;
    QuantizationError error = QuantizationError.between(weights, dequantized);
    double bits = (double) quantized.storageBits() / weights.length();
    List<String> files = dump == null ? List.of() : dump(quantized, dequantized);

    console.print(
        "Quantized "
            + input.file()
            + ", "
            + weights.size(0)
            + " x "
            + weights.size(1)
            + ", with "
            + config
            + " in "
            + Units.seconds(seconds));
    console.print("");
    console.print(
        new Table()
            .text("measure")
            .number("value")
            .row("bits per parameter", Units.fixed(bits, 4))
            .row("relative error", Units.significant(error.relativeError()))
            .row("largest error", Units.significant(error.maxAbsError())));
    if (dump != null) {
      console.print("");
      console.print("Wrote " + String.join(", ", files) + " to " + dump);
    }
    console.document(
        new JsonObject()
            .put("in", input.file().toString())
            .put("rows", weights.size(0))
            .put("cols", weights.size(1))
            .put("config", config.toString())
            .put("bitsPerParameter", bits)
            .put("bitsPerParameterWithoutTails", config.bitsPerWeight())
            .put("relativeError", error.relativeError())
            .put("frobeniusError", error.frobeniusError())
            .put("maxError", error.maxAbsError())
            .put("seconds", seconds)
            .put("files", files));
  }

  private List<String> dump(QuantizedMatrix quantized, Tensor dequantized) throws IOException {
    List<String> files = new ArrayList<>();
    NpyFile.writeUnsignedBytes(
        named("codes.npy", files), quantized.codes(), quantized.rows(), quantized.cols());
    NpyFile.writeUnsignedBytes(
        named("scale_codes.npy", files), quantized.scaleCodes(), quantized.blocks());
    vector(named("group_scales.npy", files), quantized.groupScales());
    vector(named("offset.npy", files), new float[] {quantized.offset()});
    vector(named("scales.npy", files), quantized.blockScales());
    vector(named("levels.npy", files), quantized.codebook().levels());
    NpyFile.write(named("dequantized.npy", files), dequantized);
    return files;
  }

  private Path named(String file, List<String> files) {
    files.add(file);
    return dump.resolve(file);
  }

  private static void vector(Path path, float[] values) throws IOException {
    NpyFile.write(path, Tensor.of(values, values.length));
  }
}
