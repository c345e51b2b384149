package org.quadrille.federated.inference;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.quadrille.federated.Batch;
import org.quadrille.federated.ClientLikelihood;
import org.quadrille.federated.Examples;
import org.quadrille.federated.FederatedData;
import org.quadrille.federated.FisherKind;
import org.quadrille.federated.gaussian.Gaussian;
import org.quadrille.federated.gaussian.PrecisionShape;
import org.quadrille.federated.model.Model;
import org.quadrille.federated.simulation.RandomKey;
import org.quadrille.federated.training.LocalTraining;
import org.quadrille.federated.training.TrainingTrace;
import org.quadrille.formats.JsonObject;
import org.quadrille.linalg.DType;
import org.quadrille.linalg.Tensor;

/** Precisions and natural-gradient steps against the reference. */
class InferenceReferenceTest {

  @Test
  void precisionsOfSoftmaxRegression() {
    List<JsonObject> cases =
        FederatedData.objects(FederatedData.file("softmax_fisher.json"), "cases");
    for (JsonObject entry : cases) {
      JsonObject post = FederatedData.object(entry, "postprocess");
      double n = FederatedData.number(post, "n");
      double decay = FederatedData.number(post, "weight_decay");
      double scale = FederatedData.number(post, "scale");
      double clip = FederatedData.number(post, "clip_ratio");
      double[] fisher = FederatedData.vector(post.get("fisher_sum"));
      PrecisionClip.clip(fisher, clip);
      assertArrayEquals(FederatedData.vector(post.get("fisher_clipped")), fisher, 1e-12);

      TiltedProblem problem = problem(entry, post, decay);
      MeanFinder here = MeanFinder.descent(LocalTraining.of(1, 1000, 1e-300));
      Approximation laplace =
          new FisherLaplace(here, FisherKind.EXACT, 1, clip, scale).approximate(problem);
      near(post, "laplace_lambda", laplace.gaussian());
      Approximation identity = new FixedIdentity(here, decay * scale).approximate(problem);
      near(post, "identity_lambda", identity.gaussian());

      double[] variance = FederatedData.vector(post.get("mcmc_variance_ddof1"));
      List<double[]> samples =
          FederatedData.list(post.get("mcmc_samples")).stream().map(FederatedData::vector).toList();
      TrainingTrace trace = new TrainingTrace(new double[0], samples, 0, 0, false);
      assertArrayEquals(variance, trace.variance(), 1e-13);
      SampleSpread spread =
          new SampleSpread(
              MeanFinder.descent(LocalTraining.of(2, 1, 1)),
              decay * scale,
              FederatedData.number(post, "shrinkage"),
              clip);
      double[] expected = FederatedData.vector(post.get("mcmc_lambda"));
      Tensor reference = identity.gaussian().precision().diagonal();
      assertEquals(
          0, FederatedData.distance(expected, spread.precision(variance, reference)), 1e-12);
      assertEquals(n, problem.points());
    }
    assertTrue(cases.size() >= 1);
  }

  /** The problem at the parameters of the case; steps of rate zero keep the start. */
  private static TiltedProblem problem(JsonObject entry, JsonObject post, double decay) {
    Tensor x = FederatedData.matrix(entry.get("X"));
    Tensor w = FederatedData.matrix(entry.get("W"));
    double[] b = FederatedData.vector(entry.get("b"));
    double[] theta = new double[w.length() + b.length];
    for (int i = 0; i < theta.length; i++) {
      theta[i] = i < w.length() ? w.get(i / b.length, i % b.length) : b[i - w.length()];
    }
    ClientLikelihood client =
        Model.softmaxRegression(w.size(0), w.size(1))
            .on(Examples.labelled(x, FederatedData.integers(entry.get("y"))));
    Tensor lambda = FederatedData.tensor(post.get("cavity_lambda"));
    Gaussian cavity =
        Gaussian.ofNatural(PrecisionShape.DIAGONAL, Tensor.zeros(DType.F64, theta.length), lambda);
    return new TiltedProblem(client, cavity, decay, theta, RandomKey.of(1));
  }

  private static void near(JsonObject post, String name, Gaussian actual) {
    double[] expected = FederatedData.vector(post.get(name));
    double[] diagonal = actual.precision().diagonal().toDoubles();
    assertEquals(0, FederatedData.distance(expected, diagonal), 1e-12, name);
  }

  @Test
  void naturalGradientFollowsTheTrace() {
    List<JsonObject> cases = FederatedData.objects(FederatedData.file("ngvi_trace.json"), "cases");
    for (JsonObject entry : cases) {
      Tensor x = FederatedData.matrix(entry.get("X"));
      ClientLikelihood client =
          Model.logisticRegression(x.size(1), false)
              .on(Examples.labelled(x, FederatedData.integers(entry.get("y"))));
      Gaussian cavity =
          Gaussian.ofNatural(
              PrecisionShape.DIAGONAL,
              FederatedData.tensor(entry.get("prior_eta")),
              FederatedData.tensor(entry.get("prior_lambda")));
      double[] start = new double[x.size(1)];
      TiltedProblem problem = new TiltedProblem(client, cavity, 0, start, RandomKey.of(1));
      NaturalGradient settings =
          new NaturalGradient(
              MeanFinder.newton(),
              FisherKind.EXACT,
              1,
              x.size(0),
              (int) FederatedData.number(entry, "samples"),
              FederatedData.number(entry, "lr"),
              FederatedData.number(entry, "beta1"),
              FederatedData.number(entry, "beta2"),
              FederatedData.number(entry, "initial_nu"),
              Double.POSITIVE_INFINITY,
              1);
      NaturalGradientSteps steps = new NaturalGradientSteps(settings, problem, start);
      List<Object> noise = FederatedData.list(entry.get("noise"));
      List<JsonObject> trace = FederatedData.objects(entry, "trace");
      for (int t = 0; t < trace.size(); t++) {
        double[][] draws =
            FederatedData.list(noise.get(t)).stream()
                .map(FederatedData::vector)
                .toArray(double[][]::new);
        assertTrue(steps.step(Batch.all(x.size(0)), draws, RandomKey.of(2)));
        double[] mean = FederatedData.vector(trace.get(t).get("mu"));
        assertArrayEquals(mean, steps.mean(), 1e-12, "mean of step " + t);
        double[] lambda = FederatedData.vector(trace.get(t).get("lambda"));
        assertArrayEquals(lambda, steps.precision(), 1e-11, "precision of step " + t);
      }
    }
    assertTrue(cases.size() >= 1);
  }
}
