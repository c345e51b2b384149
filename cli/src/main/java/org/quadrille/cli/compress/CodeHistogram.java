package org.quadrille.cli.compress;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.quadrille.cli.console.Units;
import org.quadrille.cli.report.BarChart;
import org.quadrille.formats.JsonObject;
import org.quadrille.quant.Codebook;
import org.quadrille.quant.QuantizedCheckpoint;

/**
 * How often each code of one codebook is used.
 *
 * @param bits bits of a code
 * @param matrices how many matrices were counted
 * @param levels value of each code
 * @param counts uses of each code
 */
record CodeHistogram(int bits, int matrices, float[] levels, long[] counts) {

  /**
   * Counts the matrices whose codes have the width that most weights have, one after another from
   * the file that was written.
   */
  static CodeHistogram ofMostFrequentBits(CompressionResult result) throws IOException {
    Map<Integer, Long> weightsByBits = new TreeMap<>();
    result.outcomes().forEach(o -> weightsByBits.merge(o.config().bits(), o.weights(), Long::sum));
    int bits =
        weightsByBits.entrySet().stream().max(Map.Entry.comparingByValue()).orElseThrow().getKey();
    List<MatrixOutcome> counted =
        result.outcomes().stream().filter(outcome -> outcome.config().bits() == bits).toList();
    try (QuantizedCheckpoint file = QuantizedCheckpoint.open(result.output())) {
      Codebook codebook = file.quantized(counted.getFirst().name()).codebook();
      long[] counts = new long[codebook.size()];
      for (MatrixOutcome outcome : counted) {
        for (byte code : file.quantized(outcome.name()).codes()) {
          counts[code & 0xff]++;
        }
      }
      return new CodeHistogram(bits, counted.size(), codebook.levels(), counts);
    }
  }

  private long total() {
    long sum = 0;
    for (long count : counts) {
      sum += count;
    }
    return sum;
  }

  /** Share of the information content in the bits of a code. */
  private double entropy() {
    double entropy = 0;
    for (long count : counts) {
      double share = (double) count / total();
      entropy -= count == 0 ? 0 : share * Math.log(share) / Math.log(2);
    }
    return entropy;
  }

  String explanation() {
    return "How often each level of NF"
        + bits
        + " is used, over "
        + matrices
        + (matrices == 1 ? " matrix. " : " matrices. ")
        + "The codes carry "
        + Units.fixed(entropy(), 3)
        + " of "
        + bits
        + " bits.";
  }

  String chart() {
    BarChart chart = new BarChart("Use of the codes", "level", "share of the weights");
    for (int code = 0; code < counts.length; code++) {
      double share = (double) counts[code] / total();
      String level = Units.fixed(levels[code], bits > 5 ? 2 : 3);
      chart.bar(level, "share", share, "code " + code + ", level " + level + ": " + counts[code]);
    }
    return chart.render();
  }

  JsonObject toJson() {
    return new JsonObject()
        .put("bits", bits)
        .put("matrices", matrices)
        .put("levels", levels)
        .put("counts", counts)
        .put("entropyBits", entropy());
  }
}
