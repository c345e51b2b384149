/** Tests of pictures. */
package org.quadrille.zernike.plot;
