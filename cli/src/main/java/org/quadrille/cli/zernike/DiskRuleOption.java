package org.quadrille.cli.zernike;

import org.quadrille.zernike.DiskRule;
import picocli.CommandLine.Option;

/** Which of the two radial rules. */
public final class DiskRuleOption {
  /** The variable of the radial rule. */
  public enum Nodes {
    /** Gauss in the radius: rule A. */
    radius,
    /** Gauss in the squared radius: rule B. */
    squared
  }

  @Option(
      names = "--nodes",
      paramLabel = "KIND",
      description =
          "Radial Gauss rule in the radius or in the squared radius: ${COMPLETION-CANDIDATES}.")
  private Nodes nodes;

  /** The kind asked for, or else another. */
  public Nodes orElse(Nodes usual) {
    return nodes == null ? usual : nodes;
  }

  /** A rule of a kind. */
  public static DiskRule rule(Nodes kind, int radialNodes, int angles) {
    return switch (kind) {
      case radius -> DiskRule.inRadius(radialNodes, angles);
      case squared -> DiskRule.inSquaredRadius(radialNodes, angles);
    };
  }

  /** Fewest radial nodes for polynomials in x and y of a degree. */
  public static int radialNodes(Nodes kind, int degree) {
    // after the sum over angles only even radial degrees e <= degree are left:
    // exact to 2M - 1 >= e in the radius, to 4M - 2 >= e in its square
    int even = degree - degree % 2;
    return switch (kind) {
      case radius -> even / 2 + 1;
      case squared -> Math.max(1, Math.ceilDiv(even + 2, 4));
    };
  }
}
