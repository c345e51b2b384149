package org.quadrille.federated.model;

import java.util.Optional;
import org.quadrille.federated.Batch;
import org.quadrille.federated.ClientLikelihood;
import org.quadrille.federated.Examples;
import org.quadrille.federated.FisherKind;
import org.quadrille.federated.gaussian.Gaussian;
import org.quadrille.federated.gaussian.PrecisionShape;
import org.quadrille.federated.simulation.RandomKey;
import org.quadrille.linalg.Arithmetic;
import org.quadrille.linalg.DType;
import org.quadrille.linalg.MatrixProduct;
import org.quadrille.linalg.Tensor;

/** The likelihood of examples under a model, with the workspaces of its passes. */
final class ModelLikelihood implements ClientLikelihood {
  private final Model model;
  private final Examples examples;
  private final int rows;
  private NetworkPass pass;
  private Tensor inputs;
  private Tensor outputGradient;
  private Tensor rowWeights;

  ModelLikelihood(Model model, Examples examples) {
    if (examples.width() != model.network().inputs()) {
      throw new IllegalArgumentException(
          "examples of "
              + examples.width()
              + " inputs given, expected "
              + model.network().inputs()
              + " as the model has");
    }
    model.outcome().check(examples, model.network().outputs());
    this.model = model;
    this.examples = examples;
    this.rows = Math.clamp(examples.count(), 1, Model.BLOCK);
  }

  @Override
  public int dimension() {
    return model.parameters();
  }

  @Override
  public DType dtype() {
    return examples.inputs().dtype();
  }

  @Override
  public int points() {
    return examples.count();
  }

  @Override
  public double loss(Tensor theta, Batch batch) {
    double loss = 0;
    for (Batch block = first(batch); block.size() > 0; block = after(block, batch)) {
      Tensor z = outputs(theta, block);
      loss += z.isFinite() ? model.outcome().gradient(z, examples, block, slopes(z)) : Double.NaN;
    }
    return loss;
  }

  @Override
  public double gradient(Tensor theta, Batch batch, Tensor gradient) {
    checkParameters("gradient", gradient);
    double loss = 0;
    if (batch.size() == 0) {
      gradient.fill(0);
    }
    for (Batch block = first(batch); block.size() > 0; block = after(block, batch)) {
      Tensor z = outputs(theta, block);
      if (!z.isFinite()) {
        gradient.fill(Double.NaN);
        return Double.NaN;
      }
      Tensor dz = slopes(z);
      loss += model.outcome().gradient(z, examples, block, dz);
      pass.backward(theta, dz, gradient, block.from() == batch.from() ? 0 : 1);
    }
    return loss;
  }

  @Override
  public void addFisher(Tensor theta, Batch batch, FisherKind kind, long key, Tensor fisher) {
    checkParameters("fisher", fisher);
    RandomKey labels = new RandomKey(key);
    for (Batch block = first(batch); block.size() > 0; block = after(block, batch)) {
      Tensor z = outputs(theta, block);
      if (!z.isFinite()) {
        fisher.fill(Double.NaN);
        return;
      }
      Tensor dz = slopes(z);
      switch (kind) {
        case EMPIRICAL -> {
          model.outcome().gradient(z, examples, block, dz);
          pass.backwardSquares(theta, dz, null, fisher);
        }
        case SAMPLED -> {
          model.outcome().sampledGradient(z, block, labels, dz);
          pass.backwardSquares(theta, dz, null, fisher);
        }
        case EXACT -> addExactFisher(theta, z, dz, fisher);
      }
    }
  }

  /** One pass if outputs are affine in the parameters, else one for each output. */
  private void addExactFisher(Tensor theta, Tensor z, Tensor dz, Tensor fisher) {
    if (model.network().isAffine()) {
      model.outcome().variances(z, dz);
      pass.addVariances(dz, fisher);
      return;
    }
    if (rowWeights == null) {
      rowWeights = Tensor.zeros(dtype(), rows);
    }
    Tensor weights = rowWeights.slice(0, 0, z.size(0));
    for (int c = 0; c < z.size(1); c++) {
      model.outcome().component(z, c, dz, weights);
      pass.backwardSquares(theta, dz, weights, fisher);
    }
  }

