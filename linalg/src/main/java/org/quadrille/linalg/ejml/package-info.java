/**
 * Zero-copy bridges between tensors and the matrices of EJML; start with {@link
 * org.quadrille.linalg.ejml.Ejml}.
 *
 * {@snippet :
 * Tensor a = GaussianMatrix.of(DType.F64, 1, 100, 100);
 * double determinant = CommonOps_DDRM.det(Ejml.toMatrix(a)); // no copy
 * }
 */
package org.quadrille.linalg.ejml;
