package org.quadrille;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Finds and reads the reference sets under the directory given by {@code -Dquadrille.reference}
 * (default: the repository's {@code src-test/reference}).
 */
public final class ReferenceData {
  private ReferenceData() {}

  /**
   * The file of a set; a missing one fails the test with a message that says where it was looked
   * for.
   */
  public static Path file(String set, String name) {
    String root = System.getProperty("quadrille.reference");
    Path path = (root == null ? Path.of("reference") : Path.of(root)).resolve(set).resolve(name);
    if (!Files.exists(path)) {
      throw new AssertionError(
          "reference file " + path.toAbsolutePath() + " is missing; set -Dquadrille.reference=DIR");
    }
    return path;
  }

  /**
   * Rows of a simple CSV file (no quotes) as maps from column name to text; lines that start with #
   * are skipped.
   */
  public static List<Map<String, String>> csv(String set, String name) {
    List<Map<String, String>> rows = new ArrayList<>();
    String[] header = null;
    for (String line : lines(file(set, name))) {
      if (line.isBlank() || line.startsWith("#")) {
        continue;
      }
      String[] cells = line.split(",", -1);
      if (header == null) {
        header = cells;
        continue;
      }
      Map<String, String> row = new LinkedHashMap<>();
      for (int i = 0; i < header.length; i++) {
        row.put(header[i], i < cells.length ? cells[i] : "");
      }
      rows.add(row);
    }
    if (rows.isEmpty()) {
      throw new AssertionError("reference file " + file(set, name) + " has no rows");
    }
    return rows;
  }

  private static List<String> lines(Path path) {
    try {
      return Files.readAllLines(path);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
