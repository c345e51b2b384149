// Generated from VectorUpdatesFloat.java by src/main/generator/DoubleTwins.java. Do not edit.
package org.quadrille.kernels.cpu;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** Updates of weights in SIMD: the operations of the plain loops in the same order. */
@SuppressWarnings("cast") // needless in the twin
final class VectorUpdatesDouble implements UpdateLoopsDouble {

  static final VectorUpdatesDouble LOOPS = new VectorUpdatesDouble();

  private static final VectorSpecies<Double> SPECIES = VectorWidth.DOUBLE;
  private static final int LANES = SPECIES.length();

  private VectorUpdatesDouble() {}

  private static DoubleVector load(double[] x, int at) {
    return DoubleVector.fromArray(SPECIES, x, at);
  }

  private static DoubleVector all(double value) {
    return DoubleVector.broadcast(SPECIES, (double) value);
  }

  @Override
  public void adam(
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
    DoubleVector decay = all(step.decay());
    DoubleVector gradientDecay = all(step.gradientDecay());
    DoubleVector beta1 = all(step.beta1());
    DoubleVector beta2 = all(step.beta2());
    DoubleVector rest1 = all(1 - step.beta1());
    DoubleVector rest2 = all(1 - step.beta2());
    DoubleVector rate = all(-step.rate());
    DoubleVector rootScale = all(step.rootScale());
    DoubleVector epsilon = all(step.epsilon());
    int end = SPECIES.loopBound(n);
    for (int i = 0; i < end; i += LANES) {
      DoubleVector weight = load(theta, thetaAt + i);
      DoubleVector g =
          gradientDecay.lanewise(VectorOperators.FMA, weight, load(gradient, gradientAt + i));
      DoubleVector m = beta1.lanewise(VectorOperators.FMA, load(mean, meanAt + i), rest1.mul(g));
      DoubleVector v =
          beta2.lanewise(VectorOperators.FMA, load(square, squareAt + i), rest2.mul(g).mul(g));
      m.intoArray(mean, meanAt + i);
      v.intoArray(square, squareAt + i);
      DoubleVector root =
          v.lanewise(VectorOperators.SQRT).lanewise(VectorOperators.FMA, rootScale, epsilon);
      rate.lanewise(VectorOperators.FMA, m.div(root), weight.mul(decay))
          .intoArray(theta, thetaAt + i);
    }
    UpdateLoopsDouble.super.adam(
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
      double[] theta,
      int thetaAt,
      double[] gradient,
      int gradientAt,
      double[] mean,
      int meanAt) {
    DoubleVector factor = all(decay);
    DoubleVector part1 = all(beta1);
    DoubleVector part2 = all(beta2);
    DoubleVector rest1 = all(1 - beta1);
    DoubleVector rest2 = all(1 - beta2);
    DoubleVector up = all(rate);
    DoubleVector down = all(-rate);
    DoubleVector none = all(0);
    int end = SPECIES.loopBound(n);
    for (int i = 0; i < end; i += LANES) {
      DoubleVector g = load(gradient, gradientAt + i);
      DoubleVector m = load(mean, meanAt + i);
      DoubleVector direction = part1.lanewise(VectorOperators.FMA, m, rest1.mul(g));
      DoubleVector change =
          none.blend(up, direction.compare(VectorOperators.GT, 0))
              .blend(down, direction.compare(VectorOperators.LT, 0));
      load(theta, thetaAt + i).mul(factor).sub(change).intoArray(theta, thetaAt + i);
      part2.lanewise(VectorOperators.FMA, m, rest2.mul(g)).intoArray(mean, meanAt + i);
    }
    UpdateLoopsDouble.super.lion(
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
      double[] theta,
      int thetaAt,
      double[] gradient,
      int gradientAt,
      double[] mean,
      int meanAt) {
    DoubleVector factor = all(decay);
    DoubleVector pull = all(gradientDecay);
    DoubleVector down = all(-rate);
    DoubleVector keep = all(momentum);
    int end = SPECIES.loopBound(n);
    for (int i = 0; i < end; i += LANES) {
      DoubleVector weight = load(theta, thetaAt + i);
      DoubleVector g = pull.lanewise(VectorOperators.FMA, weight, load(gradient, gradientAt + i));
      DoubleVector m = keep.lanewise(VectorOperators.FMA, load(mean, meanAt + i), g);
      m.intoArray(mean, meanAt + i);
      down.lanewise(VectorOperators.FMA, m, weight.mul(factor)).intoArray(theta, thetaAt + i);
    }
    UpdateLoopsDouble.super.momentum(
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
      double[] theta,
      int thetaAt,
      double[] gradient,
      int gradientAt) {
    DoubleVector factor = all(decay);
    DoubleVector pull = all(gradientDecay);
    DoubleVector down = all(-rate);
    int end = SPECIES.loopBound(n);
    for (int i = 0; i < end; i += LANES) {
      DoubleVector weight = load(theta, thetaAt + i);
      DoubleVector g = pull.lanewise(VectorOperators.FMA, weight, load(gradient, gradientAt + i));
      down.lanewise(VectorOperators.FMA, g, weight.mul(factor)).intoArray(theta, thetaAt + i);
    }
    UpdateLoopsDouble.super.descend(
        n - end, decay, gradientDecay, rate, theta, thetaAt + end, gradient, gradientAt + end);
  }

  @Override
  public void approach(int n, double part, double[] x, int xAt, double[] y, int yAt) {
    DoubleVector factor = all(part);
    int end = SPECIES.loopBound(n);
    for (int i = 0; i < end; i += LANES) {
      DoubleVector from = load(y, yAt + i);
      factor.lanewise(VectorOperators.FMA, load(x, xAt + i).sub(from), from).intoArray(y, yAt + i);
    }
    UpdateLoopsDouble.super.approach(n - end, part, x, xAt + end, y, yAt + end);
  }
}
