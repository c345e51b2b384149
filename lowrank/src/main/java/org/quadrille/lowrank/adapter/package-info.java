/**
 * Training low-rank updates beside frozen weights: LoRA and its variants as options of one
 * configuration.
 *
 * <p>Start with {@link org.quadrille.lowrank.adapter.AdapterConfig}, which says what an adapter
 * looks like and how it starts, and {@link org.quadrille.lowrank.adapter.Adapters}, which puts one
 * beside every chosen weight of a model; {@link org.quadrille.lowrank.adapter.AdaptedOperator} is
 * the weight with its adapter, a {@link org.quadrille.linalg.ParametricOperator} like any other.
 *
 * {@snippet :
 * Adapters adapters = Adapters.attach(model.parameters(), AdapterConfig.rank(16));
 * Transformer adapted = adapters.into(model, Transformer::withOperator);
 * }
 *
 * <p>Conventions are those of Hu et al., "LoRA: Low-Rank Adaptation of Large Language Models",
 * 2021: {@code y = (W + s B A) x} with B, the left factor, of shape [out, r] and A, the right one,
 * of shape [r, in].
 */
package org.quadrille.lowrank.adapter;
