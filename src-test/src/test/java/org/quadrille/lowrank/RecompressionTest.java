package org.quadrille.lowrank;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.quadrille.lowrank.LowRankData.assertClose;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.SingularOps_DDRM;
import org.junit.jupiter.api.Test;
import org.quadrille.formats.JsonObject;
import org.quadrille.linalg.Arithmetic;
import org.quadrille.linalg.DType;
import org.quadrille.linalg.GaussianMatrix;
import org.quadrille.linalg.LowRank;
import org.quadrille.linalg.MatrixProduct;
import org.quadrille.linalg.Norms;
import org.quadrille.linalg.Tensor;
import org.quadrille.lowrank.spectrum.Spectrum;

class RecompressionTest {

  private static LowRank random(long seed, int rows, int rank, int cols, double scale) {
    return LowRank.of(
        GaussianMatrix.of(DType.F64, 2 * seed, rows, rank),
        GaussianMatrix.of(DType.F64, 2 * seed + 1, rank, cols),
        scale);
  }

  private static LowRank referenceSum(JsonObject file) throws IOException {
    List<LowRank> updates = new ArrayList<>();
    for (Object entry : file.array("adapters")) {
      updates.add(LowRankData.update((JsonObject) entry));
    }
    return UpdateSum.of(updates.toArray(LowRank[]::new));
  }

  @Test
  void sumAndTruncationsOfTheReference() throws IOException {
    JsonObject file = LowRankData.read("recompress.json");
    LowRank sum = referenceSum(file);
    double norm = Norms.frobenius(LowRankData.matrix(file, "sum"));
    assertClose(LowRankData.matrix(file, "sum"), sum.toDense(), 1e-11 * norm);
    double[] sigma = file.numbers("singularValues");
    Recompression all = Recompression.of(sum, RankChoice.all());
    assertEquals(file.intValue("rankOfSum"), all.rank());
    for (int i = 0; i < Math.min(sigma.length, sum.rank()); i++) {
      assertEquals(sigma[i], all.singularValues()[i], 1e-11 * norm, "singular value " + i);
    }
    for (Object entry : file.array("truncations")) {
      JsonObject truncation = (JsonObject) entry;
      int k = truncation.intValue("k");
      Recompression small = Recompression.of(sum, RankChoice.rank(k));
      assertEquals(truncation.number("frobError"), small.frobeniusError(), 1e-11 * norm);
      assertEquals(truncation.number("specError"), small.spectralError(), 1e-11 * norm);
      if (truncation.get("product") != null) {
        assertClose(
            LowRankData.matrix(truncation, "product"), small.update().toDense(), 1e-11 * norm);
      }
    }
    for (Object entry : file.array("rankForRelativeFrobeniusTolerance")) {
      JsonObject row = (JsonObject) entry;
      RankChoice choice = RankChoice.relativeFrobenius(row.number("relFrob"));
      assertEquals(row.intValue("rank"), Recompression.of(sum, choice).rank());
    }
  }

  @Test
  void dependentAndCancellingStacksAreSeenThrough() throws IOException {
    JsonObject file = LowRankData.read("recompress.json");
    JsonObject dependent = file.object("dependent");
    LowRank stack =
        LowRank.of(LowRankData.matrix(dependent, "B"), LowRankData.matrix(dependent, "A"));
    Recompression small = Recompression.of(stack, RankChoice.all());
    assertEquals(dependent.intValue("rank"), small.rank());
    double[] sigma = dependent.numbers("singularValues");
    for (int i = 0; i < small.rank(); i++) {
      assertEquals(sigma[i], small.singularValues()[i], 1e-11 * sigma[0]);
    }
    LowRank first = LowRankData.update((JsonObject) file.array("adapters").get(0));
    assertEquals(
        file.object("cancellation").number("normOfTerm"), UpdateNorms.frobenius(first), 1e-11);
    LowRank zero = UpdateSum.weighted(new double[] {1, -1}, first, first);
    assertEquals(0, Recompression.of(zero, RankChoice.all()).rank());
    assertEquals(0, Recompression.of(zero, RankChoice.energy(0.9)).rank());
    assertEquals(0, Norms.max(Recompression.of(zero, RankChoice.all()).update().toDense()));
  }

