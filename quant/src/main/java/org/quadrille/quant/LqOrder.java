package org.quadrille.quant;

/** Which half of an iteration comes first. */
public enum LqOrder {
  /** Low-rank part first, as in robust principal component analysis (LQ-LoRA, algorithm 2). */
  LOW_RANK_FIRST,
  /** Quantized part first (Li et al., "LoftQ", 2023, algorithm 1): usually a larger error. */
  QUANTIZED_FIRST
}
