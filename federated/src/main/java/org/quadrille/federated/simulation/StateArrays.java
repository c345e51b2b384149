package org.quadrille.federated.simulation;

import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Named arrays of numbers, in order: the state of a server or of a client as everything around an
 * algorithm sees it (executors, stores, checkpoints).
 *
 * <p>Immutable by agreement: {@link #with} shares all other arrays, and nobody writes into an array
 * after it was put. <b>Thread safety</b>: then as good as immutable.
 */
public final class StateArrays {
  private static final StateArrays EMPTY = new StateArrays(Map.of());

  private final Map<String, double[]> arrays;

  private StateArrays(Map<String, double[]> arrays) {
    this.arrays = arrays;
  }

  /** No arrays. */
  public static StateArrays empty() {
    return EMPTY;
  }

  /** One array. */
  public static StateArrays of(String name, double[] values) {
    return EMPTY.with(name, values);
  }

  /** Two arrays. */
  public static StateArrays of(String name, double[] values, String second, double[] others) {
    return EMPTY.with(name, values).with(second, others);
  }

  /**
   * These arrays and one more; one of that name is replaced and keeps its place.
   *
   * @param values shared, not to be modified any more
   */
  public StateArrays with(String name, double[] values) {
    if (name == null || values == null) {
      throw new IllegalArgumentException("array \"" + name + "\": given null, expected numbers");
    }
    Map<String, double[]> copy = new LinkedHashMap<>(arrays);
    copy.put(name, values);
    return new StateArrays(copy);
  }

  /**
   * One array, shared: not to be modified.
   *
   * @throws IllegalArgumentException if there is none of that name; lists those there are
   */
  public double[] get(String name) {
    double[] values = arrays.get(name);
    if (values == null) {
      throw new IllegalArgumentException("no array \"" + name + "\"; there are " + arrays.keySet());
    }
    return values;
  }

  /** A single number: the array of that name, which must have one element. */
  public double scalar(String name) {
    double[] values = get(name);
    if (values.length != 1) {
      throw new IllegalArgumentException(
          "array \"" + name + "\" has " + values.length + " numbers, expected one");
    }
    return values[0];
  }

  /** Whether there is an array of that name. */
  public boolean has(String name) {
    return arrays.containsKey(name);
  }

  /** All arrays by name, in order; the map cannot be modified, the arrays must not be. */
  public Map<String, double[]> arrays() {
    return Collections.unmodifiableMap(arrays);
  }

  /** How many numbers all arrays have together. */
  public int length() {
    return arrays.values().stream().mapToInt(values -> values.length).sum();
  }

  /** Same names in the same order, same bits. */
  @Override
  public boolean equals(Object other) {
    if (!(other instanceof StateArrays state)
        || !arrays.keySet().stream().toList().equals(state.arrays.keySet().stream().toList())) {
      return false;
    }
    return arrays.entrySet().stream()
        .allMatch(entry -> Arrays.equals(entry.getValue(), state.arrays.get(entry.getKey())));
  }

  @Override
  public int hashCode() {
    int hash = 0;
    for (Map.Entry<String, double[]> entry : arrays.entrySet()) {
      hash = 31 * hash + entry.getKey().hashCode();
      hash = 31 * hash + Arrays.hashCode(entry.getValue());
    }
    return hash;
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    arrays.forEach(
        (name, values) ->
            text.append(text.isEmpty() ? "" : ", ")
                .append(name)
                .append('[')
                .append(values.length)
                .append(']'));
    return text.toString();
  }
}
