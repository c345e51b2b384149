package org.quadrille.quant;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.quadrille.linalg.DType;
import org.quadrille.linalg.MatrixProduct;
import org.quadrille.linalg.Tensor;

class ColumnTransformTest {

  private static Tensor random(int rows, int cols, long seed) {
    Random random = new Random(seed);
    Tensor tensor = Tensor.zeros(DType.F32, rows, cols);
    for (int i = 0; i < tensor.length(); i++) {
      tensor.floats()[i] = (float) random.nextGaussian();
    }
    return tensor;
  }

  private static DiagonalScaling scaling(int cols, long seed) {
    Random random = new Random(seed);
    float[] factors = new float[cols];
    for (int j = 0; j < cols; j++) {
      factors[j] = (float) Math.exp(2 * random.nextGaussian());
    }
    return DiagonalScaling.of(factors);
  }

  /** T as a matrix: its rows are the transformed unit vectors. */
  private static Tensor matrix(ColumnTransform transform) {
    Tensor identity = Tensor.zeros(DType.F32, transform.cols(), transform.cols());
    for (int i = 0; i < transform.cols(); i++) {
      identity.set(1, i, i);
    }
    transform.transform(identity.floats(), 0, transform.cols());
    return identity;
  }

  @Property(tries = 60)
  void hadamardIsTheMatrixOfItsDefinition(
      @ForAll @IntRange(min = 1, max = 50) int cols,
      @ForAll @IntRange(min = 0, max = 6) int log,
      @ForAll long seed) {
    Tensor t = matrix(new RandomizedHadamard(cols, 1 << log, seed));
    int start = 0;
    while (start < cols) {
      int run = Math.min(1 << log, Integer.highestOneBit(cols - start));
      for (int i = 0; i < cols; i++) {
        for (int j = start; j < start + run; j++) {
          boolean inside = i >= start && i < start + run;
          double magnitude = inside ? 1 / Math.sqrt(run) : 0;
          int parity = Integer.bitCount((i - start) & (j - start)) % 2;
          // the sign of row i is that of the entry with j at the start of the run
          double sign = inside ? Math.signum(t.get(i, start)) * (parity == 0 ? 1 : -1) : 0;
          assertEquals(sign * magnitude, t.get(i, j), 1e-6);
        }
      }
      start += run;
    }
  }

  @Property(tries = 60)
  void restoringUndoesTransforming(
      @ForAll @IntRange(min = 1, max = 300) int cols,
      @ForAll @IntRange(min = 0, max = 9) int log,
      @ForAll long seed) {
    for (ColumnTransform transform :
        new ColumnTransform[] {new RandomizedHadamard(cols, 1 << log, seed), scaling(cols, seed)}) {
      Tensor w = random(3, cols, seed);
      float[] rows = Arrays.copyOf(w.floats(), w.length() + 1);
      rows[w.length()] = 99;
      transform.transform(rows, 0, 3);
      transform.restore(rows, 0, 3);
      for (int i = 0; i < w.length(); i++) {
        assertEquals(w.floats()[i], rows[i], 1e-5);
      }
      assertEquals(99, rows[w.length()]);
    }
  }

  @Test
  void signsAreBalancedAndDependOnTheSeed() {
    // runs of one column leave the signs alone
    Tensor one = matrix(new RandomizedHadamard(500, 1, 1));
    Tensor two = matrix(new RandomizedHadamard(500, 1, 2));
    int negative = 0;
    int different = 0;
    for (int i = 0; i < 500; i++) {
      negative += one.get(i, i) < 0 ? 1 : 0;
      different += one.get(i, i) != two.get(i, i) ? 1 : 0;
    }
    assertEquals(250, negative, 50);
    assertEquals(250, different, 50);
  }

