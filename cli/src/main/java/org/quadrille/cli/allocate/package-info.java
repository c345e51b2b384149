/**
 * A choice of one option from each group under a budget, from a table of options in a file: the
 * exact multiple-choice knapsack of {@link org.quadrille.quant.allocation.Knapsack} for anyone's
 * figures. {@link org.quadrille.cli.allocate.OptionTable} reads the file.
 */
package org.quadrille.cli.allocate;
