package org.quadrille.cli.compress;

import java.nio.file.Path;
import org.quadrille.cli.console.Console;
import org.quadrille.cli.console.Machine;
import org.quadrille.cli.console.Table;
import org.quadrille.cli.console.Units;

/** What the command tells people at the end: the table of matrices and a summary. */
public final class CompressionSummary {
  private CompressionSummary() {}

  /**
   * Prints table and summary.
   *
   * @param reportFile the report that was written, or null
   */
  public static void print(CompressionResult result, Path reportFile, Console console) {
    console.print(table(result));
    console.print("");
    print(console, "size", size(result));
    print(console, "bits", bits(result));
    print(console, "error", error(result));
    print(console, "time", time(result));
    print(
        console,
        "memory",
        Units.bytes(Machine.peakMemory())
            + " at most, mapped files included; heap "
            + Units.bytes(Machine.peakHeap()));
    print(
        console,
        "checked",
        "read back; all "
            + result.outcomes().size()
            + " matrices are bit for bit what was computed");
    result.check().ifPresent(check -> print(console, "effect", check.words()));
    console.print("");
    console.print("Wrote " + result.output());
    if (reportFile != null) {
      console.print("Open " + reportFile + " in a browser for the figures.");
    } else {
      console.print("Add --report to the same command for a page with the figures.");
    }
  }

  private static void print(Console console, String what, String words) {
    console.print(what + " ".repeat(9 - what.length()) + words);
  }

  private static Table table(CompressionResult result) {
    Table table =
        new Table()
            .text("matrix")
            .number("shape")
            .text("config")
            .number("bits")
            .number("rank")
            .number("plain error")
            .number("error")
            .number("iterations")
            .number("seconds");
    for (MatrixOutcome outcome : result.outcomes()) {
      table.row(
          outcome.name(),
          outcome.rows() + "x" + outcome.cols(),
          outcome.config().toString(),
          Units.fixed(outcome.bits(), 3),
          Integer.toString(outcome.rank()),
          Units.fixed(outcome.relativePlainError(), 4),
          Units.fixed(outcome.relativeError(), 4),
          Integer.toString(outcome.figures().objective().size()),
          Units.fixed(outcome.figures().seconds(), 2));
    }
    return table
        .rule()
        .row(
            "all " + result.outcomes().size(),
            Units.count(result.weights()),
            "",
            Units.fixed(result.averageBits(), 3),
            "",
            Units.fixed(result.relativePlainError(), 4),
            Units.fixed(result.relativeError(), 4),
            "",
            Units.fixed(
                result.outcomes().stream().mapToDouble(o -> o.figures().seconds()).sum(), 2));
  }

  private static String size(CompressionResult result) {
    long before = 4 * result.weights();
    long after = Math.round(result.averageBitsWithLowRank() * result.weights() / 8);
    return Units.bytes(before)
        + " -> "
        + Units.bytes(after)
        + " for the matrices ("
        + Units.fixed((double) before / after, 1)
        + " times smaller than single precision); file "
        + Units.bytes(result.bytesIn())
        + " -> "
        + Units.bytes(result.bytesOut())
        + ", "
        + result.passedThrough()
        + " other tensors unchanged";
  }

  private static String bits(CompressionResult result) {
    String bits = Units.fixed(result.averageBits(), 3) + " per weight on average, scales included";
    return !result.settings().hasLowRank()
        ? bits
        : bits
            + "; "
            + Units.fixed(result.averageBitsWithLowRank(), 3)
            + " with the low-rank factors as stored"
            + (result.settings().factorConfig() == null ? " (single precision), " : ", ")
            + Units.fixed(result.averageBitsWithQuantizedLowRank(), 3)
            + " if they were NF8";
  }

  private static String error(CompressionResult result) {
    double plain = result.relativePlainError();
    return Units.fixed(result.relativeError(), 4)
        + " of the weights' norm"
        + (result.settings().hasLowRank() && plain > 0
            ? "; "
                + Units.fixed(plain, 4)
                + " without the low-rank parts ("
                + Units.percent(1 - result.relativeError() / plain)
                + " less)"
            : "")
        + (result.settings().fisher() == null
            ? ""
            : "; weighted " + Units.fixed(result.relativeWeightedError(), 4));
  }

  private static String time(CompressionResult result) {
    CompressionResult.Times times = result.times();
    return Units.seconds(times.total())
        + " (plan "
        + Units.seconds(times.plan())
        + ", decompose "
        + Units.seconds(times.decompose())
        + ": "
        + Units.percent(times.productShare())
        + " products, "
        + Units.percent(times.quantizationShare())
        + " quantization; write and check "
        + Units.seconds(times.write() + times.verify())
        + ")"
        + (result.resumed() > 0
            ? "; " + result.resumed() + " matrices were finished by an earlier run"
            : "");
  }
}
