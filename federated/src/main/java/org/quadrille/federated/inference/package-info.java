/**
 * What a client does with its cavity: approximate the tilted distribution {@code p_k q_cav} by a
 * Gaussian.
 *
 * <p>Scalable methods find a mean by {@link org.quadrille.federated.inference.MeanFinder} and a
 * precision by one of {@link org.quadrille.federated.inference.FixedIdentity}, {@link
 * org.quadrille.federated.inference.FisherLaplace}, {@link
 * org.quadrille.federated.inference.SampleSpread} and {@link
 * org.quadrille.federated.inference.NaturalGradient} (Guo et al. 2023). Exact ones, for small
 * problems: {@link org.quadrille.federated.inference.ExactGaussian}, {@link
 * org.quadrille.federated.inference.QuadratureMoments}, {@link
 * org.quadrille.federated.inference.CurvatureLaplace} and {@link
 * org.quadrille.federated.inference.PartitionedVariational}.
 *
 * {@snippet :
 * Inference laplace = FisherLaplace.of(MeanFinder.descent(LocalTraining.of(5, 20, 0.05)));
 * Approximation tilted = laplace.approximate(new TiltedProblem(likelihood, cavity, 0, start, key));
 * Gaussian change = tilted.gaussian().divide(q);
 * }
 */
package org.quadrille.federated.inference;
