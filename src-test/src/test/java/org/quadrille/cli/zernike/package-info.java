/** Tests of what the zernike commands share. */
package org.quadrille.cli.zernike;
