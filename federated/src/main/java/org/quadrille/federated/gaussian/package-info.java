/**
 * Gaussians in natural parameters, the messages of federated inference.
 *
 * <p>A Gaussian is {@code exp(-theta' Lambda theta / 2 + eta' theta)} up to a constant, with
 * precision Lambda and {@code eta = Lambda mean}; products and quotients of such functions are sums
 * and differences of {@code (eta, Lambda)}, so all of message passing is addition. Start with
 * {@link org.quadrille.federated.gaussian.Gaussian}, {@link
 * org.quadrille.federated.gaussian.PrecisionShape} and {@link
 * org.quadrille.federated.gaussian.Projection}.
 *
 * {@snippet :
 * Gaussian prior = Gaussian.isotropic(PrecisionShape.FULL, 1, Tensor.of(new double[] {0, 0}, 2));
 * Gaussian site = Gaussian.fromMoments(clientMean, clientCovariance);
 * Gaussian posterior = prior.multiply(site);
 * Gaussian cavity = posterior.divide(site); // the prior again
 * }
 */
package org.quadrille.federated.gaussian;
