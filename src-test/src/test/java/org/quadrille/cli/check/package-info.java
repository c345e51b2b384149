/** Tests of {@code org.quadrille.cli.check}. */
package org.quadrille.cli.check;
