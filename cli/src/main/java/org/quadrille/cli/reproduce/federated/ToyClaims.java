package org.quadrille.cli.reproduce.federated;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.quadrille.cli.reproduce.Claim;
import org.quadrille.cli.reproduce.Claim.Verdict;
import org.quadrille.federated.gaussian.Gaussian;
import org.quadrille.federated.model.GaussianLikelihood;
import org.quadrille.federated.propagation.ToyFederation;
import org.quadrille.federated.propagation.ToyFederation.Method;
import org.quadrille.federated.simulation.RandomKey;
import org.quadrille.federated.simulation.RandomStream;
import org.quadrille.linalg.Arithmetic;
import org.quadrille.linalg.Norms;
import org.quadrille.linalg.Tensor;

/** Two Gaussian clients in the plane: the figure of the paper, and the mean over random pairs. */
final class ToyClaims {
  /** Means and covariances of the figure, from the published program. */
  private static final double[][] MEANS = {{7, -10.6}, {0.2, 2.24}};

  private static final double[][] COVARIANCES = {{11, -5.3, -5.3, 3.5}, {5, 4.9, 4.9, 5.5}};

  /** Iterations whose distances are known from an independent computation. */
  private static final int[] ITERATIONS = {1, 2, 3, 4, 5, 6, 8, 10};

  private static final double[][] DISTANCES = {
    {0, 0, 0, 0, 0, 0, 0, 0},
    {7.360, 1.086, 1.622, 0.365, 0.489, 0.114, 0.035, 0.011},
    {8.377, 2.240, 2.695, 0.985, 0.799, 0.332, 0.097, 0.026}
  };

  private static final double AVERAGE_DISTANCE = 8.377;
  private static final int PAIRS = 500;

  /** Degrees of freedom and scale of the inverse Wishart distribution of random covariances. */
  private static final double FREEDOM = 7;

  private static final double[] SCALE = {2.54087, -0.01128, 0.52868};
  private static final double SHRINK = 0.2;

  /** Mean distances over random pairs after some iterations: {iteration, distance}. */
  private static final double[][][] PAIR_DISTANCES = {
    {{1, 0}, {2, 0}},
    {{1, 0.250}, {2, 0.018}, {5, 0.0008}},
    {{1, 0.519}, {2, 0.206}, {5, 0.038}, {10, 0.0023}}
  };

  private static final double PAIR_AVERAGE = 0.519;

  private ToyClaims() {}

  static List<Claim> measure(long seed) {
    return List.of(figure(), pairs(seed));
  }

  /** The federation of the figure. */
  static ToyFederation figure(Method method) {
    return new ToyFederation(method, clients());
  }

  /** The two clients of the figure. */
  static List<GaussianLikelihood> clients() {
    return List.of(client(MEANS[0], COVARIANCES[0]), client(MEANS[1], COVARIANCES[1]));
  }

  private static Claim figure() {
    double largest = 0;
    List<String> ends = new ArrayList<>();
    for (Method method : Method.values()) {
      ToyFederation toy = figure(method);
      Tensor exact = toy.exact().mean();
      double[] expected = DISTANCES[place(method)];
      int done = 0;
      double distance = 0;
      for (int i = 0; i < ITERATIONS.length; i++) {
        for (; done < ITERATIONS[i]; done++) {
          toy.iterate();
        }
        distance = Norms.frobenius(Arithmetic.subtract(toy.approximation().mean(), exact));
        largest = Math.max(largest, Math.abs(distance - expected[i]));
      }
      ends.add(
          String.format(Locale.ROOT, "%s %.3f", method.name().toLowerCase(Locale.ROOT), distance));
    }
    double average = averageDistance(MEANS[0], MEANS[1], figure(Method.FULL).exact().mean());
    largest = Math.max(largest, Math.abs(average - AVERAGE_DISTANCE));
    return new Claim(
        "Two Gaussian clients: passing messages finds the posterior mean, averaging does not",
        "toy figure",
        "distances of 10 iterations as computed independently, to the three digits given",
        String.format(
            Locale.ROOT,
            "largest difference %.1e; after 10 iterations %s; averaging stays at %.3f",
            largest,
            String.join(", ", ends),
            average),
        Verdict.of(largest < 6e-4));
  }

