/** Tests of the Zernike module. */
package org.quadrille.zernike;
