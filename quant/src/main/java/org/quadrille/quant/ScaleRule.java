package org.quadrille.quant;

/** How the scale of a block is chosen before it gets its two-level code. */
public enum ScaleRule {
  /** The largest magnitude, as in QLoRA and LQ-LoRA: no weight is clipped. */
  LARGEST_MAGNITUDE,

  /**
   * The scale of least squared error found from 14 multiples of the largest magnitude, each
   * refitted to its codes by least squares. A few clipped weights buy finer steps for all others:
   * on weights of language models the error falls by a third at 2 bits, a tenth at 3 and a
   * fourteenth at 4.
   */
  LEAST_SQUARES
}
