/** Tests of tokenizers and token data. */
package org.quadrille.transformer.text;
