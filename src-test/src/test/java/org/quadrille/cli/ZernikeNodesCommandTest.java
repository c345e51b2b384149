package org.quadrille.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.quadrille.ReferenceData;
import org.quadrille.formats.CsvTable;
import org.quadrille.formats.JsonObject;

class ZernikeNodesCommandTest {
  @TempDir private Path folder;

  private static CommandRun nodes(Object... more) {
    Object[] all = new Object[3 + more.length];
    all[0] = "zernike";
    all[1] = "nodes";
    all[2] = "--json";
    System.arraycopy(more, 0, all, 3, more.length);
    return CommandRun.of(all);
  }

  private static void assertNear(String reference, double value, double relative, String what) {
    double exact = new BigDecimal(reference).doubleValue();
    assertEquals(exact, value, relative * Math.abs(exact) + Double.MIN_NORMAL, what);
  }

  @Test
  void everyRuleOfTheReferenceFileComesOutOfTheCommand() throws IOException {
    Map<String, List<Map<String, String>>> rules =
        ReferenceData.csv("zernike", "gauss_rules_small.csv").stream()
            .collect(Collectors.groupingBy(row -> row.get("n") + " " + row.get("two_a")));
    for (List<Map<String, String>> rows : rules.values()) {
      String n = rows.getFirst().get("n");
      CommandRun run = nodes("--n", n, "--two-a", rows.getFirst().get("two_a"));
      assertEquals(0, run.status(), run.err());
      JsonObject json = run.json();
      for (Map<String, String> row : rows) {
        int i = Integer.parseInt(row.get("i"));
        assertEquals(i, json.integers("index")[i]);
        assertNear(row.get("t"), json.numbers("t")[i], 1e-14, row.toString());
        assertNear(row.get("one_minus_t"), json.numbers("oneMinusT")[i], 1e-14, row.toString());
        assertNear(row.get("w_scaled"), json.numbers("scaledWeights")[i], 2e-14, row.toString());
        assertNear(row.get("w"), json.numbers("weights")[i], 2e-14, row.toString());
        double r = json.numbers("r")[i];
        assertEquals(json.numbers("t")[i], r * r, 3e-16 * r * r);
      }
    }
  }

  @Test
  void azimuthalOrderAndDimensionGiveTheExponent() throws IOException {
    JsonObject json = nodes("--n", 5, "--azimuthal", 3, "--dim", 1).json();
    assertEquals(7, json.integer("twoA"));
    JsonObject same = nodes("--n", 5, "--two-a", 7).json();
    assertArrayEquals(same.numbers("t"), json.numbers("t"));
    assertEquals(6, nodes("--n", 5, "--azimuthal", 3).json().integer("twoA"));
  }

  @Test
  void selectionKeepsItsOrderAndItsNodes() throws IOException {
    JsonObject all = nodes("--n", 1000, "--two-a", 0).json();
    JsonObject some = nodes("--n", 1000, "--two-a", 0, "--select", "999,0,17").json();
    assertArrayEquals(new long[] {999, 0, 17}, some.integers("index"));
    assertEquals(all.numbers("t")[999], some.numbers("t")[0]);
    assertEquals(all.numbers("weights")[17], some.numbers("weights")[2]);
    assertTrue(some.number("seconds") >= 0);
  }

  @Test
  void noNodesAreAnEmptyRule() throws IOException {
    assertEquals(0, nodes("--n", 0, "--two-a", 0).json().numbers("t").length);
  }

  @Test
  void textAndTableShowTheSame() throws IOException {
    Path file = folder.resolve("nodes.csv");
    CommandRun run = CommandRun.of("zernike", "nodes", "--n", 50, "--two-a", 0, "--out", file);
    assertEquals(0, run.status(), run.err());
    assertTrue(run.out().contains("..."), "the middle is left out");
    assertTrue(run.out().contains("polynomials in t of degree 99"), run.out());
    CsvTable table = CsvTable.read(file);
    assertEquals(50, table.rows());
    assertArrayEquals(nodes("--n", 50, "--two-a", 0).json().numbers("t"), table.numbers("t"));
  }

  @Test
  void wrongUsageIsTold() {
    assertUsage("either --two-a K or --azimuthal M", "--n", 3);
    assertUsage("either --two-a K or --azimuthal M", "--n", 3, "--two-a", 1, "--azimuthal", 1);
    assertUsage("--dim goes with --azimuthal", "--n", 3, "--two-a", 1, "--dim", 1);
    assertUsage("--n -1", "--n", -1, "--two-a", 0);
    assertUsage("-2: expected", "--n", 3, "--two-a", -2);
    assertUsage("-4: expected", "--n", 3, "--azimuthal", 0, "--dim", -4);
    assertUsage("--select 3: expected 0 to 2", "--n", 3, "--two-a", 0, "--select", "0,3");
    CommandRun none = CommandRun.of("zernike");
    assertEquals(Main.WRONG_USAGE, none.status());
    assertTrue(none.err().contains("there is nodes, eval"), none.err());
  }

  private static void assertUsage(String words, Object... arguments) {
    CommandRun run = nodes(arguments);
    assertEquals(Main.WRONG_USAGE, run.status(), run.err());
    assertTrue(run.err().contains(words), run.err());
    assertEquals("", run.out());
  }

  @Test
  void globalOptionsReachNestedCommands() throws IOException {
    JsonObject json = nodes("--n", 3, "--two-a", 0, "--threads", 1, "--backend", "scalar").json();
    assertEquals(3, json.numbers("t").length);
    CommandRun help = CommandRun.of("zernike", "nodes", "--help");
    assertEquals(0, help.status());
    assertTrue(help.out().contains("--azimuthal"), help.out());
  }
}
