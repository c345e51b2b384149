/**
 * From text to tokens and batches: characters, bytes, byte pairs and BERT's word pieces; training
 * and validation parts that cannot overlap; windows, epochs and masked words that depend on seed
 * and step alone.
 *
 * <p>Start with {@link org.quadrille.transformer.text.Tokenizer} and {@link
 * org.quadrille.transformer.text.TokenData}.
 *
 * {@snippet :
 * Tokenizer tokenizer = CharacterTokenizer.of(text);
 * TokenData data = TokenData.split(tokenizer.encode(text));
 * TokenWindows batch = data.windows(16, 64, seed, step); // 16 windows of 64 tokens
 * TokenWindows held = data.evaluation(64, 64);           // the same at every call
 * }
 */
package org.quadrille.transformer.text;
