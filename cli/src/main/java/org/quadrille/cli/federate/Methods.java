package org.quadrille.cli.federate;

import java.util.List;
import org.quadrille.federated.ClientLikelihood;
import org.quadrille.federated.FisherKind;
import org.quadrille.federated.baseline.ClientUpdate;
import org.quadrille.federated.baseline.DynamicRegularization;
import org.quadrille.federated.baseline.FederatedAveraging;
import org.quadrille.federated.baseline.OneShotAggregation;
import org.quadrille.federated.baseline.Scaffold;
import org.quadrille.federated.gaussian.Gaussian;
import org.quadrille.federated.gaussian.PrecisionShape;
import org.quadrille.federated.inference.FisherLaplace;
import org.quadrille.federated.inference.FixedIdentity;
import org.quadrille.federated.inference.Inference;
import org.quadrille.federated.inference.MeanFinder;
import org.quadrille.federated.inference.NaturalGradient;
import org.quadrille.federated.inference.SampleSpread;
import org.quadrille.federated.propagation.CavityRule;
import org.quadrille.federated.propagation.ExpectationPropagation;
import org.quadrille.federated.propagation.Safeguards;
import org.quadrille.federated.server.ServerOptimizer;
import org.quadrille.federated.simulation.Algorithm;
import org.quadrille.federated.training.LocalTraining;
import org.quadrille.federated.training.SampleKind;

/** Algorithms by name. */
public final class Methods {
  /** All names. */
  public static final List<String> NAMES =
      List.of(
          "fedavg",
          "fedavgm",
          "fedadagrad",
          "fedadam",
          "fedyogi",
          "fedprox",
          "fedpa",
          "scaffold",
          "feddyn",
          "one-shot",
          "fedep",
          "fedsep",
          "fedadf");

  private static final double CLIP_RATIO = 2;

  private Methods() {}

  /**
   * The algorithm of some settings.
   *
   * @param settings names it and its numbers
   * @param task whose model is learnt
   * @param start parameters before the first round: of a warm start, for example
   */
  public static Algorithm<ClientLikelihood> of(
      MethodSettings settings, FederatedTask task, double[] start) {
    LocalTraining training = settings.training();
    double server = settings.number("server");
    double rho = settings.number("rho");
    ServerOptimizer sgd = ServerOptimizer.sgd(server);
    return switch (settings.algorithm()) {
      case "fedavg" -> averaging(settings, 0, sgd, start);
      case "fedavgm" -> averaging(settings, 0, kind(ServerOptimizer.Kind.MOMENTUM, server), start);
      case "fedadagrad" ->
          averaging(settings, 0, kind(ServerOptimizer.Kind.ADAGRAD, server), start);
      case "fedadam" -> averaging(settings, 0, kind(ServerOptimizer.Kind.ADAM, server), start);
      case "fedyogi" -> averaging(settings, 0, kind(ServerOptimizer.Kind.YOGI, server), start);
      case "fedprox" -> averaging(settings, rho, sgd, start);
      case "fedpa" ->
          FederatedAveraging.fedPa(
              training.withSamples(
                  SampleKind.AVERAGE,
                  Math.min(settings.epochs() - 1, (int) settings.number("burnIn"))),
              rho,
              sgd,
              start);
      case "scaffold" -> new Scaffold(training, sgd, start);
      case "feddyn" -> new DynamicRegularization(training, rho, start);
      case "one-shot" ->
          new OneShotAggregation(training, fisher(task), settings.number("c"), start);
      case "fedep" -> propagation(settings, CavityRule.SITES, task, start);
      case "fedsep" -> propagation(settings, CavityRule.FRACTION, task, start);
      case "fedadf" -> propagation(settings, CavityRule.NOTHING, task, start);
      default ->
          throw new IllegalArgumentException(
              "no algorithm \"" + settings.algorithm() + "\"; there are " + NAMES);
    };
  }

  /** Clients send the mean of their epochs, as those of expectation propagation do. */
  private static FederatedAveraging averaging(
      MethodSettings settings, double rho, ServerOptimizer optimizer, double[] start) {
    return new FederatedAveraging(
        settings.algorithm(),
        new ClientUpdate.Averaging(settings.training(), true, rho),
        optimizer,
        start);
  }

  private static ServerOptimizer kind(ServerOptimizer.Kind kind, double rate) {
    return new ServerOptimizer(kind, rate, 0.9, 0.99, 1e-3, 0);
  }

  private static ExpectationPropagation propagation(
      MethodSettings settings, CavityRule cavity, FederatedTask task, double[] start) {
    double c = settings.number("c");
    boolean identity = settings.inference().equals("identity");
    PrecisionShape shape = identity ? PrecisionShape.SCALED_IDENTITY : PrecisionShape.DIAGONAL;
    return ExpectationPropagation.warm(
            inference(settings, task),
            Gaussian.one(shape, start.length),
            shape,
            start,
            c,
            task.points())
        .withCavity(cavity)
        .withWeightDecay(settings.number("decay"))
        .withOptimizer(ServerOptimizer.sgd(settings.number("server")))
        .withSafeguards(Safeguards.DEFAULT.withLargestChange(settings.number("maxNorm")));
  }

  private static Inference inference(MethodSettings settings, FederatedTask task) {
    MeanFinder.Descent mean = MeanFinder.descent(settings.training());
    FisherKind fisher = fisher(task);
    return switch (settings.inference()) {
      case "identity" -> new FixedIdentity(mean, settings.number("c"));
      case "laplace" ->
          new FisherLaplace(
              mean,
              fisher,
              fisher == FisherKind.EXACT ? 1 : 2,
              CLIP_RATIO,
              settings.number("scale"));
      case "mcmc" ->
          new SampleSpread(mean, settings.number("c"), settings.number("shrinkage"), CLIP_RATIO);
      case "vi" -> NaturalGradient.of(mean);
      default ->
          throw new IllegalArgumentException(
              "no inference \""
                  + settings.inference()
                  + "\"; there are identity, laplace, mcmc and vi");
    };
  }

  /** Exact where one pass gives it: for models without hidden layers. */
  private static FisherKind fisher(FederatedTask task) {
    return task.model().network().isAffine() ? FisherKind.EXACT : FisherKind.SAMPLED;
  }
}
