package org.quadrille.cli.grow;

import org.quadrille.cli.train.TrainingText;

/**
 * How an operator is learned on a text.
 *
 * @param text to learn on
 * @param steps of the optimizer, 0 or more
 * @param rate largest rate; 0 for the usual one of the method
 * @param batch sequences of a step
 * @param length tokens of a sequence; 0 for 128 or what the model can take
 */
public record LearningRequest(TrainingText text, int steps, double rate, int batch, int length) {}
