/**
 * A deterministic simulator of federated learning, from two clients to a hundred thousand.
 *
 * <p>Start with {@link org.quadrille.federated.simulation.Algorithm}, two pure functions, {@link
 * org.quadrille.federated.simulation.ClientSource}, which opens a client when it is asked, and
 * {@link org.quadrille.federated.simulation.RandomKey}: all randomness comes from counters, so the
 * bits are the same for any number of threads, after a stop and on any engine.
 *
 * <p>McMahan, Moore, Ramage, Hampson and Aguera y Arcas, Communication-Efficient Learning of Deep
 * Networks from Decentralized Data, 2017; Guo, Greengard, Wang, Gelman, Kim and Xing, Federated
 * Learning as Variational Inference, 2023.
 */
package org.quadrille.federated.simulation;
