/** Tests of rules, transforms and functions on balls. */
package org.quadrille.zernike.ball;
