/**
 * The headline claims of the papers, measured again at the scale of one machine, each with a
 * verdict.
 */
package org.quadrille.cli.reproduce;
