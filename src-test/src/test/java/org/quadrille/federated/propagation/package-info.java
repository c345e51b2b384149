/** Tests of {@code org.quadrille.federated.propagation}. */
package org.quadrille.federated.propagation;
