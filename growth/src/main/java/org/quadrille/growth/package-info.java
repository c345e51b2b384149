/**
 * Growing a trained transformer: the weights of a larger model as a linear function, fixed or
 * learned, of the weights of a smaller one (P. Wang et al., Learning to Grow Pretrained Models for
 * Efficient Transformer Training, ICLR 2023).
 *
 * <p>Start with {@link org.quadrille.growth.GrowthPlan} and {@link
 * org.quadrille.growth.GrowthOperator}.
 */
package org.quadrille.growth;
