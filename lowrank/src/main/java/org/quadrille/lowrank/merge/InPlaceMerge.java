package org.quadrille.lowrank.merge;

import java.util.Arrays;
import org.quadrille.linalg.DType;
import org.quadrille.linalg.LowRank;
import org.quadrille.linalg.Norms;
import org.quadrille.linalg.Tensor;
import org.quadrille.lowrank.MergedRows;

/**
 * Merges an update into a weight in place and takes it out again bit for bit, for weights that
 * others hold views of.
 *
 * <p>Beside the weight it keeps {@code bits(merged) XOR bits(base)} while merged: as large as the
 * base, but mostly leading zeros where the update is small, so it packs well.
 *
 * {@snippet :
 * InPlaceMerge merge = InPlaceMerge.of(weight, update);
 * merge.merge(); // weight is W + s B A
 * merge.unmerge(); // weight has its old bits
 * }
 *
 * <p>Not thread safe.
 */
public final class InPlaceMerge {
  private final Tensor weight;
  private final LowRank update;
  private long[] difference;
  private long checksum;

  private InPlaceMerge(Tensor weight, LowRank update) {
    this.weight = weight;
    this.update = update;
  }

  /**
   * Prepares a merge; changes nothing yet.
   *
   * @param weight shape [m, n], any strides; overwritten by {@link #merge}
   * @param update of the same shape
   * @throws IllegalArgumentException if shapes differ or the weight is not finite
   */
  public static InPlaceMerge of(Tensor weight, LowRank update) {
    if (!Arrays.equals(weight.shape(), new int[] {update.rows(), update.cols()})) {
      throw new IllegalArgumentException(
          "weight: given " + weight + ", expected the shape of " + update);
    }
    Norms.requireFinite("weight", weight);
    return new InPlaceMerge(weight, update);
  }

  /** Whether the weight holds the update now. */
  public boolean isMerged() {
    return difference != null;
  }

  /**
   * Overwrites the weight with {@code W + s B A}.
   *
   * @throws IllegalStateException if this update is merged already
   * @throws IllegalArgumentException if a merged weight would not be finite; nothing is changed
   */
  public void merge() {
    if (isMerged()) {
      throw new IllegalStateException("the update is merged already; unmerge it first");
    }
    Tensor merged = Tensor.zeros(weight.dtype(), weight.shape());
    MergedRows.into(weight, update, 1, merged);
    Norms.requireFinite("merged weight", merged);
    long[] bits = bits(merged);
    long sum = checksum(bits);
    long[] before = bits(weight);
    for (int i = 0; i < bits.length; i++) {
      bits[i] ^= before[i];
    }
    weight.assign(merged);
    difference = bits;
    checksum = sum;
  }

  /**
   * Gives the weight its bits from before {@link #merge}.
   *
   * @throws IllegalStateException if the update is not merged, or the weight was changed since, for
   *     instance by another merge, which must be undone first
   */
  public void unmerge() {
    if (!isMerged()) {
      throw new IllegalStateException("the update is not merged; merge it first");
    }
    long[] bits = bits(weight);
    if (checksum(bits) != checksum) {
      throw new IllegalStateException(
          "the weight was changed since the update was merged; undo later merges first");
    }
    for (int i = 0; i < bits.length; i++) {
      bits[i] ^= difference[i];
    }
    restore(bits);
    difference = null;
  }

  private static long[] bits(Tensor tensor) {
    if (tensor.dtype() == DType.F64) {
      double[] values = tensor.toDoubles();
      long[] bits = new long[values.length];
      Arrays.setAll(bits, i -> Double.doubleToRawLongBits(values[i]));
      return bits;
    }
    // Two floats to a long: as much memory as the weight.
    float[] values = tensor.toFloats();
    long[] bits = new long[(values.length + 1) / 2];
    for (int i = 0; i < values.length; i++) {
      long half = Integer.toUnsignedLong(Float.floatToRawIntBits(values[i]));
      bits[i / 2] |= half << (32 * (i % 2));
    }
    return bits;
  }

  private void restore(long[] bits) {
    if (weight.dtype() == DType.F64) {
      double[] values = new double[bits.length];
      Arrays.setAll(values, i -> Double.longBitsToDouble(bits[i]));
      weight.assign(Tensor.of(values, weight.shape()));
      return;
    }
    float[] values = new float[weight.length()];
    for (int i = 0; i < values.length; i++) {
      values[i] = Float.intBitsToFloat((int) (bits[i / 2] >>> (32 * (i % 2))));
    }
    weight.assign(Tensor.of(values, weight.shape()));
  }

  /** FNV-1a over longs: any change of one element changes it. */
  private static long checksum(long[] bits) {
    long hash = 0xcbf29ce484222325L;
    for (long value : bits) {
      hash = (hash ^ value) * 0x100000001b3L;
    }
    return hash;
  }
}
