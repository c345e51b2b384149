/** Tests of quantization and LQ decomposition. */
package org.quadrille.quant;
