package org.quadrille.lowrank.spectrum;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.quadrille.formats.JsonObject;
import org.quadrille.linalg.Arithmetic;
import org.quadrille.linalg.DType;
import org.quadrille.linalg.Dense;
import org.quadrille.linalg.GaussianMatrix;
import org.quadrille.linalg.LowRank;
import org.quadrille.linalg.Norms;
import org.quadrille.linalg.Qr;
import org.quadrille.linalg.RandomizedSvd;
import org.quadrille.linalg.Svd;
import org.quadrille.linalg.Tensor;
import org.quadrille.lowrank.LowRankData;
import org.quadrille.lowrank.UpdateNorms;

class PartialSpectrumTest {

  private static Tensor withSpectrum(long seed, int rows, int cols, double... sigma) {
    Tensor u = Qr.decompose(GaussianMatrix.of(DType.F64, seed, rows, sigma.length)).q();
    Tensor v = Qr.decompose(GaussianMatrix.of(DType.F64, seed + 1, cols, sigma.length)).q();
    return new Svd(u, Tensor.of(sigma.clone(), sigma.length), v).reconstruct();
  }

  /** Every partial decomposition brackets the ranks that the whole spectrum has. */
  @Property(tries = 60)
  void intervalsHoldTheTrueRank(
      @ForAll @IntRange(min = 2, max = 30) int rows,
      @ForAll @IntRange(min = 2, max = 30) int cols,
      @ForAll @IntRange(min = 1, max = 12) int rank,
      @ForAll @IntRange(min = 0, max = 3) int decay,
      @ForAll @IntRange(min = 0, max = 2) int powerIterations,
      @ForAll long seed) {
    int n = Math.min(rows, cols);
    double[] sigma = new double[n];
    for (int i = 0; i < n; i++) {
      sigma[i] = 7 * Math.pow(1 - 0.15 * decay, i);
    }
    Tensor m = withSpectrum(seed, rows, cols, sigma);
    Spectrum whole = Spectrum.of(m);
    RandomizedSvd.Options options =
        new RandomizedSvd.Options(Math.min(rank, n), 0, powerIterations, seed);
    Svd part = RandomizedSvd.decompose(m, options);
    PartialSpectrum plain = PartialSpectrum.of(part, Norms.frobenius(m), rows, cols);
    PartialSpectrum probed = plain.withProbes(Dense.of(m), part, seed + 5);
    assertTrue(probed.spectralError() <= plain.spectralError());
    Tensor rest = Arithmetic.subtract(m, part.reconstruct());
    assertEquals(Norms.frobenius(rest), plain.frobeniusError(), 1e-6 * Norms.frobenius(m));
    assertTrue(Spectrum.of(rest).spectralNorm() <= probed.spectralError() + 1e-6 * sigma[0]);
    for (PartialSpectrum spectrum : new PartialSpectrum[] {plain, probed}) {
      for (double energy : new double[] {0.3, 0.5, 0.8, 0.9, 0.95, 0.99}) {
        RankInterval interval = spectrum.rankForEnergy(energy);
        assertTrue(
            interval.contains(whole.rankForEnergy(energy)),
            interval + " does not hold " + whole.rankForEnergy(energy) + " at " + energy);
      }
      for (int i = 0; i < n; i++) {
        assertTrue(spectrum.lowerBound(i) <= sigma[i] * (1 + 1e-12));
        assertTrue(spectrum.upperBound(i) >= sigma[i] * (1 - 1e-7));
      }
    }
  }

  @Test
  void intervalsCloseWhereTheSpectrumFalls() {
    double[] sigma = new double[60];
    Arrays.setAll(sigma, i -> Math.pow(0.8, i));
    Tensor m = withSpectrum(1, 100, 60, sigma);
    AdaptiveSvd found =
        AdaptiveSvd.of(Dense.of(m), Norms.frobenius(m), new AdaptiveSvd.Options(0.01, 60, 8, 1, 3));
    RankInterval interval = found.spectrum().rankForEnergy(0.9);
    assertTrue(interval.isExact(), interval.toString());
    assertEquals(Spectrum.of(m).rankForEnergy(0.9), interval.lower());
    assertTrue(found.svd().rank() < 60);
  }

