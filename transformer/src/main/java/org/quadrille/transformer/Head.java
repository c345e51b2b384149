package org.quadrille.transformer;

/** What makes numbers for every token of the last hidden states. */
public enum Head {
  /** Nothing: hidden states are the result. */
  NONE,
  /** Logits by the token embedding, transposed. */
  TIED,
  /** Logits by a matrix of its own. */
  UNTIED,
  /** BERT's prediction of masked words: dense, GELU, normalization, token embedding transposed. */
  MASKED_WORDS
}
