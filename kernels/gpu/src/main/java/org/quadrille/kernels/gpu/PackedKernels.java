package org.quadrille.kernels.gpu;

import org.quadrille.kernels.cpu.device.PackedWords;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * Kernels on packed codes, which are decoded on the way into the product: the dense matrix never
 * exists. The geometry of {@link PackedTasks}: rows, cols, n; offset and strides of B and C; width
 * of codes; block size, blocks of a row (0 where blocks run over row ends), 1 if there are zeros.
 */
final class PackedKernels {
  private PackedKernels() {}

  /**
   * Weight (row, col), decoded; the width is the same for all, so the chain costs no divergence.
   */
  @SuppressWarnings("IfChainToSwitch")
  static float weightOf(
      IntArray shape,
      IntArray words,
      FloatArray levels,
      FloatArray scales,
      FloatArray zeros,
      int row,
      int col) {
    int bits = shape.get(9);
    int weight = row * shape.get(1) + col;
    int code = 0;
    if (bits == 4) {
      code = PackedWords.field(words.get(weight >> 3), (weight & 7) * 4, 15);
    } else if (bits == 2) {
      code = PackedWords.field(words.get(weight >> 4), (weight & 15) * 2, 3);
    } else if (bits == 8) {
      code = PackedWords.field(words.get(weight >> 2), (weight & 3) * 8, 255);
    } else if (bits == 1) {
      code = PackedWords.field(words.get(weight >> 5), weight & 31, 1);
    } else {
      int at = (weight >> 5) * bits;
      for (int plane = 0; plane < bits; plane++) {
        code = code | (PackedWords.field(words.get(at + plane), weight & 31, 1) << plane);
      }
    }
    int blocksOfRow = shape.get(11);
    int block = weight / shape.get(10);
    if (blocksOfRow > 0) {
      block = row * blocksOfRow + col / shape.get(10);
    }
    float level = levels.get(code);
    if (shape.get(12) == 1) {
      level -= zeros.get(block);
    }
    return level * scales.get(block);
  }

  /** All weights, a work item each. */
  static void packedDecode(
      KernelContext c,
      IntArray shape,
      IntArray words,
      FloatArray levels,
      FloatArray scales,
      FloatArray zeros,
      FloatArray out) {
    int e = c.globalIdx;
    if (e < shape.get(0) * shape.get(1)) {
      int i = e / shape.get(1);
      int j = e % shape.get(1);
      float value = weightOf(shape, words, levels, scales, zeros, i, j);
      out.set(shape.get(6) + i * shape.get(7) + j * shape.get(8), value);
    }
  }

  /** {@code C := alpha A B + beta C}, few columns of any layout: 128 work items share a row. */
  static void packedRowDots(
      KernelContext c,
      IntArray shape,
      IntArray words,
      FloatArray levels,
      FloatArray scales,
      FloatArray zeros,
      FloatArray b,
      FloatArray out,
      float alpha,
      float beta) {
    int n = shape.get(2);
    int row = c.groupIdx / n;
    int col = c.groupIdx % n;
    int bAt = shape.get(3) + col * shape.get(5);
    int lane = c.localIdx;
    float[] partial = c.allocateFloatLocalArray(128);
    float sum = 0;
    for (int p = lane; p < shape.get(1); p += 128) {
      float w = weightOf(shape, words, levels, scales, zeros, row, p);
      sum += w * b.get(bAt + p * shape.get(4));
    }
    partial[lane] = sum;
    for (int half = 64; half > 0; half >>= 1) {
      c.localBarrier();
      if (lane < half) {
        partial[lane] += partial[lane + half];
      }
    }
    if (lane == 0) {
      int at = shape.get(6) + row * shape.get(7) + col * shape.get(8);
      float value = alpha * partial[0];
      if (beta != 0) {
        value += beta * out.get(at);
      }
      out.set(at, value);
    }
  }

