/**
 * What opticians do with Zernike expansions: fits to scattered points and to slopes, pupils that
 * are not disks, change of the pupil, statistics of a wavefront, point spread functions, moments of
 * images.
 *
 * <p><b>Coefficients</b> are, in this whole package, those of orthonormal modes (mean square 1 over
 * the unit disk, as Noll and OSA have them) in OSA order, {@code j = (d (d + 2) + m) / 2}, in an
 * array of {@code (L + 1)(L + 2) / 2} numbers for degree L; {@link org.quadrille.zernike.ModeOrder}
 * converts indices. With them the root mean square of a wavefront over the disk is the root of the
 * sum of their squares. <b>Units</b>: positions in pupil radii; wavefronts in what the caller likes
 * but where waves are asked for.
 *
 * <p>Start with {@link org.quadrille.zernike.wavefront.WavefrontFit}, {@link
 * org.quadrille.zernike.wavefront.PupilBasis} and {@link
 * org.quadrille.zernike.wavefront.PointSpread}.
 *
 * {@snippet :
 * WavefrontFit fit = new FitOptions(8).fit(x, y, measured);
 * PointSpread psf = PointSpread.of(fit.coefficients(), 0, 129, 0.25); // measured in waves
 * }
 *
 * <p>V. N. Mahajan, "Optical Imaging and Aberrations"; R. J. Noll, "Zernike polynomials and
 * atmospheric turbulence", J. Opt. Soc. Am. 66, 1976.
 */
package org.quadrille.zernike.wavefront;
