/**
 * Where the matrices and models of a command come from.
 *
 * <p>{@link org.quadrille.cli.input.ModelStore} turns {@code MODEL} on the command line into a file
 * or folder: a path as it is, or an alias such as {@code minilm} whose artifact is obtained once
 * through the Maven wrapper by its coordinates and checked against a known SHA-256. {@link
 * org.quadrille.cli.input.MatrixInput} reads one matrix from {@code .npy} or raw little-endian
 * numbers.
 */
package org.quadrille.cli.input;
