/** Tests of adapter folders. */
package org.quadrille.lowrank.peft;
