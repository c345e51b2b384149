/** Tests of tensors, operators and factorizations. */
package org.quadrille.linalg;
