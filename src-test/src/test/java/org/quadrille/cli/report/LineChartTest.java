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
}
