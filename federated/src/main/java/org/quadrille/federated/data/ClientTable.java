package org.quadrille.federated.data;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.quadrille.federated.Examples;
import org.quadrille.formats.CsvTable;
import org.quadrille.formats.FormatException;
import org.quadrille.linalg.DType;
import org.quadrille.linalg.Tensor;

/**
 * Examples of real clients from a CSV file: one column names the client, one the class, all others
 * are numbers.
 *
 * @param examples all of them, in the order of the file
 * @param clients which belong to which, in the order in which clients first occur
 * @param clientNames their names
 * @param classNames what the classes were called, ascending; class c is the c-th
 */
public record ClientTable(
    Examples examples, Partition clients, List<String> clientNames, List<String> classNames) {

  /**
   * Reads a table.
   *
   * @param path CSV with a line of headings
   * @param clientColumn names the client; null: all rows are one client
   * @param classColumn names the class
   * @param dtype precision of the inputs
   * @throws FormatException if a column is missing or an input is no finite number; names the line
   */
  public static ClientTable read(Path path, String clientColumn, String classColumn, DType dtype)
      throws IOException {
    CsvTable table = CsvTable.read(path);
    List<String> names = new ArrayList<>(table.names());
    requireColumn(path, names, classColumn);
    List<String> owners;
    if (clientColumn == null) {
      owners = new ArrayList<>(Collections.nCopies(table.rows(), ""));
    } else {
      requireColumn(path, names, clientColumn);
      owners = table.texts(clientColumn);
    }
    if (table.rows() == 0) {
      throw new FormatException(path, "no rows; expected one for each example");
    }
    List<String> classes = table.texts(classColumn);
    List<String> classNames = List.copyOf(new TreeSet<>(classes));
    int[] labels = classes.stream().mapToInt(classNames::indexOf).toArray();
    Tensor inputs = Tensor.zeros(dtype, table.rows(), names.size());
    for (int j = 0; j < names.size(); j++) {
      double[] column = table.numbers(names.get(j));
      for (int i = 0; i < column.length; i++) {
        if (!Double.isFinite(column[i])) {
          throw new FormatException(
              path, "row " + i + ", column \"" + names.get(j) + "\": " + column[i]);
        }
        inputs.set(column[i], i, j);
      }
    }
    Map<String, Boolean> clientNames = new LinkedHashMap<>();
    owners.forEach(owner -> clientNames.put(owner, true));
    return new ClientTable(
        Examples.labelled(inputs, labels),
        Partition.byName(owners),
        List.copyOf(clientNames.keySet()),
        classNames);
  }

  private static void requireColumn(Path path, List<String> names, String column)
      throws FormatException {
    if (!names.remove(column)) {
      throw new FormatException(path, "no column \"" + column + "\"; there are " + names);
    }
  }
}
