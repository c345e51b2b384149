/**
 * Expectation propagation over a federation: FedEP with a site for every client, its stateless form
 * FedSEP, and assumed density filtering.
 *
 * <p>One visit to client k at the global approximation q (Guo et al. 2023): the cavity {@code q /
 * s_k} is what everyone else knows, the tilted distribution {@code p_k q / s_k} is approximated by
 * a Gaussian q', the client sends the change {@code q' / q} of its site, the server multiplies q by
 * all changes, damped. Start with {@link
 * org.quadrille.federated.propagation.ExpectationPropagation}; {@link
 * org.quadrille.federated.propagation.SmallFederation} runs it on a few clients in memory.
 *
 * {@snippet :
 * var algorithm = ExpectationPropagation.fedEp(new ExactGaussian(Projection.MOMENT), prior);
 * var federation = new SmallFederation(algorithm, clients, 1);
 * federation.parallel();                      // one round: the exact posterior
 * Tensor mean = federation.approximation().mean();
 * }
 */
package org.quadrille.federated.propagation;
