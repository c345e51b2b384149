package org.quadrille.formats;

import java.io.IOException;
import java.io.Writer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.quadrille.linalg.Tensor;

/**
 * A table with named columns as comma-separated text: the first line names the columns, every other
 * line is a row.
 *
 * {@snippet :
 * CsvTable costs = CsvTable.read(path);
 * List<String> groups = costs.texts("group");
 * double[] cost = costs.numbers("cost");
 * new CsvTable().add("step", steps).add("loss", losses).write(out);
 * }
 *
 * <p>Fields are quoted where RFC 4180 asks for it. Written numbers read back to the same bits. Not
 * thread safe while columns are being added.
 */
public final class CsvTable {
  private final Map<String, List<String>> columns = new LinkedHashMap<>();
  private final Path path;
  private final List<Long> lines;

  /** A table without columns. */
  public CsvTable() {
    this(null, List.of());
  }

  private CsvTable(Path path, List<Long> lines) {
    this.path = path;
    this.lines = lines;
  }

  /**
   * Reads a table.
   *
   * @throws FormatException naming the line, if there is no header, a column name is empty or
   *     appears twice, or a row has another number of fields than the header
   */
  public static CsvTable read(Path path) throws IOException {
    try (CsvReader reader = new CsvReader(path)) {
      List<String> header = reader.record();
      if (header == null) {
        throw new FormatException(path, "the file is empty; expected a line of column names");
      }
      List<Long> lines = new ArrayList<>();
      CsvTable table = new CsvTable(path, lines);
      for (String name : header) {
        if (name.isBlank() || table.columns.putIfAbsent(name.strip(), new ArrayList<>()) != null) {
          throw reader.error("column name \"" + name + "\" is blank or appears twice");
        }
      }
      List<List<String>> targets = List.copyOf(table.columns.values());
      for (List<String> row = reader.record(); row != null; row = reader.record()) {
        if (row.size() != header.size()) {
          throw reader.error(row.size() + " fields, the header has " + header.size());
        }
        for (int j = 0; j < row.size(); j++) {
          targets.get(j).add(row.get(j));
        }
        lines.add(reader.line());
      }
      return table;
    }
  }

  /** Number of rows, the header not counted. */
  public int rows() {
    return columns.isEmpty() ? 0 : columns.values().iterator().next().size();
  }

  /** The column names in order. */
  public List<String> names() {
    return List.copyOf(columns.keySet());
  }

  /** Whether there is a column of that name. */
  public boolean has(String name) {
    return columns.containsKey(name);
  }

  /**
   * A column as text.
   *
   * @throws FormatException if there is no column of that name
   */
  public List<String> texts(String name) throws FormatException {
    List<String> column = columns.get(name);
    if (column == null) {
      throw new FormatException(
          path, "there is no column \"" + name + "\"; there is " + String.join(", ", names()));
    }
    return Collections.unmodifiableList(column);
  }

  /**
   * A column as finite doubles.
   *
   * @throws FormatException naming the line, if a field is not a finite decimal number
   */
  public double[] numbers(String name) throws FormatException {
    List<String> column = texts(name);
    double[] values = new double[column.size()];
    for (int i = 0; i < values.length; i++) {
      try {
        values[i] = CsvNumber.parse(column.get(i));
      } catch (NumberFormatException e) {
        throw error(i, name, e);
      }
    }
    return values;
  }

  /**
   * A column as 64-bit integers.
   *
   * @throws FormatException naming the line, if a field is not such a number
   */
  public long[] integers(String name) throws FormatException {
    List<String> column = texts(name);
    long[] values = new long[column.size()];
    for (int i = 0; i < values.length; i++) {
      try {
        values[i] = Long.parseLong(column.get(i).strip());
      } catch (NumberFormatException e) {
        throw error(i, name, e);
      }
    }
    return values;
  }

  /**
   * All columns as a matrix of doubles of shape [rows, columns].
   *
   * @throws FormatException naming the line, if a field is not a finite decimal number
   */
  public Tensor matrix() throws FormatException {
    int cols = columns.size();
    double[] values = new double[Math.multiplyExact(rows(), cols)];
    int j = 0;
    for (String name : columns.keySet()) {
      double[] column = numbers(name);
      for (int i = 0; i < column.length; i++) {
        values[i * cols + j] = column[i];
      }
      j++;
    }
    return Tensor.of(values, rows(), cols);
  }

  /** Adds a column of numbers. */
  public CsvTable add(String name, double[] values) {
    List<String> texts = new ArrayList<>(values.length);
    for (double value : values) {
      if (!Double.isFinite(value)) {
        throw new IllegalArgumentException(
            "column \"" + name + "\": row " + texts.size() + " is " + value + "; expected finite");
      }
      texts.add(Double.toString(value));
    }
    return add(name, texts);
  }

  /** Adds a column of integers. */
  public CsvTable add(String name, long[] values) {
    List<String> texts = new ArrayList<>(values.length);
    for (long value : values) {
      texts.add(Long.toString(value));
    }
    return add(name, texts);
  }

  /**
   * Adds a column of text.
   *
   * @throws IllegalArgumentException if the name is blank or taken, or the length differs from that
   *     of the other columns
   */
  public CsvTable add(String name, List<String> texts) {
    if (name.isBlank() || columns.containsKey(name.strip())) {
      throw new IllegalArgumentException("column name \"" + name + "\" is blank or taken");
    }
    if (!columns.isEmpty() && texts.size() != rows()) {
      throw new IllegalArgumentException(
          "column \"" + name + "\" has " + texts.size() + " rows, the others " + rows());
    }
    columns.put(name.strip(), new ArrayList<>(texts));
    return this;
  }

  /** Writes the table; a row per line, ended by a line feed. */
  public void write(Path target) throws IOException {
    AtomicFile.writeText(
        target,
        writer -> {
          writeRow(writer, names());
          for (int i = 0; i < rows(); i++) {
            int row = i;
            writeRow(writer, columns.values().stream().map(column -> column.get(row)).toList());
          }
        });
  }

  private static void writeRow(Writer writer, List<String> fields) throws IOException {
    String separator = "";
    for (String field : fields) {
      writer.append(separator).append(quote(field));
      separator = ",";
    }
    // A single empty field would be a blank line.
    writer.append(fields.size() == 1 && fields.getFirst().isEmpty() ? "\"\"\n" : "\n");
  }

  private static String quote(String field) {
    boolean isPlain =
        field.chars().noneMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r' || c == 0xFEFF);
    return isPlain ? field : "\"" + field.replace("\"", "\"\"") + "\"";
  }

  private FormatException error(int row, String name, NumberFormatException cause) {
    String place = row < lines.size() ? "line " + lines.get(row) : "row " + row;
    FormatException wrapped =
        new FormatException(path, place + ", column \"" + name + "\": " + cause.getMessage());
    wrapped.initCause(cause);
    return wrapped;
  }
}
