package org.quadrille.transformer;

/** The nonlinearity of a feedforward layer. */
public enum Activation {
  /** x Phi(x), Phi the normal distribution function: BERT, ViT. */
  GELU,
  /** Its tanh form: GPT-2. */
  GELU_TANH,
  /** {@code silu(gate x) * (up x)} with silu(x) = x sigmoid(x) (Shazeer 2020): LLaMA. */
  SWIGLU
}
