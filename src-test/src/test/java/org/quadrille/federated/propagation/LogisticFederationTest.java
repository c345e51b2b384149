package org.quadrille.federated.propagation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.quadrille.federated.ClientLikelihood;
import org.quadrille.federated.Examples;
import org.quadrille.federated.FederatedData;
import org.quadrille.federated.gaussian.Gaussian;
import org.quadrille.federated.gaussian.PrecisionShape;
import org.quadrille.federated.gaussian.Projection;
import org.quadrille.federated.inference.CurvatureLaplace;
import org.quadrille.federated.inference.FixedIdentity;
import org.quadrille.federated.inference.Inference;
import org.quadrille.federated.inference.MeanFinder;
import org.quadrille.federated.inference.QuadratureMoments;
import org.quadrille.federated.model.Model;
import org.quadrille.formats.JsonObject;
import org.quadrille.linalg.Tensor;

/** Every run of the reference federations of logistic regression. */
class LogisticFederationTest {

  @TestFactory
  List<DynamicTest> replays() {
    List<DynamicTest> tests = new ArrayList<>();
    for (JsonObject federation :
        FederatedData.objects(FederatedData.file("logistic.json"), "cases")) {
      for (JsonObject run : FederatedData.objects(federation, "runs")) {
        String name = FederatedData.list(federation.get("clients")).size() + " clients ";
        tests.add(
            DynamicTest.dynamicTest(
                name + FederatedData.text(run, "name"), () -> replay(federation, run)));
      }
    }
    return tests;
  }

  private static void replay(JsonObject federation, JsonObject run) {
    String name = FederatedData.text(run, "name");
    boolean moments = name.contains("moment");
    Gaussian full = FederatedData.gaussian(FederatedData.object(federation, "prior"));
    Gaussian prior =
        name.startsWith("diag")
            ? Gaussian.ofNatural(PrecisionShape.DIAGONAL, full.eta(), full.precision().diagonal())
            : full;
    ExpectationPropagation algorithm =
        ExpectationPropagation.fedEp(inference(federation, name), prior);
    List<ClientLikelihood> clients = clients(federation);
    SmallFederation result = ReferenceRuns.replay(run, algorithm, clients, moments ? 1e-6 : 1e-8);
    double[] mean = result.approximation().mean().toDoubles();
    double[] map = FederatedData.vector(federation.get("map"));
    if (!moments && !name.contains("stateless") && !name.contains("sampled")) {
      // The mode of the tilted distributions makes the global mode the fixed point.
      assertTrue(largest(map, mean) < 1e-12, name + ": " + largest(map, mean) + " from the mode");
    }
    if (moments && !name.contains("sampled")) {
      sitesArePositive(result, clients.size());
    }
    if (name.equals("full/moment/sequential")) {
      nearerThanLaplace(federation, result.approximation());
    }
  }

  /** Log-concave likelihoods with exact moments give no negative site (Brascamp and Lieb). */
  private static void sitesArePositive(SmallFederation result, int clients) {
    for (int k = 0; k < clients; k++) {
      assertTrue(result.site(k).minEigenBound() > -1e-7, "site " + k);
    }
  }

  private static void nearerThanLaplace(JsonObject federation, Gaussian q) {
    double[] mean = FederatedData.vector(federation.get("posterior_mean"));
    double[] map = FederatedData.vector(federation.get("map"));
    double error = largest(mean, q.mean().toDoubles());
    assertTrue(error < 0.002, "mean off by " + error);
    assertTrue(error < largest(mean, map) / 50, "no better than the mode");
    Tensor exact = FederatedData.matrix(federation.get("posterior_covariance"));
    Tensor laplace = FederatedData.matrix(federation.get("laplace_covariance"));
    double[] variances = q.precision().variances().toDoubles();
    for (int i = 0; i < variances.length; i++) {
      double ours = Math.abs(variances[i] - exact.get(i, i));
      assertTrue(ours < Math.abs(laplace.get(i, i) - exact.get(i, i)), "variance " + i);
      assertEquals(exact.get(i, i), variances[i], 0.03 * exact.get(i, i));
    }
  }

  private static double largest(double[] a, double[] b) {
    double largest = 0;
    for (int i = 0; i < a.length; i++) {
      largest = Math.max(largest, Math.abs(a[i] - b[i]));
    }
    return largest;
  }

  private static Inference inference(JsonObject federation, String name) {
    if (name.startsWith("identity")) {
      double c = FederatedData.number(federation, "identity_site_precision_per_point");
      return new FixedIdentity(MeanFinder.newton(), c);
    }
    return name.contains("moment")
        ? new QuadratureMoments(Projection.MOMENT, 1e-6)
        : new CurvatureLaplace(Projection.PRECISION);
  }

  static List<ClientLikelihood> clients(JsonObject federation) {
    List<ClientLikelihood> clients = new ArrayList<>();
    for (JsonObject client : FederatedData.objects(federation, "clients")) {
      Tensor inputs = FederatedData.matrix(client.get("X"));
      Examples examples = Examples.labelled(inputs, FederatedData.integers(client.get("y")));
      clients.add(Model.logisticRegression(inputs.size(1), false).on(examples));
    }
    return clients;
  }
}
