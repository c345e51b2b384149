package org.quadrille.kernels.cpu;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** Updates of weights in SIMD: the operations of the plain loops in the same order. */
@SuppressWarnings("cast") // needless in the twin
final class VectorUpdatesFloat implements UpdateLoopsFloat {

  static final VectorUpdatesFloat LOOPS = new VectorUpdatesFloat();

  private static final VectorSpecies<Float> SPECIES = VectorWidth.FLOAT;
  private static final int LANES = SPECIES.length();

  private VectorUpdatesFloat() {}

  private static FloatVector load(float[] x, int at) {
    return FloatVector.fromArray(SPECIES, x, at);
  }

  private static FloatVector all(double value) {
    return FloatVector.broadcast(SPECIES, (float) value);
  }

  @Override
  public void adam(
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
    FloatVector decay = all(step.decay());
    FloatVector gradientDecay = all(step.gradientDecay());
    FloatVector beta1 = all(step.beta1());
    FloatVector beta2 = all(step.beta2());
    FloatVector rest1 = all(1 - step.beta1());
    FloatVector rest2 = all(1 - step.beta2());
    FloatVector rate = all(-step.rate());
    FloatVector rootScale = all(step.rootScale());
    FloatVector epsilon = all(step.epsilon());
    int end = SPECIES.loopBound(n);
    for (int i = 0; i < end; i += LANES) {
      FloatVector weight = load(theta, thetaAt + i);
      FloatVector g =
          gradientDecay.lanewise(VectorOperators.FMA, weight, load(gradient, gradientAt + i));
      FloatVector m = beta1.lanewise(VectorOperators.FMA, load(mean, meanAt + i), rest1.mul(g));
      FloatVector v =
          beta2.lanewise(VectorOperators.FMA, load(square, squareAt + i), rest2.mul(g).mul(g));
      m.intoArray(mean, meanAt + i);
      v.intoArray(square, squareAt + i);
      FloatVector root =
          v.lanewise(VectorOperators.SQRT).lanewise(VectorOperators.FMA, rootScale, epsilon);
      rate.lanewise(VectorOperators.FMA, m.div(root), weight.mul(decay))
          .intoArray(theta, thetaAt + i);
    }
    UpdateLoopsFloat.super.adam(
        n - end,
        step,
        theta,
        thetaAt + end,
        gradient,
        gradientAt + end,
        mean,
        meanAt + end,
        square,
        squareAt + end);
  }

  @Override
  public void lion(
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
    FloatVector factor = all(decay);
    FloatVector part1 = all(beta1);
    FloatVector part2 = all(beta2);
    FloatVector rest1 = all(1 - beta1);
    FloatVector rest2 = all(1 - beta2);
    FloatVector up = all(rate);
    FloatVector down = all(-rate);
    FloatVector none = all(0);
    int end = SPECIES.loopBound(n);
    for (int i = 0; i < end; i += LANES) {
      FloatVector g = load(gradient, gradientAt + i);
      FloatVector m = load(mean, meanAt + i);
      FloatVector direction = part1.lanewise(VectorOperators.FMA, m, rest1.mul(g));
      FloatVector change =
          none.blend(up, direction.compare(VectorOperators.GT, 0))
              .blend(down, direction.compare(VectorOperators.LT, 0));
      load(theta, thetaAt + i).mul(factor).sub(change).intoArray(theta, thetaAt + i);
      part2.lanewise(VectorOperators.FMA, m, rest2.mul(g)).intoArray(mean, meanAt + i);
    }
    UpdateLoopsFloat.super.lion(
        n - end,
        decay,
        rate,
        beta1,
        beta2,
        theta,
        thetaAt + end,
        gradient,
        gradientAt + end,
        mean,
        meanAt + end);
  }

  @Override
  public void momentum(
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
    FloatVector factor = all(decay);
    FloatVector pull = all(gradientDecay);
    FloatVector down = all(-rate);
    FloatVector keep = all(momentum);
    int end = SPECIES.loopBound(n);
    for (int i = 0; i < end; i += LANES) {
      FloatVector weight = load(theta, thetaAt + i);
      FloatVector g = pull.lanewise(VectorOperators.FMA, weight, load(gradient, gradientAt + i));
      FloatVector m = keep.lanewise(VectorOperators.FMA, load(mean, meanAt + i), g);
      m.intoArray(mean, meanAt + i);
      down.lanewise(VectorOperators.FMA, m, weight.mul(factor)).intoArray(theta, thetaAt + i);
    }
    UpdateLoopsFloat.super.momentum(
        n - end,
        decay,
        gradientDecay,
        rate,
        momentum,
        theta,
        thetaAt + end,
        gradient,
        gradientAt + end,
        mean,
        meanAt + end);
  }

  @Override
  public void descend(
      int n,
      double decay,
      double gradientDecay,
      double rate,
      float[] theta,
      int thetaAt,
      float[] gradient,
      int gradientAt) {
    FloatVector factor = all(decay);
    FloatVector pull = all(gradientDecay);
    FloatVector down = all(-rate);
    int end = SPECIES.loopBound(n);
    for (int i = 0; i < end; i += LANES) {
      FloatVector weight = load(theta, thetaAt + i);
      FloatVector g = pull.lanewise(VectorOperators.FMA, weight, load(gradient, gradientAt + i));
      down.lanewise(VectorOperators.FMA, g, weight.mul(factor)).intoArray(theta, thetaAt + i);
    }
    UpdateLoopsFloat.super.descend(
        n - end, decay, gradientDecay, rate, theta, thetaAt + end, gradient, gradientAt + end);
  }

  @Override
  public void approach(int n, double part, float[] x, int xAt, float[] y, int yAt) {
    FloatVector factor = all(part);
    int end = SPECIES.loopBound(n);
    for (int i = 0; i < end; i += LANES) {
      FloatVector from = load(y, yAt + i);
      factor.lanewise(VectorOperators.FMA, load(x, xAt + i).sub(from), from).intoArray(y, yAt + i);
    }
    UpdateLoopsFloat.super.approach(n - end, part, x, xAt + end, y, yAt + end);
  }
}
