package org.quadrille.jmh.command;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.quadrille.cli.console.Table;
import org.quadrille.cli.console.Units;

/** Outcomes beside each other: a line per case, ours first, and after each peer the ratio. */
final class RatioTable {
  private RatioTable() {}

  /** The table. */
  static Table of(List<Outcome> outcomes) {
    Set<String> peers = new LinkedHashSet<>();
    outcomes.forEach(outcome -> peers.addAll(outcome.peers()));
    boolean floors = outcomes.stream().anyMatch(outcome -> outcome.share().isPresent());
    Table table = new Table().text("operation").text("size").number("threads").number("unit");
    table.number(Trial.OURS);
    if (floors) {
      table.number("of peak");
    }
    for (String peer : peers) {
      table.number(peer).number("ratio");
    }
    for (Outcome outcome : outcomes) {
      table.row(cells(outcome, peers, floors).toArray(String[]::new));
    }
    return table;
  }

  private static List<String> cells(Outcome outcome, Set<String> peers, boolean floors) {
    Case what = outcome.what();
    List<String> cells = new ArrayList<>();
    cells.add(what.operation());
    cells.add(what.sizes());
    cells.add(Integer.toString(what.threads()));
    cells.add(outcome.ours().unit());
    cells.add(Units.significant(outcome.ours().value()));
    if (floors) {
      cells.add(outcome.share().isPresent() ? Units.percent(outcome.share().getAsDouble()) : "");
    }
    for (String peer : peers) {
      Measurement theirs = outcome.byLibrary().get(peer);
      cells.add(theirs == null ? "" : Units.significant(theirs.value()));
      cells.add(theirs == null ? "" : ratio(outcome.ratio(peer)));
    }
    return cells;
  }

  /** A ratio with as many digits as it is good for. */
  static String ratio(double ratio) {
    return String.format(Locale.ROOT, ratio < 9.995 ? "%.2f" : "%.1f", ratio);
  }

  /** For each peer the geometric mean of all ratios and the smallest one. */
  static List<Summary> summaries(List<Outcome> outcomes) {
    Map<String, List<Double>> ratios = new LinkedHashMap<>();
    for (Outcome outcome : outcomes) {
      for (String peer : outcome.peers()) {
        ratios.computeIfAbsent(peer, key -> new ArrayList<>()).add(outcome.ratio(peer));
      }
    }
    List<Summary> summaries = new ArrayList<>();
    ratios.forEach(
        (peer, values) -> {
          double logarithms = values.stream().mapToDouble(Math::log).sum();
          summaries.add(
              new Summary(
                  peer,
                  Math.exp(logarithms / values.size()),
                  Collections.min(values),
                  values.size()));
        });
    return summaries;
  }

  /**
   * All ratios to a peer in short.
   *
   * @param peer the library
   * @param geometricMean of the ratios
   * @param smallest ratio
   * @param cases how many ratios
   */
  record Summary(String peer, double geometricMean, double smallest, int cases) {
    String line() {
      return peer
          + ": geometric mean of "
          + cases
          + (cases == 1 ? " ratio " : " ratios ")
          + ratio(geometricMean)
          + ", smallest "
          + ratio(smallest);
    }
  }
}
