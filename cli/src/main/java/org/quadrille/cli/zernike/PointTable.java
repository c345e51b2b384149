package org.quadrille.cli.zernike;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.quadrille.cli.console.CommandFailure;
import org.quadrille.formats.CsvTable;

/**
 * Measurements at scattered points: columns named x and y, one named value, w or z (or dx and dy
 * for slopes), and if wanted one named weight. A blank, NaN or NA is a missing measurement.
 *
 * @param x in pupil radii
 * @param y in pupil radii
 * @param values NaN where missing; null if there are slopes
 * @param slopeX NaN where missing; null if there are values
 * @param slopeY NaN where missing; null if there are values
 * @param weights null if there is no such column
 */
public record PointTable(
    double[] x, double[] y, double[] values, double[] slopeX, double[] slopeY, double[] weights) {

  /**
   * Reads a table.
   *
   * @throws CommandFailure that names the columns there are, or the row of what is no number
   */
  public static PointTable read(Path path) throws IOException {
    CsvTable table = CsvTable.read(path);
    String value = List.of("value", "w", "z").stream().filter(table::has).findFirst().orElse(null);
    boolean slopes = value == null && table.has("dx") && table.has("dy");
    if (!table.has("x") || !table.has("y") || (value == null && !slopes)) {
      throw new CommandFailure(
          path
              + ": expected the columns x, y and value (or w, z), or dx and dy for slopes; there is "
              + String.join(", ", table.names()));
    }
    return new PointTable(
        numbers(table, "x", path),
        numbers(table, "y", path),
        slopes ? null : numbers(table, value, path),
        slopes ? numbers(table, "dx", path) : null,
        slopes ? numbers(table, "dy", path) : null,
        table.has("weight") ? numbers(table, "weight", path) : null);
  }

  private static double[] numbers(CsvTable table, String name, Path path) throws IOException {
    List<String> texts = table.texts(name);
    double[] numbers = new double[texts.size()];
    for (int i = 0; i < numbers.length; i++) {
      String text = texts.get(i).strip();
      boolean missing =
          text.isEmpty() || List.of("nan", "na").contains(text.toLowerCase(Locale.ROOT));
      try {
        numbers[i] = missing ? Double.NaN : Double.parseDouble(text);
      } catch (NumberFormatException e) {
        throw new CommandFailure(
            path + ", row " + (i + 1) + ", column " + name + ": \"" + text + "\" is no number", e);
      }
    }
    return numbers;
  }
}
