/** Tests of transformers. */
package org.quadrille.transformer;
