/** Tests of the bridge to EJML. */
package org.quadrille.linalg.ejml;