  /**
   * {@code sum over points of x~ x~' (x) C_i}, x~ the input and a 1 for the bias, C_i the curvature
   * of the outcome; for models that are affine in their parameters.
   */
  @Override
  public Tensor hessian(Tensor theta) {
    if (!model.network().isAffine()) {
      return ClientLikelihood.super.hessian(theta);
    }
    Tensor predictions = model.predict(theta, examples.inputs());
    Tensor extended = extendedInputs();
    int p = extended.size(1);
    int c = model.network().outputs();
    Tensor hessian = Tensor.zeros(DType.F64, p * c, p * c);
    double[] h = hessian.doubles();
    double[] x = extended.doubles();
    for (int i = 0; i < points(); i++) {
      for (int a = 0; a < p * c; a++) {
        double left = x[i * p + a / c];
        for (int b = 0; b < p * c; b++) {
          double curvature = model.outcome().curvature(predictions, i, a % c, b % c);
          h[a * p * c + b] += left * x[i * p + b / c] * curvature;
        }
      }
    }
    return hessian;
  }

  /** Linear regression: precision {@code tau X~' X~ (x) I}, eta {@code tau X~' Y}. */
  @Override
  public Optional<Gaussian> factor() {
    if (!(model.outcome() instanceof NormalOutcome normal) || !model.network().isAffine()) {
      return Optional.empty();
    }
    Tensor precision = hessian(Tensor.zeros(dtype(), dimension()));
    Tensor targets = examples.targets().to(DType.F64);
    Tensor eta = MatrixProduct.multiply(extendedInputs().transpose(), targets);
    Arithmetic.scale(normal.precision(), eta);
    return Optional.of(
        Gaussian.ofNatural(PrecisionShape.FULL, eta.reshape(dimension()), precision));
  }

  private Tensor extendedInputs() {
    Affine layer = (Affine) model.network().layers().get(0);
    int p = layer.inputs() + (layer.hasBias() ? 1 : 0);
    Tensor extended = Tensor.zeros(DType.F64, points(), p).fill(1);
    extended.slice(1, 0, layer.inputs()).assign(examples.inputs().to(DType.F64));
    return extended;
  }

  private Batch first(Batch batch) {
    return new Batch(batch.points(), batch.from(), Math.min(batch.to(), batch.from() + rows));
  }

  private Batch after(Batch block, Batch batch) {
    return new Batch(batch.points(), block.to(), Math.min(batch.to(), block.to() + rows));
  }

  private Tensor outputs(Tensor theta, Batch block) {
    model.checkTheta(theta, dtype());
    if (pass == null) {
      pass = new NetworkPass(model.network(), dtype(), rows);
      inputs = Tensor.zeros(dtype(), rows, examples.width());
      outputGradient = Tensor.zeros(dtype(), rows, model.network().outputs());
    }
    return pass.forward(theta, inputsOf(block));
  }

  private Tensor slopes(Tensor z) {
    return outputGradient.slice(0, 0, z.size(0));
  }

  /** The rows of a block: a view where they lie side by side, else copied. */
  private Tensor inputsOf(Batch block) {
    int first = block.point(0);
    int count = block.size();
    boolean consecutive = true;
    for (int i = 0; i < count; i++) {
      int point = block.point(i);
      if (point < 0 || point >= points()) {
        throw new IllegalArgumentException(
            "point " + point + " given, expected 0 to " + (points() - 1));
      }
      consecutive &= point == first + i;
    }
    if (consecutive) {
      return examples.inputs().slice(0, first, first + count);
    }
    RowLoops.gather(examples.inputs(), block.points(), block.from(), count, inputs);
    return inputs.slice(0, 0, count);
  }

  private void checkParameters(String name, Tensor x) {
    if (x.rank() != 1 || x.length() != dimension() || x.dtype() != dtype() || !x.isContiguous()) {
      throw new IllegalArgumentException(
          name
              + ": "
              + x
              + " given, expected a contiguous "
              + dtype()
              + " vector of "
              + dimension());
    }
  }
}
