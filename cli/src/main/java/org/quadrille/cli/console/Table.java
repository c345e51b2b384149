package org.quadrille.cli.console;

import java.util.ArrayList;
import java.util.List;

/**
 * An aligned table of text for people: text to the left, numbers to the right, one blank column
 * between two columns, a rule under the headings.
 *
 * {@snippet :
 * Table table = new Table().text("matrix").number("bits");
 * table.row("query", "3.127").rule().row("all", "3.127");
 * String text = table.render();
 * }
 */
public final class Table {
  private static final String GAP = "  ";

  private final List<String> headings = new ArrayList<>();
  private final List<Boolean> numeric = new ArrayList<>();
  private final List<List<String>> rows = new ArrayList<>();

  /** Adds a column of text, aligned to the left. */
  public Table text(String heading) {
    return column(heading, false);
  }

  /** Adds a column of numbers, aligned to the right. */
  public Table number(String heading) {
    return column(heading, true);
  }

  private Table column(String heading, boolean isNumber) {
    headings.add(heading);
    numeric.add(isNumber);
    return this;
  }

  /**
   * Adds a row.
   *
   * @param cells one per column
   * @throws IllegalArgumentException if there are more or fewer cells than columns
   */
  public Table row(String... cells) {
    if (cells.length != headings.size()) {
      throw new IllegalArgumentException(
          "row of " + cells.length + " cells, the table has " + headings.size() + " columns");
    }
    rows.add(List.of(cells));
    return this;
  }

  /** Adds a horizontal rule, to set totals apart. */
  public Table rule() {
    rows.add(List.of());
    return this;
  }

  /** The table as lines, each ended by a line feed, without trailing blanks. */
  public String render() {
    int[] widths = widths();
    StringBuilder text = new StringBuilder();
    line(text, headings, widths);
    ruleLine(text, widths);
    for (List<String> row : rows) {
      if (row.isEmpty()) {
        ruleLine(text, widths);
      } else {
        line(text, row, widths);
      }
    }
    return text.toString();
  }

  private int[] widths() {
    int[] widths = new int[headings.size()];
    for (int column = 0; column < widths.length; column++) {
      widths[column] = headings.get(column).length();
      for (List<String> row : rows) {
        if (!row.isEmpty()) {
          widths[column] = Math.max(widths[column], row.get(column).length());
        }
      }
    }
    return widths;
  }

  private void line(StringBuilder text, List<String> cells, int[] widths) {
    StringBuilder line = new StringBuilder();
    for (int column = 0; column < widths.length; column++) {
      String padding = " ".repeat(widths[column] - cells.get(column).length());
      line.append(column == 0 ? "" : GAP);
      line.append(numeric.get(column) ? padding + cells.get(column) : cells.get(column) + padding);
    }
    text.append(line.toString().stripTrailing()).append('\n');
  }

  private static void ruleLine(StringBuilder text, int[] widths) {
    for (int column = 0; column < widths.length; column++) {
      text.append(column == 0 ? "" : GAP).append("-".repeat(widths[column]));
    }
    text.append('\n');
  }
}
