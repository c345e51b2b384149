package org.quadrille.federated.inference;

import org.quadrille.federated.Batch;
import org.quadrille.federated.ClientLikelihood;
import org.quadrille.federated.FisherKind;
import org.quadrille.federated.gaussian.Gaussian;
import org.quadrille.federated.gaussian.PrecisionShape;
import org.quadrille.linalg.DType;
import org.quadrille.linalg.Tensor;

/**
 * A Laplace approximation with the diagonal Fisher information: {@code Lambda' = Lambda_cav + scale
 * (clip(F) + decay n)} with F at the mean, summed over the client's points (Guo et al. 2023).
 *
 * <p>The Fisher information is of the likelihood alone, over labels that the model itself predicts.
 * A scale above 1 makes the posterior colder than Bayes: it multiplies what the data say of the
 * precision (published: 500), never the cavity.
 *
 * @param mean how the mean is found
 * @param kind whose labels
 * @param passes over the data with sampled labels, averaged; 1 for the other kinds
 * @param clipRatio F is clipped to its mean plus or minus this many standard deviations over
 *     coordinates; infinity for no clipping
 * @param scale positive
 */
public record FisherLaplace(
    MeanFinder mean, FisherKind kind, int passes, double clipRatio, double scale)
    implements Inference {

  /** Checks the settings. */
  public FisherLaplace {
    if (passes < 1 || !(clipRatio > 0)) {
      throw new IllegalArgumentException(
          "Fisher information: "
              + passes
              + " passes and clip ratio "
              + clipRatio
              + " given, expected positive numbers");
    }
    requireScale(scale);
  }

  /** Exact Fisher information, clipped at 2 standard deviations, scale 1. */
  public static FisherLaplace of(MeanFinder mean) {
    return new FisherLaplace(mean, FisherKind.EXACT, 1, 2, 1);
  }

  /** The same with another likelihood scale. */
  public FisherLaplace withScale(double newScale) {
    return new FisherLaplace(mean, kind, passes, clipRatio, newScale);
  }

  static void requireScale(double scale) {
    if (!(scale > 0 && scale < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "likelihood scale: " + scale + " given, expected a positive number, 1 for Bayes");
    }
  }

  @Override
  public boolean supports(PrecisionShape shape) {
    return shape != PrecisionShape.SCALED_IDENTITY;
  }

  @Override
  public Approximation approximate(TiltedProblem problem) {
    TiltedMean found = mean.find(problem);
    if (found.isDiverged()) {
      return Approximation.diverged(found.figures());
    }
    double[] fisher = fisher(problem, found);
    PrecisionClip.clip(fisher, clipRatio);
    for (int i = 0; i < fisher.length; i++) {
      fisher[i] = scale * (fisher[i] + problem.weightDecay() * problem.points());
    }
    Tensor local = Tensor.of(fisher, fisher.length);
    Tensor zero = Tensor.zeros(DType.F64, fisher.length);
    Gaussian site = Gaussian.ofNatural(PrecisionShape.DIAGONAL, zero, local);
    Gaussian result = problem.cavity().multiply(site).withMean(found.tensor());
    return Approximation.of(result, found.figures());
  }

  /** The sum over points, averaged over passes, not clipped. */
  private double[] fisher(TiltedProblem problem, TiltedMean found) {
    ClientLikelihood likelihood = problem.likelihood();
    Tensor theta = found.tensor().to(likelihood.dtype());
    Tensor sum = Tensor.zeros(likelihood.dtype(), theta.length());
    int count = kind == FisherKind.SAMPLED ? passes : 1;
    Batch all = Batch.all(likelihood.points());
    for (int pass = 0; pass < count; pass++) {
      likelihood.addFisher(theta, all, kind, problem.key().child(LABELS, pass).value(), sum);
    }
    double[] fisher = sum.toDoubles();
    for (int i = 0; i < fisher.length; i++) {
      fisher[i] /= count;
    }
    return fisher;
  }

  /** Place of sampled labels below the key of a problem. */
  static final long LABELS = 1;
}
