package org.quadrille.lowrank.spectrum;

/** How singular values were found, which says how small ones can be believed. */
public enum SpectrumSource {
  /** Singular value decomposition of the matrix, in double precision. */
  EXACT(0x1p-52),
  /** From the factors of a low-rank matrix, in double precision. */
  FACTORS(0x1p-52),
  /**
   * Square roots of the eigenvalues of {@code A^T A}: energies to a relative 1e-12 of their sum,
   * but singular values below 1e-8 of the largest one are noise.
   */
  GRAM(0x1p-26);

  private final double resolution;

  SpectrumSource(double resolution) {
    this.resolution = resolution;
  }

  /** Singular values below this many times max(m, n) times the largest one mean nothing. */
  public double resolution() {
    return resolution;
  }
}
