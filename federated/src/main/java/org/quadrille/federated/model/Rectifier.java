package org.quadrille.federated.model;

import org.quadrille.federated.simulation.RandomKey;
import org.quadrille.linalg.DType;
import org.quadrille.linalg.Tensor;

/**
 * {@code y = max(x, 0)}; its derivative at 0 is taken as 0.
 *
 * @param inputs length of x and y
 */
public record Rectifier(int inputs) implements Layer {

  /** Checks the size. */
  public Rectifier {
    if (inputs < 1) {
      throw new IllegalArgumentException(
          "rectifier: " + inputs + " inputs given, expected 1 or more");
    }
  }

  @Override
  public int outputs() {
    return inputs;
  }

  @Override
  public int parameters() {
    return 0;
  }

  @Override
  public void initialize(Tensor theta, RandomKey key) {}

  @Override
  public LayerPass pass(DType dtype, int rows) {
    return new ActivationPass(dtype, rows, inputs) {
      @Override
      void activate(Tensor x, Tensor y) {
        if (x.dtype() == DType.F32) {
          rectify(x.floats(), x.offset(), y.floats(), y.offset(), x.length());
        } else {
          rectify(x.doubles(), x.offset(), y.doubles(), y.offset(), x.length());
        }
      }

      @Override
      void differentiate(Tensor y, Tensor dy, Tensor dx) {
        if (y.dtype() == DType.F32) {
          mask(
              y.floats(),
              y.offset(),
              dy.floats(),
              dy.offset(),
              dx.floats(),
              dx.offset(),
              y.length());
        } else {
          mask(
              y.doubles(),
              y.offset(),
              dy.doubles(),
              dy.offset(),
              dx.doubles(),
              dx.offset(),
              y.length());
        }
      }
    };
  }

  private static void rectify(float[] x, int xAt, float[] y, int yAt, int n) {
    for (int i = 0; i < n; i++) {
      y[yAt + i] = Math.max(x[xAt + i], 0);
    }
  }

  private static void rectify(double[] x, int xAt, double[] y, int yAt, int n) {
    for (int i = 0; i < n; i++) {
      y[yAt + i] = Math.max(x[xAt + i], 0);
    }
  }

  private static void mask(float[] y, int yAt, float[] dy, int dyAt, float[] dx, int dxAt, int n) {
    for (int i = 0; i < n; i++) {
      dx[dxAt + i] = y[yAt + i] > 0 ? dy[dyAt + i] : 0;
    }
  }

  private static void mask(
      double[] y, int yAt, double[] dy, int dyAt, double[] dx, int dxAt, int n) {
    for (int i = 0; i < n; i++) {
      dx[dxAt + i] = y[yAt + i] > 0 ? dy[dyAt + i] : 0;
    }
  }
}
