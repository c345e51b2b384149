package org.quadrille.federated.inference;

import java.util.Map;
import org.quadrille.federated.gaussian.Gaussian;
import org.quadrille.federated.gaussian.PrecisionShape;
import org.quadrille.federated.training.TrainingTrace;
import org.quadrille.linalg.Norms;
import org.quadrille.linalg.Tensor;

/**
 * A precision from the spread of the samples of gradient descent, SG-MCMC (Guo et al. 2023): {@code
 * sigma^2} their variance, {@code L = 1 / (shrinkage + (1 - shrinkage) sigma^2)}, clipped, and
 *
 * <pre>
 * Lambda' = L |Lambda_ref| / |L|,     Lambda_ref the precision of a {@link FixedIdentity}.
 * </pre>
 *
 * <p>Only the shape of the precision comes from the samples, which are few; its norm is that of the
 * scaled identity. It may lie below the cavity in some coordinates.
 *
 * @param mean how the mean is found; must give samples, hence descent of at least 2 epochs
 * @param perPoint c of the reference, positive
 * @param shrinkage towards variance 1, in [0, 1]
 * @param clipRatio standard deviations over coordinates; infinity for no clipping
 */
public record SampleSpread(
    MeanFinder.Descent mean, double perPoint, double shrinkage, double clipRatio)
    implements Inference {

  /** Checks the settings. */
  public SampleSpread {
    if (!(shrinkage >= 0 && shrinkage <= 1)) {
      throw new IllegalArgumentException(
          "shrinkage: " + shrinkage + " given, expected a number from 0 to 1");
    }
    if (!(perPoint > 0 && perPoint < Double.POSITIVE_INFINITY) || !(clipRatio > 0)) {
      throw new IllegalArgumentException(
          "site precision per point "
              + perPoint
              + " and clip ratio "
              + clipRatio
              + " given, expected positive numbers");
    }
    if (mean.training().epochs() - mean.training().burnIn() < 2) {
      throw new IllegalArgumentException(
          "a variance needs at least 2 samples; "
              + mean.training().epochs()
              + " epochs with "
              + mean.training().burnIn()
              + " of burn-in given");
    }
  }

  @Override
  public boolean supports(PrecisionShape shape) {
    return shape == PrecisionShape.DIAGONAL;
  }

  @Override
  public Approximation approximate(TiltedProblem problem) {
    TrainingTrace trace = mean.train(problem);
    if (trace.diverged()) {
      return Approximation.diverged(Map.of());
    }
    Tensor reference = FixedIdentity.reference(problem, perPoint).precision().diagonal();
    double[] precision = precision(trace.variance(), reference);
    int d = precision.length;
    Gaussian result =
        Gaussian.ofMean(
            PrecisionShape.DIAGONAL, Tensor.of(trace.mean(), d), Tensor.of(precision, d));
    return Approximation.of(result, Map.of("loss", trace.loss()));
  }

  /**
   * The precision from the spread of samples.
   *
   * @param variance of each coordinate, d numbers, not modified
   * @param reference shape [d]: a precision whose norm the result has
   * @throws IllegalArgumentException if a coordinate has no spread and there is no shrinkage
   */
  public double[] precision(double[] variance, Tensor reference) {
    double[] l = variance.clone();
    for (int i = 0; i < l.length; i++) {
      l[i] = 1 / (shrinkage + (1 - shrinkage) * l[i]);
      if (!Double.isFinite(l[i])) {
        throw new IllegalArgumentException(
            "coordinate " + i + " has no spread over the samples; use a shrinkage above 0");
      }
    }
    PrecisionClip.clip(l, clipRatio);
    double factor = Norms.frobenius(reference) / Norms.frobenius(Tensor.of(l, l.length));
    for (int i = 0; i < l.length; i++) {
      l[i] *= factor;
    }
    return l;
  }
}
