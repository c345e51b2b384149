package org.quadrille.kernels.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** Attention against the formula written out. */
class AttentionTest {

  private static double[] values(Random random, int n) {
    return random.doubles(n, -1, 1).toArray();
  }

  @Property(tries = 40)
  void isTheFormula(
      @ForAll @IntRange(min = 1, max = 3) int sequences,
      @ForAll @IntRange(min = 1, max = 2) int keyHeads,
      @ForAll @IntRange(min = 1, max = 2) int group,
      @ForAll @IntRange(min = 1, max = 150) int queries,
      @ForAll @IntRange(max = 70) int past,
      @ForAll @IntRange(min = 1, max = 9) int headSize,
      @ForAll boolean causal,
      @ForAll boolean masked,
      @ForAll boolean dropped,
      @ForAll long seed) {
    Random random = new Random(seed);
    int heads = keyHeads * group;
    int keys = past + queries;
    AttentionShape shape =
        new AttentionShape(sequences, heads, keyHeads, queries, keys, headSize, causal, past);
    int qRow = heads * headSize + 1;
    int kRow = keyHeads * headSize + 2;
    double[] q = values(random, sequences * queries * qRow);
    double[] k = values(random, sequences * keys * kRow);
    double[] v = values(random, sequences * keys * kRow);
    boolean[] mask = masked ? new boolean[sequences * keys] : null;
    for (int i = 0; masked && i < mask.length; i++) {
      mask[i] = random.nextInt(4) > 0;
    }
    DropoutMask dropout = dropped ? new DropoutMask(0.4, seed) : null;
    double[] out = new double[q.length];
    Kernels kernels = KernelProvider.active();
    kernels.attention(shape, 0.7, q, 0, qRow, k, 0, kRow, v, 0, kRow, mask, dropout, out, 0, qRow);
    for (int s = 0; s < sequences; s++) {
      for (int h = 0; h < heads; h++) {
        for (int i = 0; i < queries; i++) {
          double[] expected = row(shape, s, h, i, q, qRow, k, v, kRow, mask, dropout);
          for (int c = 0; c < headSize; c++) {
            assertEquals(expected[c], out[(s * queries + i) * qRow + h * headSize + c], 1e-13);
          }
        }
      }
    }
    double[] plain = new double[out.length];
    new ScalarKernels()
        .attention(shape, 0.7, q, 0, qRow, k, 0, kRow, v, 0, kRow, mask, dropout, plain, 0, qRow);
    assertArrayEquals(plain, out, "scalar and SIMD");
  }

  private static double[] row(
      AttentionShape shape,
      int s,
      int h,
      int i,
      double[] q,
      int qRow,
      double[] k,
      double[] v,
      int kRow,
      boolean[] mask,
      DropoutMask dropout) {
    int size = shape.headSize();
    int keyHead = h / (shape.heads() / shape.keyHeads());
    double[] weights = new double[shape.keys()];
    double total = 0;
    for (int j = 0; j < shape.keys(); j++) {
      boolean seen =
          (!shape.causal() || j <= shape.firstPosition() + i)
              && (mask == null || mask[s * shape.keys() + j]);
      double dot = 0;
      for (int c = 0; c < size; c++) {
        dot +=
            q[(s * shape.queries() + i) * qRow + h * size + c]
                * k[(s * shape.keys() + j) * kRow + keyHead * size + c];
      }
      weights[j] = seen ? Math.exp(0.7 * dot) : 0;
      total += weights[j];
    }
    double[] row = new double[size];
    for (int j = 0; j < shape.keys(); j++) {
      double p = total == 0 ? 0 : weights[j] / total;
      long index = (((long) s * shape.heads() + h) * shape.queries() + i) * shape.keys() + j;
      if (dropout != null) {
        p = dropout.keeps(index) ? p / 0.6 : 0;
      }
      for (int c = 0; c < size; c++) {
        row[c] += p * v[(s * shape.keys() + j) * kRow + keyHead * size + c];
      }
    }
    return row;
  }

  @Property(tries = 15)
  void gradientIsCentralDifference(
      @ForAll @IntRange(min = 1, max = 80) int queries,
      @ForAll boolean causal,
      @ForAll boolean dropped,
      @ForAll long seed) {
    Random random = new Random(seed);
    AttentionShape shape = new AttentionShape(2, 4, 2, queries, queries, 3, causal, 0);
    int qRow = 12;
    int kRow = 6;
    double[] q = values(random, 2 * queries * qRow);
    double[] k = values(random, 2 * queries * kRow);
    double[] v = values(random, 2 * queries * kRow);
    double[] g = values(random, q.length);
    DropoutMask dropout = dropped ? new DropoutMask(0.4, seed) : null;
    double[] dq = new double[q.length];
    double[] dk = new double[k.length];
    double[] dv = new double[v.length];
    KernelProvider.active()
        .attentionGradient(
            shape, 0.7, q, 0, qRow, k, 0, kRow, v, 0, kRow, null, dropout, g, 0, qRow, dq, 0, qRow,
            dk, 0, kRow, dv, 0, kRow);
    double[][] operands = {q, k, v};
    double[][] gradients = {dq, dk, dv};
    for (int which = 0; which < 3; which++) {
      for (int trial = 0; trial < 3; trial++) {
        int at = random.nextInt(operands[which].length);
        double value = operands[which][at];
        operands[which][at] = value + 1e-5;
        double above = product(shape, q, k, v, dropout, g);
        operands[which][at] = value - 1e-5;
        double below = product(shape, q, k, v, dropout, g);
        operands[which][at] = value;
        assertEquals((above - below) / 2e-5, gradients[which][at], 1e-8);
      }
    }
  }

  private static double product(
      AttentionShape shape, double[] q, double[] k, double[] v, DropoutMask dropout, double[] g) {
    double[] out = new double[q.length];
    KernelProvider.active()
        .attention(shape, 0.7, q, 0, 12, k, 0, 6, v, 0, 6, null, dropout, out, 0, 12);
    double sum = 0;
    for (int i = 0; i < out.length; i++) {
      sum += out[i] * g[i];
    }
    return sum;
  }

  @Test
  void shapesAreChecked() {
    assertThrows(
        IllegalArgumentException.class, () -> new AttentionShape(1, 3, 2, 1, 1, 4, false, 0));
    assertThrows(
        IllegalArgumentException.class, () -> new AttentionShape(1, 2, 2, 3, 4, 4, true, 2));
    assertThrows(
        IllegalArgumentException.class, () -> new AttentionShape(-1, 2, 2, 3, 4, 4, true, 0));
    assertThrows(IllegalArgumentException.class, () -> new DropoutMask(1, 0));
    assertThrows(IllegalArgumentException.class, () -> new DropoutMask(Double.NaN, 0));
  }

  @Test
  void masksKeepTheRightShare() {
    DropoutMask mask = new DropoutMask(0.3, 7);
    int kept = 0;
    for (int i = 0; i < 100_000; i++) {
      kept += mask.keeps(i) ? 1 : 0;
    }
    // Five standard deviations.
    assertEquals(0.7, kept / 1e5, 5 * Math.sqrt(0.21 / 1e5));
    assertEquals(1 / 0.7, mask.factorDouble(), 1e-15);
  }
}
