package org.quadrille.quant.allocation;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.quadrille.linalg.Tensor;
import org.quadrille.quant.Fisher;

/**
 * The matrices of a model by name, read one at a time, so that a model larger than memory can be
 * measured. Safe for reading from several threads.
 */
public interface MatrixSource {
  /** The names in the order of the model. */
  List<String> names();

  /** Number of rows of a matrix. */
  int rows(String name);

  /** Number of columns of a matrix. */
  int cols(String name);

  /**
   * Reads a matrix of shape [rows, cols].
   *
   * @throws java.io.UncheckedIOException if it cannot be read
   */
  Tensor read(String name);

  /**
   * How much the error of each weight of a matrix counts; empty if all count the same. Of all
   * matrices or none, or sums of errors would mean nothing.
   *
   * @throws java.io.UncheckedIOException if it cannot be read
   */
  default Optional<Fisher> fisher(String name) {
    return Optional.empty();
  }

  /** Matrices that are in memory; in the order of the map. */
  static MatrixSource of(Map<String, Tensor> matrices) {
    List<String> names = List.copyOf(matrices.keySet());
    return new MatrixSource() {
      @Override
      public List<String> names() {
        return names;
      }

      @Override
      public int rows(String name) {
        return matrices.get(name).size(0);
      }

      @Override
      public int cols(String name) {
        return matrices.get(name).size(1);
      }

      @Override
      public Tensor read(String name) {
        return matrices.get(name);
      }
    };
  }
}
