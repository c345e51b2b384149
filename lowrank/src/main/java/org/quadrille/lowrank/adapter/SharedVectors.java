package org.quadrille.lowrank.adapter;

import java.util.Map;
import org.quadrille.linalg.LinearOperator;
import org.quadrille.linalg.Tensor;

/**
 * The fixed random factors that all adapters of VeRA share: each takes the part that fits its
 * shape. Entries are Kaiming uniform, {@code U(-sqrt(6 / columns), sqrt(6 / columns))}.
 */
final class SharedVectors {
  private static final double START = 0.1;

  private final Tensor left;
  private final Tensor right;
  private final AdapterConfig config;

  private SharedVectors(Tensor left, Tensor right, AdapterConfig config) {
    this.left = left;
    this.right = right;
    this.config = config;
  }

  static SharedVectors of(Map<String, ? extends LinearOperator> bases, AdapterConfig config) {
    if (config.magnitude() != Magnitude.NONE || !config.ranks().isEmpty()) {
      throw new IllegalArgumentException(
          "form VECTORS shares its factors: expected no magnitudes and one rank for all maps");
    }
    int rows = 0;
    int cols = 0;
    for (LinearOperator base : bases.values()) {
      rows = Math.max(rows, base.rows());
      cols = Math.max(cols, base.cols());
    }
    var dtype = bases.values().iterator().next().dtype();
    int rank = config.rank();
    return new SharedVectors(
        RandomStart.uniform(
            dtype, config.seed() * 2, Math.sqrt(6.0 / Math.max(1, rank)), rows, rank),
        RandomStart.uniform(
            dtype, config.seed() * 2 + 1, Math.sqrt(6.0 / Math.max(1, cols)), rank, cols),
        config);
  }

  AdaptedOperator beside(String name, LinearOperator base) {
    AdapterParts parts =
        new AdapterParts(
            left.slice(0, 0, base.rows()),
            right.slice(1, 0, base.cols()),
            Tensor.zeros(base.dtype(), config.rank()).fill(START),
            Tensor.zeros(base.dtype(), base.rows()),
            null,
            config.scaleOf(name),
            false,
            false,
            false);
    return new AdaptedOperator(base, parts);
  }
}
