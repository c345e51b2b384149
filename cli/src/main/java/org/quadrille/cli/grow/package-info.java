/**
 * Growing checkpoints from the command line: the model before and after, learning of the operator
 * on a text, the check that a function is kept, and the fit of layers between related models.
 */
package org.quadrille.cli.grow;
