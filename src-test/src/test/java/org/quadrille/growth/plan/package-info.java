/** Tests of growth plans for checkpoints. */
package org.quadrille.growth.plan;
