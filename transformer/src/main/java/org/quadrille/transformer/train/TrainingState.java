package org.quadrille.transformer.train;

import org.quadrille.linalg.Tensors;

/**
 * All that a run needs to go on as if it had never stopped.
 *
 * @param step steps taken
 * @param parameters all weights
 * @param optimizer what the optimizer remembers
 * @param history of the steps so far
 */
public record TrainingState(
    long step, Tensors parameters, Tensors optimizer, TrainingHistory history) {}
