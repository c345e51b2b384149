/** Tests of the spectral toolkit. */
package org.quadrille.lowrank.spectrum;
