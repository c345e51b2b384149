package org.quadrille.cli.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.StringReader;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.xml.sax.InputSource;

class ReportPageTest {
  private static Document parse(String svg) throws Exception {
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new InputSource(new StringReader(svg)));
  }

  @Test
  void barsAreAsHighAsTheirValues() throws Exception {
    Document svg =
        parse(
            new BarChart("error & more", "layer", "error")
                .bar("0", "query", 0.1, "a < b")
                .bar("0", "key", 0.2, 0.25, "")
                .render());
    List<Element> bars = elements(svg, "rect", "bar");
    assertEquals(2, bars.size());
    double first = Double.parseDouble(bars.get(0).getAttribute("height"));
    double second = Double.parseDouble(bars.get(1).getAttribute("height"));
    assertEquals(2, second / first, 0.01);
    assertEquals("a < b", bars.get(0).getTextContent());
    assertEquals(1, elements(svg, "line", "mark").size());
  }

  @Test
  void logarithmicLinesLeaveOutWhatIsNotPositive() throws Exception {
    Document svg =
        parse(
            new LineChart("spectrum", "index", "value")
                .logarithmic()
                .line("w", "w", new double[] {1, 2, 3}, new double[] {10, 1, 0})
                .render());
    String points = elements(svg, "polyline", "line").getFirst().getAttribute("points");
    assertEquals(2, points.split(" ").length);
  }

  @Test
  void emptyAndConstantChartsAreDrawn() throws Exception {
    parse(new BarChart("none", "x", "y").render());
    parse(new LineChart("none", "x", "y").logarithmic().render());
    Document flat =
        parse(
            new LineChart("flat", "x", "y")
                .line("s", "", new double[] {1}, new double[] {0})
                .render());
    assertFalse(flat.getDocumentElement().getTextContent().contains("NaN"));
  }

  @Test
  void pageEscapesWordsAndNeedsNoNetwork() {
    String page =
        new ReportPage("<model>", "a & b")
            .tiles(List.of(new ReportPage.Tile("3 < 4", "bits")))
            .section("S", "words", ReportPage.table(List.of("h"), List.of(List.of("<td>"))))
            .footer("end")
            .render();
    assertTrue(page.contains("<title>&lt;model&gt;</title>") && page.contains("a &amp; b"));
    assertTrue(page.contains("3 &lt; 4") && page.contains("&lt;td&gt;"));
    assertTrue(page.contains("prefers-color-scheme: dark"));
    assertFalse(page.contains("http") || page.contains("<script") || page.contains("@import"));
  }

  private static List<Element> elements(Document svg, String tag, String style) {
    var nodes = svg.getElementsByTagName(tag);
    return java.util.stream.IntStream.range(0, nodes.getLength())
        .mapToObj(i -> (Element) nodes.item(i))
        .filter(element -> (" " + element.getAttribute("class") + " ").contains(" " + style + " "))
        .toList();
  }
}
