package org.quadrille.kernels.cpu;

/**
 * Updates of weights by their gradients, each in one pass over memory. The default methods are
 * plain Java and define the bits; SIMD kernels override them.
 */
@SuppressWarnings("cast") // needless in the twin
interface UpdateLoopsFloat {

  /** The plain loops. */
  UpdateLoopsFloat SCALAR = new UpdateLoopsFloat() {};

  /** Adam with either kind of decay. */
  default void adam(
      int n,
      AdamStep step,
      float[] theta,
      int thetaAt,
      float[] gradient,
      int gradientAt,
      float[] mean,
      int meanAt,
      float[] square,
      int squareAt) {
    float decay = (float) step.decay();
    float gradientDecay = (float) step.gradientDecay();
    float beta1 = (float) step.beta1();
    float beta2 = (float) step.beta2();
    float rest1 = (float) (1 - step.beta1());
    float rest2 = (float) (1 - step.beta2());
    float rate = (float) -step.rate();
    float rootScale = (float) step.rootScale();
    float epsilon = (float) step.epsilon();
    for (int i = 0; i < n; i++) {
      float weight = theta[thetaAt + i];
      float g = Math.fma(gradientDecay, weight, gradient[gradientAt + i]);
      float m = Math.fma(beta1, mean[meanAt + i], rest1 * g);
      float v = Math.fma(beta2, square[squareAt + i], rest2 * g * g);
      mean[meanAt + i] = m;
      square[squareAt + i] = v;
      float root = Math.fma((float) Math.sqrt(v), rootScale, epsilon);
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
      float[] theta,
      int thetaAt,
      float[] gradient,
      int gradientAt,
      float[] mean,
      int meanAt) {
    float rest1 = (float) (1 - beta1);
    float rest2 = (float) (1 - beta2);
    float step = (float) rate;
    for (int i = 0; i < n; i++) {
      float g = gradient[gradientAt + i];
      float m = mean[meanAt + i];
      float direction = Math.fma((float) beta1, m, rest1 * g);
      float change = direction > 0 ? step : direction < 0 ? -step : 0;
      theta[thetaAt + i] = theta[thetaAt + i] * (float) decay - change;
      mean[meanAt + i] = Math.fma((float) beta2, m, rest2 * g);
    }
  }

  /** {@code m := momentum * m + g + gradientDecay * theta; theta := decay * theta - rate * m}. */
  default void momentum(
      int n,
      double decay,
      double gradientDecay,
      double rate,
      double momentum,
      float[] theta,
      int thetaAt,
      float[] gradient,
      int gradientAt,
      float[] mean,
      int meanAt) {
    for (int i = 0; i < n; i++) {
      float weight = theta[thetaAt + i];
      float g = Math.fma((float) gradientDecay, weight, gradient[gradientAt + i]);
      float m = Math.fma((float) momentum, mean[meanAt + i], g);
      mean[meanAt + i] = m;
      theta[thetaAt + i] = Math.fma((float) -rate, m, weight * (float) decay);
    }
  }

  /** {@code theta := decay * theta - rate * (g + gradientDecay * theta)}. */
  default void descend(
      int n,
      double decay,
      double gradientDecay,
      double rate,
      float[] theta,
      int thetaAt,
      float[] gradient,
      int gradientAt) {
    for (int i = 0; i < n; i++) {
      float weight = theta[thetaAt + i];
      float g = Math.fma((float) gradientDecay, weight, gradient[gradientAt + i]);
      theta[thetaAt + i] = Math.fma((float) -rate, g, weight * (float) decay);
    }
  }

  /** {@code y := y + part * (x - y)}. */
  default void approach(int n, double part, float[] x, int xAt, float[] y, int yAt) {
    for (int i = 0; i < n; i++) {
      y[yAt + i] = Math.fma((float) part, x[xAt + i] - y[yAt + i], y[yAt + i]);
    }
  }
}
