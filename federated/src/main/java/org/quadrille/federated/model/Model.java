package org.quadrille.federated.model;

import java.util.ArrayList;
import java.util.List;
import org.quadrille.federated.ClientLikelihood;
import org.quadrille.federated.Examples;
import org.quadrille.federated.simulation.RandomKey;
import org.quadrille.kernels.cpu.WorkerPool;
import org.quadrille.linalg.DType;
import org.quadrille.linalg.Tensor;

/**
 * A network and what its outputs predict: {@code p(y | x, theta)} with all parameters in one
 * vector.
 *
 * @param network from inputs to outputs
 * @param outcome from outputs to observations
 */
public record Model(Network network, Outcome outcome) {

  /** Rows that are worked on at once; sums over examples run in blocks of this size, in order. */
  static final int BLOCK = 256;

  /**
   * Linear regression with normal noise.
   *
   * @param inputs numbers in a row of inputs
   * @param outputs numbers to predict
   * @param noisePrecision inverse variance of the noise
   */
  public static Model linearRegression(
      int inputs, int outputs, boolean hasBias, double noisePrecision) {
    return new Model(
        Network.of(new Affine(inputs, outputs, hasBias)), new NormalOutcome(noisePrecision));
  }

  /** Logistic regression with labels 0 and 1. */
  public static Model logisticRegression(int inputs, boolean hasBias) {
    return new Model(Network.of(new Affine(inputs, 1, hasBias)), new Bernoulli());
  }

  /** Softmax regression: {@code classes (inputs + 1)} parameters, W row by row, then b. */
  public static Model softmaxRegression(int inputs, int classes) {
    return new Model(Network.of(new Affine(inputs, classes, true)), new Categorical());
  }

  /**
   * A perceptron of rectified hidden layers with a class as outcome.
   *
   * @param hidden widths of the hidden layers, at least one
   */
  public static Model perceptron(int inputs, int[] hidden, int classes) {
    List<Layer> layers = new ArrayList<>();
    int width = inputs;
    for (int next : hidden) {
      layers.add(new Affine(width, next, true));
      layers.add(new Rectifier(next));
      width = next;
    }
    layers.add(new Affine(width, classes, true));
    return new Model(new Network(layers), new Categorical());
  }

  /**
   * A small convolutional network: two times 3 x 3 filters, rectifier and 2 x 2 pooling, then a
   * hidden layer and a class as outcome.
   *
   * @param channels of the pictures
   * @param height lines, at least 4
   * @param width columns, at least 4
   * @param filters of the first layer; the second has twice as many
   * @param hidden width of the hidden layer
   */
  public static Model convolutional(
      int channels, int height, int width, int filters, int hidden, int classes) {
    int h = height / 2;
    int w = width / 2;
    int flat = 2 * filters * (h / 2) * (w / 2);
    Network network =
        Network.of(
            new Convolution(channels, height, width, filters, 3),
            new Rectifier(filters * height * width),
            new MaxPooling(filters, height, width),
            new Convolution(filters, h, w, 2 * filters, 3),
            new Rectifier(2 * filters * h * w),
            new MaxPooling(2 * filters, h, w),
            new Affine(flat, hidden, true),
            new Rectifier(hidden),
            new Affine(hidden, classes, true));
    return new Model(network, new Categorical());
  }

  /** Number of parameters d. */
  public int parameters() {
    return network.parameters();
  }

  /** First parameters, shape [d]. */
  public Tensor initial(DType dtype, RandomKey key) {
    return network.initial(dtype, key);
  }

  /**
   * The likelihood of examples, in their precision.
   *
   * @throws IllegalArgumentException if the examples do not fit the model
   */
  public ClientLikelihood on(Examples examples) {
    return new ModelLikelihood(this, examples);
  }

  /**
   * The expected observation for every input: probabilities of classes or means.
   *
   * @param theta shape [d], the dtype of the inputs, not modified
   * @param inputs shape [n, inputs], contiguous, not modified
   * @return shape [n, outputs], in a new tensor
   * @throws IllegalArgumentException if shapes do not fit or the parameters are too large to
   *     predict
   */
  public Tensor predict(Tensor theta, Tensor inputs) {
    if (inputs.rank() != 2 || inputs.size(1) != network.inputs()) {
      throw new IllegalArgumentException(
          "inputs: " + inputs + " given, expected rows of " + network.inputs());
    }
    checkTheta(theta, inputs.dtype());
    int n = inputs.size(0);
    Tensor predictions = Tensor.zeros(inputs.dtype(), n, network.outputs());
    WorkerPool.shared()
        .forEach(
            Math.ceilDiv(n, BLOCK),
            block -> {
              int from = block * BLOCK;
              int to = Math.min(n, from + BLOCK);
              NetworkPass pass = new NetworkPass(network, inputs.dtype(), to - from);
              Tensor z = pass.forward(theta, inputs.slice(0, from, to));
              if (!z.isFinite()) {
                throw new IllegalArgumentException(
                    "predict: outputs overflow for a point between "
                        + from
                        + " and "
                        + (to - 1)
                        + "; the parameters are too large");
              }
              outcome.predict(z, predictions.slice(0, from, to));
            });
    return predictions;
  }

  void checkTheta(Tensor theta, DType dtype) {
    if (theta.rank() != 1
        || theta.length() != parameters()
        || theta.dtype() != dtype
        || !theta.isContiguous()) {
      throw new IllegalArgumentException(
          "parameters: "
              + theta
              + " given, expected a contiguous "
              + dtype
              + " vector of "
              + parameters());
    }
  }
}
