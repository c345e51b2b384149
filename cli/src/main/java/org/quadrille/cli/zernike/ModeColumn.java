package org.quadrille.cli.zernike;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.quadrille.cli.console.CommandFailure;
import org.quadrille.formats.CsvTable;
import org.quadrille.zernike.ZernikeIndex;

/**
 * The modes that the rows of a table belong to: columns {@code n,m} (degree and signed order), or
 * one of indices named {@code j}, {@code index} or as the order is ({@code osa}, {@code noll},
 * {@code fringe}).
 */
public final class ModeColumn {
  private ModeColumn() {}

  /**
   * The mode of each row.
   *
   * @param path for messages
   * @throws CommandFailure if there are no such columns, or a row names no mode
   */
  public static List<ZernikeIndex> read(CsvTable table, Path path, BasisOptions basis)
      throws IOException {
    String index =
        List.of("j", "index", basis.orderName()).stream()
            .filter(table::has)
            .findFirst()
            .orElse(null);
    boolean pairs = table.has("n") && table.has("m");
    if (pairs && (index == null || !basis.isIndexGiven())) {
      return ofPairs(table, path);
    }
    if (index == null) {
      throw new CommandFailure(
          path
              + ": there is no column n and m (degree and order), nor j (index, see --index); there"
              + " is "
              + String.join(", ", table.names()));
    }
    long[] indices = table.integers(index);
    List<ZernikeIndex> modes = new ArrayList<>();
    for (int i = 0; i < indices.length; i++) {
      try {
        modes.add(basis.order().mode(indices[i]));
      } catch (IllegalArgumentException e) {
        throw inRow(path, i, e);
      }
    }
    return modes;
  }

  private static List<ZernikeIndex> ofPairs(CsvTable table, Path path) throws IOException {
    long[] n = table.integers("n");
    long[] m = table.integers("m");
    List<ZernikeIndex> modes = new ArrayList<>();
    for (int i = 0; i < n.length; i++) {
      try {
        modes.add(new ZernikeIndex(Math.toIntExact(n[i]), Math.toIntExact(m[i])));
      } catch (IllegalArgumentException | ArithmeticException e) {
        throw inRow(path, i, e);
      }
    }
    return modes;
  }

  private static CommandFailure inRow(Path path, int row, RuntimeException e) {
    return new CommandFailure(path + ", row " + (row + 1) + ": " + e.getMessage(), e);
  }
}
