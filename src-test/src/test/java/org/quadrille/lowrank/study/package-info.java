/** Tests of measures of learning and forgetting. */
package org.quadrille.lowrank.study;
