/** Tests of {@code org.quadrille.federated.server}. */
package org.quadrille.federated.server;
