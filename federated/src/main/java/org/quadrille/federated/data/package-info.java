/**
 * Examples and how they are dealt to clients: CSV files with a column for the client, IDX files of
 * pictures, and partitions that are drawn once and stored.
 *
 * <p>Start with {@link org.quadrille.federated.data.ClientTable} and {@link
 * org.quadrille.federated.data.Partition}. Label skew by Dirichlet distributions: Hsu, Qi and
 * Brown, Measuring the Effects of Non-Identical Data Distribution for Federated Visual
 * Classification, 2019.
 */
package org.quadrille.federated.data;
