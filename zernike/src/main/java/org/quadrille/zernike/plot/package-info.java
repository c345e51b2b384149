/**
 * Pictures of modes, wavefronts, rules and fits as SVG and PNG, without a window system or a font
 * file.
 *
 * <p>Start with {@link org.quadrille.zernike.plot.WavefrontMap} for a function on the disk, {@link
 * org.quadrille.zernike.plot.ModePyramid} for the modes themselves and {@link
 * org.quadrille.zernike.plot.ConvergenceCurves} for curves. Each yields a {@link
 * org.quadrille.zernike.plot.Picture}, which renders itself and can be set beside others. Colours
 * are told apart by readers with any kind of colour vision.
 *
 * {@snippet :
 * Picture picture = new WavefrontMap("defocus", DiskFunction.of((x, y) -> 2 * (x * x + y * y) - 1)).picture();
 * Files.write(path, picture.png());
 * }
 */
package org.quadrille.zernike.plot;
