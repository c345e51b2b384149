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
import org.quadrille.quant.ActivationStatistics;
import org.quadrille.quant.DiagonalScaling;
import org.quadrille.quant.QuantizationConfig;
import org.quadrille.quant.QuantizationError;
import org.quadrille.quant.QuantizedMatrix;
import org.quadrille.quant.Quantizer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code quadrille quantize}: one matrix to codes with two-level scales. */
@Command(
    name = "quantize",
    description = "Quantize one matrix and show what is lost.",
    footer = {
      "",
      "Example: quadrille quantize --in weight.npy --config nf4/64/fp8/256 --dump codes",
      "CFG is NF-bits/block/scale code/blocks per group[/fp16|bf16], or 4/8/fp32/64/256;",
      "int4, af4 and snf4 are other levels than nf4. Then any of /rows (rows start new blocks),",
      "/search (scales of least squared error), /learned (a table for this matrix), +zero (zero",
      "codes, with int levels) and +hadamard (rotated columns), as in int4/64/fp8/256/search+zero."
    })
final class QuantizeCommand extends QuadrilleCommand {
  @Mixin private MatrixInput input;

  @Option(
      names = "--config",
      required = true,
      paramLabel = "CFG",
      converter = QuantizerOption.class,
      description = "Configuration, for example nf4/64/fp8/256.")
  private Quantizer quantizer;

  @Mixin private LayerInputs inputs;

  @Option(
      names = "--dump",
      paramLabel = "DIR",
      description = "Write codes, scales and the dequantized matrix there as .npy.")
  private Path dump;

  @Override
  protected void execute(Console console) throws IOException {
    if (inputs.mistake() != null) {
      throw wrongUsage(inputs.mistake());
    }
    Tensor weights = Norms.requireFinite(input.file().toString(), input.read());
    ActivationStatistics statistics = inputs.isGiven() ? inputs.read(weights.size(1)) : null;
    Quantizer used = statistics == null ? quantizer : inputs.around(quantizer, statistics);
    long start = System.nanoTime();
    QuantizedMatrix quantized = used.quantize(weights);
    Tensor dequantized = quantized.dequantize();
    double seconds = (System.nanoTime() - start) * 1e-9;
    QuantizationError error = QuantizationError.between(weights, dequantized);
    double bits = (double) quantized.storageBits() / weights.length();
    int vanished = quantized.vanishedBlocks(weights);
    List<String> files = dump == null ? List.of() : dump(quantized, dequantized);

    console.print(
        "Quantized "
            + input.file()
            + ", "
            + weights.size(0)
            + " x "
            + weights.size(1)
            + ", with "
            + used.name()
            + " in "
            + Units.seconds(seconds));
    console.print("");
    Table table =
        new Table()
            .text("measure")
            .number("value")
            .row("bits per parameter", Units.fixed(bits, 4))
            .row("relative error", Units.significant(error.relativeError()))
            .row("largest error", Units.significant(error.maxAbsError()));
    double outputError =
        statistics == null ? Double.NaN : statistics.relativeOutputError(weights, dequantized);
    if (statistics != null) {
      table.row("relative error of outputs", Units.significant(outputError));
    }
    if (vanished > 0) {
      table.row("blocks whose scale became 0", Integer.toString(vanished));
    }
    console.print(table);
    if (dump != null) {
      console.print("");
      console.print("Wrote " + String.join(", ", files) + " to " + dump);
    }
    JsonObject document =
        new JsonObject()
            .put("in", input.file().toString())
            .put("rows", weights.size(0))
            .put("cols", weights.size(1))
            .put("config", used.name())
            .put("bitsPerParameter", bits)
            .put(
                "bitsPerParameterWithoutTails",
                quantized.config().bitsPerWeight() + zeroBits(quantized))
            .put("relativeError", error.relativeError())
            .put("frobeniusError", error.frobeniusError())
            .put("maxError", error.maxAbsError())
            .put("vanishedBlocks", vanished)
            .put("seconds", seconds)
            .put("files", files);
    console.document(
        statistics == null ? document : document.put("relativeOutputError", outputError));
  }

  /** Bits of zero codes per weight. */
  private static double zeroBits(QuantizedMatrix quantized) {
    QuantizationConfig config = quantized.config();
    return quantized.hasZeroCodes() ? (double) config.bits() / config.blockSize() : 0;
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
    if (quantized.hasZeroCodes()) {
      NpyFile.writeUnsignedBytes(
          named("zero_codes.npy", files), quantized.zeroCodes().orElseThrow(), quantized.blocks());
    }
    if (quantized.transform().orElse(null) instanceof DiagonalScaling scaling) {
      vector(named("column_scales.npy", files), scaling.factors());
    }
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
