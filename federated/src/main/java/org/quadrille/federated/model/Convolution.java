package org.quadrille.federated.model;

import org.quadrille.federated.simulation.RandomKey;
import org.quadrille.federated.simulation.RandomStream;
import org.quadrille.linalg.Arithmetic;
import org.quadrille.linalg.DType;
import org.quadrille.linalg.Elementwise;
import org.quadrille.linalg.MatrixProduct;
import org.quadrille.linalg.Tensor;

/**
 * Correlation of a picture with square filters of odd size, zeros around the picture, so that it
 * keeps its size. Rows are pictures, channel by channel, line by line.
 *
 * <p>Parameters: filters, shape [filters, channels, size, size] row by row, then a bias for each
 * filter. Every picture is unfolded into a matrix of patches and multiplied.
 *
 * @param channels channels of the picture
 * @param height lines
 * @param width columns
 * @param filters channels of the result
 * @param size of a filter, odd
 */
public record Convolution(int channels, int height, int width, int filters, int size)
    implements Layer {

  /** Checks the sizes. */
  public Convolution {
    if (channels < 1 || height < 1 || width < 1 || filters < 1 || size < 1 || size % 2 == 0) {
      throw new IllegalArgumentException(
          "convolution: "
              + channels
              + " channels of "
              + height
              + " x "
              + width
              + ", "
              + filters
              + " filters of size "
              + size
              + " given, expected positive numbers and an odd size");
    }
  }

  @Override
  public int inputs() {
    return channels * height * width;
  }

  @Override
  public int outputs() {
    return filters * height * width;
  }

  private int patch() {
    return channels * size * size;
  }

  @Override
  public int parameters() {
    return filters * patch() + filters;
  }

  /** Normal numbers of variance {@code 2 / patch} (He et al. 2015), zero bias. */
  @Override
  public void initialize(Tensor theta, RandomKey key) {
    double deviation = Math.sqrt(2.0 / patch());
    RandomStream stream = key.stream();
    theta.fill(0);
    for (int i = 0; i < filters * patch(); i++) {
      theta.set(deviation * stream.normal(), i);
    }
  }

  @Override
  public LayerPass pass(DType dtype, int rows) {
    return new Pass(dtype, rows);
  }

  private final class Pass extends LayerPass {
    private final int places = height * width;
    private final Tensor patches;
    private final Tensor y;
    private final Tensor ones;
    private Tensor dx;
    private Tensor patchGradient;
    private Tensor exampleGradient;

    Pass(DType dtype, int rows) {
      patches = Tensor.zeros(dtype, rows, patch(), places);
      y = Tensor.zeros(dtype, rows, outputs());
      ones = Tensor.zeros(dtype, places, 1).fill(1);
    }

    @Override
    Tensor forward(Tensor theta, Tensor x) {
      int rows = x.size(0);
      Tensor weights = weights(theta);
      Tensor bias = bias(theta);
      for (int i = 0; i < rows; i++) {
        Tensor unfolded = patches.row(i);
        unfold(x.row(i), unfolded);
        Tensor out = y.row(i).reshape(filters, places);
        for (int f = 0; f < filters; f++) {
          out.row(f).fill(bias.get(f, 0));
        }
        // y = W P + b
        MatrixProduct.multiply(1, weights, unfolded, 1, out);
      }
      return y.slice(0, 0, rows);
    }

    @Override
    Tensor backward(Tensor theta, Tensor dy, boolean needsInput, Tensor gradient, double beta) {
      for (int i = 0; i < dy.size(0); i++) {
        addGradient(i, dy, gradient, i == 0 ? beta : 1);
      }
      return inputGradient(theta, dy, needsInput);
    }

    @Override
    Tensor backwardSquares(
        Tensor theta, Tensor dy, boolean needsInput, Tensor weights, Tensor squares) {
      if (exampleGradient == null) {
        exampleGradient = Tensor.zeros(dy.dtype(), parameters());
      }
      for (int i = 0; i < dy.size(0); i++) {
        addGradient(i, dy, exampleGradient, 0);
        Elementwise.multiply(exampleGradient, exampleGradient, exampleGradient);
        Arithmetic.axpy(weights == null ? 1 : weights.get(i), exampleGradient, squares);
      }
      return inputGradient(theta, dy, needsInput);
    }

    /** {@code dW = beta dW + dy P'}, {@code db = beta db + dy 1} of one picture. */
    private void addGradient(int i, Tensor dy, Tensor gradient, double beta) {
      Tensor d = dy.row(i).reshape(filters, places);
      MatrixProduct.multiply(1, d, patches.row(i).transpose(), beta, weights(gradient));
      MatrixProduct.multiply(1, d, ones, beta, bias(gradient));
    }

    private Tensor inputGradient(Tensor theta, Tensor dy, boolean needsInput) {
      if (!needsInput) {
        return null;
      }
      if (dx == null) {
        dx = Tensor.zeros(dy.dtype(), y.size(0), inputs());
        patchGradient = Tensor.zeros(dy.dtype(), patch(), places);
      }
      Tensor transposed = weights(theta).transpose();
      for (int i = 0; i < dy.size(0); i++) {
        Tensor d = dy.row(i).reshape(filters, places);
        MatrixProduct.multiply(1, transposed, d, 0, patchGradient);
        fold(patchGradient, dx.row(i).fill(0));
      }
      return dx.slice(0, 0, dy.size(0));
    }

    /** Row (c, s, t) of the patches is channel c, moved by (s, t) from the middle. */
    private void unfold(Tensor picture, Tensor unfolded) {
      unfolded.fill(0);
      forEachShift(
          (row, c, s, t) ->
              window(unfolded.row(row).reshape(height, width), -s, -t)
                  .assign(window(channel(picture, c), s, t)));
    }

    /** The adjoint of {@link #unfold}. */
    private void fold(Tensor unfolded, Tensor picture) {
      forEachShift(
          (row, c, s, t) ->
              Arithmetic.axpy(
                  1,
                  window(unfolded.row(row).reshape(height, width), -s, -t),
                  window(channel(picture, c), s, t)));
    }

    private void forEachShift(ShiftAction action) {
      int half = size / 2;
      int row = 0;
      for (int c = 0; c < channels; c++) {
        for (int s = -half; s <= half; s++) {
          for (int t = -half; t <= half; t++, row++) {
            if (Math.abs(s) < height && Math.abs(t) < width) {
              action.run(row, c, s, t);
            }
          }
        }
      }
    }

    private Tensor channel(Tensor picture, int c) {
      return picture.slice(0, c * places, (c + 1) * places).reshape(height, width);
    }

    /** The part of a plane whose places moved by (-s, -t) are still in the plane. */
    private Tensor window(Tensor plane, int s, int t) {
      return plane
          .slice(0, Math.max(0, s), height + Math.min(0, s))
          .slice(1, Math.max(0, t), width + Math.min(0, t));
    }

    private Tensor weights(Tensor parameters) {
      return parameters.slice(0, 0, filters * patch()).reshape(filters, patch());
    }

    private Tensor bias(Tensor parameters) {
      return parameters.slice(0, filters * patch(), parameters()).reshape(filters, 1);
    }
  }

  /** What to do for one row of the patches. */
  private interface ShiftAction {
    void run(int row, int channel, int down, int right);
  }
}
