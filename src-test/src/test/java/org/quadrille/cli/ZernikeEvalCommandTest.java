package org.quadrille.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.quadrille.ReferenceData;
import org.quadrille.formats.CsvTable;
import org.quadrille.formats.JsonObject;
import org.quadrille.zernike.ModeOrder;
import org.quadrille.zernike.ZernikeIndex;

class ZernikeEvalCommandTest {
  @TempDir private Path folder;

  private CommandRun eval(String table, Object... more) throws IOException {
    Path file = Files.writeString(folder.resolve("points.csv"), table);
    Object[] all = new Object[5 + more.length];
    all[0] = "zernike";
    all[1] = "eval";
    all[2] = "--json";
    all[3] = "--in";
    all[4] = file;
    System.arraycopy(more, 0, all, 5, more.length);
    return CommandRun.of(all);
  }

  @Test
  void everyReferenceRow() throws IOException {
    var rows = ReferenceData.csv("zernike", "zernike_values.csv");
    StringBuilder table = new StringBuilder("n,m,x,y\n");
    for (Map<String, String> row : rows) {
      table.append(String.join(",", row.get("n"), row.get("m"), row.get("x"), row.get("y")));
      table.append('\n');
    }
    JsonObject plain = eval(table.toString(), "--outside", "extrapolate").json();
    JsonObject orthonormal = eval(table.toString(), "--norm", "--outside", "extrapolate").json();
    for (int i = 0; i < rows.size(); i++) {
      Map<String, String> row = rows.get(i);
      double d = Double.parseDouble(row.get("n"));
      double amplitude = Math.sqrt(2 * d + 2);
      double square = Math.max(1, d * d);
      near(row.get("Z"), plain.numbers("values")[i], Math.max(1e-14, 6e-17 * square));
      near(
          row.get("Z_orthonormal"),
          orthonormal.numbers("values")[i],
          amplitude * Math.max(1e-14, 6e-17 * square));
      near(row.get("dZ_dx"), plain.numbers("dx")[i], 5e-14 * square);
      near(row.get("dZ_dy"), plain.numbers("dy")[i], 5e-14 * square);
    }
    assertEquals("plain", plain.string("norm"));
    assertEquals("orthonormal", orthonormal.string("norm"));
  }

  private static void near(String reference, double value, double absolute) {
    assertEquals(new BigDecimal(reference).doubleValue(), value, absolute);
  }

  @Test
  void indicesOfEveryOrderAndPolarPoints() throws IOException {
    ZernikeIndex index = new ZernikeIndex(4, -2);
    double expected = eval("n,m,x,y\n4,-2,0.3,0.4\n").json().numbers("values")[0];
    double theta = Math.atan2(0.4, 0.3);
    String point = ",0.5," + theta + "\n";
    for (var entry :
        Map.of("osa", ModeOrder.OSA, "noll", ModeOrder.NOLL, "fringe", ModeOrder.FRINGE)
            .entrySet()) {
      long j = entry.getValue().indexOf(index);
      for (String column : List.of("j", "index", entry.getKey())) {
        JsonObject json = eval(column + ",r,theta\n" + j + point, "--index", entry.getKey()).json();
        assertEquals(expected, json.numbers("values")[0], 1e-15);
      }
    }
    // an order asked for beside degree and order changes nothing
    JsonObject both = eval("n,m,r,theta\n4,-2" + point, "--index", "noll").json();
    assertEquals(expected, both.numbers("values")[0], 1e-15);
    double unit = eval("n,m,x,y\n4,-2,0.3,0.4\n", "--norm", "unit").json().numbers("values")[0];
    assertEquals(expected * Math.sqrt(10 / Math.PI), unit, 1e-15);
  }

  @Test
  void pointsOutsideAreNullOrRefusedOrContinued() throws IOException {
    String table = "n,m,x,y\n1,1,2,0\n1,1,0.5,0\n";
    Path out = folder.resolve("values.csv");
    JsonObject json = eval(table, "--out", out).json();
    assertNull(json.array("values").get(0));
    assertNull(json.array("dx").get(0));
    assertEquals(0.5, json.array("values").get(1));
    assertEquals(List.of("NaN", "0.5"), CsvTable.read(out).texts("value"));
    assertEquals(2, eval(table, "--outside", "extrapolate").json().numbers("values")[0], 1e-15);
    CommandRun failed = eval(table, "--outside", "fail");
    assertEquals(1, failed.status());
    assertTrue(failed.err().contains("has radius 2.0"), failed.err());
  }

  @Test
  void brokenTablesAreNamed() throws IOException {
    assertFails("n,m\n1,1\n", "there are no columns x,y nor r,theta; there is n, m");
    assertFails("x,y\n1,1\n", "there is no column n and m");
    assertFails("n,m,x,y\n2,1,0,0\n", "row 1: degree 2, order 1");
    assertFails("j,x,y\n0,0,0\n-1,0,0\n", "row 2: index -1");
    assertFails("n,m,x,y\n1,1,a,0\n", "line 2");
    assertFails("n,m,x,y\n99999999999,1,0,0\n", "row 1");
  }

  private void assertFails(String table, String words) throws IOException {
    CommandRun run = eval(table);
    assertEquals(1, run.status(), table);
    assertTrue(run.err().contains(words), run.err());
    assertEquals(1, run.err().lines().count(), run.err());
  }

  @Test
  void anEmptyTableHasNoValuesAndTextShowsDigits() throws IOException {
    assertEquals(0, eval("n,m,x,y\n").json().numbers("values").length);
    Path file = Files.writeString(folder.resolve("one.csv"), "n,m,x,y\n2,0,0.5,0\n");
    CommandRun run = CommandRun.of("zernike", "eval", "--in", file);
    assertTrue(run.out().contains("-0.500000000000000"), run.out());
  }
}
