/**
 * Federated learning as variational inference: what client data look like to an algorithm.
 *
 * <p>A federation has K clients; client k holds n_k points and a likelihood {@code p_k(theta) =
 * exp(-l_k(theta))}, l_k being a sum over its points. The posterior {@code p_0 prod p_k} is
 * approximated by a product {@code p_0 prod s_k} of one Gaussian site per client (Guo, Greengard,
 * Wang, Gelman, Kim and Xing, "Federated Learning as Variational Inference: A Scalable Expectation
 * Propagation Approach", 2023). Start with {@link org.quadrille.federated.ClientLikelihood}, then
 * the packages {@code gaussian} (messages), {@code model} (models over a flat parameter vector),
 * {@code inference} (what a client does with its cavity), {@code propagation} (what it sends) and
 * {@code server} (what the server does with it).
 */
package org.quadrille.federated;
