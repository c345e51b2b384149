package org.quadrille.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.quadrille.formats.CsvTable;
import org.quadrille.formats.JsonObject;
import org.quadrille.formats.NpyFile;
import org.quadrille.linalg.Tensor;
import org.quadrille.zernike.DiskEvaluator;
import org.quadrille.zernike.ZernikeBasis;

class ZernikeFitCommandTest {
  private static final double[] NOLL = {0.3, -0.1, 0.2, 0.5, 0.05, -0.07, 0.01, 0.02, -0.4, 0.6};

  @TempDir private Path folder;

  private CommandRun fit(Path in, Object... more) {
    List<Object> all = new ArrayList<>(List.of("zernike", "fit", "--json", "--in", in));
    all.addAll(List.of(more));
    return CommandRun.of(all.toArray());
  }

  /** Points of the disk outside a radius with the values and slopes of a known wavefront. */
  private Path points(boolean slopes, double hole, int count, String extra) throws IOException {
    SplittableRandom random = new SplittableRandom(5);
    double[] x = new double[count];
    double[] y = new double[count];
    for (int i = 0; i < count; i++) {
      double r = Math.sqrt(hole * hole + (1 - hole * hole) * random.nextDouble());
      double theta = 2 * Math.PI * random.nextDouble();
      x[i] = r * Math.cos(theta);
      y[i] = r * Math.sin(theta);
    }
    DiskEvaluator evaluator = DiskEvaluator.ofDegree(3);
    double[] plain = ZernikeBasis.NOLL.toPlainOsa(NOLL);
    double[] w = evaluator.values(plain, x, y, null);
    double[] dx = new double[count];
    double[] dy = new double[count];
    evaluator.gradients(plain, x, y, dx, dy);
    StringBuilder table = new StringBuilder(slopes ? "x,y,dx,dy\n" : "x,y,value\n");
    for (int i = 0; i < count; i++) {
      table.append(x[i]).append(',').append(y[i]).append(',');
      table.append(slopes ? dx[i] + "," + dy[i] : Double.toString(w[i])).append('\n');
    }
    return Files.writeString(folder.resolve("points.csv"), table + extra);
  }

  @Test
  void aKnownWavefrontIsFoundAgain() throws IOException {
    Path in = points(false, 0, 200, "0.1,0.2,\n0.3,0.3,NaN\n2,2,5\n");
    Path out = folder.resolve("c.csv");
    Path plot = folder.resolve("fit.svg");
    CommandRun run =
        fit(in, "--degree", 3, "--index", "noll", "--norm", "--out", out, "--plot", plot);
    assertEquals(0, run.status(), run.err());
    JsonObject json = run.json();
    assertArrayEquals(NOLL, json.numbers("coefficients"), 1e-14);
    assertTrue(json.number("residual") < 1e-14);
    assertEquals(200, json.integer("samplesUsed"));
    assertEquals(3, json.integer("samplesDropped"));
    assertEquals(10, json.integer("rank"));
    assertTrue(json.number("conditionNumber") < 3, "scattered points are well conditioned");
    assertEquals(10, json.numbers("standardErrors").length);
    assertTrue(json.array("names").get(3).toString().contains("defocus"));
    assertArrayEquals(json.numbers("coefficients"), CsvTable.read(out).numbers("coefficient"));
    assertTrue(Files.readString(plot).contains("3 left out"));
    // the file of coefficients draws the same wavefront
    CommandRun drawn =
        CommandRun.of("zernike", "plot", "--in", out, "--index", "noll", "--norm", "--out", plot);
    assertEquals(0, drawn.status(), drawn.err());
  }

  @Test
  void slopesGiveAllButPiston() throws IOException {
    Path in = points(true, 0, 100, "");
    JsonObject json = fit(in, "--degree", 3, "--index", "noll", "--norm").json();
    double[] expected = NOLL.clone();
    expected[0] = 0;
    assertArrayEquals(expected, json.numbers("coefficients"), 1e-14);
  }

  @Test
  void aRingIsFittedInModesOfItsOwn() throws IOException {
    Path in = points(false, 0.6, 300, "");
    JsonObject json =
        fit(in, "--degree", 3, "--index", "noll", "--norm", "--obscuration", 0.6).json();
    assertArrayEquals(NOLL, json.numbers("coefficients"), 1e-13);
    assertEquals(10, json.numbers("annularCoefficients").length);
    assertTrue(
        json.number("conditionNumber") < fit(in, "--degree", 3).json().number("conditionNumber"),
        "the modes of the ring are better conditioned on it");
  }

  @Test
  void anImageIsFittedWithinItsDisk() throws IOException {
    int size = 41;
    double[] pixels = new double[size * size];
    for (int i = 0; i < pixels.length; i++) {
      double x = (i % size - 20) / 20.5;
      double y = (i / size - 20) / 20.5;
      pixels[i] = 2 * (x * x + y * y) - 1 + 3 * y;
    }
    Path in = folder.resolve("image.npy");
    NpyFile.write(in, Tensor.of(pixels, size, size));
    double[] c = fit(in, "--degree", 2).json().numbers("coefficients");
    assertArrayEquals(new double[] {0, 3, 0, 0, 1, 0}, c, 1e-13);
  }

  @Test
  void textNamesModesAndCondition() throws IOException {
    CommandRun run =
        CommandRun.of("zernike", "fit", "--in", points(false, 0, 50, ""), "--degree", 3);
    assertTrue(run.out().contains("defocus") && run.out().contains("condition"), run.out());
  }

  @Test
  void mistakesAreTold() throws IOException {
    Path in = points(false, 0, 4, "");
    assertStatus(1, "do not determine all 10 modes", in, "--degree", 3);
    assertStatus(2, "--degree -1", in, "--degree", -1);
    assertStatus(2, "--plot a.gif", in, "--degree", 1, "--plot", "a.gif");
    assertStatus(2, "--obscuration 1.5", in, "--degree", 1, "--obscuration", 1.5);
    Path words = Files.writeString(folder.resolve("w.csv"), "x,y,value\n0,0,much\n");
    assertStatus(1, "row 1, column value: \"much\"", words, "--degree", 0);
    Path columns = Files.writeString(folder.resolve("q.csv"), "x,y\n0,0\n");
    assertStatus(1, "expected the columns x, y and value", columns, "--degree", 0);
    assertFalse(Files.exists(folder.resolve("a.gif")));
  }

  private void assertStatus(int status, String words, Path in, Object... more) {
    CommandRun run = fit(in, more);
    assertEquals(status, run.status(), run.err());
    assertTrue(run.err().contains(words), run.err());
    assertEquals(1, run.err().lines().count(), run.err());
  }
}
