package org.quadrille.cli.federate;

import java.util.Map;
import java.util.TreeMap;
import org.quadrille.federated.training.LocalTraining;

/**
 * A method and its numbers; what a method does not use is left at its default.
 *
 * @param algorithm fedavg, fedprox, ..., fedep, fedsep, fedadf
 * @param inference of expectation propagation: identity, laplace, mcmc or vi
 * @param numbers rate, server, rho, c, scale, shrinkage, burnIn, momentum, decay by name
 * @param epochs of a client
 * @param batch points of a step
 */
public record MethodSettings(
    String algorithm, String inference, Map<String, Double> numbers, int epochs, int batch) {

  /** Values of what is not given. */
  static final Map<String, Double> DEFAULTS =
      Map.of(
          "rate", 0.05,
          "server", 1.0,
          "rho", 0.1,
          "c", 0.01,
          "scale", 1.0,
          "shrinkage", 1e-4,
          "momentum", 0.9,
          "decay", 1e-4,
          "burnIn", 1.0,
          "maxNorm", Double.POSITIVE_INFINITY);

  /** Checks the names. */
  public MethodSettings {
    for (String name : numbers.keySet()) {
      if (!DEFAULTS.containsKey(name)) {
        throw new IllegalArgumentException(
            "no setting \"" + name + "\"; there are " + new TreeMap<>(DEFAULTS).keySet());
      }
    }
    numbers = Map.copyOf(numbers);
  }

  /** A number. */
  public double number(String name) {
    return numbers.getOrDefault(name, DEFAULTS.get(name));
  }

  /** These settings with another number. */
  public MethodSettings with(String name, double value) {
    Map<String, Double> copy = new TreeMap<>(numbers);
    copy.put(name, value);
    return new MethodSettings(algorithm, inference, copy, epochs, batch);
  }

  /** Algorithm and inference in one word: {@code fedep-laplace}. */
  public String label() {
    return algorithm + (usesInference() ? "-" + inference : "");
  }

  /** Whether the algorithm propagates expectations. */
  public boolean usesInference() {
    return algorithm.equals("fedep") || algorithm.equals("fedsep") || algorithm.equals("fedadf");
  }

  /** How clients train. */
  LocalTraining training() {
    return LocalTraining.of(epochs, batch, number("rate"))
        .withMomentum(number("momentum"))
        .withWeightDecay(number("decay"));
  }

  /** A text that names every number: equal texts, equal runs. */
  public String fingerprint() {
    return label() + " " + new TreeMap<>(numbers) + " epochs " + epochs + " batch " + batch;
  }
}
