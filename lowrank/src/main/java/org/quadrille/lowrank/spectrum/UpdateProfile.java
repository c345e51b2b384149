package org.quadrille.lowrank.spectrum;

import java.util.Arrays;
import org.quadrille.formats.JsonObject;
import org.quadrille.linalg.Arithmetic;
import org.quadrille.linalg.DType;
import org.quadrille.linalg.Norms;
import org.quadrille.linalg.Tensor;

/**
 * What training did to one weight: the spectrum of the difference beside those of the weight before
 * and after (Biderman et al. 2024, section 4.6 and figures 5 to 7).
 *
 * @param name of the weight
 * @param update spectrum of {@code tuned - base}
 * @param base spectrum of the base
 * @param tuned spectrum of the tuned weight
 * @param intruders number of intruder dimensions among the ten leading left singular vectors, -1 if
 *     they were not looked for
 */
public record UpdateProfile(
    String name, Spectrum update, Spectrum base, Spectrum tuned, int intruders) {
  private static final double[] ENERGIES = {0.5, 0.9, 0.95, 0.99};

  /** Leading singular vectors among which intruders are looked for. */
  public static final int INTRUDER_VECTORS = 10;

  /** Largest cosine of an intruder with any singular vector of the base. */
  public static final double INTRUDER_COSINE = 0.5;

  /**
   * Compares two weights in double precision.
   *
   * @param name for tables
   * @param base shape [m, n], not modified
   * @param tuned of the same shape and dtype, not modified
   * @param intruders whether to look for intruder dimensions, which takes singular vectors: several
   *     times the time
   * @throws IllegalArgumentException if shapes or dtypes differ or an element is not finite
   */
  public static UpdateProfile of(String name, Tensor base, Tensor tuned, boolean intruders) {
    if (base.rank() != 2
        || !Arrays.equals(base.shape(), tuned.shape())
        || base.dtype() != tuned.dtype()) {
      throw new IllegalArgumentException(
          name + ": base " + base + " and tuned " + tuned + ", expected matrices of one shape");
    }
    Norms.requireFinite(name + " of the base", base);
    Norms.requireFinite(name + " of the tuned model", tuned);
    Tensor difference = Arithmetic.subtract(tuned.to(DType.F64), base.to(DType.F64));
    return new UpdateProfile(
        name,
        Spectrum.byGram(difference),
        Spectrum.byGram(base),
        Spectrum.byGram(tuned),
        intruders ? IntruderReport.of(base, tuned, INTRUDER_VECTORS, INTRUDER_COSINE).count() : -1);
  }

  /** {@code |tuned - base|_F / |base|_F}; 0 if nothing changed. */
  public double relativeNorm() {
    return ratio(update.frobeniusNorm(), base.frobeniusNorm());
  }

  /** Largest singular value of the update over that of the base; 0 if nothing changed. */
  public double relativeSpectralNorm() {
    return ratio(update.spectralNorm(), base.spectralNorm());
  }

  private static double ratio(double update, double base) {
    return update == 0 ? 0 : update / base;
  }

  /** Rank of the update that noise of the same shape would have for 90 % of the energy. */
  public double gaussianReference() {
    return MarchenkoPastur.rankForEnergy(update.rows(), update.cols(), 0.9);
  }

  /** Ranks, norms and what they mean, as one JSON object. */
  public JsonObject toJson() {
    JsonObject json =
        new JsonObject().put("name", name).put("rows", update.rows()).put("cols", update.cols());
    for (double energy : ENERGIES) {
      json.put("r" + Math.round(100 * energy), update.rankForEnergy(energy));
    }
    json.put("gaussianReference", gaussianReference())
        .put("normalizedRank", update.normalizedRank(0.9))
        .put("stableRank", update.stableRank())
        .put("effectiveRank", update.effectiveRank())
        .put("participationRatio", update.participationRatio())
        .put("relativeNorm", relativeNorm())
        .put("relativeSpectralNorm", relativeSpectralNorm())
        .put("baseR90", base.rankForEnergy(0.9))
        .put("tunedR90", tuned.rankForEnergy(0.9));
    if (intruders >= 0) {
      json.put("intruders", intruders);
    }
    return json;
  }
}
