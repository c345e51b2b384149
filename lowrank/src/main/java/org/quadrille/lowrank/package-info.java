/**
 * Low-rank updates {@code W + s B A} of matrices: their algebra without ever forming them, merging,
 * training and analysis.
 *
 * <p>An update is a {@link org.quadrille.linalg.LowRank}; what full finetuning changed is measured
 * by {@link org.quadrille.lowrank.spectrum.Spectrum}. Letters follow Hu et al., LoRA: Low-Rank
 * Adaptation of Large Language Models, 2021: W has one row for each output, A is r x inputs, B is
 * outputs x r.
 */
package org.quadrille.lowrank;
