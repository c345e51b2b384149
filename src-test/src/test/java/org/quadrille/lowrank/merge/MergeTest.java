package org.quadrille.lowrank.merge;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.math.BigDecimal;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.quadrille.formats.JsonObject;
import org.quadrille.linalg.Arithmetic;
import org.quadrille.linalg.DType;
import org.quadrille.linalg.Dense;
import org.quadrille.linalg.Diagonal;
import org.quadrille.linalg.Frozen;
import org.quadrille.linalg.GaussianMatrix;
import org.quadrille.linalg.LowRank;
import org.quadrille.linalg.Norms;
import org.quadrille.linalg.Tensor;
import org.quadrille.lowrank.LowRankData;
import org.quadrille.quant.Quantized;
import org.quadrille.quant.Quantizer;

class MergeTest {

  private static LowRank random(long seed, DType dtype, int rows, int cols, double scale) {
    return LowRank.of(
        GaussianMatrix.of(dtype, seed, rows, 3),
        GaussianMatrix.of(dtype, seed + 1, 3, cols),
        scale);
  }

  @Test
  void bitsOfTheReference() throws IOException {
    JsonObject file = LowRankData.read("merge.json");
    Tensor a = LowRankData.matrix(file, "A");
    Tensor b = LowRankData.matrix(file, "B");
    for (JsonObject test : List.of(file, file.object("large"))) {
      Tensor w = LowRankData.matrix(test, "W").to(DType.F32);
      LowRank update = LowRank.of(b.to(DType.F32), a.to(DType.F32), test.number("s"));
      Tensor merged = MergedWeight.of(w, update).weight();
      assertArrayEquals(LowRankData.matrix(test, "merged32").toFloats(), merged.toFloats());
      SubtractionUnmerge back = SubtractionUnmerge.of(merged, update);
      assertArrayEquals(
          LowRankData.matrix(test, "unmergedBySubtraction").toFloats(), back.weight().toFloats());
      double error = Norms.frobenius(Arithmetic.subtract(back.weight(), w));
      assertTrue(error <= back.frobeniusError());
      if (test != file) {
        assertEquals(test.number("relError"), error / Norms.frobenius(w), 1e-6);
      }
    }
  }

  @Property(tries = 40)
  void unmergingInPlaceGivesTheOldBits(
      @ForAll @IntRange(min = 1, max = 13) int rows,
      @ForAll @IntRange(min = 1, max = 13) int cols,
      @ForAll @IntRange(min = -6, max = 6) int exponent,
      @ForAll boolean single,
      @ForAll boolean transposed,
      @ForAll long seed) {
    DType dtype = single ? DType.F32 : DType.F64;
    Tensor stored =
        transposed
            ? GaussianMatrix.of(dtype, seed, cols, rows).transpose()
            : GaussianMatrix.of(dtype, seed, rows, cols);
    stored.set(-0.0, rows - 1, cols - 1);
    Tensor base = stored.copy();
    LowRank update = random(seed, dtype, rows, cols, Math.pow(10, exponent));
    Tensor expected = MergedWeight.of(base, update).weight();
    InPlaceMerge merge = InPlaceMerge.of(stored, update);
    merge.merge();
    assertTrue(merge.isMerged());
    assertArrayEquals(expected.toDoubles(), stored.toDoubles());
    merge.unmerge();
    assertFalse(merge.isMerged());
    double[] before = base.toDoubles();
    double[] after = stored.toDoubles();
    for (int i = 0; i < before.length; i++) {
      assertEquals(Double.doubleToRawLongBits(before[i]), Double.doubleToRawLongBits(after[i]));
    }
    SubtractionUnmerge back = SubtractionUnmerge.of(expected, update);
    Tensor error = Arithmetic.subtract(back.weight().to(DType.F64), base.to(DType.F64));
    assertTrue(Norms.max(error) <= back.largestError());
    assertTrue(Norms.frobenius(error) <= back.frobeniusError());
    if (exponent <= -2) {
      assertTrue(back.relativeError() < (single ? 1e-6 : 1e-15));
    }
  }

  @Test
  void mergedEntriesAreTheNearestNumbers() {
    Tensor w = GaussianMatrix.of(DType.F32, 1, 20, 15);
    LowRank update = random(5, DType.F32, 20, 15, 0.25);
    Tensor merged = MergedWeight.of(w, update).weight();
    for (int i = 0; i < 20; i++) {
      for (int j = 0; j < 15; j++) {
        BigDecimal exact = BigDecimal.ZERO;
        for (int k = 0; k < 3; k++) {
          exact =
              exact.add(
                  new BigDecimal(update.left().get(i, k))
                      .multiply(new BigDecimal(update.right().get(k, j))));
        }
        exact = exact.multiply(new BigDecimal(0.25)).add(new BigDecimal(w.get(i, j)));
        assertEquals(exact.floatValue(), merged.get(i, j));
      }
    }
  }

