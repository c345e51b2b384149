package org.quadrille.transformer;

import org.quadrille.linalg.DType;
import org.quadrille.linalg.Tensor;

/**
 * Keys and values of the tokens that a causal model has seen, so that one more token costs one row
 * instead of the whole sequence: 2 L K numbers a token, K the key width.
 *
 * <p>Used with {@link Transformer#next}. Not thread safe.
 */
public final class KeyValueCache {
  private final Tensor[] keys;
  private final Tensor[] values;
  private final int capacity;
  private int length;

  KeyValueCache(Architecture architecture, DType dtype, int capacity) {
    this.capacity = capacity;
    this.keys = new Tensor[architecture.layers()];
    this.values = new Tensor[architecture.layers()];
    for (int l = 0; l < keys.length; l++) {
      keys[l] = Tensor.zeros(dtype, capacity, architecture.keyWidth());
      values[l] = Tensor.zeros(dtype, capacity, architecture.keyWidth());
    }
  }

  /** Number of tokens seen. */
  public int length() {
    return length;
  }

  /** How many tokens it can hold. */
  public int capacity() {
    return capacity;
  }

  /**
   * Forgets all tokens from {@code newLength} on.
   *
   * @param newLength 0 to {@link #length()}
   */
  public void truncate(int newLength) {
    if (newLength < 0 || newLength > length) {
      throw new IllegalArgumentException(
          "truncate to " + newLength + ": the cache holds " + length + " tokens");
    }
    length = newLength;
  }

  void requireRoom(int tokens) {
    if (length + tokens > capacity) {
      throw new IllegalArgumentException(
          tokens
              + " tokens after "
              + length
              + ": the cache holds at most "
              + capacity
              + "; start a new one with the last tokens");
    }
  }

  Tensor addKeys(int layer, Tensor rows) {
    return add(keys[layer], rows);
  }

  Tensor addValues(int layer, Tensor rows) {
    return add(values[layer], rows);
  }

  private Tensor add(Tensor store, Tensor rows) {
    store.slice(0, length, length + rows.size(0)).assign(rows);
    return store;
  }

  void advance(int tokens) {
    length += tokens;
  }
}
