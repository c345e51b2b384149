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
  MASKED_WORDS,
  /** The same with a decoder matrix of its own in place of the token embedding. */
  MASKED_WORDS_UNTIED;

  /** Whether masked words are predicted, by dense, GELU and normalization before the decoder. */
  public boolean predictsMaskedWords() {
    return this == MASKED_WORDS || this == MASKED_WORDS_UNTIED;
  }
}
