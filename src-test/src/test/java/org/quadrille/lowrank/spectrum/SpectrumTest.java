package org.quadrille.lowrank.spectrum;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.quadrille.formats.JsonObject;
import org.quadrille.linalg.Arithmetic;
import org.quadrille.linalg.DType;
import org.quadrille.linalg.GaussianMatrix;
import org.quadrille.linalg.MatrixProduct;
import org.quadrille.linalg.Qr;
import org.quadrille.linalg.Tensor;
import org.quadrille.lowrank.LowRankData;

class SpectrumTest {

  @TestFactory
  List<DynamicTest> reference() throws IOException {
    List<DynamicTest> tests = new ArrayList<>();
    for (Object entry : LowRankData.read("spectra.json").array("items")) {
      JsonObject item = (JsonObject) entry;
      Tensor matrix = LowRankData.matrix(item, "matrix");
      tests.add(
          DynamicTest.dynamicTest(
              item.string("name"), () -> checkReference(item, Spectrum.of(matrix))));
    }
    assertFalse(tests.isEmpty());
    return tests;
  }

  private static void checkReference(JsonObject item, Spectrum spectrum) throws IOException {
    double[] sigma = item.numbers("singularValues");
    double first = sigma.length == 0 ? 0 : sigma[0];
    double tolerance = 8 * Math.max(spectrum.rows(), spectrum.cols()) * 0x1p-52;
    for (int i = 0; i < sigma.length; i++) {
      assertEquals(sigma[i], spectrum.value(i), tolerance * first, "singular value " + i);
    }
    for (Map.Entry<String, Object> rank : item.object("rankForEnergy").members().entrySet()) {
      double energy = Double.parseDouble(rank.getKey());
      assertEquals(
          ((Number) rank.getValue()).intValue(), spectrum.rankForEnergy(energy), rank.getKey());
    }
    assertEquals(item.intValue("numericalRank"), spectrum.numericalRank());
    check(item, "frobenius", spectrum.frobeniusNorm());
    check(item, "spectral", spectrum.spectralNorm());
    check(item, "nuclear", spectrum.nuclearNorm());
    check(item, "stableRank", spectrum.stableRank());
    check(item, "nuclearRank", spectrum.nuclearRank());
    check(item, "effectiveRank", spectrum.effectiveRank());
    check(item, "effectiveRankEnergy", spectrum.effectiveRankOfEnergy());
    check(item, "participationRatio", spectrum.participationRatio());
  }

  private static void check(JsonObject item, String key, double actual) throws IOException {
    double expected = item.number(key);
    assertEquals(expected, actual, 1e-12 * Math.abs(expected), key);
  }

  @TestFactory
  List<DynamicTest> energiesByGram() throws IOException {
    List<DynamicTest> tests = new ArrayList<>();
    for (Object entry : LowRankData.read("spectra.json").array("items")) {
      JsonObject item = (JsonObject) entry;
      Tensor matrix = LowRankData.matrix(item, "matrix");
      tests.add(
          DynamicTest.dynamicTest(
              item.string("name"),
              () -> {
                Spectrum exact = Spectrum.of(matrix);
                Spectrum gram = Spectrum.byGram(matrix);
                assertEquals(SpectrumSource.GRAM, gram.source());
                assertEquals(exact.rankForEnergy(0.9), gram.rankForEnergy(0.9));
                assertEquals(
                    exact.frobeniusNorm(), gram.frobeniusNorm(), 1e-12 * exact.frobeniusNorm());
                assertTrue(gram.numericalRank() <= exact.numericalRank());
              }));
    }
    return tests;
  }

  @Property(tries = 100)
  void ranksAreOrdered(
      @ForAll @Size(min = 1, max = 9) List<@DoubleRange(min = 0, max = 1e3) Double> numbers) {
    double[] values = numbers.stream().mapToDouble(x -> -x).sorted().map(x -> -x).toArray();
    Spectrum s = Spectrum.of(values, 9, 12, DType.F64, SpectrumSource.EXACT);
    double slack = 1 + 1e-12;
    if (values[0] > 0) {
      assertTrue(1 <= s.stableRank());
    }
    assertTrue(s.stableRank() <= s.participationRatio() * slack);
    assertTrue(s.participationRatio() <= s.effectiveRankOfEnergy() * slack);
    assertTrue(s.effectiveRankOfEnergy() <= s.effectiveRank() * slack);
    assertTrue(s.stableRank() <= s.nuclearRank() * slack);
    assertTrue(s.nuclearRank() <= s.effectiveRank() * slack);
    int before = 0;
    for (double energy = 0.05; energy < 1; energy += 0.05) {
      assertTrue(s.rankForEnergy(energy) >= before);
      before = s.rankForEnergy(energy);
    }
  }

