package org.quadrille.zernike.wavefront;

import org.quadrille.kernels.cpu.WorkerPool;
import org.quadrille.linalg.DType;
import org.quadrille.linalg.Tensor;
import org.quadrille.zernike.RadialRule;

/**
 * The Fourier integral of a smooth function over a disk, to rounding error, by two products.
 *
 * <p>Points lie on vertical chords {@code x_k = cos(k pi / (K + 1))}, the nodes of Chebyshev
 * polynomials of the second kind, at Gauss-Legendre nodes {@code y = c_k s_j}, {@code c_k = (1 -
 * x_k^2)^(1/2)}:
 *
 * <pre>integral = sum_k w_k sum_j w_j f(x_k, c_k s_j),  w_k = pi / (K + 1) c_k^2</pre>
 *
 * <p>since {@code dx dy = c dx ds} and the mean over a chord is as smooth in x as f is. This
 * converges like Gauss rules do, where pixels leave an error of the size of their area at the edge.
 * The nodes of a chord depend on it, so its exponentials are made on the way, by rotations.
 */
final class ChordTransform {
  /** Image rows of one task: their rotations start from exact angles. */
  private static final int BLOCK = 64;

  private final double radius;

  /** Abscissae of the chords and their half lengths. */
  private final double[] x;

  private final double[] half;
  private final double[] chordWeights;
  private final double[] s;
  private final double[] alongWeights;

  /**
   * Prepares the points.
   *
   * @param chords number of chords and of points on each
   * @param radius of the disk
   */
  ChordTransform(int chords, double radius) {
    this.radius = radius;
    x = new double[chords];
    half = new double[chords];
    chordWeights = new double[chords];
    for (int k = 0; k < chords; k++) {
      double angle = Math.PI * (k + 1) / (chords + 1);
      x[k] = radius * Math.cos(angle);
      half[k] = radius * Math.sin(angle);
      // radius x and radius s: the area element radius^2
      chordWeights[k] = Math.PI / (chords + 1) * half[k] * half[k];
    }
    RadialRule rule = RadialRule.ofPower(chords, 0);
    s = new double[chords];
    alongWeights = rule.weights();
    for (int j = 0; j < chords; j++) {
      s[j] = rule.node(j) - rule.complement(j);
      alongWeights[j] *= 2;
    }
  }

  /** Points: index [j][k], point j of chord k. */
  double[] pointsX() {
    double[] points = new double[s.length * x.length];
    for (int i = 0; i < points.length; i++) {
      points[i] = x[i % x.length];
    }
    return points;
  }

  double[] pointsY() {
    double[] points = new double[s.length * x.length];
    for (int i = 0; i < points.length; i++) {
      points[i] = half[i % x.length] * s[i / x.length];
    }
    return points;
  }

  double radius() {
    return radius;
  }

  /**
   * The integral of {@code f exp(-i pi (u x + v y))} at a tensor grid of u and v.
   *
   * @param real of f at the points
   * @param imaginary of f
   * @return real parts [v, u], then imaginary parts
   */
  double[] transform(double[] real, double[] imaginary, double[] v, double[] u) {
    int chords = x.length;
    Tensor sums = Tensor.zeros(DType.F64, 2 * v.length, chords);
    int blocks = Math.ceilDiv(v.length, BLOCK);
    WorkerPool.shared()
        .forEach(
            blocks,
            b -> {
              int from = b * BLOCK;
              rows(real, imaginary, v, from, Math.min(v.length, from + BLOCK), sums.doubles());
            });
    return MatrixFourierTransform.columns(
        sums, MatrixFourierTransform.phases(u, x).transpose(), v.length, chords, u.length);
  }

  /** Sums along all chords for some rows of the image; lanes are chords. */
  private void rows(
      double[] real, double[] imaginary, double[] v, int from, int to, double[] sums) {
    int chords = x.length;
    double[] re = new double[chords];
    double[] im = new double[chords];
    double[] stepCosines = new double[chords];
    double[] stepSines = new double[chords];
    boolean even = isEven(v);
    for (int j = 0; j < s.length; j++) {
      int at = j * chords;
      for (int k = 0; k < chords; k++) {
        double angle = Math.PI * v[from] * half[k] * s[j];
        double c = alongWeights[j] * chordWeights[k] * Math.cos(angle);
        double sine = alongWeights[j] * chordWeights[k] * Math.sin(angle);
        re[k] = c * real[at + k] + sine * imaginary[at + k];
        im[k] = c * imaginary[at + k] - sine * real[at + k];
      }
      for (int i = from; i < to; i++) {
        add(re, sums, i * chords);
        add(im, sums, (v.length + i) * chords);
        if (i + 1 < to) {
          if (i == from || !even) {
            step(v[i + 1] - v[i], s[j], stepCosines, stepSines);
          }
          rotate(re, im, stepCosines, stepSines);
        }
      }
    }
  }

  private static boolean isEven(double[] v) {
    for (int i = 1; i + 1 < v.length; i++) {
      if (Math.abs((v[i + 1] - v[i]) - (v[1] - v[0])) > 1e-13 * Math.abs(v[1] - v[0])) {
        return false;
      }
    }
    return true;
  }

  private void step(double difference, double along, double[] cosines, double[] sines) {
    for (int k = 0; k < cosines.length; k++) {
      double angle = Math.PI * difference * half[k] * along;
      cosines[k] = Math.cos(angle);
      sines[k] = Math.sin(angle);
    }
  }

  private static void add(double[] term, double[] sums, int at) {
    for (int k = 0; k < term.length; k++) {
      sums[at + k] += term[k];
    }
  }

  /** Times exp(-i angle). */
  private static void rotate(double[] re, double[] im, double[] cosines, double[] sines) {
    for (int k = 0; k < re.length; k++) {
      double turned = Math.fma(cosines[k], re[k], sines[k] * im[k]);
      im[k] = Math.fma(cosines[k], im[k], -(sines[k] * re[k]));
      re[k] = turned;
    }
  }
}
