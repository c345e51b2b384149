package org.quadrille.federated.inference;

import java.util.Map;
import org.quadrille.federated.Batch;
import org.quadrille.federated.FisherKind;
import org.quadrille.federated.gaussian.Gaussian;
import org.quadrille.federated.gaussian.PrecisionShape;
import org.quadrille.federated.simulation.RandomKey;
import org.quadrille.federated.simulation.RandomStream;
import org.quadrille.linalg.Tensor;

/**
 * Natural-gradient variational inference with a diagonal Gaussian (Khan et al. 2018, "Fast and
 * scalable Bayesian deep learning by weight-perturbation in Adam"; Guo et al. 2023), started from a
 * mean that was found before.
 *
 * <p>As published for federations the mean rate is 0: only the precision is refined, a Laplace
 * approximation whose Fisher information is averaged over the posterior instead of taken at the
 * mode. See {@link NaturalGradientSteps} for the iteration.
 *
 * @param mean how the first mean is found
 * @param fisher whose labels; of the likelihood
 * @param epochs passes over the points, 1 or more
 * @param batchSize points of a step, 1 or more; the incomplete last batch is dropped
 * @param draws Monte-Carlo draws S of a step, 1 or more
 * @param meanRate rate of the mean, at least 0
 * @param beta1 memory of the gradient, in [0, 1)
 * @param beta2 memory of the Fisher information, in [0, 1)
 * @param initialFisher per point, at least 0
 * @param clipRatio of every Fisher estimate
 * @param scale of the likelihood in the result, positive, 1 for Bayes
 */
public record NaturalGradient(
    MeanFinder mean,
    FisherKind fisher,
    int epochs,
    int batchSize,
    int draws,
    double meanRate,
    double beta1,
    double beta2,
    double initialFisher,
    double clipRatio,
    double scale)
    implements Inference {

  /** Place of this method's random numbers below the key of a problem. */
  private static final long PLACE = 2;

  /** Checks the settings. */
  public NaturalGradient {
    if (epochs < 1 || batchSize < 1 || draws < 1) {
      throw new IllegalArgumentException(
          "natural gradient: "
              + epochs
              + " epochs, batch "
              + batchSize
              + ", "
              + draws
              + " draws given, expected 1 or more");
    }
    boolean rates = meanRate >= 0 && beta1 >= 0 && beta1 < 1 && beta2 >= 0 && beta2 < 1;
    if (!rates || !(initialFisher >= 0) || !(clipRatio > 0)) {
      throw new IllegalArgumentException(
          "natural gradient: rate "
              + meanRate
              + ", beta "
              + beta1
              + " and "
              + beta2
              + ", initial Fisher "
              + initialFisher
              + ", clip ratio "
              + clipRatio
              + " given; expected a rate of 0 or more, betas from 0 and below 1, an initial Fisher"
              + " of 0 or more and a positive clip ratio");
    }
    FisherLaplace.requireScale(scale);
  }

  /** As published: mean rate 0, beta 0.9 and 0.99, 5 draws, 5 epochs of batches of 20, scale 1. */
  public static NaturalGradient of(MeanFinder mean) {
    return new NaturalGradient(mean, FisherKind.SAMPLED, 5, 20, 5, 0, 0.9, 0.99, 0, 2, 1);
  }

  @Override
  public boolean supports(PrecisionShape shape) {
    return shape == PrecisionShape.DIAGONAL;
  }

  @Override
  public Approximation approximate(TiltedProblem problem) {
    TiltedMean found = mean.find(problem);
    if (found.isDiverged()) {
      return Approximation.diverged(found.figures());
    }
    int n = problem.points();
    NaturalGradientSteps steps = new NaturalGradientSteps(this, problem, found.mean());
    int[] order = Batch.all(n).points();
    int size = Math.min(batchSize, n);
    RandomKey key = problem.key().child(PLACE);
    RandomStream shuffles = key.child(0).stream();
    long step = 0;
    double[][] noise = new double[draws][problem.cavity().dimension()];
    for (int epoch = 0; epoch < epochs; epoch++) {
      shuffles.shuffle(order);
      for (int b = 0; b < Math.max(1, n / size); b++, step++) {
        RandomKey at = key.child(1, step);
        fill(noise, at.stream());
        if (!steps.step(new Batch(order, b * size, (b + 1) * size), noise, at.child(2))) {
          return Approximation.diverged(found.figures());
        }
      }
    }
    return Approximation.of(result(problem, steps), Map.copyOf(found.figures()));
  }

  private static void fill(double[][] noise, RandomStream stream) {
    for (double[] row : noise) {
      for (int i = 0; i < row.length; i++) {
        row[i] = stream.normal();
      }
    }
  }

  /** {@code Lambda_cav + scale (n nu + decay n)}: only what the data say is scaled. */
  private Gaussian result(TiltedProblem problem, NaturalGradientSteps steps) {
    double[] precision = problem.cavity().precision().values().toDoubles();
    double[] fisherOfPoint = steps.fisher();
    for (int i = 0; i < precision.length; i++) {
      precision[i] += scale * problem.points() * (fisherOfPoint[i] + problem.weightDecay());
    }
    int d = precision.length;
    return Gaussian.ofMean(
        PrecisionShape.DIAGONAL, Tensor.of(steps.mean(), d), Tensor.of(precision, d));
  }
}
