/** Benchmarks against peers. Start with {@link org.quadrille.jmh.Benchmarks}. */
package org.quadrille.jmh;
