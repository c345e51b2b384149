/**
 * Balls of any dimension: quadrature ({@link org.quadrille.zernike.ball.BallRule}), spherical
 * harmonics, transforms and interpolants in three dimensions ({@link
 * org.quadrille.zernike.ball.BallInterpolant}), functions of radius and one angle in any dimension
 * ({@link org.quadrille.zernike.ball.ZonalExpansion}) and generalized prolate spheroidal functions
 * ({@link org.quadrille.zernike.ball.Gpsf}).
 *
 * <p>The dimension is D = p + 2, so that p = 0 is the disk and p = 1 the ball in space. Orthonormal
 * modes are {@code Rbar^p_{N,n}(r) S(x/r)} with S an orthonormal surface harmonic of order N.
 *
 * {@snippet :
 * BallRule rule = BallRule.ofDegree(3, 20);
 * double inertia = rule.integrate(x -> x[0] * x[0] + x[1] * x[1]); // 8 pi / 15
 * }
 *
 * <p>Greengard and Serkh, "Zernike Polynomials: Evaluation, Quadrature, and Interpolation", Yale
 * technical report 1539, 2018, and "On generalized prolate spheroidal functions", arXiv 1811.02733.
 */
package org.quadrille.zernike.ball;
