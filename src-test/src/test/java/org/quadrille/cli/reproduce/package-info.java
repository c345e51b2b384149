/** Tests of the reproductions. */
package org.quadrille.cli.reproduce;
