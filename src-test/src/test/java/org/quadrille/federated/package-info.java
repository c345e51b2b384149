/** Tests of {@code org.quadrille.federated}. */
package org.quadrille.federated;
