// Generated from UpdateLoopsFloat.java by src/main/generator/DoubleTwins.java. Do not edit.
package org.quadrille.kernels.cpu;

/**
 * Updates of weights by their gradients, each in one pass over memory. The default methods are
 * plain Java and define the bits; SIMD kernels override them.
 */
@SuppressWarnings("cast") // needless in the twin
interface UpdateLoopsDouble {

  /** The plain loops. */
  UpdateLoopsDouble SCALAR = new UpdateLoopsDouble() {};

  /** Adam with either kind of decay. */
  default void adam(
      int n,
      AdamStep step,
      double[] theta,
      int thetaAt,
      double[] gradient,
      int gradientAt,
      double[] mean,
      int meanAt,
      double[] square,
      int squareAt) {
    double decay = (double) step.decay();
    double gradientDecay = (double) step.gradientDecay();
    double beta1 = (double) step.beta1();
    double beta2 = (double) step.beta2();
    double rest1 = (double) (1 - step.beta1());
    double rest2 = (double) (1 - step.beta2());
    double rate = (double) -step.rate();
    double rootScale = (double) step.rootScale();
    double epsilon = (double) step.epsilon();
    for (int i = 0; i < n; i++) {
      double weight = theta[thetaAt + i];
      double g = Math.fma(gradientDecay, weight, gradient[gradientAt + i]);
      double m = Math.fma(beta1, mean[meanAt + i], rest1 * g);
      double v = Math.fma(beta2, square[squareAt + i], rest2 * g * g);
      mean[meanAt + i] = m;
      square[squareAt + i] = v;
      double root = Math.fma((double) Math.sqrt(v), rootScale, epsilon);
      theta[thetaAt + i] = Math.fma(rate, m / root, weight * decay);
    }
  }

  /** {@code theta := decay * theta - rate * sign(b1 m + (1 - b1) g); m := b2 m + (1 - b2) g}. */
  default void lion(
      int n,
      double decay,
      double rate,
      double beta1,
      double beta2,
      double[] theta,
      int thetaAt,
      double[] gradient,
      int gradientAt,
      double[] mean,
      int meanAt) {
    double rest1 = (double) (1 - beta1);
    double rest2 = (double) (1 - beta2);
    double step = (double) rate;
    for (int i = 0; i < n; i++) {
      double g = gradient[gradientAt + i];
      double m = mean[meanAt + i];
      double direction = Math.fma((double) beta1, m, rest1 * g);
      double change = direction > 0 ? step : direction < 0 ? -step : 0;
      theta[thetaAt + i] = theta[thetaAt + i] * (double) decay - change;
      mean[meanAt + i] = Math.fma((double) beta2, m, rest2 * g);
    }
  }

  /** {@code m := momentum * m + g + gradientDecay * theta; theta := decay * theta - rate * m}. */
  default void momentum(
      int n,
      double decay,
      double gradientDecay,
      double rate,
      double momentum,
      double[] theta,
      int thetaAt,
      double[] gradient,
      int gradientAt,
      double[] mean,
      int meanAt) {
    for (int i = 0; i < n; i++) {
      double weight = theta[thetaAt + i];
      double g = Math.fma((double) gradientDecay, weight, gradient[gradientAt + i]);
      double m = Math.fma((double) momentum, mean[meanAt + i], g);
      mean[meanAt + i] = m;
      theta[thetaAt + i] = Math.fma((double) -rate, m, weight * (double) decay);
    }
  }

  /** {@code theta := decay * theta - rate * (g + gradientDecay * theta)}. */
  default void descend(
      int n,
      double decay,
      double gradientDecay,
      double rate,
      double[] theta,
      int thetaAt,
      double[] gradient,
      int gradientAt) {
    for (int i = 0; i < n; i++) {
      double weight = theta[thetaAt + i];
      double g = Math.fma((double) gradientDecay, weight, gradient[gradientAt + i]);
      theta[thetaAt + i] = Math.fma((double) -rate, g, weight * (double) decay);
    }
  }

  /** {@code y := y + part * (x - y)}. */
  default void approach(int n, double part, double[] x, int xAt, double[] y, int yAt) {
    for (int i = 0; i < n; i++) {
      y[yAt + i] = Math.fma((double) part, x[xAt + i] - y[yAt + i], y[yAt + i]);
    }
  }
}
