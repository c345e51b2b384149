package org.quadrille.federated.server;

import java.util.Arrays;

/**
 * A step of the server along the sum G of the changes it received, taken as an ascent direction:
 * {@code x += ...}, elementwise on a mean, or on the natural parameters of a Gaussian.
 *
 * <pre>
 * SGD       x += rate G
 * MOMENTUM  v = beta1 v + G;                       x += rate v
 * ADAGRAD   a = a + G^2;                           x += rate G / sqrt(a + epsilon), 0 where a = 0
 * ADAM      m = beta1 m + (1 - beta1) G
 *           v = beta2 v + (1 - beta2) G^2;         x += rate mhat / (sqrt(vhat) + epsilon)
 * YOGI      m as ADAM
 *           v = v - (1 - beta2) sign(v - G^2) G^2; x += rate m / (sqrt(v) + epsilon)
 * </pre>
 *
 * <p>With SGD on natural parameters, rate and damping occur only as their product, and the global
 * approximation stays the product of its sites; every other kind gives that up (see {@link
 * #keepsSites}). (Reddi et al., "Adaptive Federated Optimization", 2021.)
 *
 * @param kind the rule
 * @param rate gamma, positive
 * @param beta1 decay of the first memory, in [0, 1); used by MOMENTUM, ADAM and YOGI
 * @param beta2 decay of the second memory, in [0, 1); used by ADAM and YOGI
 * @param epsilon at least 0; used by ADAGRAD, ADAM and YOGI
 * @param start initial value of the second memory, at least 0
 */
