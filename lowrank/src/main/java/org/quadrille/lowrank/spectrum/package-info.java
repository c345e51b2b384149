/**
 * What singular values say about a matrix or about the difference of two: ranks for a share of the
 * energy, effective ranks, and what random matrices of the same shape would show (Biderman et al.,
 * LoRA Learns Less and Forgets Less, TMLR 2024, section 4.6).
 *
 * <p>Start with {@link org.quadrille.lowrank.spectrum.Spectrum}.
 */
package org.quadrille.lowrank.spectrum;
