package org.quadrille.jmh.command;

import java.util.List;
import java.util.Locale;
import org.quadrille.cli.console.Units;
import org.quadrille.cli.report.Svg;

/** One line per case, one dot per peer: how many times as fast as the peer, by its logarithm. */
final class RatioPicture {
  private static final int WIDTH = 960;
  private static final int HEAD = 92;
  private static final int ROW = 22;
  private static final int FOOT = 24;
  private static final double LEFT = 330;
  private static final double RIGHT = WIDTH - 30;

  private RatioPicture() {}

  /** The picture as SVG text. */
  static String of(Suite suite, List<Outcome> outcomes) {
    double low = 0.5;
    double high = 2;
    List<String> peers =
        outcomes.stream().flatMap(outcome -> outcome.peers().stream()).distinct().toList();
    for (Outcome outcome : outcomes) {
      for (String peer : outcome.peers()) {
        low = Math.min(low, outcome.ratio(peer) / 1.1);
        high = Math.max(high, outcome.ratio(peer) * 1.1);
      }
    }
    double bottom = HEAD + ROW * outcomes.size();
    Svg svg =
        PictureStyle.page(
            WIDTH,
            (int) bottom + FOOT,
            suite.question() + (peers.isEmpty() ? "" : ": how many times as fast as the peer"),
            RatePicture.subtitle());
    double x = LEFT;
    for (String peer : peers) {
      svg.circle(x + 5, 63, 5, "f" + PictureStyle.colour(peer), "");
      svg.text(x + 15, 67, "start", "ink", PictureStyle.name(peer));
      x += 40 + 8 * peer.length();
    }
    for (double tick : new double[] {0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000}) {
      if (!peers.isEmpty() && tick >= low && tick <= high) {
        double at = across(tick, low, high);
        svg.line(at, HEAD - 6, at, bottom, tick == 1 ? "one" : "grid");
        svg.text(at, bottom + 16, "middle", "", String.format(Locale.ROOT, "%s", number(tick)));
      }
    }
    double y = HEAD + ROW / 2.0;
    for (Outcome outcome : outcomes) {
      svg.text(LEFT - 14, y + 4, "end", "ink", outcome.what().name());
      if (outcome.peers().isEmpty()) {
        String value = Units.significant(outcome.ours().value()) + " " + outcome.ours().unit();
        svg.text(LEFT, y + 4, "start", "ink b", value);
      }
      for (String peer : outcome.peers()) {
        double ratio = outcome.ratio(peer);
        svg.circle(
            across(ratio, low, high),
            y,
            5,
            "f" + PictureStyle.colour(peer),
            PictureStyle.name(peer) + ": " + RatioTable.ratio(ratio));
      }
      y += ROW;
    }
    return svg.render();
  }

  private static double across(double ratio, double low, double high) {
    return LEFT + (RIGHT - LEFT) * Math.log(ratio / low) / Math.log(high / low);
  }

  private static String number(double tick) {
    return tick < 1 ? Double.toString(tick) : Integer.toString((int) tick);
  }
}