  @Test
  void productsWithATransformMatchTheDenseMatrix() {
    for (ColumnTransform transform :
        new ColumnTransform[] {new RandomizedHadamard(150, 64, 5), scaling(150, 6)}) {
      Tensor w = random(40, 150, 1);
      QuantizedMatrix codes = BlockQuantizer.of(QuantizationConfig.DEFAULT).quantize(w);
      QuantizedMatrix q = codes.withTransform(transform);
      // Q' T^-1 times T gives the codes' own matrix back
      Tensor back = MatrixProduct.multiply(q.dequantize(), matrix(transform));
      assertArrayEquals(codes.dequantize().toDoubles(), back.toDoubles(), 1e-4);
      Quantized operator = new Quantized(q);
      Tensor dense = q.dequantize();
      Tensor x = random(3, 150, 2).transpose();
      assertClose(MatrixProduct.multiply(dense, x), operator.apply(x));
      Tensor vector = x.transpose().row(1);
      assertClose(
          MatrixProduct.multiply(dense, vector.reshape(150, 1)),
          operator.apply(vector).reshape(40, 1));
      Tensor y = random(40, 2, 3);
      assertClose(MatrixProduct.multiply(dense.transpose(), y), operator.applyTransposed(y));
      float[] rows = new float[5 * 150];
      q.dequantizeRows(7, 12, rows, 0);
      assertArrayEquals(Arrays.copyOfRange(dense.floats(), 7 * 150, 12 * 150), rows);
    }
  }

  private static void assertClose(Tensor expected, Tensor result) {
    double largest = 0;
    for (double value : expected.toDoubles()) {
      largest = Math.max(largest, Math.abs(value));
    }
    assertArrayEquals(expected.toDoubles(), result.toDoubles(), 2e-6 * largest);
  }

  @Test
  void hugeValuesStayFinite() {
    float[] row = new float[64];
    Arrays.fill(row, Float.MAX_VALUE);
    RandomizedHadamard hadamard = new RandomizedHadamard(64, 64, 3);
    hadamard.transform(row, 0, 1);
    assertTrue(Tensor.of(row, 64).isFinite());
    hadamard.restore(row, 0, 1);
    assertTrue(Tensor.of(row, 64).isFinite());
    float[] large = {Float.MAX_VALUE};
    DiagonalScaling.of(0x1p-20f).restore(large, 0, 1);
    assertEquals(Float.MAX_VALUE, large[0]);
  }

  @Test
  void bitsAreCounted() {
    QuantizedMatrix q = BlockQuantizer.of(QuantizationConfig.DEFAULT).quantize(random(6, 32, 1));
    assertEquals(q.storageBits() + 64, q.withTransform(hadamard(32)).storageBits());
    float[] factors = new float[32];
    Arrays.fill(factors, 1.5f);
    assertEquals(
        q.storageBits() + 16 * 32, q.withTransform(DiagonalScaling.of(factors)).storageBits());
    factors[9] = 1.1f;
    assertEquals(
        q.storageBits() + 32 * 32, q.withTransform(DiagonalScaling.of(factors)).storageBits());
  }

  private static RandomizedHadamard hadamard(int cols) {
    return new RandomizedHadamard(cols, RandomizedHadamard.USUAL_BLOCK, 1);
  }

  @Test
  void badInputIsNamed() {
    assertRejected("power of two", () -> new RandomizedHadamard(5, 48, 1));
    assertRejected("cols: given 0", () -> new RandomizedHadamard(0, 64, 1));
    assertRejected("factor 1 is 0.0", () -> DiagonalScaling.of(1, 0, 2));
    assertRejected("factor 0 is NaN", () -> DiagonalScaling.of(Float.NaN));
    assertRejected("given none", () -> DiagonalScaling.of());
    assertRejected("do not fit an array of 63", () -> hadamard(32).transform(new float[63], 0, 2));
    QuantizedMatrix q = BlockQuantizer.of(QuantizationConfig.DEFAULT).quantize(random(6, 32, 1));
    assertRejected("expected 32 columns", () -> q.withTransform(hadamard(31)));
    QuantizedMatrix transformed = q.withTransform(hadamard(32));
    assertRejected("one is supported", () -> transformed.withTransform(hadamard(32)));
    assertRejected("zero codes: given 1", () -> q.withZeroCodes(new byte[1]));
    assertRejected("expected levels from 0 to 1", () -> q.withZeroCodes(new byte[2]));
  }

  private static void assertRejected(String part, Runnable action) {
    String message = assertThrows(IllegalArgumentException.class, action::run).getMessage();
    assertTrue(message.contains(part), message);
  }
}
