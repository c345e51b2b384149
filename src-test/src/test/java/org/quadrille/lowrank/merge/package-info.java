/** Tests of merging. */
package org.quadrille.lowrank.merge;
