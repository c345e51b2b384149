/** What the {@code adapters} commands share: pairs of models, edited models, reports of spectra. */
package org.quadrille.cli.adapters;
