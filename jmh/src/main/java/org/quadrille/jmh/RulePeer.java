package org.quadrille.jmh;

import java.util.function.IntToDoubleFunction;
import org.quadrille.zernike.RadialRule;

/** A library's way to a Gauss rule on [0, 1], without what it may keep from earlier calls. */
@FunctionalInterface
interface RulePeer {

  /** Computes the rule. */
  Rule compute();

  /** The way of a library to n nodes for the weight t^a. */
  static RulePeer of(String library, int n, double a) {
    boolean isGeneral = library.equals("quadrille") || library.equals("prufer-newton");
    if (!isGeneral && a != 0) {
      throw new IllegalArgumentException(library + " has no rule for the weight t^" + a);
    }
    return switch (library) {
      case "quadrille" ->
          () -> {
            RadialRule rule = RadialRule.ofPower(n, a);
            return new Rule(rule::node, rule::weight);
          };
      case "prufer-newton" ->
          () -> {
            RadialRule rule = RadialRule.ofPower(n, a, RadialRule.Method.PRUFER_NEWTON);
            return new Rule(rule::node, rule::weight);
          };
      // a new factory each time: factories keep the rules they have computed
      case "hipparchus" ->
          () -> {
            var rule =
                new org.hipparchus.analysis.integration.gauss.GaussIntegratorFactory()
                    .legendre(n, 0, 1);
            return new Rule(rule::getPoint, rule::getWeight);
          };
      case "commons-math" ->
          () -> {
            var rule =
                new org.apache.commons.math3.analysis.integration.gauss.GaussIntegratorFactory()
                    .legendre(n, 0, 1);
            return new Rule(rule::getPoint, rule::getWeight);
          };
      default -> throw new IllegalArgumentException("library: given " + library);
    };
  }

  /**
   * Nodes and weights by index.
   *
   * @param nodes in [0, 1]
   * @param weights for the integral of f(t) t^a
   */
  record Rule(IntToDoubleFunction nodes, IntToDoubleFunction weights) {
    double node(int i) {
      return nodes.applyAsDouble(i);
    }

    double weight(int i) {
      return weights.applyAsDouble(i);
    }
  }
}
