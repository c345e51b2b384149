package org.quadrille.cli.console;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class ProgressTest {
  private static Progress silent(double total) {
    return new Progress(null, 100, false, "compressing", total, "weights");
  }

  @Test
  void showsShareRateAndTimeLeft() {
    try (Progress progress = silent(1000)) {
      progress.detail("3/12 matrices");
      assertEquals(
          "compressing  [####.............]  25 %  3/12 matrices  62 weights/s  0:13 left",
          progress.line(4, 248, 2));
    }
  }

  @Test
  void workOfAnEarlierRunFillsTheBarButNotTheRate() {
    try (Progress progress = silent(1000)) {
      String line = progress.line(10, 100, 500);
      assertTrue(line.contains("60 %") && line.contains("10 weights/s"), line);
      assertTrue(line.contains("0:40 left"), line);
    }
  }

  @Test
  void fitsTheTerminal() {
    try (Progress progress =
        new Progress(null, 40, true, "compressing", 10, "weights times iterations")) {
      assertEquals(39, progress.line(1, 5, 0).length());
    }
  }

  @Test
  void drawsOnATerminalAndErasesAtTheEnd() {
    StringWriter terminal = new StringWriter();
    Progress progress =
        new Progress(new PrintWriter(terminal), 80, false, "compressing", 10, "weights");
    progress.advance(10);
    progress.close();
    assertTrue(terminal.toString().endsWith("\r\u001b[K"), terminal.toString());
  }
}
