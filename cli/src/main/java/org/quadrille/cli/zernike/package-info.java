/**
 * What the {@code zernike} commands share: names of indices and normalizations, tables of modes and
 * of coefficients, functions by name or as a formula, files of pictures.
 */
package org.quadrille.cli.zernike;
