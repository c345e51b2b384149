/** Objectives over named tensors, optimizers, learning-rate schedules. */
package org.quadrille.optim;
