package org.quadrille.federated.baseline;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.quadrille.federated.ClientLikelihood;
import org.quadrille.federated.FisherKind;
import org.quadrille.federated.server.ServerOptimizer;
import org.quadrille.federated.simulation.Algorithm;
import org.quadrille.federated.simulation.ClientReply;
import org.quadrille.federated.simulation.ClientSource;
import org.quadrille.federated.simulation.RandomKey;
import org.quadrille.federated.simulation.RoundSpec;
import org.quadrille.federated.simulation.RoundSum;
import org.quadrille.federated.simulation.Simulation;
import org.quadrille.federated.simulation.SimulationSettings;
import org.quadrille.federated.simulation.StateArrays;
import org.quadrille.federated.training.LocalTraining;
import org.quadrille.federated.training.SampleKind;
import org.quadrille.formats.JsonObject;

/** Averaging on quadratics: fixed points in closed form, trajectories of every server optimizer. */
class FederatedAveragingTest {
  private static final int WHOLE = 1 << 20;

  /** So many full-batch steps: an epoch of a batch of everything is one step. */
  private static LocalTraining steps(int steps, double rate) {
    return LocalTraining.of(steps, WHOLE, rate).withMomentum(0);
  }

  private static double[] fixedPoint(
      QuadraticFederation federation, Algorithm<ClientLikelihood> algorithm, int rounds) {
    Simulation<ClientLikelihood> simulation =
        Simulation.of(
            algorithm, federation.source(), SimulationSettings.of(1, federation.clients().size()));
    simulation.run(rounds);
    return algorithm.parameters(simulation.server());
  }

  @Test
  void fixedPointsAreThoseOfTheReference() throws Exception {
    int checked = 0;
    for (QuadraticFederation federation : QuadraticFederation.all()) {
      double[] start = federation.json().object("trajectory_setup").numbers("start");
      for (Object item : federation.json().array("fixed_points")) {
        JsonObject point = (JsonObject) item;
        double[] expected = point.numbers("fixed_point");
        double rate = federation.json().object("trajectory_setup").number("client_lr");
        LocalTraining training;
        double rho = 0;
        switch (point.string("method")) {
          case "FedAvg" ->
              training = steps(point.intValue("local_steps"), point.number("client_lr"));
          case "FedAvg-full-solve" -> training = steps(500, rate);
          default -> {
            rho = point.number("rho");
            // The same step as without the term at rate 1 / (1/rate + rho): stable.
            training = steps(500, rate / (1 + rho * rate));
          }
        }
        Algorithm<ClientLikelihood> algorithm =
            new FederatedAveraging(
                "test",
                new ClientUpdate.Averaging(training, false, rho),
                ServerOptimizer.sgd(1),
                start);
        double[] reached =
            fixedPoint(
                federation,
                algorithm,
                rho > 1 ? 400 : training.epochs() < 100 ? 3000 / training.epochs() : 60);
        assertArrayEquals(expected, reached, 1e-8, point.toString());
        assertEquals(
            point.number("distance_to_optimum"),
            QuadraticFederation.distance(reached, federation.optimum()),
            1e-8);
        checked++;
      }
    }
    assertTrue(checked > 0);
  }

  @Test
  void trajectoriesAreThoseOfTheReference() throws Exception {
    int checked = 0;
    for (QuadraticFederation federation : QuadraticFederation.all()) {
      JsonObject setup = federation.json().object("trajectory_setup");
      for (Object item : federation.json().array("trajectories")) {
        JsonObject run = (JsonObject) item;
        Algorithm<ClientLikelihood> algorithm = algorithm(federation, setup, run);
        StateArrays state = algorithm.start();
        List<?> lists = setup.array("client_lists");
        for (int r = 0; r < lists.size(); r++) {
          List<ClientReply> replies = new ArrayList<>();
          double[] clients = QuadraticFederation.vector(lists.get(r));
          RoundSpec round = new RoundSpec(r, 1, federation.clients().size(), clients.length, 1000);
          for (double k : clients) {
            replies.add(
                algorithm.client(
                    round, state, Optional.empty(), (int) k, federation.clients().get((int) k)));
          }
          RoundSum sum = RoundSum.of(algorithm.contributionLength(), replies);
          state = algorithm.server(state, sum, round).state();
          double[] expected = QuadraticFederation.vector(run.array("path").get(r));
          assertArrayEquals(
              expected, algorithm.parameters(state), 1e-10, run.string("server") + " " + r);
          checked++;
        }
      }
    }
    assertTrue(checked > 0);
  }

  private static Algorithm<ClientLikelihood> algorithm(
      QuadraticFederation federation, JsonObject setup, JsonObject run) throws Exception {
    JsonObject hyper = run.object("hyper");
    double lr = hyper.number("lr");
    ServerOptimizer.Kind sgd = ServerOptimizer.Kind.SGD;
    ServerOptimizer optimizer =
        switch (run.string("server")) {
          case "momentum" ->
              new ServerOptimizer(ServerOptimizer.Kind.MOMENTUM, lr, hyper.number("beta"), 0, 0, 0);
          case "adam" ->
              new ServerOptimizer(
                  ServerOptimizer.Kind.ADAM,
                  lr,
                  hyper.number("beta1"),
                  hyper.number("beta2"),
                  hyper.number("epsilon"),
                  0);
          case "adagrad" ->
              new ServerOptimizer(
                  ServerOptimizer.Kind.ADAGRAD,
                  lr,
                  0,
                  0,
                  hyper.number("epsilon"),
                  hyper.number("initial_accumulator"));
          case "yogi" ->
              new ServerOptimizer(
                  ServerOptimizer.Kind.YOGI,
                  lr,
                  hyper.number("beta1"),
                  hyper.number("beta2"),
                  hyper.number("epsilon"),
                  hyper.number("initial_v"));
          default -> new ServerOptimizer(sgd, lr, 0, 0, 0, 0);
        };
    double[] start = setup.numbers("start");
    LocalTraining training = steps(setup.intValue("local_steps"), setup.number("client_lr"));
    ClientUpdate update =
        run.string("server").startsWith("fedpa")
            ? new ExactPosterior()
            : new ClientUpdate.Averaging(training, false, 0);
    return new FederatedAveraging("test", update, optimizer, start);
  }

