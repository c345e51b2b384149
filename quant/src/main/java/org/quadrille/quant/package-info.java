/**
 * Weight matrices in 2 to 8 bits: NormalFloat codebooks, blockwise quantization with two-level
 * scales, and the decomposition of a matrix into a quantized and a low-rank part.
 *
 * <p>Start with {@link org.quadrille.quant.QuantizationConfig} (how many bits go where), {@link
 * org.quadrille.quant.BlockQuantizer} (one matrix to codes and back) and {@link
 * org.quadrille.quant.LqDecomposition} (W = Q + L1 L2). {@link org.quadrille.quant.Fisher} says
 * which weights matter; {@link org.quadrille.quant.LoraAdapter} is the low-rank part as it is
 * trained.
 *
 * {@snippet :
 * var config = QuantizationConfig.parse("nf3/64/fp8/256"); // 3.127 bits a weight
 * QuantizedMatrix q = BlockQuantizer.of(config).quantize(weights);
 * Tensor approximation = q.dequantize();
 * }
 *
 * <p>Papers: T. Dettmers et al., "QLoRA: Efficient Finetuning of Quantized LLMs", 2023
 * (NormalFloat, double quantization); H. Guo, P. Greengard, E. P. Xing, Y. Kim, "LQ-LoRA: Low-rank
 * Plus Quantized Matrix Decomposition for Efficient Language Model Finetuning", ICLR 2024 (the
 * decomposition, section 3).
 */
package org.quadrille.quant;
