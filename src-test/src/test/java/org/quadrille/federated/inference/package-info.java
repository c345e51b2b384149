/** Tests of {@code org.quadrille.federated.inference}. */
package org.quadrille.federated.inference;
