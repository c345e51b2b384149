/**
 * Federated algorithms that move one vector of parameters: averaging with every server optimizer, a
 * proximal term, posterior averaging, control variates, dynamic regularization, and one-shot
 * aggregation of posteriors.
 *
 * <p>Start with {@link org.quadrille.federated.baseline.FederatedAveraging}. McMahan et al. 2017
 * (FedAvg); Reddi et al. 2021 (adaptive server optimizers); Li et al. 2020 (FedProx); Al-Shedivat
 * et al. 2021 (FedPA); Karimireddy et al. 2020 (SCAFFOLD); Acar et al. 2021 (FedDyn).
 */
package org.quadrille.federated.baseline;
