/** Tests of training. */
package org.quadrille.transformer.train;
