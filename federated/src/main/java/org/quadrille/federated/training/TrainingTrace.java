package org.quadrille.federated.training;

import java.util.ArrayList;
import java.util.List;

/**
 * What training on a client left behind.
 *
 * @param last the last iterate; empty if training diverged
 * @param samples one for each epoch after the burn-in; empty if training diverged
 * @param steps taken
 * @param loss mean loss of the batches of the last epoch, each before its step
 * @param diverged whether numbers overflowed
 */
public record TrainingTrace(
    double[] last, List<double[]> samples, int steps, double loss, boolean diverged) {

  /** Mean of the samples; a new array. */
  public double[] mean() {
    double[] mean = new double[samples.getFirst().length];
    for (int s = 0; s < samples.size(); s++) {
      double[] sample = samples.get(s);
      for (int i = 0; i < mean.length; i++) {
        mean[i] += (sample[i] - mean[i]) / (s + 1);
      }
    }
    return mean;
  }

  /**
   * Variance of each coordinate over the samples, divided by their number less one (Welford 1962).
   *
   * @throws IllegalArgumentException if there is only one sample
   */
  public double[] variance() {
    if (samples.size() < 2) {
      throw new IllegalArgumentException(
          "a variance needs at least 2 samples, there is " + samples.size() + "; use more epochs");
    }
    int d = samples.getFirst().length;
    double[] mean = new double[d];
    double[] squares = new double[d];
    for (int s = 0; s < samples.size(); s++) {
      double[] sample = samples.get(s);
      for (int i = 0; i < d; i++) {
        double before = sample[i] - mean[i];
        mean[i] += before / (s + 1);
        squares[i] += before * (sample[i] - mean[i]);
      }
    }
    for (int i = 0; i < d; i++) {
      squares[i] /= samples.size() - 1;
    }
    return squares;
  }

  /** Gathers samples during training. */
  static final class Collector {
    private final SampleKind kind;
    private final double[] sum;
    private final List<double[]> samples = new ArrayList<>();
    private int iterates;
    private double loss;

    Collector(int dimension, SampleKind kind) {
      this.kind = kind;
      this.sum = new double[dimension];
    }

    void iterate(MomentumDescent descent) {
      if (kind == SampleKind.AVERAGE) {
        descent.addTo(sum);
        iterates++;
      }
    }

    void endOfEpoch(MomentumDescent descent) {
      if (kind == SampleKind.LAST) {
        samples.add(descent.parameters());
        return;
      }
      double[] mean = new double[sum.length];
      for (int i = 0; i < mean.length; i++) {
        mean[i] = sum[i] / iterates;
        sum[i] = 0;
      }
      iterates = 0;
      samples.add(mean);
    }

    void loss(double mean) {
      loss = mean;
    }

    TrainingTrace diverged(int steps) {
      return new TrainingTrace(new double[0], List.of(), steps, loss, true);
    }

    TrainingTrace trace(double[] last, int steps) {
      return new TrainingTrace(last, List.copyOf(samples), steps, loss, false);
    }
  }
}
