package org.quadrille.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.quadrille.ReferenceData;
import org.quadrille.formats.CsvMatrix;
import org.quadrille.formats.CsvTable;
import org.quadrille.formats.JsonObject;
import org.quadrille.formats.NpyFile;
import org.quadrille.linalg.DType;
import org.quadrille.linalg.GaussianMatrix;
import org.quadrille.linalg.Tensor;
import org.quadrille.zernike.ModeOrder;
import org.quadrille.zernike.ZernikeIndex;

class ZernikeTransformCommandTest {
  @TempDir private Path folder;

  private static CommandRun transform(Object... more) {
    List<Object> all = new ArrayList<>(List.of("zernike", "transform", "--json"));
    all.addAll(List.of(more));
    return CommandRun.of(all.toArray());
  }

  @Test
  void closedFormCoefficientsOfTheReferenceFile() throws IOException {
    Map<String, String> names =
        Map.of(
            "J10(10rho)cos(10theta)", "j10_10",
            "J3(40rho)cos(3theta)", "j3_40",
            "J100(150rho)cos(100theta)", "j100_150",
            "exp(-40rho^2)", "gauss40",
            "sin(80x+1y)", "sin80xy",
            "cos(80x+1y)", "cos80xy");
    Map<String, double[]> found = new java.util.HashMap<>();
    for (Map<String, String> row : ReferenceData.csv("zernike", "coefficients.csv")) {
      String name = names.get(row.get("function"));
      if (name == null) {
        continue;
      }
      if (!found.containsKey(name)) {
        CommandRun run = transform("--degree", 220, "--function", name);
        assertEquals(0, run.status(), run.err());
        found.put(name, run.json().numbers("coefficients"));
      }
      int order = Integer.parseInt(row.get("N"));
      int degree = order + 2 * Integer.parseInt(row.get("n"));
      int sign = row.get("angular").equals("sin") ? -1 : 1;
      if (degree <= 210) {
        long osa = ModeOrder.OSA.indexOf(new ZernikeIndex(degree, sign * order));
        double exact = new BigDecimal(row.get("coefficient")).doubleValue();
        assertEquals(exact, found.get(name)[(int) osa], 2e-13, row.toString());
      }
    }
    assertEquals(6, found.size());
  }

  @Test
  void coefficientsGoToSamplesAndBack() throws IOException {
    Path coefficients = folder.resolve("c.csv");
    double[] values = GaussianMatrix.of(DType.F64, 1, 66, 1).toDoubles();
    long[] noll = java.util.stream.LongStream.rangeClosed(1, 66).toArray();
    new CsvTable().add("j", noll).add("coefficient", values).write(coefficients);
    for (String nodes : List.of("radius", "squared")) {
      for (String file : List.of("s.npy", "s.csv")) {
        Path samples = folder.resolve(file);
        Object[] basis = {"--index", "noll", "--norm", "--nodes", nodes};
        CommandRun there =
            transform(with(basis, "--inverse", "--in", coefficients, "--out", samples));
        assertEquals(0, there.status(), there.err());
        CommandRun back = transform(with(basis, "--in", samples, "--degree", 10));
        JsonObject json = back.json();
        assertEquals(10, json.integer("degree"));
        assertArrayEquals(values, json.numbers("coefficients"), 2e-14);
        assertTrue(json.number("residual") < 1e-13 * json.number("rms"));
      }
    }
  }

  private static Object[] with(Object[] first, Object... more) {
    Object[] all = Arrays.copyOf(first, first.length + more.length);
    System.arraycopy(more, 0, all, first.length, more.length);
    return all;
  }

  @Test
  void aFunctionSampledOnTheWrittenGridIsItself() throws IOException {
    Path grid = folder.resolve("grid.csv");
    JsonObject described = transform("--degree", 20, "--grid", grid).json();
    CsvTable nodes = CsvTable.read(grid);
    int k = described.intValue("angles");
    assertEquals(described.integer("radialNodes") * k, nodes.rows());
    double[] x = nodes.numbers("x");
    double[] y = nodes.numbers("y");
    double[] samples = new double[x.length];
    double sum = 0;
    for (int i = 0; i < x.length; i++) {
      samples[i] = Math.exp(x[i] * y[i]);
      sum += nodes.numbers("weight")[i];
      assertEquals(nodes.numbers("r")[i], Math.hypot(x[i], y[i]), 1e-15);
    }
    assertEquals(Math.PI, sum, 1e-13);
    Path file = folder.resolve("samples.npy");
    NpyFile.write(file, Tensor.of(samples, x.length / k, k));
    Path out = folder.resolve("out.csv");
    double[] read =
        transform("--in", file, "--degree", 20, "--out", out).json().numbers("coefficients");
    double[] direct =
        transform("--degree", 20, "--function", "exp(x*y)").json().numbers("coefficients");
    assertArrayEquals(direct, read, 1e-15);
    assertArrayEquals(read, CsvTable.read(out).numbers("coefficient"));
  }

  @Test
  void whatIsBeyondTheDegreeIsTheResidual() throws IOException {
    JsonObject json = transform("--degree", 4, "--function", "r^8", "--norm").json();
    assertTrue(json.number("residual") > 1e-3, "r^8 is no polynomial of degree 4");
    assertTrue(transform("--degree", 8, "--function", "r^8").json().number("residual") < 1e-15);
  }

  @Test
  void mistakesAreTold() throws IOException {
    Path small = folder.resolve("small.csv");
    CsvMatrix.write(small, Tensor.zeros(DType.F64, 2, 4));
    Path broken = Files.writeString(folder.resolve("broken.csv"), "1,2,3\n1,NaN,2\n");
    Path one = Files.writeString(folder.resolve("one.csv"), "j,coefficient\n9,1\n");
    assertStatus(2, "nothing to do", "--degree", 3);
    assertStatus(2, "says how fine", "--function", "x");
    assertStatus(2, "give one of them", "--function", "x", "--in", small);
    assertStatus(2, "--inverse needs", "--inverse", "--in", one);
    assertStatus(2, "--degree -1", "--degree", -1, "--function", "x");
    assertStatus(1, "expected at least 3 rings and 9 angles", "--in", small, "--degree", 4);
    assertStatus(1, "line 2", "--in", broken);
    assertStatus(1, "above --degree 2", "--inverse", "--in", one, "--degree", 2, "--out", small);
    assertStatus(1, "expected finite numbers", "--degree", 3, "--function", "1/0");
    assertStatus(1, "no such file", "--in", folder.resolve("none.npy"));
  }

  private static void assertStatus(int status, String words, Object... more) {
    CommandRun run = transform(more);
    assertEquals(status, run.status(), run.err());
    assertTrue(run.err().contains(words), run.err());
    assertEquals(1, run.err().lines().count(), run.err());
  }
}
