package org.quadrille.cli.report;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * One HTML page: a title, figures in tiles, and sections of text, charts and tables. Everything,
 * style sheet included, is in the text that {@link #render} returns.
 */
public final class ReportPage {
  private final String title;
  private final StringBuilder body = new StringBuilder();

  /** A page with a title and a line under it. */
  public ReportPage(String title, String subtitle) {
    this.title = title;
    body.append("<header><h1>").append(Svg.escape(title)).append("</h1>\n<p class=\"sub\">");
    body.append(Svg.escape(subtitle)).append("</p></header>\n");
  }

  /**
   * Adds a row of tiles.
   *
   * @param tiles pairs of a figure and what it is
   */
  public ReportPage tiles(List<Tile> tiles) {
    body.append("<div class=\"tiles\">\n");
    for (Tile tile : tiles) {
      body.append("<div class=\"tile\"><div class=\"figure\">")
          .append(Svg.escape(tile.figure))
          .append("</div><div class=\"what\">")
          .append(Svg.escape(tile.what))
          .append("</div></div>\n");
    }
    body.append("</div>\n");
    return this;
  }

  /**
   * A figure to be seen at once.
   *
   * @param figure the number with its unit
   * @param what what it is
   */
  public record Tile(String figure, String what) {}

  /**
   * Adds a section.
   *
   * @param heading its heading
   * @param explanation what is seen and how to read it, plain text
   * @param content SVG or HTML from this package
   */
  public ReportPage section(String heading, String explanation, String content) {
    body.append("<section><h2>").append(Svg.escape(heading)).append("</h2>\n<p>");
    body.append(Svg.escape(explanation)).append("</p>\n").append(content).append("</section>\n");
    return this;
  }

  /** Adds a closing line, for versions and machine. */
  public ReportPage footer(String words) {
    body.append("<footer>").append(Svg.escape(words)).append("</footer>\n");
    return this;
  }

  /**
   * A table as HTML; every cell but the first of a row is aligned to the right.
   *
   * @param headings one per column
   * @param rows cells, as many as headings
   */
  public static String table(List<String> headings, List<List<String>> rows) {
    StringBuilder html = new StringBuilder("<div class=\"scroll\"><table>\n<thead><tr>");
    headings.forEach(cell -> html.append("<th>").append(Svg.escape(cell)).append("</th>"));
    html.append("</tr></thead>\n<tbody>\n");
    for (List<String> row : rows) {
      html.append("<tr>");
      row.forEach(cell -> html.append("<td>").append(Svg.escape(cell)).append("</td>"));
      html.append("</tr>\n");
    }
    return html.append("</tbody></table></div>\n").toString();
  }

  /** The whole page. */
  public String render() {
    return "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
        + "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>"
        + Svg.escape(title)
        + "</title>\n<style>\n"
        + styleSheet()
        + "</style>\n</head>\n<body>\n<main>\n"
        + body
        + "</main>\n</body>\n</html>\n";
  }

  static String styleSheet() {
    try (InputStream in = ReportPage.class.getResourceAsStream("report.css")) {
      if (in == null) {
        throw new IllegalStateException("report.css is missing from the quadrille-cli jar");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("report.css", e);
    }
  }
}
