package org.quadrille.federated.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.quadrille.federated.Batch;
import org.quadrille.federated.ClientLikelihood;
import org.quadrille.federated.Examples;
import org.quadrille.federated.FederatedData;
import org.quadrille.federated.FisherKind;
import org.quadrille.formats.JsonObject;
import org.quadrille.linalg.DType;
import org.quadrille.linalg.Tensor;

/** Loss, gradient and Fisher information of softmax regression against the reference. */
class SoftmaxReferenceTest {

  private static final double TOLERANCE = 1e-12;

  @Test
  void agrees() {
    List<JsonObject> cases =
        FederatedData.objects(FederatedData.file("softmax_fisher.json"), "cases");
    for (JsonObject entry : cases) {
      check(entry);
    }
    assertTrue(cases.size() >= 1);
  }

  private static void check(JsonObject entry) {
    Tensor x = FederatedData.matrix(entry.get("X"));
    Tensor w = FederatedData.matrix(entry.get("W"));
    double[] b = FederatedData.vector(entry.get("b"));
    Tensor theta = flat(w, b);
    int n = x.size(0);
    Model model = Model.softmaxRegression(w.size(0), w.size(1));
    ClientLikelihood client =
        model.on(Examples.labelled(x, FederatedData.integers(entry.get("y"))));
    Tensor gradient = Tensor.zeros(DType.F64, theta.length());
    double loss = client.gradient(theta, gradient);
    assertEquals(FederatedData.number(entry, "mean_loss"), loss / n, TOLERANCE);
    near(entry, "grad_W", "grad_b", gradient, n);
    near(
        entry,
        "fisher_exact_mean_W",
        "fisher_exact_mean_b",
        fisher(client, theta, FisherKind.EXACT),
        n);
    near(
        entry,
        "fisher_empirical_mean_W",
        "fisher_empirical_mean_b",
        fisher(client, theta, FisherKind.EMPIRICAL),
        n);
    // Given sampled labels: the empirical information of a client that has observed them.
    ClientLikelihood drawn =
        model.on(Examples.labelled(x, FederatedData.integers(entry.get("sampled_labels"))));
    near(
        entry,
        "fisher_sampled_mean_W",
        "fisher_sampled_mean_b",
        fisher(drawn, theta, FisherKind.EMPIRICAL),
        n);
  }

  private static Tensor fisher(ClientLikelihood client, Tensor theta, FisherKind kind) {
    Tensor fisher = Tensor.zeros(DType.F64, theta.length());
    client.addFisher(theta, Batch.all(client.points()), kind, 1, fisher);
    return fisher;
  }

  private static void near(JsonObject entry, String weights, String bias, Tensor sum, int n) {
    Tensor expected =
        flat(FederatedData.matrix(entry.get(weights)), FederatedData.vector(entry.get(bias)));
    for (int i = 0; i < sum.length(); i++) {
      assertEquals(expected.get(i), sum.get(i) / n, TOLERANCE, weights + " " + i);
    }
  }

  private static Tensor flat(Tensor w, double[] b) {
    Tensor theta = Tensor.zeros(DType.F64, w.length() + b.length);
    for (int i = 0; i < theta.length(); i++) {
      theta.set(i < w.length() ? w.get(i / b.length, i % b.length) : b[i - w.length()], i);
    }
    return theta;
  }
}