public record ServerOptimizer(
    Kind kind, double rate, double beta1, double beta2, double epsilon, double start) {

  /** The rules. */
  public enum Kind {
    /** Plain step. */
    SGD,
    /** Heavy ball, without dampening. */
    MOMENTUM,
    /** Rates divided by the root of the sum of squares. */
    ADAGRAD,
    /** Means and squares that decay, with bias correction. */
    ADAM,
    /** As ADAM with squares that grow and shrink additively, without bias correction. */
    YOGI
  }

  /** Checks the ranges. */
  public ServerOptimizer {
    require("rate", rate, rate > 0 && rate < Double.POSITIVE_INFINITY, "a positive number");
    require("beta1", beta1, beta1 >= 0 && beta1 < 1, "a number from 0 and below 1");
    require("beta2", beta2, beta2 >= 0 && beta2 < 1, "a number from 0 and below 1");
    require("epsilon", epsilon, epsilon >= 0 && epsilon < 1e9, "0 or a small positive number");
    require("start", start, start >= 0 && start < 1e9, "0 or a positive number");
  }

  /** A plain step. */
  public static ServerOptimizer sgd(double rate) {
    return new ServerOptimizer(Kind.SGD, rate, 0, 0, 0, 0);
  }

  /** Heavy ball with memory {@code beta}, published as 0.9. */
  public static ServerOptimizer momentum(double rate, double beta) {
    return new ServerOptimizer(Kind.MOMENTUM, rate, beta, 0, 0, 0);
  }

  /** Adagrad from an accumulator of 0 with epsilon 1e-5, as published. */
  public static ServerOptimizer adagrad(double rate) {
    return new ServerOptimizer(Kind.ADAGRAD, rate, 0, 0, 1e-5, 0);
  }

  /** Adam with beta 0.9 and 0.99 and epsilon 1e-3, as federated optimization publishes it. */
  public static ServerOptimizer adam(double rate) {
    return new ServerOptimizer(Kind.ADAM, rate, 0.9, 0.99, 1e-3, 0);
  }

  /** Yogi with beta 0.9 and 0.99, epsilon 1e-3 and squares from 1e-6. */
  public static ServerOptimizer yogi(double rate) {
    return new ServerOptimizer(Kind.YOGI, rate, 0.9, 0.99, 1e-3, 1e-6);
  }

  /** Whether q stays the product of its sites when clients use the same factor: plain SGD only. */
  public boolean keepsSites() {
    return kind == Kind.SGD;
  }

  /** What the rule remembers before the first step, for n numbers. */
  public ServerMemory begin(int n) {
    boolean first = kind == Kind.MOMENTUM || kind == Kind.ADAM || kind == Kind.YOGI;
    boolean second = kind == Kind.ADAGRAD || kind == Kind.ADAM || kind == Kind.YOGI;
    double[] squares = new double[second ? n : 0];
    Arrays.fill(squares, start);
    return new ServerMemory(0, new double[first ? n : 0], squares);
  }

  /**
   * One step.
   *
   * @param memory of the step before, or of {@link #begin}; not modified
   * @param x n numbers, overwritten
   * @param g n numbers, the direction of ascent, not modified
   * @return the memory for the next step, a new object
   * @throws IllegalArgumentException if lengths do not fit
   */
  public ServerMemory ascend(ServerMemory memory, double[] x, double[] g) {
    int n = x.length;
    ServerMemory expected = begin(n);
    boolean fits =
        g.length == n
            && memory.first().length == expected.first().length
            && memory.second().length == expected.second().length;
    if (!fits) {
      throw new IllegalArgumentException(
          "server step: "
              + n
              + " numbers, "
              + g.length
              + " changes, memories of "
              + memory.first().length
              + " and "
              + memory.second().length
              + " given, expected equal lengths; use begin("
              + n
              + ")");
    }
    ServerMemory next =
        new ServerMemory(memory.steps() + 1, memory.first().clone(), memory.second().clone());
    switch (kind) {
      case SGD -> sgd(x, g);
      case MOMENTUM -> momentum(next.first(), x, g);
      case ADAGRAD -> adagrad(next.second(), x, g);
      case ADAM -> adam(next, x, g);
      case YOGI -> yogi(next, x, g);
    }
    return next;
  }

  private void sgd(double[] x, double[] g) {
    for (int i = 0; i < x.length; i++) {
      x[i] += rate * g[i];
    }
  }

  private void momentum(double[] v, double[] x, double[] g) {
    for (int i = 0; i < x.length; i++) {
      v[i] = beta1 * v[i] + g[i];
      x[i] += rate * v[i];
    }
  }

  private void adagrad(double[] a, double[] x, double[] g) {
    for (int i = 0; i < x.length; i++) {
      a[i] += g[i] * g[i];
      x[i] += a[i] == 0 ? 0 : rate * g[i] / Math.sqrt(a[i] + epsilon);
    }
  }

  private void adam(ServerMemory memory, double[] x, double[] g) {
    double[] m = memory.first();
    double[] v = memory.second();
    double meanCorrection = 1 - StrictMath.pow(beta1, (double) memory.steps());
    double squareCorrection = 1 - StrictMath.pow(beta2, (double) memory.steps());
    for (int i = 0; i < x.length; i++) {
      m[i] = beta1 * m[i] + (1 - beta1) * g[i];
      v[i] = beta2 * v[i] + (1 - beta2) * g[i] * g[i];
      x[i] += step(m[i] / meanCorrection, v[i] / squareCorrection);
    }
  }

  private void yogi(ServerMemory memory, double[] x, double[] g) {
    double[] m = memory.first();
    double[] v = memory.second();
    for (int i = 0; i < x.length; i++) {
      double square = g[i] * g[i];
      m[i] = beta1 * m[i] + (1 - beta1) * g[i];
      v[i] -= (1 - beta2) * Math.signum(v[i] - square) * square;
      x[i] += step(m[i], v[i]);
    }
  }

  /** {@code rate m / (sqrt(v) + epsilon)}, 0 where nothing has been seen. */
  private double step(double m, double v) {
    double scale = Math.sqrt(v) + epsilon;
    return scale == 0 ? 0 : rate * m / scale;
  }

  private static void require(String name, double value, boolean ok, String expected) {
    if (!ok) {
      throw new IllegalArgumentException(
          "server optimizer: " + name + " " + value + " given, expected " + expected);
    }
  }
}
