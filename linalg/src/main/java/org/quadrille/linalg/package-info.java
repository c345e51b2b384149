/**
 * Tensors, linear operators and factorizations: a matrix is whatever you can apply.
 *
 * <p>A {@link org.quadrille.linalg.Tensor} is a strided view of a {@code float[]} or {@code
 * double[]}. A {@link org.quadrille.linalg.LinearOperator} maps tensors and may be dense, diagonal,
 * a Kronecker product, of low rank, a selection, or a sum, product, multiple or transpose of
 * others; a {@link org.quadrille.linalg.ParametricOperator} also has a derivative with respect to
 * its parameters. The factorizations run over the matrix product kernels: {@link
 * org.quadrille.linalg.Qr}, {@link org.quadrille.linalg.Cholesky}, {@link
 * org.quadrille.linalg.SymmetricEigen}, {@link org.quadrille.linalg.Svd#exact} and {@link
 * org.quadrille.linalg.RandomizedSvd} (Halko, Martinsson and Tropp 2011); beneath them {@link
 * org.quadrille.linalg.MatrixProduct}, {@link org.quadrille.linalg.Triangular} and {@link
 * org.quadrille.linalg.SymmetricRankUpdate}.
 *
 * {@snippet :
 * Tensor weight = GaussianMatrix.of(DType.F32, 1, 512, 384);
 * Svd svd = RandomizedSvd.decompose(weight, RandomizedSvd.Options.rank(16));
 * LinearOperator adapted = Sum.of(Dense.of(weight), Scaled.of(-1, svd.toLowRank()));
 * Tensor y = adapted.apply(GaussianMatrix.of(DType.F32, 2, 384, 8)); // [512, 8]
 * }
 *
 * <p>Public methods check shapes, dtypes and finiteness and say what to do. Results are the same
 * bits for every number of threads and for the scalar and the SIMD kernels.
 */
package org.quadrille.linalg;
