package org.quadrille.federated.inference;

import java.util.Map;
import org.quadrille.federated.training.LocalTraining;
import org.quadrille.federated.training.TrainingTrace;

/** How the mean of a tilted distribution is found. */
public sealed interface MeanFinder {

  /** The search. */
  TiltedMean find(TiltedProblem problem);

  /**
   * Stochastic gradient descent from the server's mean; the result is the mean of its samples.
   *
   * @param training epochs, batches and rates; its weight decay is replaced by that of the problem
   */
  static Descent descent(LocalTraining training) {
    return new Descent(training);
  }

  /** Newton's method: the mode, to rounding, for small problems with second derivatives. */
  static MeanFinder newton() {
    return new Newton();
  }

  /** Full-batch quasi-Newton descent (L-BFGS): the mode without second derivatives. */
  static MeanFinder quasiNewton() {
    return new QuasiNewton(500, 1e-9);
  }

  /**
   * See {@link #descent}.
   *
   * @param training epochs, batches and rates
   */
  record Descent(LocalTraining training) implements MeanFinder {
    @Override
    public TiltedMean find(TiltedProblem problem) {
      TrainingTrace trace = train(problem);
      return trace.diverged()
          ? new TiltedMean(new double[0], Map.of())
          : new TiltedMean(
              trace.mean(),
              Map.of("rate", training.stableRate(problem.term()), "loss", trace.loss()));
    }

    /** The search with its samples. */
    TrainingTrace train(TiltedProblem problem) {
      return training
          .withWeightDecay(0)
          .run(problem.likelihood(), problem.start(), problem.term(), problem.key());
    }
  }

  /** See {@link #newton}. */
  record Newton() implements MeanFinder {
    @Override
    public TiltedMean find(TiltedProblem problem) {
      NewtonSearch search = new NewtonSearch(problem);
      return new TiltedMean(search.mode(), Map.of("iterations", search.iterations()));
    }
  }

  /**
   * See {@link #quasiNewton}.
   *
   * @param iterations at most this many
   * @param tolerance largest element of the gradient of the mean loss at the end
   */
  record QuasiNewton(int iterations, double tolerance) implements MeanFinder {
    /** Checks the settings. */
    public QuasiNewton {
      if (iterations < 1 || !(tolerance > 0)) {
        throw new IllegalArgumentException(
            "quasi-Newton: "
                + iterations
                + " iterations and tolerance "
                + tolerance
                + " given, expected positive numbers");
      }
    }

    @Override
    public TiltedMean find(TiltedProblem problem) {
      QuasiNewtonSearch search = new QuasiNewtonSearch(problem, tolerance);
      double[] mode = search.run(iterations);
      return new TiltedMean(mode, Map.of("iterations", search.iterations()));
    }
  }
}
