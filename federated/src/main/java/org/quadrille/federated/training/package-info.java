/**
 * Training on one client: stochastic gradient descent on its mean loss plus a quadratic, and what
 * the iterates say about the posterior.
 *
 * <p>One loop serves every algorithm: federated averaging adds nothing, a proximal term or a
 * control variate are quadratics, and so is the cavity of expectation propagation. Start with
 * {@link org.quadrille.federated.training.LocalTraining}.
 */
package org.quadrille.federated.training;
