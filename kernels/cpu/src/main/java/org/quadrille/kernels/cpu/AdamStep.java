package org.quadrille.kernels.cpu;

/**
 * The numbers of one Adam update, the same for all elements of a tensor (Kingma and Ba 2015,
 * algorithm 1; decoupled decay: Loshchilov and Hutter 2019).
 *
 * @param decay factor of the weights before the step: 1 for none
 * @param gradientDecay multiple of the weights that is added to the gradient: 0 for none
 * @param beta1 decay of the mean of gradients
 * @param beta2 decay of the mean of squared gradients
 * @param rate learning rate divided by {@code 1 - beta1^t}
 * @param rootScale {@code 1 / sqrt(1 - beta2^t)}
 * @param epsilon added to the scaled root
 */
public record AdamStep(
    double decay,
    double gradientDecay,
    double beta1,
    double beta2,
    double rate,
    double rootScale,
    double epsilon) {}
