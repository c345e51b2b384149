/**
 * Zernike polynomials on the disk and on balls: modes and how they are numbered, radial
 * polynomials, radial Gauss rules.
 *
 * <p>Greengard and Serkh, "Zernike Polynomials: Evaluation, Quadrature, and Interpolation", Yale
 * technical report 1539, 2018. Notation: dimension p + 2 (p = 0 is the disk), angular order N,
 * radial index n, degree d = N + 2n, a = N + p/2.
 */
package org.quadrille.zernike;
