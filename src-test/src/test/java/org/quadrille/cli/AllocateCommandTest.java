package org.quadrille.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.quadrille.ReferenceData;
import org.quadrille.formats.CsvTable;
import org.quadrille.formats.JsonObject;

class AllocateCommandTest {
  private static final String TABLE =
      """
      group,option,cost,value
      query,small,1,9
      key,small,1,5
      query,large,4,1
      key,large,3,2
      """;

  @TempDir private Path folder;

  private Path file(String text) throws IOException {
    return Files.writeString(folder.resolve("options.csv"), text);
  }

  private CommandRun allocate(String table, Object... more) throws IOException {
    Object[] all = new Object[4 + more.length];
    all[0] = "allocate";
    all[1] = "--json";
    all[2] = "--costs";
    all[3] = file(table);
    System.arraycopy(more, 0, all, 4, more.length);
    return CommandRun.of(all);
  }

  @Test
  void jsonHoldsTheProvenChoice() throws IOException {
    CommandRun run = allocate(TABLE, "--budget", 5);
    assertEquals(0, run.status(), run.err());
    JsonObject json = run.json();
    assertEquals(6, json.number("objective"));
    assertEquals(5, json.integer("cost"));
    assertEquals(5, json.integer("budget"));
    assertTrue(json.bool("optimal"));
    assertEquals(6, json.number("bound"));
    assertTrue(json.integer("nodes") >= 0 && json.number("seconds") >= 0);
    assertEquals(Map.of("query", "large", "key", "small"), json.object("choice").members());
    assertEquals("minimize", json.string("goal"));
  }

  @Test
  void gainsAreMaximized() throws IOException {
    CommandRun run = allocate(TABLE, "--budget", 5, "--maximize");
    JsonObject json = run.json();
    assertEquals(14, json.number("objective"));
    assertEquals(14, json.number("bound"));
    assertEquals(2, json.integer("cost"));
  }

  @Test
  void decimalCostsAreComparedExactly() throws IOException {
    String table = "group,option,cost,value\na,x,0.1,1\na,y,0.2,0\nb,x,0.1,1\nb,y,0.2,0\n";
    // 0.1 + 0.2 exceeds 0.3 in binary floating point
    JsonObject json = allocate(table, "--budget", "0.3").json();
    assertEquals(1, json.number("objective"));
    assertEquals(0.3, json.number("cost"));
    assertEquals(2, allocate(table, "--budget", "0.29999").json().number("objective"));
  }

  @Test
  void tooSmallABudgetNamesTheLeast() throws IOException {
    CommandRun run = allocate(TABLE, "--budget", 1);
    assertEquals(1, run.status());
    assertTrue(run.err().contains("cost 2; give at least that"), run.err());
    assertEquals(1, run.err().lines().count());
    assertEquals("", run.out());
  }

  @Test
  void brokenTablesAreNamedByRow() throws IOException {
    assertError(TABLE + "key,large,7,7\n", "option 5: option \"large\" of group \"key\" appears");
    assertError(TABLE + "key,huge,x,7\n", "option 5: cost \"x\"");
    assertError(TABLE + "key,huge,-1,7\n", "option 5: cost -1");
    assertError(TABLE + ",huge,1,7\n", "option 5: the group has no name");
    assertError(TABLE + "key,huge,1,NaN\n", "line 6");
    assertError(TABLE + "key,huge,1e30,1\n", "do not fit 64 bits");
    assertError("group,option,cost,value\n", "no options");
    assertError("group,option,cost\na,b,1\n", "there is no column \"value\"");
  }

  private void assertError(String table, String words) throws IOException {
    CommandRun run = allocate(table, "--budget", 5);
    assertEquals(1, run.status(), table);
    assertTrue(run.err().contains(words), run.err());
    assertEquals(1, run.err().lines().count(), run.err());
  }

  @Test
  void wrongUsageIsTold() throws IOException {
    assertEquals(2, allocate(TABLE).status());
    assertEquals(2, allocate(TABLE, "--budget", "much").status());
    assertEquals(2, allocate(TABLE, "--budget", "-1").status());
    assertEquals(2, allocate(TABLE, "--budget", "1e999999999").status());
    assertEquals(2, allocate(TABLE, "--budget", 5, "--gap", 2).status());
    assertEquals(2, allocate(TABLE, "--budget", 5, "--time-limit", 0).status());
  }

  @Test
  void curveHoldsWhatABudgetIsWorth() throws IOException {
    Path curve = folder.resolve("curve.csv");
    assertEquals(0, allocate(TABLE, "--budget", 5, "--curve", curve).status());
    CsvTable table = CsvTable.read(curve);
    assertEquals("[2, 5, 7]", table.texts("cost").toString());
    assertEquals("[14.0, 6.0, 3.0]", java.util.Arrays.toString(table.numbers("value")));
  }

  @Test
  void textShowsChoiceAndProof() throws IOException {
    CommandRun run = CommandRun.of("allocate", "--costs", file(TABLE), "--budget", 5);
    assertTrue(run.out().contains("query"), run.out());
    assertTrue(run.out().contains("proven optimal"), run.out());
  }

  @Test
  void realCostsGiveTheKnownOptimum() throws IOException {
    var matrices = ReferenceData.csv("lq-lora", "ilp_minilm_matrices.csv");
    var configs = ReferenceData.csv("lq-lora", "ilp_configs.csv");
    var costs = ReferenceData.csv("lq-lora", "ilp_minilm_costs.csv");
    StringBuilder table = new StringBuilder("group,option,cost,value\n");
    for (int i = 0; i < matrices.size(); i++) {
      long n =
          Long.parseLong(matrices.get(i).get("rows")) * Long.parseLong(matrices.get(i).get("cols"));
      for (Map<String, String> config : configs) {
        String name = config.get("config");
        table.append(matrices.get(i).get("name")).append(',').append(name).append(',');
        // all of these sizes are multiples of all groups
        double bits = Double.parseDouble(config.get("bits_per_param")) * n;
        table.append((long) bits).append(',').append(costs.get(i).get("c" + name)).append('\n');
      }
    }
    for (Map<String, String> row : ReferenceData.csv("lq-lora", "ilp_solutions.csv")) {
      if (row.get("instance").equals("minilm") && row.get("target_bits_per_param").equals("3.0")) {
        JsonObject json = allocate(table.toString(), "--budget", row.get("budget_bits")).json();
        double expected = Double.parseDouble(row.get("optimal_cost"));
        assertEquals(expected, json.number("objective"), 1e-9 * expected);
        assertEquals(Long.parseLong(row.get("used_bits")), json.integer("cost"));
      }
    }
  }
}
