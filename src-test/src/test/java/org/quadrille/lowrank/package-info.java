/** Tests of low-rank updates. */
package org.quadrille.lowrank;
