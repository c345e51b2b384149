package org.quadrille.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.math.BigDecimal;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.quadrille.ReferenceData;
import org.quadrille.cli.zernike.TestFunction;
import org.quadrille.formats.JsonObject;

class ZernikeIntegrateCommandTest {
  private static CommandRun integrate(String function, Object... more) {
    Object[] all = new Object[5 + more.length];
    all[0] = "zernike";
    all[1] = "integrate";
    all[2] = "--json";
    all[3] = "--function";
    all[4] = function;
    System.arraycopy(more, 0, all, 5, more.length);
    return CommandRun.of(all);
  }

  @Test
  void everyReferenceRowIsTheRulesOwnValue() throws IOException {
    for (Map<String, String> row : ReferenceData.csv("zernike", "disk_quadrature.csv")) {
      JsonObject json =
          integrate(
                  row.get("function"),
                  "--radial",
                  row.get("radial_nodes"),
                  "--angles",
                  row.get("angular_nodes"),
                  "--nodes",
                  row.get("rule").equals("A") ? "radius" : "squared")
              .json();
      double scale = row.get("function").equals("poly12") ? 2e4 : 10;
      double value = new BigDecimal(row.get("rule_value")).doubleValue();
      double exact = new BigDecimal(row.get("exact")).doubleValue();
      assertEquals(value, json.number("integral"), 2e-14 * scale, row.toString());
      assertEquals(exact, json.number("exact"), 1e-15 * scale, row.toString());
    }
  }

  @Test
  void aDegreeIsIntegratedExactly() throws IOException {
    for (String nodes : new String[] {"radius", "squared"}) {
      for (int degree : new int[] {12, 13, 30}) {
        JsonObject json = integrate("poly12", "--degree", degree, "--nodes", nodes).json();
        assertEquals(0, json.number("error"), 1e-13 * json.number("exact"));
      }
      JsonObject less = integrate("poly12", "--degree", 8, "--nodes", nodes).json();
      assertTrue(less.number("error") > 1e-6 * less.number("exact"), "degree 8 does not do");
    }
    JsonObject alias = integrate("j100_150", "--radial", 200, "--angles", 100).json();
    assertEquals(0.03208, alias.number("integral"), 5e-6);
  }

  @Test
  void formulasAreIntegratedToo() throws IOException {
    JsonObject json = integrate("exp(3*x - 2*y)", "--degree", 40).json();
    JsonObject named = integrate("exp3x2y", "--degree", 40).json();
    assertEquals(named.number("exact"), json.number("integral"), 3e-14);
    assertNull(json.get("exact"));
    assertNull(json.get("error"));
    assertTrue(json.number("difference") < 1e-9);
  }

  @Test
  void namedFunctionsHaveTheIntegralsTheySay() {
    for (TestFunction function : TestFunction.all()) {
      JsonObject json;
      try {
        json = integrate(function.name(), "--radial", 120, "--angles", 240).json();
        double tolerance = function.name().equals("sqrt1mr2") ? 1e-6 : 1e-13;
        double size = Math.max(1, Math.abs(function.integral()));
        assertEquals(function.integral(), json.number("integral"), tolerance * size);
      } catch (IOException e) {
        throw new AssertionError(function.name(), e);
      }
    }
  }

  @Test
  void mistakesAreTold() {
    assertStatus(2, "either --degree N", "rho8");
    assertStatus(2, "either --degree N", "rho8", "--degree", 3, "--radial", 3, "--angles", 3);
    assertStatus(2, "either --degree N", "rho8", "--radial", 3);
    assertStatus(2, "--degree -1", "rho8", "--degree", -1);
    assertStatus(2, "--radial 0", "rho8", "--radial", 0, "--angles", 3);
    assertStatus(2, "nodes: expected at most", "rho8", "--degree", 2_000_000_000);
    assertStatus(1, "is no name", "rho9", "--degree", 3);
    assertStatus(1, "one of cos20x, runge25", "1 +", "--degree", 3);
    assertStatus(1, "no finite value at a node", "log(-1)", "--degree", 3);
  }

  private static void assertStatus(int status, String words, String function, Object... more) {
    CommandRun run = integrate(function, more);
    assertEquals(status, run.status(), run.err());
    assertTrue(run.err().contains(words), run.err());
    assertEquals(1, run.err().lines().count(), run.err());
  }
}
