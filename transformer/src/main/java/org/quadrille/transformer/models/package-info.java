/**
 * Published transformers in this library's terms, and back.
 *
 * <p>{@link org.quadrille.transformer.models.PretrainedModel} reads BERT (Hugging Face, ONNX and
 * TensorFlow names), GPT-2 and LLaMA checkpoints into an {@link
 * org.quadrille.transformer.Architecture} and tensors of canonical names, and writes them under the
 * names of their family. {@link org.quadrille.transformer.models.SentenceEncoder} turns sentences
 * into unit vectors (Reimers and Gurevych, "Sentence-BERT", 2019), {@link
 * org.quadrille.transformer.models.MaskedWords} predicts hidden words (Devlin et al., "BERT",
 * 2019).
 */
package org.quadrille.transformer.models;