  /** Posterior averaging with the covariance itself in place of samples: {@code -A (mu - opt)}. */
  private record ExactPosterior() implements ClientUpdate {
    @Override
    public double[] change(ClientLikelihood likelihood, double[] mean, RandomKey key) {
      QuadraticClient client = (QuadraticClient) likelihood;
      double[] change = new double[mean.length];
      for (int i = 0; i < mean.length; i++) {
        for (int j = 0; j < mean.length; j++) {
          change[i] -= client.matrix()[i][j] * (mean[j] - client.optimum()[j]);
        }
      }
      return change;
    }

    @Override
    public String settings() {
      return "exact";
    }
  }

  @Test
  void controlVariatesAndDynamicRegularizationReachTheOptimum() throws Exception {
    for (QuadraticFederation federation : QuadraticFederation.all()) {
      // Equal numbers of examples: both count clients alike.
      List<QuadraticClient> equal =
          federation.clients().stream()
              .map(client -> new QuadraticClient(client.matrix(), client.optimum(), 10))
              .toList();
      QuadraticFederation same = new QuadraticFederation(federation.json(), equal, null);
      double[] start = federation.json().object("trajectory_setup").numbers("start");
      double[] optimum = fixedPoint(same, FederatedAveraging.fedAvg(steps(1, 0.15), start), 3000);
      for (double momentum : new double[] {0, 0.3}) {
        LocalTraining training = steps(5, 0.1).withMomentum(momentum);
        Algorithm<ClientLikelihood> scaffold =
            new Scaffold(training, ServerOptimizer.sgd(1), start);
        double[] reached = fixedPoint(same, scaffold, 700);
        assertTrue(QuadraticFederation.distance(reached, optimum) < 1e-8);
      }
      Algorithm<ClientLikelihood> dynamic = new DynamicRegularization(steps(50, 0.1), 0.5, start);
      double[] reached = fixedPoint(same, dynamic, 300);
      assertTrue(QuadraticFederation.distance(reached, optimum) < 1e-8);
      // What they repair: averaging after several steps ends elsewhere.
      double[] biased = fixedPoint(same, FederatedAveraging.fedAvg(steps(20, 0.15), start), 600);
      assertTrue(QuadraticFederation.distance(biased, optimum) > 1e-2);
    }
  }

  @Test
  void oneShotAggregationOfDiagonalGaussiansIsExact() {
    List<ClientLikelihood> clients =
        List.of(
            new QuadraticClient(new double[][] {{2, 0}, {0, 1}}, new double[] {1, -1}, 10),
            new QuadraticClient(new double[][] {{1, 0}, {0, 4}}, new double[] {-2, 3}, 30));
    double[] start = {0.5, 0.25};
    Algorithm<ClientLikelihood> algorithm =
        new OneShotAggregation(
            new LocalTraining(300, WHOLE, 0.2, 0, 0, SampleKind.LAST, 299),
            FisherKind.EXACT,
            2,
            start);
    Simulation<ClientLikelihood> simulation =
        Simulation.of(
            algorithm,
            ClientSource.of(clients, ClientLikelihood::points),
            SimulationSettings.of(1, 2));
    simulation.run(3); // the second and third round add nothing
    // precision 2 + 10 * 2 + 30 * 1, mean (2 * 0.5 + 20 * 1 - 30 * 2) / 52; the other likewise
    assertArrayEquals(
        new double[] {(1 + 20 - 60) / 52.0, (0.5 - 10 + 360) / 132.0},
        algorithm.parameters(simulation.server()),
        1e-12);
    double sum = 0;
    int draws = 4000;
    for (int s = 0; s < draws; s++) {
      double[] draw = algorithm.draw(simulation.server(), RandomKey.of(4).child(s)).orElseThrow();
      sum += Math.pow(draw[0] - (1 + 20 - 60) / 52.0, 2);
    }
    assertEquals(1 / 52.0, sum / draws, 5 * Math.sqrt(2.0 / draws) / 52);
  }

  @Test
  void refusesBadSettings() {
    LocalTraining training = steps(1, 0.1);
    assertThrows(
        IllegalArgumentException.class,
        () -> FederatedAveraging.fedProx(training, -1, new double[2]));
    assertThrows(
        IllegalArgumentException.class,
        () -> FederatedAveraging.fedAvg(training, new double[] {Double.NaN}));
    assertThrows(
        IllegalArgumentException.class, () -> FederatedAveraging.fedAvg(training, new double[0]));
    assertThrows(
        IllegalArgumentException.class,
        () -> new DynamicRegularization(training, 0, new double[2]));
    assertThrows(
        IllegalArgumentException.class, () -> new ClientUpdate.PosteriorAveraging(training, -0.1));
  }
}