  @Test
  void addingFactorsSeparatelyIsNotTheSum() throws IOException {
    JsonObject wrong = LowRankData.read("recompress.json").object("separateFactorAveraging");
    Tensor product = LowRankData.matrix(wrong, "product");
    Tensor sum = LowRankData.matrix(wrong, "trueSum");
    assertTrue(Norms.frobenius(Arithmetic.subtract(product, sum)) > 0.1 * Norms.frobenius(sum));
  }

  @Property(tries = 40)
  void nothingIsLostAtFullInnerSize(
      @ForAll @IntRange(min = 1, max = 30) int rows,
      @ForAll @IntRange(min = 1, max = 30) int cols,
      @ForAll @IntRange(min = 0, max = 35) int rank,
      @ForAll boolean single,
      @ForAll long seed) {
    LowRank wide = random(seed, rows, rank, cols, -0.7);
    DType dtype = single ? DType.F32 : DType.F64;
    LowRank update = LowRank.of(wide.left().to(dtype), wide.right().to(dtype), wide.scale());
    Recompression same = Recompression.of(update, RankChoice.all());
    Tensor difference =
        Arithmetic.subtract(update.toDense().to(DType.F64), same.update().toDense().to(DType.F64));
    double unit = single ? 1e-6 : 1e-14;
    double norm = UpdateNorms.frobenius(update);
    assertTrue(Norms.frobenius(difference) <= 10 * unit * Math.max(1, rank) * norm);
    assertTrue(same.rank() <= Math.min(rank, Math.min(rows, cols)));
    assertEquals(dtype, same.update().dtype());
    // balanced factors: B^T B = A A^T = diag(sigma)
    Tensor gram = MatrixProduct.multiply(same.update().left().transpose(), same.update().left());
    for (int i = 0; i < same.rank(); i++) {
      for (int j = 0; j < same.rank(); j++) {
        double expected = i == j ? same.singularValues()[i] : 0;
        assertEquals(expected, gram.get(i, j), 100 * unit * norm);
      }
    }
    // a second time changes nothing but rounding
    Recompression again = Recompression.of(same.update(), RankChoice.all());
    assertEquals(same.rank(), again.rank(), single ? 1 : 0);
    assertEquals(norm, UpdateNorms.frobenius(again.update()), 10 * unit * norm);
    assertTrue(same.certifiedError() <= 100 * unit * Math.max(1, rank) * norm + 1e-300);
  }

  /** The same singular values and the same best error as a dense decomposition by EJML. */
  @Property(tries = 25)
  void agreesWithAnotherLibrary(
      @ForAll @IntRange(min = 4, max = 25) int rows,
      @ForAll @IntRange(min = 4, max = 25) int cols,
      @ForAll @IntRange(min = 1, max = 12) int rank,
      @ForAll @IntRange(min = 0, max = 4) int k,
      @ForAll long seed) {
    LowRank update = random(seed, rows, rank, cols, 3.5);
    double[] sigma =
        SingularOps_DDRM.singularValues(
            new DMatrixRMaj(rows, cols, true, update.toDense().toDoubles()));
    Recompression small = Recompression.of(update, RankChoice.rank(k));
    double tail = 0;
    for (int i = 0; i < sigma.length; i++) {
      double own = i < small.singularValues().length ? small.singularValues()[i] : 0;
      assertEquals(sigma[i], own, 1e-12 * sigma[0]);
      tail += i >= small.rank() ? sigma[i] * sigma[i] : 0;
    }
    double measured =
        Norms.frobenius(Arithmetic.subtract(update.toDense(), small.update().toDense()));
    double slack = 1e-11 * sigma[0];
    assertEquals(Math.sqrt(tail), small.frobeniusError(), slack);
    assertEquals(measured, small.frobeniusError(), slack);
    assertTrue(measured <= small.certifiedError());
    assertEquals(small.certifiedError(), small.frobeniusError(), slack);
    // Eckart and Young: no candidate of that rank is nearer
    for (int candidate = 0; candidate < 4; candidate++) {
      LowRank other = random(seed + 7 + candidate, rows, small.rank(), cols, 1);
      LowRank mixed = UpdateSum.weighted(new double[] {1, 0.1}, small.update(), other);
      Tensor nearby = Recompression.of(mixed, RankChoice.rank(small.rank())).update().toDense();
      double error = Norms.frobenius(Arithmetic.subtract(update.toDense(), nearby));
      assertTrue(error >= small.frobeniusError() - slack);
    }
  }