  @Property(tries = 25)
  void growsUntilTheErrorIsSmallEnough(
      @ForAll @IntRange(min = 5, max = 60) int rows,
      @ForAll @IntRange(min = 5, max = 60) int cols,
      @ForAll @IntRange(min = 1, max = 9) int block,
      @ForAll boolean single,
      @ForAll long seed) {
    int n = Math.min(rows, cols);
    double[] sigma = new double[n];
    Arrays.setAll(sigma, i -> Math.pow(0.6, i));
    DType dtype = single ? DType.F32 : DType.F64;
    Tensor m = withSpectrum(seed, rows, cols, sigma).to(dtype);
    double tolerance = single ? 3e-3 : 1e-5;
    AdaptiveSvd found =
        AdaptiveSvd.of(
            Dense.of(m),
            Norms.frobenius(m),
            new AdaptiveSvd.Options(tolerance, Integer.MAX_VALUE, block, 1, seed));
    assertTrue(found.converged());
    Tensor rest = Arithmetic.subtract(m, found.svd().reconstruct());
    double norm = Norms.frobenius(m);
    assertTrue(Norms.frobenius(rest) <= tolerance * norm * 1.01);
    assertEquals(Norms.frobenius(rest), found.frobeniusError(), (single ? 1e-3 : 1e-7) * norm);
    // no larger than needed by more than a block or two
    int needed = 0;
    while (needed < n && Math.pow(0.6, needed) > tolerance) {
      needed++;
    }
    assertTrue(found.svd().rank() <= Math.min(n, needed + 2 * block + 2));
  }

  @Test
  void stopsAtTheLargestRankAndTakesUpdates() {
    LowRank update =
        LowRank.of(
            GaussianMatrix.of(DType.F64, 1, 50, 6), GaussianMatrix.of(DType.F64, 2, 6, 40), 2);
    double norm = UpdateNorms.frobenius(update);
    AdaptiveSvd.Options options = AdaptiveSvd.Options.tolerance(1e-6);
    AdaptiveSvd all = AdaptiveSvd.of(update, norm, options);
    assertTrue(all.converged());
    assertEquals(UpdateNorms.spectral(update), all.svd().singularValues().get(0), 1e-10 * norm);
    AdaptiveSvd few = AdaptiveSvd.of(update, norm, options.withLargestRank(3));
    assertFalse(few.converged());
    assertEquals(3, few.svd().rank());
    LowRank zero = LowRank.of(Tensor.zeros(DType.F64, 5, 1), Tensor.zeros(DType.F64, 1, 4));
    AdaptiveSvd nothing = AdaptiveSvd.of(zero, 0, options);
    assertTrue(nothing.converged());
    assertEquals(0, nothing.svd().rank());
    assertEquals(new RankInterval(0, 0), nothing.spectrum().rankForEnergy(0.9));
    assertThrows(
        IllegalArgumentException.class,
        () -> AdaptiveSvd.of(update, norm, AdaptiveSvd.Options.tolerance(1e-9)));
    assertThrows(IllegalArgumentException.class, () -> AdaptiveSvd.of(update, -1, options));
    assertThrows(IllegalArgumentException.class, () -> AdaptiveSvd.Options.tolerance(0));
    assertThrows(IllegalArgumentException.class, () -> all.spectrum().rankForEnergy(1));
  }

  /** Reference decompositions with a given test matrix, through the interval they prove. */
  @Test
  void referenceSpectraAreBracketed() throws IOException {
    int tested = 0;
    for (Object entry : LowRankData.read("randomized_svd.json").array("cases")) {
      JsonObject test = (JsonObject) entry;
      if (test.get("matrix") == null) {
        continue;
      }
      Tensor m = LowRankData.matrix(test, "matrix");
      Tensor omega = LowRankData.matrix(test, "omega");
      double[] sigma = test.numbers("sigma");
      double[] padded = Arrays.copyOf(sigma, Math.min(sigma.length, m.size(1)));
      Spectrum whole = Spectrum.of(padded, m.size(0), m.size(1), DType.F64, SpectrumSource.EXACT);
      for (Object run : test.array("runs")) {
        JsonObject expected = (JsonObject) run;
        Svd part = RandomizedSvd.decompose(m, omega, omega.size(1), expected.intValue("q"));
        PartialSpectrum spectrum =
            PartialSpectrum.of(part, Norms.frobenius(m), m.size(0), m.size(1));
        double tolerance = 1e-7 * sigma[0];
        assertEquals(expected.number("rangeErrorFrob"), spectrum.frobeniusError(), tolerance);
        for (double energy : new double[] {0.5, 0.9, 0.99}) {
          assertTrue(spectrum.rankForEnergy(energy).contains(whole.rankForEnergy(energy)));
        }
        tested++;
      }
    }
    assertTrue(tested > 0);
  }
}
