package org.quadrille.cli.zernike;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.quadrille.cli.console.CommandFailure;
import org.quadrille.formats.CsvTable;
import org.quadrille.zernike.DiskModes;
import org.quadrille.zernike.ModeNames;
import org.quadrille.zernike.ModeOrder;
import org.quadrille.zernike.ZernikeBasis;
import org.quadrille.zernike.ZernikeIndex;

/**
 * An expansion as a table: columns {@code n,m} or an index (see {@link ModeColumn}) and {@code
 * coefficient}. Modes that the table lacks have the coefficient 0.
 */
public final class CoefficientFile {
  /** An expansion of a higher degree takes more memory than is meant by a typing error. */
  private static final int MOST_DEGREE = 10_000;

  private CoefficientFile() {}

  /**
   * Reads an expansion.
   *
   * @return coefficients of plain modes in OSA order to the highest degree in the table
   * @throws CommandFailure if there is no row, a mode appears twice or its degree exceeds 10 000
   */
  public static double[] read(Path path, BasisOptions basis) throws IOException {
    CsvTable table = CsvTable.read(path);
    List<ZernikeIndex> modes = ModeColumn.read(table, path, basis);
    double[] values = table.numbers("coefficient");
    int degree = modes.stream().mapToInt(ZernikeIndex::degree).max().orElse(-1);
    if (degree < 0 || degree > MOST_DEGREE) {
      throw new CommandFailure(
          path
              + ": "
              + (degree < 0 ? "no rows" : "a mode of degree " + degree)
              + "; expected modes of degree 0 to "
              + MOST_DEGREE);
    }
    double[] plain = new double[DiskModes.count(degree)];
    boolean[] given = new boolean[plain.length];
    for (int i = 0; i < values.length; i++) {
      int at = (int) ModeOrder.OSA.indexOf(modes.get(i));
      if (given[at]) {
        throw new CommandFailure(path + ", row " + (i + 1) + ": " + modes.get(i) + " again");
      }
      given[at] = true;
      plain[at] = values[i] * basis.normalization().factor(modes.get(i));
    }
    return plain;
  }

  /** Writes coefficients of a basis, the first mode first. */
  public static void write(Path path, double[] coefficients, ZernikeBasis basis)
      throws IOException {
    int count = coefficients.length;
    long[] n = new long[count];
    long[] m = new long[count];
    long[] j = new long[count];
    List<String> names = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      ZernikeIndex mode = basis.mode(i);
      n[i] = mode.degree();
      m[i] = mode.order();
      j[i] = basis.order().first() + (long) i;
      names.add(ModeNames.of(mode));
    }
    new CsvTable()
        .add("j", j)
        .add("n", n)
        .add("m", m)
        .add("name", names)
        .add("coefficient", coefficients)
        .write(path);
  }
}
