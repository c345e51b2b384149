/** Tests of optimizers, schedules and gradient checks. */
package org.quadrille.optim;
