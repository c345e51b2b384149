package org.quadrille.cli.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class LineChartTest {

  @Test
  void everySeriesIsDrawn() {
    String svg =
        new LineChart("losses", "step", "nats")
            .line("each", "each step", new double[] {1, 2, 3}, new double[] {3, 2, 1})
            .line("held out", "the only evaluation", new double[] {3}, new double[] {1.5})
            .renderFile();
    // One point is a dot: a line through it would not be seen.
    assertEquals(1, svg.split("<circle", -1).length - 1);
    assertTrue(svg.contains("<title>the only evaluation</title>"), svg);
    assertTrue(svg.contains("<title>each step</title>"), svg);
  }

  /** A band is one closed shape of its series' colour, and the axis reaches to its edges. */
  @Test
  void bandsAreShadedBehindTheirLine() {
    String svg =
        new LineChart("losses", "step", "nats")
            .line("first", "first", new double[] {1, 2}, new double[] {1, 1})
            .line("second", "second", new double[] {1, 2}, new double[] {2, 2})
            .band("second", new double[] {1, 2}, new double[] {1.5, 1.5}, new double[] {40, 3})
            .render();
    assertEquals(1, svg.split("<polygon", -1).length - 1);
    assertTrue(svg.contains("class=\"band f1\""), svg);
    assertTrue(svg.indexOf("<polygon") < svg.indexOf("<polyline"), svg);
    assertTrue(svg.contains(">40</text>"), svg);
  }
}
