package org.quadrille.federated.server;

/**
 * What a {@link ServerOptimizer} remembers between rounds; part of a checkpoint.
 *
 * @param steps steps taken
 * @param first running means or velocities, empty if the rule has none; shared
 * @param second running squares, empty if the rule has none; shared
 */
public record ServerMemory(long steps, double[] first, double[] second) {}
