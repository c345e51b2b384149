package org.quadrille.kernels.cpu;

/** Scratch space of one thread for the blocks of a row of a {@link PackedMatrix}. */
final class PackedSpace {
  private static final int LARGEST_REST = 64;
  private static final ThreadLocal<PackedSpace> OWN = ThreadLocal.withInitial(PackedSpace::new);

  /** Scale of each block. */
  float[] scales = new float[0];

  /** What is subtracted from the levels of each block, where there are zero codes. */
  float[] zeros = new float[0];

  /** Codes of scales, then of weights. */
  byte[] bytes = new byte[0];

  /** Weights of a row that do not fill a step. */
  final float[] rest = new float[LARGEST_REST];

  private PackedSpace() {}

  static PackedSpace ofThisThread() {
    return OWN.get();
  }

  /** Makes room for as many blocks. */
  void ofBlocks(int count) {
    if (scales.length < count) {
      scales = new float[count];
      zeros = new float[count];
    }
    ofCodes(count);
  }

  /** Makes room for as many codes. */
  void ofCodes(int count) {
    if (bytes.length < count) {
      bytes = new byte[count];
    }
  }
}
