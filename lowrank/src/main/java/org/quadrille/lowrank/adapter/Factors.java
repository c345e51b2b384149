package org.quadrille.lowrank.adapter;

import org.quadrille.linalg.Tensor;

/**
 * First values of an adapter.
 *
 * @param left B, shape [out, r]
 * @param right A, shape [r, in]
 * @param corrected whether the frozen weight becomes {@code W - s B A}, so that the adapted weight
 *     starts as W
 */
public record Factors(Tensor left, Tensor right, boolean corrected) {}