  @Test
  void choicesMeanWhatTheySay() {
    double[] sigma = {4, 2, 1, 0.5, 0};
    assertEquals(4, RankChoice.all().choose(sigma));
    assertEquals(4, RankChoice.rank(9).choose(sigma));
    assertEquals(2, RankChoice.rank(2).choose(sigma));
    assertEquals(2, RankChoice.spectral(0.25).choose(sigma));
    assertEquals(4, RankChoice.spectral(0).choose(sigma));
    assertEquals(2, RankChoice.absoluteFrobenius(Math.sqrt(1.25)).choose(sigma));
    assertEquals(3, RankChoice.absoluteFrobenius(1.1).choose(sigma));
    assertEquals(0, RankChoice.relativeFrobenius(1).choose(sigma));
    assertEquals(4, RankChoice.relativeFrobenius(0).choose(sigma));
    assertEquals(1, RankChoice.energy(16 / 21.25).choose(sigma));
    assertEquals(4, RankChoice.energy(1).choose(sigma));
    for (RankChoice choice :
        List.of(RankChoice.all(), RankChoice.energy(0.5), RankChoice.relativeFrobenius(0.1))) {
      assertEquals(0, choice.choose(new double[0]));
      assertEquals(0, choice.choose(new double[3]));
    }
    double[] huge = {1e200, 1e199, 1e180};
    assertEquals(2, RankChoice.relativeFrobenius(1e-3).choose(huge));
    assertEquals(2, RankChoice.absoluteFrobenius(1e190).choose(huge));
  }

  @Test
  void adapterOfTwoCheckpoints() {
    Tensor base = GaussianMatrix.of(DType.F32, 1, 40, 30);
    LowRank change =
        LowRank.of(
            GaussianMatrix.of(DType.F32, 2, 40, 3), GaussianMatrix.of(DType.F32, 3, 3, 30), 0.1);
    Tensor tuned = Arithmetic.add(base, change.toDense());
    Recompression found = Recompression.extract(tuned, base, RankChoice.relativeFrobenius(1e-5));
    assertEquals(3, found.rank());
    assertEquals(DType.F32, found.update().dtype());
    assertClose(change.toDense(), found.update().toDense(), 1e-5);
    double measured =
        Norms.frobenius(
            Arithmetic.subtract(
                Arithmetic.subtract(tuned.to(DType.F64), base.to(DType.F64)),
                LowRank.of(
                        found.update().left().to(DType.F64), found.update().right().to(DType.F64))
                    .toDense()));
    assertTrue(found.certifiedError() >= measured);
    assertTrue(found.certifiedError() <= 1.5 * measured);
    Spectrum spectrum = found.spectrum();
    assertEquals(3, spectrum.rankForEnergy(0.999));
    assertEquals(2 * found.frobeniusError(), found.lossChange(2));
  }

  @Test
  void badInput() {
    LowRank update = random(1, 5, 2, 6, 1);
    assertThrows(IllegalArgumentException.class, () -> RankChoice.rank(-1));
    assertThrows(IllegalArgumentException.class, () -> RankChoice.energy(0));
    assertThrows(IllegalArgumentException.class, () -> RankChoice.relativeFrobenius(Double.NaN));
    assertThrows(IllegalArgumentException.class, () -> RankChoice.spectral(-1e-9));
    assertThrows(IllegalArgumentException.class, () -> Recompression.of(update, s -> 3));
    assertThrows(
        IllegalArgumentException.class,
        () -> Recompression.of(update, RankChoice.all()).lossChange(-1));
    assertThrows(IllegalArgumentException.class, UpdateSum::of);
    assertThrows(IllegalArgumentException.class, () -> UpdateSum.of(update, random(1, 6, 2, 6, 1)));
    assertThrows(
        IllegalArgumentException.class,
        () -> UpdateSum.weighted(new double[] {Double.NaN}, update));
    Tensor a = Tensor.zeros(DType.F64, 2, 2);
    Tensor b = Tensor.zeros(DType.F64, 2, 3);
    assertThrows(
        IllegalArgumentException.class, () -> Recompression.extract(a, b, RankChoice.all()));
  }
}
