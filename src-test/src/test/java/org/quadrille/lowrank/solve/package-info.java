/** Tests of updated factorizations. */
package org.quadrille.lowrank.solve;