  private static Claim pairs(long seed) {
    double[][] sums = new double[Method.values().length][11];
    double averages = 0;
    for (int pair = 0; pair < PAIRS; pair++) {
      RandomStream stream = RandomKey.of(seed).child(2, pair).stream();
      double[][] covariances = {inverseWishart(stream), inverseWishart(stream)};
      double[][] means = {normal(stream, covariances[0]), normal(stream, covariances[1])};
      Tensor exact = null;
      for (Method method : Method.values()) {
        ToyFederation toy =
            new ToyFederation(
                method,
                List.of(client(means[0], covariances[0]), client(means[1], covariances[1])));
        exact = toy.exact().mean();
        for (int iteration = 1; iteration <= 10; iteration++) {
          toy.iterate();
          sums[place(method)][iteration] +=
              Norms.frobenius(Arithmetic.subtract(toy.approximation().mean(), exact)) / PAIRS;
        }
      }
      averages += averageDistance(means[0], means[1], exact) / PAIRS;
    }
    boolean holds = Math.abs(averages / PAIR_AVERAGE - 1) < 0.15;
    List<String> measured = new ArrayList<>();
    measured.add(String.format(Locale.ROOT, "averaging %.3f (%.3f)", averages, PAIR_AVERAGE));
    for (Method method : Method.values()) {
      for (double[] expected : PAIR_DISTANCES[place(method)]) {
        double distance = sums[place(method)][(int) expected[0]];
        measured.add(
            String.format(
                Locale.ROOT,
                "%s after %d: %.4f (%.4f)",
                method.name().toLowerCase(Locale.ROOT),
                (int) expected[0],
                distance,
                expected[1]));
        // The last digit given is worth up to half of itself.
        double tolerance = Math.max(0.15 * expected[1], 5e-5);
        holds &= Math.abs(distance - expected[1]) <= tolerance;
      }
    }
    return new Claim(
        "The same over " + PAIRS + " random pairs of clients",
        "toy figure",
        "mean distances as computed independently, in brackets, to 15 %",
        String.join(", ", measured),
        Verdict.of(holds));
  }

  private static int place(Method method) {
    return switch (method) {
      case FULL -> 0;
      case DIAGONAL -> 1;
      case IDENTITY -> 2;
    };
  }

  private static double averageDistance(double[] first, double[] second, Tensor exact) {
    return Math.hypot(
        (first[0] + second[0]) / 2 - exact.get(0), (first[1] + second[1]) / 2 - exact.get(1));
  }

  private static GaussianLikelihood client(double[] mean, double[] covariance) {
    return new GaussianLikelihood(
        Gaussian.ofMoments(Tensor.of(mean.clone(), 2), Tensor.of(covariance.clone(), 2, 2)), 1);
  }

  /**
   * Inverse of a Wishart matrix of scale S^-1 by Bartlett's decomposition, divided by a constant:
   * {@code (L A A' L')^-1 / 0.2}, L L' = S^-1, A lower triangular with roots of chi-squared numbers
   * on its diagonal and a normal one below.
   */
  private static double[] inverseWishart(RandomStream stream) {
    double determinant = SCALE[0] * SCALE[2] - SCALE[1] * SCALE[1];
    double l00 = Math.sqrt(SCALE[2] / determinant);
    double l10 = -SCALE[1] / determinant / l00;
    double l11 = Math.sqrt(SCALE[0] / determinant - l10 * l10);
    double a00 = Math.sqrt(2 * stream.gamma(FREEDOM / 2));
    double a11 = Math.sqrt(2 * stream.gamma((FREEDOM - 1) / 2));
    double a10 = stream.normal();
    // B = L A, W = B B'
    double b00 = l00 * a00;
    double b10 = l10 * a00 + l11 * a10;
    double b11 = l11 * a11;
    double w00 = b00 * b00;
    double w01 = b00 * b10;
    double w11 = b10 * b10 + b11 * b11;
    double scale = SHRINK * (w00 * w11 - w01 * w01);
    return new double[] {w11 / scale, -w01 / scale, -w01 / scale, w00 / scale};
  }

  private static double[] normal(RandomStream stream, double[] covariance) {
    double l00 = Math.sqrt(covariance[0]);
    double l10 = covariance[1] / l00;
    double l11 = Math.sqrt(covariance[3] - l10 * l10);
    double z0 = stream.normal();
    double z1 = stream.normal();
    return new double[] {l00 * z0, l10 * z0 + l11 * z1};
  }
}
