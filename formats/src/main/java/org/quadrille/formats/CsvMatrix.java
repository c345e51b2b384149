package org.quadrille.formats;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.quadrille.linalg.DType;
import org.quadrille.linalg.Tensor;

/**
 * A matrix of numbers as comma-separated text: one row per line, no header.
 *
 * <p>Written numbers are the shortest that read back to the same bits. For files with named columns
 * see {@link CsvTable}.
 */
public final class CsvMatrix {
  private CsvMatrix() {}

  /**
   * Reads a matrix of doubles; an empty file is a matrix of shape [0, 0].
   *
   * @throws FormatException naming the line, if a row has another length than the first or a field
   *     is not a finite decimal number
   */
  public static Tensor read(Path path) throws IOException {
    List<double[]> rows = new ArrayList<>();
    try (CsvReader reader = new CsvReader(path)) {
      for (List<String> fields = reader.record(); fields != null; fields = reader.record()) {
        if (!rows.isEmpty() && fields.size() != rows.getFirst().length) {
          throw reader.error(
              fields.size() + " numbers, the first line has " + rows.getFirst().length);
        }
        rows.add(numbers(fields, reader));
      }
    }
    int cols = rows.isEmpty() ? 0 : rows.getFirst().length;
    if ((long) rows.size() * cols > Integer.MAX_VALUE - 8) {
      throw new FormatException(path, "more than 2^31 - 9 numbers; use npy for a file this large");
    }
    double[] values = new double[rows.size() * cols];
    for (int i = 0; i < rows.size(); i++) {
      System.arraycopy(rows.get(i), 0, values, i * cols, cols);
    }
    return Tensor.of(values, rows.size(), cols);
  }

  private static double[] numbers(List<String> fields, CsvReader reader) throws FormatException {
    double[] row = new double[fields.size()];
    for (int j = 0; j < row.length; j++) {
      try {
        row[j] = CsvNumber.parse(fields.get(j));
      } catch (NumberFormatException e) {
        FormatException wrapped = reader.error("column " + (j + 1) + ": " + e.getMessage());
        wrapped.initCause(e);
        throw wrapped;
      }
    }
    return row;
  }

  /**
   * Writes a matrix, or a vector as one column.
   *
   * @throws IllegalArgumentException if the tensor has more than two axes, rows but no columns, or
   *     an element that is NaN or infinite
   */
  public static void write(Path path, Tensor matrix) throws IOException {
    if (matrix.rank() < 1 || matrix.rank() > 2 || !matrix.isFinite()) {
      throw new IllegalArgumentException(
          matrix
              + (matrix.isFinite() ? " is not a matrix or vector" : " has a NaN or an infinity")
              + "; CSV holds finite matrices and vectors");
    }
    int rows = matrix.size(0);
    int cols = matrix.rank() == 2 ? matrix.size(1) : 1;
    if (rows > 0 && cols == 0) {
      throw new IllegalArgumentException(
          matrix + " has rows without columns, which CSV cannot tell from an empty file");
    }
    Tensor grid = matrix.contiguous().reshape(rows, cols);
    AtomicFile.writeText(
        path,
        writer -> {
          for (int i = 0; i < rows; i++) {
            for (int j = 0; j < cols; j++) {
              writer.append(j == 0 ? "" : ",").append(text(grid, i, j));
            }
            writer.append('\n');
          }
        });
  }

  private static String text(Tensor matrix, int i, int j) {
    double value = matrix.get(i, j);
    return matrix.dtype() == DType.F32 ? Float.toString((float) value) : Double.toString(value);
  }
}
