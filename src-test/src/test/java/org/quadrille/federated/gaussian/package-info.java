/** Tests of {@code org.quadrille.federated.gaussian}. */
package org.quadrille.federated.gaussian;
