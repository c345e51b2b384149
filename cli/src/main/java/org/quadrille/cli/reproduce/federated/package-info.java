/** The claims of the paper on federated expectation propagation, measured. */
package org.quadrille.cli.reproduce.federated;
