package org.quadrille.federated.training;

import org.quadrille.federated.Batch;
import org.quadrille.federated.ClientLikelihood;
import org.quadrille.federated.simulation.RandomKey;
import org.quadrille.federated.simulation.RandomStream;

/**
 * Stochastic gradient descent with momentum and a constant rate on
 *
 * <pre>
 * f(theta) = 1/n l(theta) + decay/2 |theta|^2 + quadratic term,      l the sum over n points
 * g = 1/B sum_batch grad + decay theta + curvature theta - linear;   v = momentum v + g;   theta -= rate v
 * </pre>
 *
 * <p>Batches are drawn without replacement and the incomplete last one of an epoch is dropped; a
 * client of fewer points than a batch uses all of them. Each epoch after the first {@code burnIn}
 * gives one sample, so that their mean and spread describe the posterior (Guo et al. 2023, section
 * 4; Al-Shedivat et al. 2021). Time: {@code epochs * n} gradients.
 *
 * <p>On a quadratic of curvature c the iteration is stable for {@code rate c < 2 (1 + momentum)}.
 * The rate is lowered to nine tenths of that bound where the decay and the term alone would exceed
 * it.
 *
 * @param epochs passes over the points, 1 or more
 * @param batchSize points of a step, 1 or more
 * @param rate above 0
 * @param momentum from 0 to below 1
 * @param weightDecay of the mean loss, 0 or more
 * @param samples which point of an epoch is a sample
 * @param burnIn epochs without a sample, fewer than {@code epochs}
 */
public record LocalTraining(
    int epochs,
    int batchSize,
    double rate,
    double momentum,
    double weightDecay,
    SampleKind samples,
    int burnIn) {

  /** Share of the largest stable rate that is used where the rate is above it. */
  private static final double BELOW_BOUND = 0.9;

  /** Checks the ranges. */
  public LocalTraining {
    if (epochs < 1 || batchSize < 1) {
      throw new IllegalArgumentException(
          "epochs " + epochs + ", batchSize " + batchSize + " given, expected 1 or more");
    }
    if (!(rate > 0) || rate == Double.POSITIVE_INFINITY) {
      throw new IllegalArgumentException("rate: " + rate + " given, expected a number above 0");
    }
    if (!(momentum >= 0 && momentum < 1)) {
      throw new IllegalArgumentException("momentum: " + momentum + " given, expected 0 to below 1");
    }
    if (!(weightDecay >= 0) || weightDecay == Double.POSITIVE_INFINITY) {
      throw new IllegalArgumentException(
          "weightDecay: " + weightDecay + " given, expected 0 or more");
    }
    if (burnIn < 0 || burnIn >= epochs) {
      throw new IllegalArgumentException(
          "burnIn: " + burnIn + " of " + epochs + " epochs given, expected fewer than all");
    }
  }

  /** Ends of epochs as samples, momentum 0.9, no decay, no burn-in. */
  public static LocalTraining of(int epochs, int batchSize, double rate) {
    return new LocalTraining(epochs, batchSize, rate, 0.9, 0, SampleKind.LAST, 0);
  }

  /** This training with another momentum. */
  public LocalTraining withMomentum(double other) {
    return new LocalTraining(epochs, batchSize, rate, other, weightDecay, samples, burnIn);
  }

  /** This training with another weight decay. */
  public LocalTraining withWeightDecay(double other) {
    return new LocalTraining(epochs, batchSize, rate, momentum, other, samples, burnIn);
  }

  /** This training with another rate. */
  public LocalTraining withRate(double other) {
    return new LocalTraining(epochs, batchSize, other, momentum, weightDecay, samples, burnIn);
  }

  /** This training with other samples. */
  public LocalTraining withSamples(SampleKind kind, int epochsWithout) {
    return new LocalTraining(epochs, batchSize, rate, momentum, weightDecay, kind, epochsWithout);
  }

  /** Steps of an epoch on n points. */
  public int stepsPerEpoch(int points) {
    return Math.max(1, points / batchSize);
  }

  /** The rate that is used with a quadratic term; {@link #rate} unless that would be unstable. */
  public double stableRate(QuadraticTerm term) {
    double bound = 2 * (1 + momentum) / (Math.max(0, term.largestCurvature()) + weightDecay);
    return rate < bound ? rate : BELOW_BOUND * bound;
  }

  /**
   * Trains.
   *
   * @param likelihood of at least one point
   * @param start d numbers, not modified
   * @param term added to the mean loss
   * @param key of the order of the points
   * @return the samples; {@link TrainingTrace#diverged} if numbers overflowed
   */
  public TrainingTrace run(
      ClientLikelihood likelihood, double[] start, QuadraticTerm term, RandomKey key) {
    int n = likelihood.points();
    int d = likelihood.dimension();
    if (n < 1) {
      throw new IllegalArgumentException("client without points; skip it");
    }
    if (start.length != d) {
      throw new IllegalArgumentException(
          "start: " + start.length + " numbers given, expected " + d);
    }
    term.requireDimension(d);
    MomentumDescent descent =
        MomentumDescent.of(likelihood, start, term, stableRate(term), momentum, weightDecay);
    TrainingTrace.Collector collector = new TrainingTrace.Collector(d, samples);
    int size = Math.min(batchSize, n);
    int steps = stepsPerEpoch(n);
    int[] order = Batch.all(n).points();
    RandomStream stream = key.stream();
    for (int epoch = 0; epoch < epochs; epoch++) {
      // A single batch of everything needs no order, and summing in order is faster.
      if (steps * size < n || steps > 1) {
        stream.shuffle(order);
      }
      double loss = 0;
      for (int step = 0; step < steps; step++) {
        loss += descent.step(new Batch(order, step * size, (step + 1) * size));
        if (epoch >= burnIn) {
          collector.iterate(descent);
        }
      }
      if (!descent.isFinite()) {
        return collector.diverged(steps * (epoch + 1));
      }
      if (epoch >= burnIn) {
        collector.endOfEpoch(descent);
      }
      collector.loss(loss / ((double) steps * size));
    }
    return collector.trace(descent.parameters(), steps * epochs);
  }
}
