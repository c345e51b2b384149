package org.quadrille.zernike.wavefront;

import org.quadrille.linalg.DType;
import org.quadrille.linalg.Tensor;
import org.quadrille.zernike.DiskEvaluator;
import org.quadrille.zernike.DiskModes;
import org.quadrille.zernike.Outside;

/** Design matrices: orthonormal modes, or their slopes, at points, one row for a point. */
final class ModeColumns {
  private final int degree;
  private final DiskEvaluator evaluator;
  private final double[] factors;

  ModeColumns(int degree) {
    this.degree = OsaCoefficients.requireDegree(degree);
    // points a little beyond the edge, by rounding, are let in by callers
    this.evaluator = DiskEvaluator.ofDegree(degree).withOutside(Outside.EXTRAPOLATE);
    this.factors = OsaCoefficients.factors(degree);
  }

  int degree() {
    return degree;
  }

  int modes() {
    return DiskModes.count(degree);
  }

  DiskEvaluator evaluator() {
    return evaluator;
  }

  /** Values: shape [points, modes], columns contiguous. */
  Tensor values(double[] x, double[] y) {
    return scaled(evaluator.modes(x, y, null), x.length);
  }

  /** Slopes by x and by y, both of shape [points, modes], columns contiguous. */
  Tensor[] slopes(double[] x, double[] y) {
    double[] dx = new double[Math.multiplyExact(modes(), x.length)];
    double[] dy = new double[dx.length];
    evaluator.modeGradients(x, y, dx, dy);
    return new Tensor[] {scaled(dx, x.length), scaled(dy, x.length)};
  }

  private Tensor scaled(double[] modes, int points) {
    for (int j = 0; j < factors.length; j++) {
      double factor = factors[j];
      for (int i = j * points; i < (j + 1) * points; i++) {
        modes[i] *= factor;
      }
    }
    return points == 0
        ? Tensor.zeros(DType.F64, 0, factors.length)
        : Tensor.of(modes, factors.length, points).transpose();
  }
}
