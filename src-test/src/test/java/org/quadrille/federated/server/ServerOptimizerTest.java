package org.quadrille.federated.server;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.quadrille.federated.FederatedData;
import org.quadrille.formats.JsonObject;

/** Server optimizers and damping. */
class ServerOptimizerTest {

  @Test
  void followsTheReferencePaths() {
    JsonObject file = FederatedData.file("server_optimizers.json");
    List<JsonObject> runs = FederatedData.objects(file, "runs");
    for (JsonObject run : runs) {
      ServerOptimizer optimizer = optimizer(run);
      double[] x = FederatedData.vector(file.get("start"));
      ServerMemory memory = optimizer.begin(x.length);
      List<Object> deltas = FederatedData.list(file.get("deltas"));
      List<Object> path = FederatedData.list(run.get("path"));
      for (int i = 0; i < deltas.size(); i++) {
        memory = optimizer.ascend(memory, x, FederatedData.vector(deltas.get(i)));
        assertArrayEquals(
            FederatedData.vector(path.get(i)), x, 1e-12, FederatedData.text(run, "name") + i);
      }
      assertEquals(deltas.size(), memory.steps());
    }
    assertTrue(runs.size() >= 5);
  }

  private static ServerOptimizer optimizer(JsonObject run) {
    JsonObject hyper = FederatedData.object(run, "hyper");
    String name = FederatedData.text(run, "name");
    double start = value(hyper, name.equals("yogi") ? "initial_v" : "initial_accumulator");
    double beta1 = value(hyper, name.equals("momentum") ? "beta" : "beta1");
    return new ServerOptimizer(
        ServerOptimizer.Kind.valueOf(name.toUpperCase()),
        value(hyper, "lr"),
        beta1,
        value(hyper, "beta2"),
        value(hyper, "epsilon"),
        start);
  }

  private static double value(JsonObject hyper, String name) {
    return hyper.has(name) ? FederatedData.number(hyper, name) : 0;
  }

  @Test
  void adagradLeavesAloneWhatNeverMoved() {
    double[] x = {1, 2};
    ServerOptimizer.adagrad(5).ascend(ServerOptimizer.adagrad(5).begin(2), x, new double[] {0, 3});
    assertEquals(1, x[0]);
    ServerOptimizer exact = new ServerOptimizer(ServerOptimizer.Kind.ADAM, 1, 0.9, 0.9, 0, 0);
    exact.ascend(exact.begin(2), x, new double[] {0, 3});
    assertEquals(1, x[0]);
  }

  @Test
  void memoryIsNotModified() {
    ServerOptimizer adam = ServerOptimizer.adam(0.1);
    ServerMemory memory = adam.begin(1);
    double[] x = {0};
    adam.ascend(memory, x, new double[] {1});
    double[] again = {0};
    adam.ascend(memory, again, new double[] {1});
    assertArrayEquals(x, again);
  }

  @Test
  void onlyPlainStepsKeepSites() {
    assertTrue(ServerOptimizer.sgd(0.5).keepsSites());
    assertFalse(ServerOptimizer.momentum(0.5, 0.9).keepsSites());
    assertFalse(ServerOptimizer.yogi(0.5).keepsSites());
  }

  @Test
  void dampingOfARound() {
    assertEquals(0.25, Damping.AVERAGE.factor(7, 4));
    assertEquals(1, Damping.NONE.factor(0, 4));
    assertEquals(0.5, Damping.DECAYING.factor(0, 4));
    assertEquals(0.375, Damping.DECAYING.factor(2, 4));
    assertEquals(0.25, Damping.DECAYING.factor(4, 4));
    assertEquals(0.25, Damping.DECAYING.factor(1000, 4));
    assertEquals(1, Damping.DECAYING.factor(0, 1));
    assertEquals(0.3, Damping.constant(0.3).factor(3, 9));
  }

  @Test
  void refusesSettingsOutOfRange() {
    for (double delta : new double[] {0, -1, 1.01, Double.NaN}) {
      assertThrows(IllegalArgumentException.class, () -> Damping.constant(delta));
    }
    assertThrows(IllegalArgumentException.class, () -> Damping.AVERAGE.factor(0, 0));
    assertThrows(IllegalArgumentException.class, () -> ServerOptimizer.sgd(0));
    assertThrows(IllegalArgumentException.class, () -> ServerOptimizer.momentum(1, 1));
    assertThrows(
        IllegalArgumentException.class,
        () ->
            ServerOptimizer.adam(1)
                .ascend(ServerOptimizer.adam(1).begin(3), new double[2], new double[2]));
  }
}