  @Property(tries = 30)
  void equalSingularValuesCountOnce(
      @ForAll @IntRange(min = 1, max = 12) int k,
      @ForAll @DoubleRange(min = 0.5, max = 1e6) double sigma) {
    double[] values = new double[k];
    java.util.Arrays.fill(values, sigma);
    Spectrum s = Spectrum.of(values, 20, 15, DType.F64, SpectrumSource.EXACT);
    assertEquals(k, s.stableRank(), 1e-12 * k);
    assertEquals(k, s.nuclearRank(), 1e-12 * k);
    assertEquals(k, s.effectiveRank(), 1e-12 * k);
    assertEquals(k, s.effectiveRankOfEnergy(), 1e-12 * k);
    assertEquals(k, s.participationRatio(), 1e-12 * k);
    assertEquals(k, s.numericalRank());
  }

  @Test
  void ranksDoNotChangeUnderScalingAndRotation() {
    Tensor a = GaussianMatrix.of(DType.F64, 1, 20, 13);
    Tensor rotation = Qr.decompose(GaussianMatrix.of(DType.F64, 2, 20, 20)).q();
    Spectrum plain = Spectrum.of(a);
    Spectrum turned = Spectrum.of(Arithmetic.scaled(-7e-90, MatrixProduct.multiply(rotation, a)));
    for (double energy : new double[] {0.3, 0.5, 0.9, 0.99, 1}) {
      assertEquals(plain.rankForEnergy(energy), turned.rankForEnergy(energy));
    }
    assertEquals(plain.effectiveRank(), turned.effectiveRank(), 1e-12);
  }

  @Test
  void sharesOfNoise() {
    // Shares of singular values that hold 90 % of the energy, to the digits given.
    double[][] known = {
      {1, .9, .5098}, {.75, .9, .580}, {.5, .9, .6639}, {.3721, .9, .712}, {1 / 3.0, .9, .7273},
      {.25, .9, .7612}, {.125, .9, .8158}, {1, .5, .1817}, {1, .95, .6094}, {1, .99, .7706}
    };
    for (double[] row : known) {
      assertEquals(row[2], MarchenkoPastur.shareOfRank(row[0], row[1]), 5e-4);
    }
    // The closed form and quadrature meet, and both end in the energy itself for long matrices.
    double meeting = MarchenkoPastur.shareOfRank(0.01, 0.9);
    assertEquals(meeting, MarchenkoPastur.shareOfRank(Math.nextDown(0.01), 0.9), 1e-12);
    assertEquals(0.9, MarchenkoPastur.shareOfRank(1e-9, 0.9), 1e-4);
    assertEquals(1, MarchenkoPastur.shareOfRank(0.4, 1));
  }

  @Test
  void noiseIsAsHighInRankAsNoise() {
    for (int cols : new int[] {200, 600}) {
      Spectrum noise = Spectrum.of(GaussianMatrix.of(DType.F32, 3, 200, cols));
      assertEquals(1, noise.normalizedRank(0.9), 0.02);
      assertEquals(1, noise.normalizedRank(0.5), 0.03);
    }
  }

  @Test
  void emptyAndZeroMatrices() {
    for (Tensor a : List.of(Tensor.zeros(DType.F32, 0, 4), Tensor.zeros(DType.F64, 3, 2))) {
      for (Spectrum s : List.of(Spectrum.of(a), Spectrum.byGram(a))) {
        assertEquals(0, s.rankForEnergy(0.9));
        assertEquals(0, s.numericalRank());
        assertEquals(0, s.stableRank());
        assertEquals(0, s.effectiveRank());
        assertEquals(0, s.participationRatio());
        assertEquals(0, s.normalizedRank(0.9));
        assertEquals(0, s.frobeniusNorm());
      }
    }
  }

  @Test
  void badInput() {
    Spectrum s = Spectrum.of(GaussianMatrix.of(DType.F64, 1, 3, 3));
    for (double energy : new double[] {0, -1, 1.0001, Double.NaN}) {
      assertThrows(IllegalArgumentException.class, () -> s.rankForEnergy(energy));
      assertThrows(IllegalArgumentException.class, () -> MarchenkoPastur.shareOfRank(1, energy));
    }
    assertThrows(IllegalArgumentException.class, () -> MarchenkoPastur.shareOfRank(0, 0.9));
    assertThrows(IllegalArgumentException.class, () -> MarchenkoPastur.rankForEnergy(-1, 2, 0.9));
    Tensor nan = Tensor.of(new double[] {1, Double.NaN}, 1, 2);
    assertThrows(IllegalArgumentException.class, () -> Spectrum.of(nan));
    assertThrows(IllegalArgumentException.class, () -> Spectrum.byGram(nan));
    assertThrows(IllegalArgumentException.class, () -> Spectrum.of(Tensor.zeros(DType.F64, 3)));
    for (double[] values : new double[][] {{1, 2}, {-1}, {Double.NaN}, {3, 2, 1}}) {
      assertThrows(
          IllegalArgumentException.class,
          () -> Spectrum.of(values, 2, 5, DType.F64, SpectrumSource.EXACT));
    }
  }
}
