package org.quadrille.kernels.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Substitution with small triangles: its definition, and the same bits from every backend. */
class TriangleKernelsTest {

  private static final int[] SIZES = {0, 1, 2, 4, 5, 6, 11, 12, 13, 24, 31, 64, 97};
  private static final int[] COLUMNS = {0, 1, 2, 3, 7, 8, 9, 16, 17, 33, 150, 300};

  /** One random case: strides, offsets, and guards between the elements. */
  private record Case(
      int n,
      int k,
      int lOffset,
      int lRow,
      int lCol,
      boolean unit,
      int xOffset,
      int xRow,
      int xCol) {

    static Case random(Random random) {
      int n = SIZES[random.nextInt(SIZES.length)];
      int k = COLUMNS[random.nextInt(COLUMNS.length)];
      boolean reversed = random.nextBoolean();
      int sign = reversed ? -1 : 1;
      int lLong = n + random.nextInt(3) + 1;
      boolean lTurned = random.nextBoolean();
      int lRow = lTurned ? 1 : lLong;
      int lCol = lTurned ? lLong : 1;
      boolean xTurned = random.nextBoolean();
      int step = random.nextInt(4) == 0 ? 2 : 1;
      int xRow = xTurned ? step : step * k + 2;
      int xCol = xTurned ? step * n + 3 : step;
      int last = Math.max(0, n - 1);
      return new Case(
          n,
          k,
          3 + (reversed ? last * (lRow + lCol) : 0),
          sign * lRow,
          sign * lCol,
          random.nextInt(3) == 0,
          5 + (reversed ? last * xRow : 0),
          sign * xRow,
          xCol);
    }

    int lSize() {
      return 8 + n * (n + 4);
    }

    int xSize() {
      return 12 + (2 * n + 4) * (2 * k + 4);
    }

    void solve(Kernels kernels, float[] l, float[] x) {
      kernels.solveLower(n, k, l, lOffset, lRow, lCol, unit, x, xOffset, xRow, xCol);
    }

    void solve(Kernels kernels, double[] l, double[] x) {
      kernels.solveLower(n, k, l, lOffset, lRow, lCol, unit, x, xOffset, xRow, xCol);
    }

    /** The triangle of a well-conditioned matrix; NaN wherever nothing may be read. */
    double[] triangle(Random random) {
      double[] l = new double[lSize()];
      Arrays.fill(l, Double.NaN);
      for (int i = 0; i < n; i++) {
        for (int j = 0; j < i + (unit ? 0 : 1); j++) {
          double value = i == j ? 1 + random.nextDouble() : (random.nextDouble() - 0.5) / 4;
          l[lOffset + i * lRow + j * lCol] = (float) value;
        }
      }
      return l;
    }
  }

  @Test
  void everyBackendHasTheBitsOfTheDefinition() {
    for (int seed = 0; seed < 60; seed++) {
      Random random = new Random(seed);
      Case c = Case.random(random);
      double[] l = c.triangle(random);
      double[] x = random.doubles(c.xSize(), -1, 1).map(v -> (float) v).toArray();
      double[] expected = x.clone();
      c.solve(KernelProvider.scalar(), l, expected);
      float[] lFloat = floats(l);
      float[] expectedFloat = floats(x);
      c.solve(KernelProvider.scalar(), lFloat, expectedFloat);
      for (Kernels kernels : NarrowKernels.all()) {
        double[] actual = x.clone();
        c.solve(kernels, l, actual);
        assertArrayEquals(expected, actual, c.toString());
        float[] actualFloat = floats(x);
        c.solve(kernels, lFloat, actualFloat);
        assertArrayEquals(expectedFloat, actualFloat, c.toString());
      }
    }
  }

  @Test
  void scalarSolutionSatisfiesTheEquations() {
    for (int seed = 0; seed < 60; seed++) {
      Random random = new Random(seed);
      Case c = Case.random(random);
      double[] l = c.triangle(random);
      double[] b = random.doubles(c.xSize(), -1, 1).toArray();
      double[] x = b.clone();
      c.solve(KernelProvider.scalar(), l, x);
      for (int i = 0; i < c.n; i++) {
        for (int column = 0; column < c.k; column++) {
          double sum = 0;
          double magnitude = 0;
          for (int j = 0; j <= i; j++) {
            double factor = i == j && c.unit ? 1 : l[c.lOffset + i * c.lRow + j * c.lCol];
            double term = factor * x[c.xOffset + j * c.xRow + column * c.xCol];
            sum += term;
            magnitude += Math.abs(term);
          }
          double right = b[c.xOffset + i * c.xRow + column * c.xCol];
          assertEquals(right, sum, (c.n + 4) * 0x1p-52 * (magnitude + Math.abs(right)));
        }
      }
    }
  }

  private static float[] floats(double[] values) {
    float[] floats = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      floats[i] = (float) values[i];
    }
    return floats;
  }
}
