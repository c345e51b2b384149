package org.quadrille.quant;

/** Which half of an iteration comes first. */
public enum LqOrder {
  /** Low-rank part first, as in robust principal component analysis (LQ-LoRA, algorithm 2). */
  LOW_RANK_FIRST,
  /** Quantized part first (Li et al., "LoftQ", 2023, algorithm 1): usually a larger error. */
  QUANTIZED_FIRST,
  /**
   * Only the quantized part: the factors are the zero product that training starts from, L1 zero
   * and L2 Gaussian (Dettmers et al., "QLoRA", 2023).
   */
  QUANTIZED_ONLY
}
