package org.quadrille.cli.reproduce.federated;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.quadrille.cli.federate.FederatedTask;
import org.quadrille.cli.federate.MethodSettings;

/**
 * Data, model and rounds that all methods share.
 *
 * @param name short
 * @param choice of the data; its seed is replaced by that of a run
 * @param perRound clients of a round
 * @param epochs of a client
 * @param batch points of a step
 * @param warmStart rounds of averaging before
 * @param rounds of a method
 */
record BenchmarkSetting(
    String name,
    FederatedTask.Choice choice,
    int perRound,
    int epochs,
    int batch,
    int warmStart,
    int rounds) {

  /** The digits that come with the program: 30 clients of 40, linear softmax. */
  static BenchmarkSetting digits() {
    return new BenchmarkSetting(
        "digits", choice("digits", null, "softmax", 30, 40, 0.1), 10, 5, 20, 5, 55);
  }

  /** Fashion-MNIST at 14 x 14, a perceptron 196-32-10, 100 clients of 100 and few labels. */
  static BenchmarkSetting perceptron(Path folder) {
    return new BenchmarkSetting(
        "fashion-mlp", choice("fashion", folder, "mlp:32", 100, 100, 0.1), 10, 5, 20, 20, 100);
  }

  /** Fashion-MNIST at 14 x 14, linear softmax, 20 very different clients of 200. */
  static BenchmarkSetting linear(Path folder) {
    return new BenchmarkSetting(
        "fashion-linear", choice("fashion", folder, "softmax", 20, 200, 0.05), 10, 10, 20, 5, 75);
  }

  /** Vowels of 15 speakers, each a client. */
  static BenchmarkSetting vowels(Path file) {
    return new BenchmarkSetting(
        "vowel",
        new FederatedTask.Choice("csv", file, "V1", "Class", "mlp:16", 0, 0, 0, 0),
        5,
        5,
        10,
        10,
        90);
  }

  private static FederatedTask.Choice choice(
      String data, Path path, String model, int clients, int points, double alpha) {
    return new FederatedTask.Choice(data, path, null, null, model, clients, points, alpha, 0);
  }

  FederatedTask task(long seed) throws IOException {
    return FederatedTask.of(
        new FederatedTask.Choice(
            choice.data(),
            choice.path(),
            choice.clientColumn(),
            choice.classColumn(),
            choice.model(),
            choice.clients(),
            choice.points(),
            choice.alpha(),
            seed));
  }

  /** Averaging of the warm start. */
  MethodSettings averaging() {
    return method("fedavg", "", Map.of("rate", 0.1));
  }

  MethodSettings method(String algorithm, String inference, Map<String, Double> numbers) {
    return new MethodSettings(algorithm, inference, numbers, epochs, batch);
  }
}
