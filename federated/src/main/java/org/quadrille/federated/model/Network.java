package org.quadrille.federated.model;

import java.util.List;
import org.quadrille.federated.simulation.RandomKey;
import org.quadrille.linalg.DType;
import org.quadrille.linalg.Tensor;

/**
 * Layers one after another; the flat parameter vector holds those of the first layer, then those of
 * the second, and so on.
 *
 * @param layers at least one; each takes what the one before gives
 */
public record Network(List<Layer> layers) {

  /** Checks that the layers fit together. */
  public Network {
    layers = List.copyOf(layers);
    if (layers.isEmpty()) {
      throw new IllegalArgumentException("network: no layers given, expected at least one");
    }
    for (int i = 1; i < layers.size(); i++) {
      if (layers.get(i).inputs() != layers.get(i - 1).outputs()) {
        throw new IllegalArgumentException(
            "network: layer "
                + i
                + " takes "
                + layers.get(i).inputs()
                + " inputs, but the layer before gives "
                + layers.get(i - 1).outputs());
      }
    }
    long parameters = layers.stream().mapToLong(Layer::parameters).sum();
    if (parameters < 1 || parameters > Integer.MAX_VALUE - 8) {
      throw new IllegalArgumentException(
          "network: " + parameters + " parameters, expected 1 to " + (Integer.MAX_VALUE - 8));
    }
  }

  /** Layers one after another. */
  public static Network of(Layer... layers) {
    return new Network(List.of(layers));
  }

  /** Length of a row of inputs. */
  public int inputs() {
    return layers.get(0).inputs();
  }

  /** Length of a row of outputs. */
  public int outputs() {
    return layers.get(layers.size() - 1).outputs();
  }

  /** Number of parameters d. */
  public int parameters() {
    return layers.stream().mapToInt(Layer::parameters).sum();
  }

  /** Whether it is a single affine map, for which exact curvature is cheap. */
  public boolean isAffine() {
    return layers.size() == 1 && layers.get(0) instanceof Affine;
  }

  /** First parameters, shape [d]; the same for the same key in both precisions up to rounding. */
  public Tensor initial(DType dtype, RandomKey key) {
    Tensor theta = Tensor.zeros(dtype, parameters());
    int at = 0;
    for (int i = 0; i < layers.size(); i++) {
      int length = layers.get(i).parameters();
      layers.get(i).initialize(theta.slice(0, at, at + length), key.child(i));
      at += length;
    }
    return theta;
  }
}
