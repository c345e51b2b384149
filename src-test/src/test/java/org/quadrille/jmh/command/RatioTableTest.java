package org.quadrille.jmh.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.quadrille.formats.Json;
import org.quadrille.formats.JsonObject;
import org.w3c.dom.Document;

class RatioTableTest {
  private static final Suite COUNTING =
      Suite.of("counting", "Counting <fast>", CountingBenchmark.class);

  private static Measurement rate(double value) {
    return new Measurement(value, "GFLOP/s", new double[] {value});
  }

  private static Outcome outcome(int n, double ours, double peer) {
    Case each =
        COUNTING.cases(false, Map.of("n", List.of("" + n), "threads", List.of("1"))).getFirst();
    Map<String, Measurement> byLibrary = new LinkedHashMap<>();
    byLibrary.put("quadrille", rate(ours));
    byLibrary.put("slow", rate(peer));
    return new Outcome(each, byLibrary, rate(100));
  }

  @Test
  void tableShowsRatesRatiosAndShareOfThePeak() {
    assertEquals(
        """
        operation  size  threads     unit  quadrille  of peak   slow  ratio
        ---------  ----  -------  -------  ---------  -------  -----  -----
        spin       10          1  GFLOP/s      80.00     80 %  20.00   4.00
        spin       20          1  GFLOP/s      90.00     90 %  4.500   20.0
        """,
        RatioTable.of(List.of(outcome(10, 80, 20), outcome(20, 90, 4.5))).render());
  }

  @Test
  void summaryHoldsGeometricMeanAndSmallestRatio() {
    var summary =
        RatioTable.summaries(List.of(outcome(10, 80, 40), outcome(20, 80, 10))).getFirst();
    assertEquals(4, summary.geometricMean(), 1e-12);
    assertEquals(2, summary.smallest(), 0);
    assertEquals("slow: geometric mean of 2 ratios 4.00, smallest 2.00", summary.line());
  }

  @Test
  void timesCountTheOtherWayRound() {
    Measurement quick = new Measurement(2, "ms", new double[] {2});
    Measurement slow = new Measurement(6, "ms", new double[] {6});
    assertEquals(3, quick.speedOver(slow));
    assertThrows(IllegalArgumentException.class, () -> quick.speedOver(rate(1)));
    assertEquals(2, Measurement.bestOf(new double[] {4, 2, 3}, "ms").value());
    assertEquals(4, Measurement.bestOf(new double[] {4, 2, 3}, "GB/s").value());
    assertEquals(3, Measurement.middleOf(new double[] {4, 2, 3}, "ms").value());
    assertEquals(2.5, Measurement.middleOf(new double[] {4, 2, 3, 1}, "ms").value());
  }

  @Test
  void rowsHoldWhatTheContractAsksFor() throws Exception {
    JsonObject row = Json.parseObject(Json.write(outcome(10, 80, 20).rows().getFirst()));
    assertEquals("spin 10 1 thread", row.string("name"));
    assertEquals(80, row.number("ours"));
    assertEquals(20, row.number("peer"));
    assertEquals("slow", row.string("peerName"));
    assertEquals("GFLOP/s", row.string("unit"));
    assertEquals(4, row.number("ratio"));
    assertEquals(0.8, row.number("share"), 1e-15);
  }

  @Test
  void linesAreDrawnWhereThereAreSizesAndDotsWhereNot() throws Exception {
    List<Outcome> sweep =
        List.of(
            outcome(32, 10, 9), outcome(64, 20, 21), outcome(1000, 70, 60), outcome(1024, 80, 90));
    Document lines = parse(RatePicture.of(COUNTING, sweep));
    // A line for each library and one for the peak; a dot for each rate.
    assertEquals(3, lines.getElementsByTagName("polyline").getLength());
    assertEquals(8, lines.getElementsByTagName("circle").getLength());
    Document dots = parse(RatePicture.of(COUNTING, sweep.subList(0, 2)));
    assertEquals(0, dots.getElementsByTagName("polyline").getLength());
    // The legend and a dot for each ratio.
    assertEquals(3, dots.getElementsByTagName("circle").getLength());
  }

  @Test
  void picturesAreNeverEmptyOrOutside() throws Exception {
    for (List<Outcome> outcomes :
        List.of(
            List.of(outcome(10, 1e-3, 1e3)),
            List.of(outcome(1, 1, 1), outcome(2, 1, 1), outcome(4, 1, 1)))) {
      String svg = RatePicture.of(COUNTING, outcomes);
      parse(svg);
      assertFalse(svg.contains("NaN") || svg.contains("Infinity"), svg);
      assertTrue(svg.contains("Counting &lt;fast&gt;"), svg);
    }
  }

  private static Document parse(String svg) throws Exception {
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new ByteArrayInputStream(svg.getBytes(StandardCharsets.UTF_8)));
  }
}