  /**
   * {@code y := alpha A x + beta y} for codes of 2, 4 or 8 bits whose words of 32 bits lie inside a
   * row and a block: 128 work items take four rows together, so that each number of x is read once
   * for four; a word and its scale are read once for all its weights.
   */
  static void packedWordRows(
      KernelContext c,
      IntArray shape,
      IntArray words,
      FloatArray levels,
      FloatArray scales,
      FloatArray b,
      FloatArray out,
      float alpha,
      float beta,
      int bits) {
    int rows = shape.get(0);
    int mask = (1 << bits) - 1;
    int perWord = 32 / bits;
    int wordsOfRow = shape.get(1) / perWord;
    int wordsOfBlock = shape.get(10) / perWord;
    int blocksOfRow = shape.get(11);
    int bAt = shape.get(3);
    int bRow = shape.get(4);
    int row0 = c.groupIdx * 4;
    int lane = c.localIdx;
    float[] table = c.allocateFloatLocalArray(256);
    float[] partial = c.allocateFloatLocalArray(512);
    for (int i = lane; i <= mask; i += 128) {
      table[i] = levels.get(i);
    }
    c.localBarrier();
    int last = rows - 1;
    int row1 = TornadoIndex.atMost(row0 + 1, last);
    int row2 = TornadoIndex.atMost(row0 + 2, last);
    int row3 = TornadoIndex.atMost(row0 + 3, last);
    float s0 = 0;
    float s1 = 0;
    float s2 = 0;
    float s3 = 0;
    for (int w = lane; w < wordsOfRow; w += 128) {
      int w0 = words.get(row0 * wordsOfRow + w);
      int w1 = words.get(row1 * wordsOfRow + w);
      int w2 = words.get(row2 * wordsOfRow + w);
      int w3 = words.get(row3 * wordsOfRow + w);
      float t0 = 0;
      float t1 = 0;
      float t2 = 0;
      float t3 = 0;
      for (int i = 0; i < perWord; i++) {
        float x = b.get(bAt + (w * perWord + i) * bRow);
        t0 += table[PackedWords.field(w0, i * bits, mask)] * x;
        t1 += table[PackedWords.field(w1, i * bits, mask)] * x;
        t2 += table[PackedWords.field(w2, i * bits, mask)] * x;
        t3 += table[PackedWords.field(w3, i * bits, mask)] * x;
      }
      int block = w / wordsOfBlock;
      s0 += t0 * scales.get(row0 * blocksOfRow + block);
      s1 += t1 * scales.get(row1 * blocksOfRow + block);
      s2 += t2 * scales.get(row2 * blocksOfRow + block);
      s3 += t3 * scales.get(row3 * blocksOfRow + block);
    }
    partial[lane] = s0;
    partial[lane + 128] = s1;
    partial[lane + 256] = s2;
    partial[lane + 384] = s3;
    for (int half = 64; half > 0; half >>= 1) {
      c.localBarrier();
      if (lane < half) {
        partial[lane] += partial[lane + half];
        partial[lane + 128] += partial[lane + 128 + half];
        partial[lane + 256] += partial[lane + 256 + half];
        partial[lane + 384] += partial[lane + 384 + half];
      }
    }
    c.localBarrier();
    if (lane < 4 && row0 + lane < rows) {
      int at = shape.get(6) + (row0 + lane) * shape.get(7);
      float value = alpha * partial[lane * 128];
      if (beta != 0) {
        value += beta * out.get(at);
      }
      out.set(at, value);
    }
  }

  /** The same for codes of 3 bits: three words, a bit plane each, hold 32 weights. */
  static void packedPlaneRows(
      KernelContext c,
      IntArray shape,
      IntArray words,
      FloatArray levels,
      FloatArray scales,
      FloatArray b,
      FloatArray out,
      float alpha,
      float beta) {
    int unitsOfRow = shape.get(1) / 32;
    int unitsOfBlock = shape.get(10) / 32;
    int blocksOfRow = shape.get(11);
    int bAt = shape.get(3);
    int bRow = shape.get(4);
    int row = c.groupIdx;
    int lane = c.localIdx;
    float[] table = c.allocateFloatLocalArray(8);
    float[] partial = c.allocateFloatLocalArray(128);
    if (lane < 8) {
      table[lane] = levels.get(lane);
    }
    c.localBarrier();
    float sum = 0;
    // four work items share a unit of 32 weights, eight each
    for (int e = lane; e < unitsOfRow * 4; e += 128) {
      int unit = e >> 2;
      int first = (e & 3) * 8;
      int at = (row * unitsOfRow + unit) * 3;
      int low = words.get(at);
      int middle = words.get(at + 1);
      int high = words.get(at + 2);
      float t = 0;
      for (int i = 0; i < 8; i++) {
        int code = PackedWords.threePlanes(low, middle, high, first + i);
        t += table[code] * b.get(bAt + (unit * 32 + first + i) * bRow);
      }
      sum += t * scales.get(row * blocksOfRow + unit / unitsOfBlock);
    }
    partial[lane] = sum;
    for (int half = 64; half > 0; half >>= 1) {
      c.localBarrier();
      if (lane < half) {
        partial[lane] += partial[lane + half];
      }
    }
    if (lane == 0) {
      int at = shape.get(6) + row * shape.get(7);
      float value = alpha * partial[0];
      if (beta != 0) {
        value += beta * out.get(at);
      }
      out.set(at, value);
    }
  }

  /**
   * {@code C := alpha A^T B + beta C}, few columns: 32 columns of A at a time, 8 slices of rows.
   */
  static void packedColumnSums(
      KernelContext c,
      IntArray shape,
      IntArray words,
      FloatArray levels,
      FloatArray scales,
      FloatArray zeros,
      FloatArray b,
      FloatArray out,
      float alpha,
      float beta) {
    int n = shape.get(2);
    int lane = c.localIdx;
    int index = (c.groupIdx / n) * 32 + (lane & 31);
    int col = c.groupIdx % n;
    int slice = lane >> 5;
    int bAt = shape.get(3) + col * shape.get(5);
    float[] partial = c.allocateFloatLocalArray(256);
    float sum = 0;
    if (index < shape.get(1)) {
      for (int p = slice; p < shape.get(0); p += 8) {
        float w = weightOf(shape, words, levels, scales, zeros, p, index);
        sum += w * b.get(bAt + p * shape.get(4));
      }
    }
    partial[lane] = sum;
    c.localBarrier();
    if (slice == 0 && index < shape.get(1)) {
      float total = partial[lane];
      for (int l = 1; l < 8; l++) {
        total += partial[lane + 32 * l];
      }
      int at = shape.get(6) + index * shape.get(7) + col * shape.get(8);
      float value = alpha * total;
      if (beta != 0) {
        value += beta * out.get(at);
      }
      out.set(at, value);
    }
  }

