package org.quadrille.federated.propagation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.quadrille.federated.ClientLikelihood;
import org.quadrille.federated.FederatedData;
import org.quadrille.federated.gaussian.Gaussian;
import org.quadrille.federated.gaussian.PrecisionShape;
import org.quadrille.federated.gaussian.Projection;
import org.quadrille.federated.inference.Approximation;
import org.quadrille.federated.inference.ExactGaussian;
import org.quadrille.federated.inference.FixedIdentity;
import org.quadrille.federated.inference.Inference;
import org.quadrille.federated.inference.MeanFinder;
import org.quadrille.federated.inference.TiltedProblem;
import org.quadrille.federated.model.GaussianLikelihood;
import org.quadrille.federated.server.Damping;
import org.quadrille.formats.JsonObject;
import org.quadrille.linalg.DType;
import org.quadrille.linalg.Tensor;

/** Every run of the reference federations with Gaussian clients. */
class GaussianFederationTest {

  private static final double TOLERANCE = 1e-10;
  private static final double LONG_TOLERANCE = 1e-8;

  @TestFactory
  List<DynamicTest> fullPrecision() {
    List<DynamicTest> tests = new ArrayList<>();
    for (JsonObject federation :
        FederatedData.objects(FederatedData.file("gaussian_full.json"), "cases")) {
      Gaussian prior = FederatedData.gaussian(FederatedData.object(federation, "prior"));
      ExpectationPropagation algorithm =
          ExpectationPropagation.fedEp(new ExactGaussian(Projection.MOMENT), prior);
      for (JsonObject run : FederatedData.objects(federation, "runs")) {
        String name =
            FederatedData.text(federation, "name") + " " + FederatedData.text(run, "name");
        tests.add(
            DynamicTest.dynamicTest(
                name, () -> ReferenceRuns.replay(run, algorithm, clients(federation), TOLERANCE)));
      }
    }
    return tests;
  }

  @TestFactory
  List<DynamicTest> smallerPrecisions() {
    List<DynamicTest> tests = new ArrayList<>();
    for (JsonObject federation :
        FederatedData.objects(FederatedData.file("gaussian_diag.json"), "cases")) {
      List<GaussianLikelihood> clients = clients(federation);
      Gaussian prior = FederatedData.gaussian(FederatedData.object(federation, "prior"));
      for (JsonObject run : FederatedData.objects(federation, "runs")) {
        ExpectationPropagation algorithm =
            ExpectationPropagation.fedEp(inference(run, federation, clients), prior);
        String name =
            FederatedData.text(federation, "name") + " " + FederatedData.text(run, "name");
        tests.add(
            DynamicTest.dynamicTest(
                name,
                () -> {
                  SmallFederation result =
                      ReferenceRuns.replay(run, algorithm, clients, LONG_TOLERANCE);
                  unbiasedUnlessStateless(federation, run, result);
                }));
      }
    }
    return tests;
  }

  /** T2: sites of any precision leave the exact mean; T4: without sites there is a bias. */
  private static void unbiasedUnlessStateless(
      JsonObject federation, JsonObject run, SmallFederation result) {
    double[] exact = FederatedData.vector(FederatedData.object(federation, "exact").get("mean"));
    double[] mean = result.approximation().mean().toDoubles();
    double distance = euclidean(exact, mean);
    if (run.get("stateless_weights") != null) {
      assertTrue(distance > 0.05, "stateless bias " + distance);
    } else if (!FederatedData.text(run, "name").endsWith("sampled")) {
      assertTrue(distance < 1e-9, "distance to the exact mean " + distance);
    }
  }

