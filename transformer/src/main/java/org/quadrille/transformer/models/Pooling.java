package org.quadrille.transformer.models;

/** How the vector of a sentence comes from the last hidden states of its tokens. */
public enum Pooling {
  /** Their mean: MiniLM, e5. */
  MEAN,
  /** That of the first token: bge. */
  FIRST
}
