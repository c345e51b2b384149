package org.quadrille.jmh.command;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeSet;
import org.quadrille.cli.console.Machine;
import org.quadrille.cli.report.Svg;

/**
 * The picture of a suite: rates against n, a panel for each operation and number of threads, where
 * there are several n; else a dot for each ratio. Light background whatever the page around it.
 */
final class RatePicture {
  private static final int PANEL_WIDTH = 480;
  private static final int PANEL_HEIGHT = 320;
  private static final int HEAD = 58;
  private static final int FEWEST_SIZES = 3;

  private RatePicture() {}

  /** The picture as SVG text. */
  static String of(Suite suite, List<Outcome> outcomes) {
    Map<String, List<Outcome>> panels = new LinkedHashMap<>();
    for (Outcome outcome : outcomes) {
      panels.computeIfAbsent(panelName(outcome.what()), key -> new ArrayList<>()).add(outcome);
    }
    boolean rates = outcomes.stream().allMatch(outcome -> outcome.ours().isRate());
    boolean drawLines = rates && panels.values().stream().allMatch(RatePicture::hasSizes);
    return drawLines ? lines(suite, panels) : RatioPicture.of(suite, outcomes);
  }

  private static boolean hasSizes(List<Outcome> panel) {
    return panel.stream()
            .map(outcome -> outcome.what().what().number("n", 0))
            .filter(n -> n > 0)
            .distinct()
            .count()
        >= FEWEST_SIZES;
  }

  /** All of the case but n. */
  private static String panelName(Case what) {
    Map<String, String> others = new LinkedHashMap<>(what.what().parameters());
    List.of("n", "threads", "precision", "operation").forEach(others::remove);
    StringBuilder name = new StringBuilder(what.operation());
    others.forEach((key, value) -> name.append(' ').append(key).append('=').append(value));
    int threads = what.threads();
    return name.append(", ")
        .append(threads)
        .append(threads == 1 ? " thread" : " threads")
        .toString();
  }

  private static String lines(Suite suite, Map<String, List<Outcome>> panels) {
    int columns = Math.min(2, panels.size());
    int rows = Math.ceilDiv(panels.size(), columns);
    List<String> libraries = new ArrayList<>();
    panels.values().stream()
        .flatMap(List::stream)
        .flatMap(outcome -> outcome.byLibrary().keySet().stream())
        .distinct()
        .forEach(libraries::add);
    Svg svg =
        PictureStyle.page(
            columns * PANEL_WIDTH, HEAD + rows * PANEL_HEIGHT, suite.question(), subtitle());
    int index = 0;
    for (Map.Entry<String, List<Outcome>> panel : panels.entrySet()) {
      RatePanel.draw(
          svg,
          index % columns * PANEL_WIDTH,
          HEAD + index / columns * PANEL_HEIGHT,
          PANEL_WIDTH,
          PANEL_HEIGHT,
          panel.getKey(),
          panel.getValue(),
          libraries);
      index++;
    }
    return svg.render();
  }

  /** Where the figures come from. */
  static String subtitle() {
    return Machine.processor()
        + ", "
        + Runtime.getRuntime().availableProcessors()
        + " cores, JDK "
        + Runtime.version().feature()
        + "; higher is better";
  }

  /** The distinct n of a panel, ascending. */
  static NavigableSet<Integer> sizes(List<Outcome> panel) {
    NavigableSet<Integer> sizes = new TreeSet<>();
    panel.forEach(outcome -> sizes.add(outcome.what().what().number("n", 0)));
    return sizes;
  }
}
