/** Tests of {@code org.quadrille.federated.model}. */
package org.quadrille.federated.model;
