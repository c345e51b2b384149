package org.quadrille.federated.training;

import org.quadrille.federated.Batch;
import org.quadrille.federated.ClientLikelihood;
import org.quadrille.linalg.DType;
import org.quadrille.linalg.Tensor;

/** The parameters, their velocity and one step; in the precision of the likelihood. */
abstract sealed class MomentumDescent {
  private final ClientLikelihood likelihood;
  private final Tensor theta;
  private final Tensor gradient;

  private MomentumDescent(ClientLikelihood likelihood, double[] start) {
    this.likelihood = likelihood;
    this.theta = Tensor.zeros(likelihood.dtype(), start.length);
    this.gradient = Tensor.zeros(likelihood.dtype(), start.length);
    for (int i = 0; i < start.length; i++) {
      theta.set(start[i], i);
    }
  }

  static MomentumDescent of(
      ClientLikelihood likelihood,
      double[] start,
      QuadraticTerm term,
      double rate,
      double momentum,
      double decay) {
    return likelihood.dtype() == DType.F32
        ? new InSingle(likelihood, start, term, rate, momentum, decay)
        : new InDouble(likelihood, start, term, rate, momentum, decay);
  }

  /** One step; returns the sum of the losses of the batch before it. */
  double step(Batch batch) {
    double loss = likelihood.gradient(theta, batch, gradient);
    move(batch.size());
    return loss;
  }

  abstract void move(int batchSize);

  /** Adds the parameters to a sum. */
  abstract void addTo(double[] sum);

  Tensor theta() {
    return theta;
  }

  Tensor gradient() {
    return gradient;
  }

  double[] parameters() {
    double[] values = new double[theta.length()];
    addTo(values);
    return values;
  }

  boolean isFinite() {
    // A sum of magnitudes is finite if and only if all are, short of overflow, which counts too.
    double sum = 0;
    for (double value : parameters()) {
      sum += Math.abs(value);
    }
    return Double.isFinite(sum);
  }

  private static final class InSingle extends MomentumDescent {
    private final float[] theta;
    private final float[] gradient;
    private final float[] velocity;
    private final float[] curvature;
    private final float[] linear;
    private final float rate;
    private final float momentum;

    InSingle(
        ClientLikelihood likelihood,
        double[] start,
        QuadraticTerm term,
        double rate,
        double momentum,
        double decay) {
      super(likelihood, start);
      this.theta = theta().floats();
      this.gradient = gradient().floats();
      this.velocity = new float[start.length];
      this.curvature = new float[start.length];
      this.linear = new float[start.length];
      this.rate = (float) rate;
      this.momentum = (float) momentum;
      for (int i = 0; i < start.length; i++) {
        curvature[i] = (float) (term.curvature(i) + decay);
        linear[i] = (float) term.linear(i);
      }
    }

    @Override
    void move(int batchSize) {
      float share = 1f / batchSize;
      for (int i = 0; i < theta.length; i++) {
        // g = 1/B sum grad + curvature theta - linear;  v = momentum v + g;  theta -= rate v
        float g = share * gradient[i] + (curvature[i] * theta[i] - linear[i]);
        float v = momentum * velocity[i] + g;
        velocity[i] = v;
        theta[i] -= rate * v;
      }
    }

    @Override
    void addTo(double[] sum) {
      for (int i = 0; i < sum.length; i++) {
        sum[i] += theta[i];
      }
    }
  }

  private static final class InDouble extends MomentumDescent {
    private final double[] theta;
    private final double[] gradient;
    private final double[] velocity;
    private final double[] curvature;
    private final double[] linear;
    private final double rate;
    private final double momentum;

    InDouble(
        ClientLikelihood likelihood,
        double[] start,
        QuadraticTerm term,
        double rate,
        double momentum,
        double decay) {
      super(likelihood, start);
      this.theta = theta().doubles();
      this.gradient = gradient().doubles();
      this.velocity = new double[start.length];
      this.curvature = new double[start.length];
      this.linear = new double[start.length];
      this.rate = rate;
      this.momentum = momentum;
      for (int i = 0; i < start.length; i++) {
        curvature[i] = term.curvature(i) + decay;
        linear[i] = term.linear(i);
      }
    }

    @Override
    void move(int batchSize) {
      double share = 1.0 / batchSize;
      for (int i = 0; i < theta.length; i++) {
        // g = 1/B sum grad + curvature theta - linear;  v = momentum v + g;  theta -= rate v
        double g = share * gradient[i] + (curvature[i] * theta[i] - linear[i]);
        double v = momentum * velocity[i] + g;
        velocity[i] = v;
        theta[i] -= rate * v;
      }
    }

    @Override
    void addTo(double[] sum) {
      for (int i = 0; i < sum.length; i++) {
        sum[i] += theta[i];
      }
    }
  }
}
