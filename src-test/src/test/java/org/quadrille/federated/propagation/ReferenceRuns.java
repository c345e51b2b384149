package org.quadrille.federated.propagation;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.quadrille.federated.ClientLikelihood;
import org.quadrille.federated.FederatedData;
import org.quadrille.federated.gaussian.Gaussian;
import org.quadrille.federated.server.Damping;
import org.quadrille.formats.JsonObject;

/** Replays a run of the reference files and compares every stored round. */
final class ReferenceRuns {
  private ReferenceRuns() {}

  /** The federation after the whole run. */
  static SmallFederation replay(
      JsonObject run,
      ExpectationPropagation undamped,
      List<? extends ClientLikelihood> clients,
      double tolerance) {
    boolean sequential = FederatedData.text(run, "mode").equals("sequential");
    boolean stateless = run.get("stateless_weights") != null;
    double damping = FederatedData.number(run, "damping");
    ExpectationPropagation algorithm =
        undamped
            .withDamping(Damping.constant(damping))
            .withCavity(stateless ? CavityRule.FRACTION : CavityRule.SITES);
    SmallFederation federation = new SmallFederation(algorithm, clients, 1);
    if (run.get("initial_sites") instanceof List<?> sites) {
      for (int k = 0; k < sites.size(); k++) {
        federation.setSite(k, FederatedData.gaussian((JsonObject) sites.get(k)));
      }
    }
    List<JsonObject> trajectory = FederatedData.objects(run, "trajectory");
    int stored = 0;
    List<int[]> rounds = FederatedData.rounds(run, clients.size());
    for (int r = 0; r < rounds.size(); r++) {
      if (sequential) {
        federation.sequential(rounds.get(r));
      } else {
        federation.parallel(rounds.get(r));
      }
      if (stored < trajectory.size() && roundOf(trajectory.get(stored), stored) == r) {
        Gaussian expected = FederatedData.gaussian(trajectory.get(stored++));
        double distance = FederatedData.distance(expected, federation.approximation());
        assertTrue(
            distance <= tolerance,
            FederatedData.text(run, "name") + " round " + r + ": off by " + distance);
      }
    }
    assertTrue(stored == trajectory.size(), FederatedData.text(run, "name") + ": rounds left over");
    if (run.get("final_sites") instanceof List<?> sites) {
      for (int k = 0; k < sites.size(); k++) {
        Gaussian expected = FederatedData.gaussian((JsonObject) sites.get(k));
        double distance = FederatedData.distance(expected, federation.site(k));
        assertTrue(
            distance <= tolerance,
            FederatedData.text(run, "name") + " site " + k + ": off by " + distance);
      }
      assertTrue(
          federation.drift() < 1e-12, FederatedData.text(run, "name") + ": sites do not add up");
    }
    double distance =
        FederatedData.distance(
            FederatedData.vector(run.get("final_mean")),
            federation.approximation().mean().toDoubles());
    assertTrue(
        distance <= tolerance, FederatedData.text(run, "name") + ": mean off by " + distance);
    return federation;
  }

  private static int roundOf(JsonObject entry, int index) {
    return entry.get("round") == null ? index : ((Number) entry.get("round")).intValue();
  }
}