  @Test
  void theOrderOfUpdatesChangesOnlyRounding() {
    Tensor w = GaussianMatrix.of(DType.F32, 1, 20, 15);
    LowRank first = random(5, DType.F32, 20, 15, 0.25);
    LowRank second = random(8, DType.F32, 20, 15, -2);
    Tensor one = MergedWeight.of(w, first, second).weight();
    Tensor other = MergedWeight.of(w, second, first).weight();
    assertTrue(Norms.max(Arithmetic.subtract(one, other)) <= 2e-6);
  }

  @Test
  void statesAreGuarded() {
    Tensor w = GaussianMatrix.of(DType.F64, 1, 4, 5);
    LowRank update = random(2, DType.F64, 4, 5, 1);
    MergedWeight merged = MergedWeight.of(w, update);
    assertSame(w, merged.unmerge());
    assertThrows(IllegalStateException.class, merged::unmerge);
    assertThrows(IllegalStateException.class, merged::weight);
    InPlaceMerge merge = InPlaceMerge.of(w, update);
    assertThrows(IllegalStateException.class, merge::unmerge);
    merge.merge();
    assertThrows(IllegalStateException.class, merge::merge);
    InPlaceMerge onTop = InPlaceMerge.of(w, random(3, DType.F64, 4, 5, 1));
    onTop.merge();
    assertThrows(IllegalStateException.class, merge::unmerge);
    onTop.unmerge();
    merge.unmerge();
    assertArrayEquals(GaussianMatrix.of(DType.F64, 1, 4, 5).toDoubles(), w.toDoubles());
  }

  @Test
  void anUpdateOfZeroChangesNothing() {
    Tensor w = GaussianMatrix.of(DType.F32, 1, 6, 5);
    LowRank zero =
        LowRank.of(Tensor.zeros(DType.F32, 6, 2), GaussianMatrix.of(DType.F32, 2, 2, 5), 2);
    LowRank empty = LowRank.of(Tensor.zeros(DType.F32, 6, 0), Tensor.zeros(DType.F32, 0, 5));
    LowRank unscaled = random(4, DType.F32, 6, 5, 0);
    for (LowRank update : List.of(zero, empty, unscaled)) {
      assertArrayEquals(w.toFloats(), MergedWeight.of(w, update).weight().toFloats());
    }
  }

  @Test
  void overflowIsRefusedAndChangesNothing() {
    Tensor w = GaussianMatrix.of(DType.F32, 1, 4, 5);
    Tensor before = w.copy();
    LowRank huge = random(2, DType.F32, 4, 5, 1e38);
    InPlaceMerge merge = InPlaceMerge.of(w, huge);
    assertThrows(IllegalArgumentException.class, merge::merge);
    assertFalse(merge.isMerged());
    assertArrayEquals(before.toFloats(), w.toFloats());
    assertThrows(IllegalArgumentException.class, () -> MergedWeight.of(w, huge));
  }

  @Test
  void quantizedBasesAreRefusedUnlessAskedFor() {
    Tensor w = GaussianMatrix.of(DType.F32, 1, 64, 64);
    Quantizer quantizer = Quantizer.parse("nf4/64/fp8/256");
    Quantized base = new Quantized(quantizer.quantize(w));
    LowRank update = random(3, DType.F32, 64, 64, 1e-3);
    IllegalArgumentException refused =
        assertThrows(IllegalArgumentException.class, () -> MergedWeight.of(base, update));
    assertTrue(refused.getMessage().contains("Keep the update beside it"));
    assertThrows(
        IllegalArgumentException.class,
        () -> MergedWeight.of(Diagonal.of(Tensor.zeros(DType.F32, 64)), update));
    MergedWeight.Requantized again =
        MergedWeight.requantized(base, update, sum -> new Quantized(quantizer.quantize(sum)));
    assertEquals(Norms.frobenius(update.toDense()), again.updateNorm(), 1e-6 * again.updateNorm());
    Tensor exact = Arithmetic.add(base.toDense(), update.toDense());
    double residual = Norms.frobenius(Arithmetic.subtract(exact, again.operator().toDense()));
    assertEquals(residual, again.residual(), 1e-5 * residual);
    assertTrue(again.residual() > 0);
    assertArrayEquals(
        MergedWeight.of(w, update).weight().toFloats(),
        MergedWeight.of(Frozen.of(Dense.of(w)), update).weight().toFloats());
  }

  @Test
  void badInput() {
    LowRank update = random(1, DType.F64, 3, 4, 1);
    Tensor wrong = Tensor.zeros(DType.F64, 4, 3);
    assertThrows(IllegalArgumentException.class, () -> MergedWeight.of(wrong, update));
    assertThrows(IllegalArgumentException.class, () -> InPlaceMerge.of(wrong, update));
    assertThrows(IllegalArgumentException.class, () -> SubtractionUnmerge.of(wrong, update));
    Tensor nan = Tensor.zeros(DType.F64, 3, 4);
    nan.set(Double.NaN, 1, 2);
    assertThrows(IllegalArgumentException.class, () -> MergedWeight.of(nan, update));
    assertThrows(IllegalArgumentException.class, () -> InPlaceMerge.of(nan, update));
    assertThrows(IllegalArgumentException.class, () -> SubtractionUnmerge.of(nan, update));
  }
}
