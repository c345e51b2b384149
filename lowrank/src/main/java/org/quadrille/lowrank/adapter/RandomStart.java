package org.quadrille.lowrank.adapter;

import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.quadrille.linalg.Arithmetic;
import org.quadrille.linalg.DType;
import org.quadrille.linalg.GaussianMatrix;
import org.quadrille.linalg.Tensor;

/** Random first values; one factor is 0, so that the adapted weight starts as W. */
final class RandomStart {
  private RandomStart() {}

  static Factors kaimingUniform(AdapterStart.Place place) {
    Tensor weight = place.weight();
    double bound = 1 / Math.sqrt(weight.size(1));
    return new Factors(
        Tensor.zeros(weight.dtype(), weight.size(0), place.rank()),
        uniform(weight.dtype(), place.seed(), bound, place.rank(), weight.size(1)),
        false);
  }

  static AdapterStart gaussian(double deviation) {
    if (!(deviation > 0) || Double.isInfinite(deviation)) {
      throw new IllegalArgumentException(
          "deviation: given " + deviation + ", expected a finite number above 0");
    }
    return place -> {
      Tensor weight = place.weight();
      Tensor right = GaussianMatrix.of(weight.dtype(), place.seed(), place.rank(), weight.size(1));
      return new Factors(
          Tensor.zeros(weight.dtype(), weight.size(0), place.rank()),
          Arithmetic.scale(deviation, right),
          false);
    };
  }

  static AdapterStart bothGaussian(double deviation) {
    AdapterStart right = gaussian(deviation);
    return place -> {
      Tensor weight = place.weight();
      Tensor left = GaussianMatrix.of(weight.dtype(), ~place.seed(), weight.size(0), place.rank());
      return new Factors(Arithmetic.scale(deviation, left), right.at(place).right(), false);
    };
  }

  static Factors zeroRight(AdapterStart.Place place) {
    Tensor weight = place.weight();
    double bound = 1 / Math.sqrt(Math.max(1, place.rank()));
    return new Factors(
        uniform(weight.dtype(), place.seed(), bound, weight.size(0), place.rank()),
        Tensor.zeros(weight.dtype(), place.rank(), weight.size(1)),
        false);
  }

  /** Independent U(-bound, bound) entries in row-major order. */
  static Tensor uniform(DType dtype, long seed, double bound, int rows, int cols) {
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    Tensor matrix = Tensor.zeros(dtype, rows, cols);
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < cols; j++) {
        matrix.set(bound * (2 * random.nextDouble() - 1), i, j);
      }
    }
    return matrix;
  }
}
