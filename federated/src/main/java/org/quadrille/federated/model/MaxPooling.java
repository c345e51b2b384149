package org.quadrille.federated.model;

import org.quadrille.federated.simulation.RandomKey;
import org.quadrille.linalg.DType;
import org.quadrille.linalg.Tensor;

/**
 * The largest of every 2 x 2 block of each channel; a last odd line or column is left out. The
 * gradient goes to the first of equal elements.
 *
 * @param channels channels of the picture
 * @param height lines, at least 2
 * @param width columns, at least 2
 */
public record MaxPooling(int channels, int height, int width) implements Layer {

  /** Checks the sizes. */
  public MaxPooling {
    if (channels < 1 || height < 2 || width < 2) {
      throw new IllegalArgumentException(
          "pooling: "
              + channels
              + " channels of "
              + height
              + " x "
              + width
              + " given, expected at least 1 channel of 2 x 2");
    }
  }

  @Override
  public int inputs() {
    return channels * height * width;
  }

  @Override
  public int outputs() {
    return channels * (height / 2) * (width / 2);
  }

  @Override
  public int parameters() {
    return 0;
  }

  @Override
  public void initialize(Tensor theta, RandomKey key) {}

  @Override
  public LayerPass pass(DType dtype, int rows) {
    return new Pass(dtype, rows);
  }

  private final class Pass extends LayerPass {
    private final Tensor y;
    private final Tensor dx;
    private final int[] chosen;

    Pass(DType dtype, int rows) {
      y = Tensor.zeros(dtype, rows, outputs());
      dx = Tensor.zeros(dtype, rows, inputs());
      chosen = new int[rows * outputs()];
    }

    @Override
    Tensor forward(Tensor theta, Tensor x) {
      int rows = x.size(0);
      for (int i = 0, at = 0; i < rows; i++) {
        for (int c = 0; c < channels; c++) {
          for (int line = 0; line < height / 2; line++) {
            for (int column = 0; column < width / 2; column++, at++) {
              int corner = i * inputs() + (c * height + 2 * line) * width + 2 * column;
              if (x.dtype() == DType.F32) {
                chosen[at] = largest(x.floats(), x.offset(), corner, width);
                y.floats()[at] = x.floats()[x.offset() + chosen[at]];
              } else {
                chosen[at] = largest(x.doubles(), x.offset(), corner, width);
                y.doubles()[at] = x.doubles()[x.offset() + chosen[at]];
              }
            }
          }
        }
      }
      return y.slice(0, 0, rows);
    }

    @Override
    Tensor backward(Tensor theta, Tensor dy, boolean needsInput, Tensor gradient, double beta) {
      if (!needsInput) {
        return null;
      }
      Tensor out = dx.slice(0, 0, dy.size(0)).fill(0);
      for (int at = 0; at < dy.length(); at++) {
        if (dy.dtype() == DType.F32) {
          out.floats()[chosen[at]] += dy.floats()[dy.offset() + at];
        } else {
          out.doubles()[chosen[at]] += dy.doubles()[dy.offset() + at];
        }
      }
      return out;
    }

    @Override
    Tensor backwardSquares(
        Tensor theta, Tensor dy, boolean needsInput, Tensor weights, Tensor squares) {
      return backward(theta, dy, needsInput, squares, 1);
    }
  }

  private static int largest(float[] x, int offset, int corner, int stride) {
    int best = corner;
    best = x[offset + corner + 1] > x[offset + best] ? corner + 1 : best;
    best = x[offset + corner + stride] > x[offset + best] ? corner + stride : best;
    return x[offset + corner + stride + 1] > x[offset + best] ? corner + stride + 1 : best;
  }

  private static int largest(double[] x, int offset, int corner, int stride) {
    int best = corner;
    best = x[offset + corner + 1] > x[offset + best] ? corner + 1 : best;
    best = x[offset + corner + stride] > x[offset + best] ? corner + stride : best;
    return x[offset + corner + stride + 1] > x[offset + best] ? corner + stride + 1 : best;
  }
}
