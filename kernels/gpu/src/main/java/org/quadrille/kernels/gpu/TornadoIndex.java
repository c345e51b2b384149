package org.quadrille.kernels.gpu;

/** Index arithmetic that kernels share. */
final class TornadoIndex {
  private TornadoIndex() {}

  /** The smaller of two indices. */
  static int atMost(int index, int last) {
    return index < last ? index : last;
  }
}