  private static double euclidean(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += (a[i] - b[i]) * (a[i] - b[i]);
    }
    return Math.sqrt(sum);
  }

  private static Inference inference(
      JsonObject run, JsonObject federation, List<GaussianLikelihood> clients) {
    return switch (FederatedData.text(run, "projection")) {
      case "moment" -> new ExactGaussian(Projection.MOMENT);
      case "precision" -> new ExactGaussian(Projection.PRECISION);
      default -> {
        double[] c = FederatedData.vector(federation.get("identity_site_precision"));
        Map<ClientLikelihood, Double> precisions = new HashMap<>();
        for (int k = 0; k < c.length; k++) {
          precisions.put(clients.get(k), c[k]);
        }
        yield new PerClientIdentity(precisions);
      }
    };
  }

  /** A scaled identity whose precision is given for every client. */
  private record PerClientIdentity(Map<ClientLikelihood, Double> precisions) implements Inference {
    @Override
    public boolean supports(PrecisionShape shape) {
      return true;
    }

    @Override
    public Approximation approximate(TiltedProblem problem) {
      double c = precisions.get(problem.likelihood());
      return new FixedIdentity(MeanFinder.newton(), c).approximate(problem);
    }
  }

  private static List<GaussianLikelihood> clients(JsonObject federation) {
    return FederatedData.objects(federation, "clients").stream()
        .map(client -> new GaussianLikelihood(FederatedData.gaussian(client), 1))
        .toList();
  }

  /** The toy of two clients in the plane: ten undamped parallel rounds from a flat prior. */
  @TestFactory
  List<DynamicTest> toyInThePlane() {
    JsonObject file = FederatedData.file("toy2d.json");
    List<GaussianLikelihood> clients = new ArrayList<>();
    List<Object> means = FederatedData.list(file.get("client_means"));
    List<Object> covariances = FederatedData.list(file.get("client_covariances"));
    for (int k = 0; k < means.size(); k++) {
      Gaussian factor =
          Gaussian.ofMoments(
              FederatedData.tensor(means.get(k)), FederatedData.matrix(covariances.get(k)));
      clients.add(new GaussianLikelihood(factor, 1));
    }
    return FederatedData.objects(file, "runs").stream()
        .map(
            run ->
                DynamicTest.dynamicTest(
                    FederatedData.text(run, "method"), () -> replayToy(run, clients, file)))
        .toList();
  }

  private static void replayToy(JsonObject run, List<GaussianLikelihood> clients, JsonObject file) {
    ToyFederation toy =
        new ToyFederation(
            ToyFederation.Method.valueOf(FederatedData.text(run, "method").toUpperCase()), clients);
    for (JsonObject iteration : FederatedData.objects(run, "iterations")) {
      toy.iterate();
      Gaussian expected = FederatedData.gaussian(iteration);
      assertEquals(0, FederatedData.distance(expected, toy.approximation()), TOLERANCE);
      double[] exact = FederatedData.vector(FederatedData.object(file, "exact").get("mean"));
      assertEquals(
          FederatedData.number(iteration, "distance_to_exact_mean"),
          euclidean(exact, toy.approximation().mean().toDoubles()),
          1e-9);
    }
  }

  /** T1: with damping delta, the error of a site after v visits is (1 - delta)^v. */
  @Test
  void dampedSitesApproachGeometrically() {
    JsonObject federation =
        FederatedData.objects(FederatedData.file("gaussian_full.json"), "cases").get(0);
    List<GaussianLikelihood> clients = clients(federation);
    Gaussian prior = FederatedData.gaussian(FederatedData.object(federation, "prior"));
    double delta = 0.3;
    SmallFederation run =
        new SmallFederation(
            ExpectationPropagation.fedEp(new ExactGaussian(Projection.MOMENT), prior)
                .withDamping(Damping.constant(delta)),
            clients,
            1);
    for (int round = 1; round <= 5; round++) {
      run.parallel();
      Gaussian exact = clients.get(0).factor().orElseThrow();
      Gaussian expected = exact.power(1 - Math.pow(1 - delta, round));
      assertEquals(0, FederatedData.distance(expected, run.site(0)), 1e-12);
    }
  }

  /** T8: one client, one undamped round: plain inference. */
  @Test
  void oneClientIsPlainInference() {
    Tensor mean = Tensor.of(new double[] {1, -2}, 2);
    Gaussian factor = Gaussian.isotropic(PrecisionShape.FULL, 3, mean);
    Gaussian prior = Gaussian.isotropic(PrecisionShape.FULL, 0.5, Tensor.zeros(DType.F64, 2));
    SmallFederation run =
        new SmallFederation(
            ExpectationPropagation.fedEp(new ExactGaussian(Projection.MOMENT), prior),
            List.of(new GaussianLikelihood(factor, 7)),
            1);
    run.parallel();
    assertEquals(0, FederatedData.distance(prior.multiply(factor), run.approximation()), 1e-15);
  }
}
