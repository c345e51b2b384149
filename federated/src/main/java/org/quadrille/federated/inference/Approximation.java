package org.quadrille.federated.inference;

import java.util.Map;
import java.util.Optional;
import org.quadrille.federated.gaussian.Gaussian;

/**
 * A Gaussian in place of a tilted distribution.
 *
 * @param result the Gaussian; empty if the computation ran into NaN or infinities
 * @param figures numbers for the record, by name
 */
public record Approximation(Optional<Gaussian> result, Map<String, Double> figures) {

  /** A result with figures. */
  static Approximation of(Gaussian gaussian, Map<String, Double> figures) {
    return gaussian.isFinite()
        ? new Approximation(Optional.of(gaussian), Map.copyOf(figures))
        : diverged(figures);
  }

  /** No result. */
  static Approximation diverged(Map<String, Double> figures) {
    return new Approximation(Optional.empty(), Map.copyOf(figures));
  }

  /** Whether there is no result. */
  public boolean isDiverged() {
    return result.isEmpty();
  }

  /**
   * The Gaussian.
   *
   * @throws IllegalStateException if the computation diverged
   */
  public Gaussian gaussian() {
    return result.orElseThrow(
        () -> new IllegalStateException("the computation diverged; ask isDiverged() first"));
  }
}
