/**
 * The experiments behind {@code reproduce zernike}: quadrature, interpolation and evaluation on the
 * disk, each with its claims, tables and figures.
 */
package org.quadrille.cli.reproduce.disk;
