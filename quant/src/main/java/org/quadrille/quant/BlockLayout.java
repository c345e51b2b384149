package org.quadrille.quant;

/**
 * How the weights of a matrix are cut into blocks: runs of consecutive weights, each run starting a
 * new block and ending with a block that may be short. There is one run for the whole matrix, or
 * one per row where rows are aligned and do not consist of whole blocks anyway.
 */
record BlockLayout(int runs, int runLength, int blockSize) {
  /** Weights that one task of a parallel loop handles, roughly: small enough to balance. */
  private static final int WEIGHTS_PER_TASK = 1 << 15;

  static BlockLayout of(int rows, int cols, int blockSize, boolean rowAligned) {
    int weights = Math.multiplyExact(rows, cols);
    return rowAligned && cols % blockSize != 0
        ? new BlockLayout(rows, cols, Math.min(blockSize, cols))
        : new BlockLayout(1, weights, Math.min(blockSize, weights));
  }

  int weights() {
    return runs * runLength;
  }

  int blocksPerRun() {
    return Math.ceilDiv(runLength, blockSize);
  }

  int blocks() {
    return Math.multiplyExact(runs, blocksPerRun());
  }

  /** Index of the first weight of a block. */
  int firstWeight(int block) {
    return block / blocksPerRun() * runLength + block % blocksPerRun() * blockSize;
  }

  /** Number of weights of a block. */
  int weights(int block) {
    return Math.min(blockSize, runLength - block % blocksPerRun() * blockSize);
  }

  /** Block of a weight. */
  int blockOf(int weight) {
    return weight / runLength * blocksPerRun() + weight % runLength / blockSize;
  }

  /** Pieces a loop is split into. They depend on the layout only, never on the threads. */
  int tasks() {
    return runs == 1
        ? Math.ceilDiv(blocksPerRun(), blocksPerTask())
        : Math.ceilDiv(runs, runsPerTask());
  }

  private int blocksPerTask() {
    return Math.max(1, WEIGHTS_PER_TASK / blockSize);
  }

  private int runsPerTask() {
    return Math.max(1, WEIGHTS_PER_TASK / runLength);
  }

  /** Calls {@code action} for each contiguous piece of a task, in order. */
  void forEachPiece(int task, PieceAction action) {
    if (runs == 1) {
      int firstBlock = task * blocksPerTask();
      int lastBlock = Math.min(blocksPerRun(), firstBlock + blocksPerTask());
      int first = firstBlock * blockSize;
      int last = (int) Math.min(runLength, (long) lastBlock * blockSize);
      action.accept(first, last - first, firstBlock);
      return;
    }
    int lastRun = Math.min(runs, (task + 1) * runsPerTask());
    for (int run = task * runsPerTask(); run < lastRun; run++) {
      action.accept(run * runLength, runLength, run * blocksPerRun());
    }
  }

  /** A contiguous piece of weights that starts with a block. */
  interface PieceAction {
    void accept(int firstWeight, int weights, int firstBlock);
  }
}
