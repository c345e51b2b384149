package org.quadrille.transformer.models;

/**
 * Where a parameter lies in a file.
 *
 * @param name of the tensor in the file
 * @param transposed whether its axes are those of the parameter in reverse order
 * @param part which of {@code parts} equal parts along the last axis of the file's tensor it is
 * @param parts 1 if the tensor is the whole parameter
 */
record StoredPlace(String name, boolean transposed, int part, int parts) {}