  /**
   * {@code C := alpha A B + beta C}, or with {@code A^T}: tiles of 64 x 64, each of 256 work items
   * 4 x 4; a weight is decoded once for the 64 columns of a tile.
   */
  static void packedProduct(
      KernelContext c,
      IntArray shape,
      IntArray words,
      FloatArray levels,
      FloatArray scales,
      FloatArray zeros,
      FloatArray b,
      FloatArray out,
      float alpha,
      float beta,
      int transposed) {
    int m = transposed == 1 ? shape.get(1) : shape.get(0);
    int depth = transposed == 1 ? shape.get(0) : shape.get(1);
    int n = shape.get(2);
    int across = (n + 63) / 64;
    int row0 = (c.groupIdx / across) * 64;
    int col0 = (c.groupIdx % across) * 64;
    int lane = c.localIdx;
    int tx = lane & 15;
    int ty = lane >> 4;
    float[] aPanel = c.allocateFloatLocalArray(1040);
    float[] bPanel = c.allocateFloatLocalArray(1040);
    float[] sums = new float[16];
    for (int i = 0; i < 16; i++) {
      sums[i] = 0;
    }
    for (int p0 = 0; p0 < depth; p0 += 16) {
      for (int l = 0; l < 4; l++) {
        int e = lane + l * 256;
        int i = transposed == 1 ? e & 63 : e >> 4;
        int p = transposed == 1 ? e >> 6 : e & 15;
        float x = 0;
        if (row0 + i < m && p0 + p < depth) {
          int row = transposed == 1 ? p0 + p : row0 + i;
          int col = transposed == 1 ? row0 + i : p0 + p;
          x = weightOf(shape, words, levels, scales, zeros, row, col);
        }
        aPanel[p * 65 + i] = x;
        int j = e & 63;
        int q = e >> 6;
        float y = 0;
        if (col0 + j < n && p0 + q < depth) {
          y = b.get(shape.get(3) + (p0 + q) * shape.get(4) + (col0 + j) * shape.get(5));
        }
        bPanel[q * 65 + j] = y;
      }
      c.localBarrier();
      for (int p = 0; p < 16; p++) {
        for (int i = 0; i < 4; i++) {
          float x = aPanel[p * 65 + ty + 16 * i];
          for (int j = 0; j < 4; j++) {
            sums[i * 4 + j] += x * bPanel[p * 65 + tx + 16 * j];
          }
        }
      }
      c.localBarrier();
    }
    for (int i = 0; i < 4; i++) {
      for (int j = 0; j < 4; j++) {
        int row = row0 + ty + 16 * i;
        int col = col0 + tx + 16 * j;
        if (row < m && col < n) {
          int at = shape.get(6) + row * shape.get(7) + col * shape.get(8);
          float value = alpha * sums[i * 4 + j];
          if (beta != 0) {
            value += beta * out.get(at);
          }
          out.set(at, value);
        }
      }
    }
  }

  /** Scales of blocks, a work item each: the largest magnitude. */
  static void blockScales(
      KernelContext c, FloatArray x, FloatArray scales, int xAt, int weights, int blockSize) {
    int block = c.globalIdx;
    int blocks = (weights + blockSize - 1) / blockSize;
    if (block < blocks) {
      int from = block * blockSize;
      int to = TornadoIndex.atMost(from + blockSize, weights);
      float scale = 0;
      for (int i = from; i < to; i++) {
        float value = x.get(xAt + i);
        float magnitude = value < 0 ? -value : value;
        scale = magnitude > scale ? magnitude : scale;
      }
      scales.set(block, scale);
    }
  }

  /** Codes, a work item each: how many boundaries lie below the scaled number. */
  static void nearestCodes(
      KernelContext c,
      FloatArray x,
      FloatArray scales,
      FloatArray boundaries,
      FloatArray codes,
      int xAt,
      int codesAt,
      int weights,
      int blockSize) {
    int i = c.globalIdx;
    if (i < weights) {
      float scale = scales.get(i / blockSize);
      int code = 0;
      if (scale > 0) {
        float scaled = x.get(xAt + i) / scale;
        for (int l = 0; l < boundaries.getSize(); l++) {
          code += boundaries.get(l) < scaled ? 1 : 0;
        }
      }
      codes.set(codesAt + i, (float) code);
    }
  }
}
