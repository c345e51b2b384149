/** Tests of wavefront tools. */
package org.quadrille.zernike.wavefront;
