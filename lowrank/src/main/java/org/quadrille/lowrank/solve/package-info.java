/**
 * Systems and factorizations of matrices changed by an update of low rank: solutions and
 * determinants by the identity of Sherman, Morrison and Woodbury, and updated Cholesky and QR
 * factors.
 *
 * <p>Start with {@link org.quadrille.lowrank.solve.WoodburySolver}.
 */
package org.quadrille.lowrank.solve;
