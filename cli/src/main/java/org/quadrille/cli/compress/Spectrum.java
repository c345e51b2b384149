package org.quadrille.cli.compress;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.quadrille.formats.Checkpoint;
import org.quadrille.formats.JsonObject;
import org.quadrille.kernels.cpu.WorkerPool;
import org.quadrille.linalg.Arithmetic;
import org.quadrille.linalg.DType;
import org.quadrille.linalg.LowRank;
import org.quadrille.linalg.MatrixProduct;
import org.quadrille.linalg.SymmetricEigen;
import org.quadrille.linalg.Tensor;
import org.quadrille.quant.QuantizedCheckpoint;
import org.quadrille.quant.QuantizedMatrix;

/**
 * Singular values of a weight and of what its decomposition leaves.
 *
 * @param name name of the weight
 * @param label layer and kind
 * @param weight singular values of W, descending
 * @param rest singular values of W - Q - L1 L2, descending
 */
record Spectrum(String name, String label, double[] weight, double[] rest) {
  private static final int MOST = 4;
  private static final long LARGEST = 2_000_000;

  /**
   * Spectra of a few weights: one of each kind, up to four, from the middle layer. Weights of more
   * than two million elements are left out, their decomposition would take minutes.
   */
  static List<Spectrum> ofRepresentatives(CompressionResult result) throws IOException {
    Map<String, List<MatrixOutcome>> byKind = new LinkedHashMap<>();
    for (MatrixOutcome outcome : result.outcomes()) {
      if (outcome.weights() <= LARGEST) {
        String kind = WeightKind.of(outcome.name()).kind();
        byKind.computeIfAbsent(kind, key -> new ArrayList<>()).add(outcome);
      }
    }
    List<MatrixOutcome> chosen =
        byKind.values().stream().map(list -> list.get(list.size() / 2)).toList();
    // Evenly over the kinds, so that attention and feed-forward weights both appear.
    int count = Math.min(MOST, chosen.size());
    Spectrum[] spectra = new Spectrum[count];
    try (Checkpoint model = Checkpoint.open(result.input());
        QuantizedCheckpoint file = QuantizedCheckpoint.open(result.output())) {
      Tensor[] weights = new Tensor[count];
      Tensor[] rests = new Tensor[count];
      String[] names = new String[count];
      for (int i = 0; i < count; i++) {
        names[i] = chosen.get(i * chosen.size() / count).name();
        weights[i] = model.read(names[i]);
        rests[i] = rest(weights[i], file.quantized(names[i]), file.lowRank(names[i]));
      }
      WorkerPool.shared().forEach(count, i -> spectra[i] = of(names[i], weights[i], rests[i]));
    }
    return List.of(spectra);
  }

  private static Tensor rest(Tensor weight, QuantizedMatrix quantized, LowRank lowRank) {
    Tensor rest = Arithmetic.subtract(weight, quantized.dequantize());
    if (lowRank.rank() > 0) {
      MatrixProduct.multiply(-1, lowRank.left(), lowRank.right(), 1, rest);
    }
    return rest;
  }

  private static Spectrum of(String name, Tensor weight, Tensor rest) {
    WeightKind kind = WeightKind.of(name);
    return new Spectrum(
        name,
        kind.kind() + (kind.layer().equals(kind.kind()) ? "" : ", layer " + kind.layer()),
        singularValues(weight),
        singularValues(rest));
  }

  /**
   * Square roots of the eigenvalues of A A^T (of the smaller side), in double, descending: good to
   * about 1e-8 of the largest, which is finer than single-precision weights are, and several times
   * faster than a singular value decomposition.
   */
  private static double[] singularValues(Tensor a) {
    Tensor wide = a.size(0) <= a.size(1) ? a.to(DType.F64) : a.to(DType.F64).transpose();
    Tensor gram = MatrixProduct.multiply(wide, wide.transpose());
    return Arrays.stream(SymmetricEigen.decompose(gram).values().toDoubles())
        .map(value -> -Math.sqrt(Math.max(0, value)))
        .sorted()
        .map(value -> -value)
        .toArray();
  }

  JsonObject toJson() {
    return new JsonObject().put("name", name).put("weight", weight).put("rest", rest);
  }
}
