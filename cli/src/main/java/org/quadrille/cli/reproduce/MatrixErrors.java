package org.quadrille.cli.reproduce;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.quadrille.linalg.Tensor;
import org.quadrille.quant.LqDecomposition;
import org.quadrille.quant.LqOptions;
import org.quadrille.quant.LqResult;
import org.quadrille.quant.QuantizationConfig;

/**
 * Errors of one weight matrix: plain NormalFloat quantization and LQ decompositions of several
 * ranks, for several bit widths.
 *
 * @param name of the weight, the model before it
 * @param squaredNorm of the weight
 * @param cases in the order of bits, then ranks
 */
record MatrixErrors(String name, double squaredNorm, List<Case> cases) {

  /**
   * One bit width and rank.
   *
   * @param bits of NormalFloat codes
   * @param rank of the low-rank part
   * @param plain squared error of plain quantization
   * @param objective squared error after each iteration
   * @param best squared error of the result
   */
  record Case(int bits, int rank, double plain, List<Double> objective, double best) {
    double first() {
      return objective.getFirst();
    }

    /** Share of the whole gain over plain quantization that so many iterations bring. */
    double gainAfter(int iterations) {
      double reached = objective.stream().limit(iterations).mapToDouble(e -> e).min().orElseThrow();
      return (Math.sqrt(plain) - Math.sqrt(reached)) / (Math.sqrt(plain) - Math.sqrt(best));
    }
  }

  static MatrixErrors measure(String name, Tensor weight, int[] bits, int[] ranks, long seed) {
    List<Case> cases = new ArrayList<>();
    double norm = 0;
    for (int width : bits) {
      QuantizationConfig config = QuantizationConfig.DEFAULT.withBits(width);
      LqResult plain = LqDecomposition.decompose(weight, LqOptions.of(config, 0));
      norm = plain.norm();
      for (int rank : ranks) {
        // tolerance 0: the bare rule of the paper, stop when the error rises
        LqOptions options = LqOptions.of(config, rank).withIterations(40, 0).withSeed(seed);
        LqResult result = LqDecomposition.decompose(weight, options);
        List<Double> squared = result.objective().stream().map(e -> e * e).toList();
        double best = result.error() * result.error();
        cases.add(new Case(width, rank, plain.error() * plain.error(), squared, best));
      }
    }
    return new MatrixErrors(name, norm * norm, List.copyOf(cases));
  }

  Case of(int bits, int rank) {
    return cases.stream()
        .filter(one -> one.bits() == bits && one.rank() == rank)
        .findFirst()
        .orElseThrow();
  }

  /** What the matrix does in its layer: query, key, value, attention output, and so on. */
  String kind() {
    for (String kind : List.of("query", "key", "value", "attention.output", "intermediate")) {
      if (name.contains(kind)) {
        return kind;
      }
    }
    return "output";
  }

  /** Relative Frobenius error over all matrices. */
  static double relative(
      List<MatrixErrors> all, int bits, int rank, ToDoubleFunction<Case> squaredError) {
    double error =
        all.stream().mapToDouble(m -> squaredError.applyAsDouble(m.of(bits, rank))).sum();
    return Math.sqrt(error / all.stream().mapToDouble(MatrixErrors::squaredNorm).sum());
  }

  /** Error of the result over that of plain quantization, by kind of matrix. */
  static Map<String, Double> ratioByKind(List<MatrixErrors> all, int bits, int rank) {
    Map<String, List<MatrixErrors>> kinds = new LinkedHashMap<>();
    all.forEach(m -> kinds.computeIfAbsent(m.kind(), kind -> new ArrayList<>()).add(m));
    Map<String, Double> ratios = new LinkedHashMap<>();
    kinds.forEach(
        (kind, members) ->
            ratios.put(
                kind,
                relative(members, bits, rank, Case::best)
                    / relative(members, bits, rank, Case::plain)));
    return ratios;
  }
}
