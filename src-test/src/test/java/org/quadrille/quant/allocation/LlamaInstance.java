package org.quadrille.quant.allocation;

import java.util.List;
import java.util.Map;
import org.quadrille.ReferenceData;

/**
 * The knapsack of LLaMA-2's linear layers: real shapes and exact bits, synthetic costs (spread
 * sigma per matrix, the error of each configuration as measured elsewhere, 5 % of hashed noise).
 */
final class LlamaInstance {
  private LlamaInstance() {}

  /** 224 matrices, 432 options each, 2.75 bits a weight. */
  static Knapsack sevenBillion() {
    return of(32, shapes(4096, 4096, 11008));
  }

  /** 560 matrices, 432 options each, 2.75 bits a weight. */
  static Knapsack seventyBillion() {
    return of(80, shapes(8192, 1024, 28672));
  }

  /** Query, key, value, output, gate, up, down. */
  private static long[] shapes(long width, long keyWidth, long inner) {
    return new long[] {
      width * width,
      keyWidth * width,
      keyWidth * width,
      width * width,
      inner * width,
      inner * width,
      width * inner
    };
  }

  private static Knapsack of(int layers, long[] sizes) {
    List<Map<String, String>> configs = ReferenceData.csv("lq-lora", "ilp_configs.csv");
    double[] relative =
        ReferenceData.csv("lq-lora", "ilp_relative_error_per_config.csv").stream()
            .mapToDouble(r -> Double.parseDouble(r.get("mean_relative_squared_error")))
            .toArray();
    double[][] costs = new double[layers * sizes.length][configs.size()];
    long[][] weights = new long[costs.length][configs.size()];
    long total = 0;
    for (int m = 0; m < costs.length; m++) {
      int l = m / sizes.length;
      int t = m % sizes.length;
      long n = sizes[t];
      total += n;
      double sigma = 0.02 * (1 + 0.5 * Math.sin(0.37 * l + 1.3 * t)) + 0.001 * t;
      for (int j = 0; j < configs.size(); j++) {
        double h = (((long) m * configs.size() + j) * 2654435761L & 0xffffffffL) / 0x1p32;
        costs[m][j] = n * sigma * sigma * relative[j] * (1 + 0.1 * (h - 0.5));
        weights[m][j] = exactBits(n, configs.get(j));
      }
    }
    return Knapsack.of(costs, weights, total * 11 / 4);
  }

  /** b n + s ceil(n/B) + w ceil(ceil(n/B)/G) bits. */
  static long exactBits(long n, Map<String, String> config) {
    long blocks = Math.ceilDiv(n, Long.parseLong(config.get("B0")));
    long groups = Math.ceilDiv(blocks, Long.parseLong(config.get("B1")));
    long groupBits = config.get("group_dtype").equals("fp32") ? 32 : 16;
    return Long.parseLong(config.get("b")) * n
        + Long.parseLong(config.get("scale_bits")) * blocks
        + groupBits * groups;
  }
}
