package org.quadrille.zernike;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Nodes and weights against rules computed in 300 bits. */
class RadialRuleReferenceTest {
  private static final double NODE_TOLERANCE = 1e-14;

  @ParameterizedTest
  @ValueSource(
      strings = {"gauss_rules_small.csv", "gauss_rules_large.csv", "gauss_rules_million.csv"})
  void nodesAndWeightsAreExactToTheLastDigits(String file) {
    Map<String, RadialRule> rules = new HashMap<>();
    Map<String, double[]> weights = new HashMap<>();
    for (Map<String, String> row : ZernikeData.csv(file)) {
      int n = ZernikeData.integer(row, "n");
      double a = 0.5 * ZernikeData.integer(row, "two_a");
      int i = ZernikeData.integer(row, "i");
      String key = n + " nodes, a = " + a;
      RadialRule rule = rules.computeIfAbsent(key, k -> RadialRule.ofPower(n, a));
      assertEquals(n, rule.size());
      String name = key + ", node " + i;
      // the smaller of t and 1 - t tells where the node is
      boolean low = ZernikeData.number(row, "t") < 0.5;
      double node = low ? rule.node(i) : rule.complement(i);
      double nodeError = ZernikeData.relativeError(node, row.get(low ? "t" : "one_minus_t"));
      assertTrue(nodeError <= NODE_TOLERANCE * (a > 100 ? 2 : 1), name + " off by " + nodeError);
      double[] scaled =
          weights.computeIfAbsent(key + " scaled", k -> rules.get(key).scaledWeights());
      double scaledError = ZernikeData.relativeError(scaled[i], row.get("w_scaled"));
      assertTrue(scaledError <= (a > 100 ? 2e-13 : 2e-14), name + " weight off by " + scaledError);
      double[] plain = weights.computeIfAbsent(key, k -> rules.get(key).weights());
      if (ZernikeData.number(row, "w") > 1e-290) {
        double error = ZernikeData.relativeError(plain[i], row.get("w"));
        // t^a has a relative error of a roundings of log t beside
        double power = a * Math.abs(Math.log(ZernikeData.number(row, "t")));
        assertTrue(error <= 2e-13 + 4e-16 * power, name + " plain weight off by " + error);
      }
    }
  }
}
