package org.quadrille.cli.reproduce.federated;

import java.util.List;
import java.util.Map;
import org.quadrille.cli.federate.MethodSettings;

/**
 * A method that takes part: where its tuning starts, and which numbers are tuned.
 *
 * @param algorithm by name
 * @param inference of expectation propagation, else empty
 * @param start values where tuning starts
 * @param axes numbers that tuning moves, in the order in which it tries them
 */
record Contender(String algorithm, String inference, Map<String, Double> start, List<String> axes) {

  /**
   * All methods. Their starts are rounded values that an exploration of Fashion-MNIST by a program
   * of its own had found for each of them; SCAFFOLD, which was not in it, starts like FedAvg.
   */
  static final List<Contender> ALL =
      List.of(
          new Contender(
              "fedavg", "", Map.of("rate", 0.03, "server", 0.7), List.of("rate", "server")),
          new Contender(
              "fedprox", "", Map.of("rate", 0.1, "rho", 1.0), List.of("rate", "rho", "server")),
          new Contender(
              "fedpa",
              "",
              Map.of("rate", 0.1, "rho", 0.01, "server", 0.3),
              List.of("rate", "server", "rho")),
          new Contender(
              "scaffold", "", Map.of("rate", 0.03, "server", 0.7), List.of("rate", "server")),
          new Contender(
              "fedsep",
              "identity",
              Map.of("rate", 0.1, "c", 0.03, "server", 1.0),
              List.of("rate", "c", "server")),
          new Contender(
              "fedsep",
              "laplace",
              Map.of("rate", 0.05, "c", 0.003, "scale", 30.0, "server", 3.0),
              List.of("rate", "scale", "server", "c")),
          new Contender(
              "fedep",
              "identity",
              Map.of("rate", 0.05, "c", 0.03, "server", 2.0),
              List.of("rate", "c", "server")),
          new Contender(
              "fedep",
              "laplace",
              Map.of("rate", 0.05, "c", 0.003, "scale", 30.0, "server", 5.0),
              List.of("rate", "scale", "server", "c")));

  String label() {
    return algorithm + (inference.isEmpty() ? "" : "-" + inference);
  }

  MethodSettings settings(BenchmarkSetting setting) {
    return setting.method(algorithm, inference, start);
  }
}
