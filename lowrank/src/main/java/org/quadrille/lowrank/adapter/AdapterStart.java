package org.quadrille.lowrank.adapter;

import java.util.Map;
import org.quadrille.linalg.LowRank;
import org.quadrille.linalg.Tensor;
import org.quadrille.linalg.Tensors;

/** First values of the factors of an adapter. */
@FunctionalInterface
public interface AdapterStart {

  /**
   * What is known of the map.
   *
   * @param name without {@code .weight}
   * @param weight W, shape [out, in], not to be modified
   * @param rank r
   * @param scale s
   * @param seed of this map
   */
  record Place(String name, Tensor weight, int rank, double scale, long seed) {}

  /**
   * The factors, in the dtype of the weight.
   *
   * @throws IllegalArgumentException if the place has no such start
   */
  Factors at(Place place);

  /**
   * {@code A ~ U(-1 / sqrt(in), 1 / sqrt(in))}, B = 0: what common LoRA code draws (Kaiming uniform
   * with a = sqrt(5)).
   */
  static AdapterStart kaimingUniform() {
    return RandomStart::kaimingUniform;
  }

  /** {@code A ~ N(0, deviation^2)}, B = 0. */
  static AdapterStart gaussian(double deviation) {
    return RandomStart.gaussian(deviation);
  }

  /**
   * Both factors {@code N(0, deviation^2)}, for form {@link AdapterForm#TRIPLETS}, whose values
   * start at 0; AdaLoRA draws with 0.02.
   */
  static AdapterStart bothGaussian(double deviation) {
    return RandomStart.bothGaussian(deviation);
  }

  /** A = 0 and {@code B ~ U(-1 / sqrt(r), 1 / sqrt(r))}: the roles exchanged. */
  static AdapterStart zeroRight() {
    return RandomStart::zeroRight;
  }

  /**
   * PiSSA (Meng et al. 2024, equations 2 to 4): of {@code W = U S V^T}, {@code B = U_r (S_r /
   * s)^(1/2)}, {@code A = (S_r / s)^(1/2) V_r^T}; W is corrected.
   */
  static AdapterStart principal() {
    return place -> SpectralStart.principal(place, -1);
  }

  /** The same by a randomized decomposition with that many power iterations. */
  static AdapterStart principalRandomized(int powerIterations) {
    return place -> SpectralStart.principal(place, powerIterations);
  }

  /** MiLoRA (Wang et al. 2024): as {@link #principal} with the r smallest components. */
  static AdapterStart minor() {
    return SpectralStart::minor;
  }

  /** MiCA: {@code B = U[:, -r:]}, A = 0; train A alone. */
  static AdapterStart minorDirections() {
    return SpectralStart::minorDirections;
  }

  /**
   * OLoRA (Buyukakyuz 2024): of the thin {@code W = Q R}, {@code B = Q[:, :r]}, {@code A = R[:r]};
   * W is corrected.
   */
  static AdapterStart orthonormal() {
    return SpectralStart::orthonormal;
  }

  /**
   * LoRA-GA (Wang et al. 2024): of the gradient {@code G = U S V^T}, B along u_1 ... u_r and A
   * along v_(r+1) ... v_(2r), both times {@code out^(1/4) / sqrt(gamma)}; W is corrected.
   *
   * @param gradients of the dense weights by the name of the weight
   * @param gamma above 0; 16 in the paper
   */
  static AdapterStart gradient(Tensors gradients, double gamma) {
    return SpectralStart.gradient(gradients, gamma);
  }

  /**
   * Given factors, such as those of a quantized decomposition; W stays. Their scale must be that of
   * the place.
   */
  static AdapterStart explicit(Map<String, LowRank> factors) {
    return place -> {
      LowRank given = factors.get(place.name());
      if (given == null) {
        throw new IllegalArgumentException(
            "no factors for \"" + place.name() + "\"; there are some for " + factors.keySet());
      }
      if (given.scale() != place.scale() || given.rank() != place.rank()) {
        throw new IllegalArgumentException(
            "\""
                + place.name()
                + "\": given factors of rank "
                + given.rank()
                + " and scale "
                + given.scale()
                + ", the configuration says "
                + place.rank()
                + " and "
                + place.scale());
      }
      return new Factors(given.left().copy(), given.right().copy(), false);
    };
  }
}
