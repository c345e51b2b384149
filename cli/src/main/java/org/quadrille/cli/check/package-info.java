/**
 * Running the models that commands work on: what compression does to the vectors of sentences and
 * to the prediction of hidden words ({@link org.quadrille.cli.check.ModelCheck}), and how much each
 * weight matters to them ({@link org.quadrille.cli.check.FisherEstimate}), both on texts that come
 * with the command ({@link org.quadrille.cli.check.ShippedText}).
 */
package org.quadrille.cli.check;
