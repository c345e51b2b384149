package org.quadrille.linalg;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;

/**
 * A named, ordered collection of tensors: what a checkpoint, a gradient or a growth plan speaks
 * about.
 *
 * <p>Keeps insertion order. The collection is mutable, the tensors in it are shared, not copied.
 * Not thread safe while being changed.
 */
public final class Tensors {
  private final Map<String, Tensor> map = new LinkedHashMap<>();

  /** An empty collection. */
  public static Tensors empty() {
    return new Tensors();
  }

  /** A collection of one tensor; add more with {@link #put}. */
  public static Tensors of(String name, Tensor tensor) {
    return new Tensors().put(name, tensor);
  }

  /** Adds a tensor under a new name, or replaces the one of that name in its place. */
  public Tensors put(String name, Tensor tensor) {
    if (name == null || name.isEmpty()) {
      throw new IllegalArgumentException(
          "name: given "
              + (name == null ? "null" : "an empty string")
              + ", expected a non-empty name");
    }
    if (tensor == null) {
      throw new IllegalArgumentException("tensor \"" + name + "\": given null, expected a tensor");
    }
    map.put(name, tensor);
    return this;
  }

  /**
   * The tensor of that name.
   *
   * @throws IllegalArgumentException if there is none; the message lists the names that exist
   */
  public Tensor get(String name) {
    Tensor tensor = map.get(name);
    if (tensor == null) {
      throw new IllegalArgumentException(
          "no tensor named \"" + name + "\"; there are " + shortList());
    }
    return tensor;
  }

  /** Whether a tensor of that name exists. */
  public boolean contains(String name) {
    return map.containsKey(name);
  }

  /** The names in order; a read-only live view. */
  public Set<String> names() {
    return Collections.unmodifiableSet(map.keySet());
  }

  /** Number of tensors. */
  public int size() {
    return map.size();
  }

  /** Sum of the element counts of all tensors. */
  public long elementCount() {
    return map.values().stream().mapToLong(Tensor::length).sum();
  }

  /** Calls {@code action} for each name and tensor in order. */
  public void forEach(BiConsumer<String, Tensor> action) {
    map.forEach(action);
  }

  /** New zero tensors of the same names, shapes and dtypes: the place to accumulate a gradient. */
  public Tensors zerosLike() {
    Tensors zeros = new Tensors();
    map.forEach((name, tensor) -> zeros.put(name, Tensor.zeros(tensor.dtype(), tensor.shape())));
    return zeros;
  }

  /** Independent copies of all tensors. */
  public Tensors copy() {
    Tensors copies = new Tensors();
    map.forEach((name, tensor) -> copies.put(name, tensor.copy()));
    return copies;
  }

  private String shortList() {
    int shown = 8;
    String names = String.join(", ", map.keySet().stream().limit(shown).toList());
    return map.size() + ": " + names + (map.size() > shown ? ", ..." : "");
  }

  @Override
  public String toString() {
    return "Tensors(" + shortList() + ")";
  }
}
