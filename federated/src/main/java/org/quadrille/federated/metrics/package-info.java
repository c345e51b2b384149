/**
 * How good predictions are: accuracy, negative log likelihood, Brier score and calibration, over
 * rounds and over clients. Start with {@link org.quadrille.federated.metrics.Scores} and {@link
 * org.quadrille.federated.metrics.LearningCurve}. Calibration: Guo, Pleiss, Sun and Weinberger, On
 * Calibration of Modern Neural Networks, 2017.
 */
package org.quadrille.federated.metrics;
