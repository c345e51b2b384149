package org.quadrille.cli.adapters;

import org.quadrille.lowrank.RankChoice;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** How many singular values to keep: one of three options. */
public final class RankOptions {
  @ArgGroup(exclusive = true, multiplicity = "1")
  private Choice choice;

  private static final class Choice {
    @Option(
        names = "--rank",
        paramLabel = "R",
        required = true,
        description = "Keep so many singular values.")
    private Integer rank;

    @Option(
        names = "--energy",
        paramLabel = "X",
        required = true,
        description = "Keep as many as hold this share of the sum of squares, for example 0.99.")
    private Double energy;

    @Option(
        names = "--tolerance",
        paramLabel = "T",
        required = true,
        description = "Keep as many as leave a relative error of at most T.")
    private Double tolerance;
  }

  /**
   * The choice.
   *
   * @throws IllegalArgumentException if its number is outside its range
   */
  public RankChoice choice() {
    if (choice.rank != null) {
      return RankChoice.rank(choice.rank);
    }
    return choice.energy != null
        ? RankChoice.energy(choice.energy)
        : RankChoice.relativeFrobenius(choice.tolerance);
  }
}
