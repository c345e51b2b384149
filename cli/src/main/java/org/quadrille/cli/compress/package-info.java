/**
 * Compression of a whole model: every linear weight becomes a quantized plus a low-rank part, the
 * rest is passed through unchanged (LQ-LoRA, sections 3.1 to 3.3).
 *
 * <p>{@link org.quadrille.cli.compress.CompressionJob} runs the stages: select the weights, plan a
 * configuration for each ({@link org.quadrille.cli.compress.BitPlan}), decompose them in parallel,
 * write one safetensors file, read it back and check every bit. Measured costs and finished
 * matrices are kept in a {@link org.quadrille.cli.compress.PartialResults} folder, so that a job
 * that was stopped goes on where it was and ends with the same bytes, and so that memory holds only
 * the matrices in the making, however large the model.
 */
package org.quadrille.cli.compress;
