/**
 * Models over one flat parameter vector: linear, logistic and softmax regression, perceptrons,
 * small convolutional networks.
 *
 * <p>A {@link org.quadrille.federated.model.Network} maps inputs to outputs, an {@link
 * org.quadrille.federated.model.Outcome} says how outputs predict what is observed, a {@link
 * org.quadrille.federated.model.Model} is both, and a model on examples is the likelihood of a
 * client.
 *
 * {@snippet :
 * Model model = Model.softmaxRegression(64, 10);
 * ClientLikelihood client = model.on(Examples.labelled(inputs, labels));
 * double loss = client.gradient(theta, gradient);
 * }
 */
package org.quadrille.federated.model;
