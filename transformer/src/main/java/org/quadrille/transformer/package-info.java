/**
 * Transformers with hand-written forward and backward passes, in single and double precision: BERT,
 * GPT, LLaMA and ViT are settings of one architecture.
 */
package org.quadrille.transformer;
