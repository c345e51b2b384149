package org.quadrille.lowrank.adapter;

import org.quadrille.linalg.Arithmetic;
import org.quadrille.linalg.MatrixProduct;
import org.quadrille.linalg.Qr;
import org.quadrille.linalg.RandomizedSvd;
import org.quadrille.linalg.Svd;
import org.quadrille.linalg.Tensor;
import org.quadrille.linalg.Tensors;

/** First values from a decomposition of the weight or of its gradient. */
final class SpectralStart {
  private SpectralStart() {}

  /**
   * The largest components.
   *
   * @param powerIterations of the randomized decomposition; -1 for the exact one
   */
  static Factors principal(AdapterStart.Place place, int powerIterations) {
    requireRank(place, 1);
    Tensor weight = place.weight();
    Svd svd =
        powerIterations < 0
            ? Svd.exact(weight)
            : RandomizedSvd.decompose(
                weight,
                RandomizedSvd.Options.rank(place.rank())
                    .withPowerIterations(powerIterations)
                    .withSeed(place.seed()));
    return balanced(place, svd, 0);
  }

  /** The smallest components. */
  static Factors minor(AdapterStart.Place place) {
    requireRank(place, 1);
    Svd svd = Svd.exact(place.weight());
    return balanced(place, svd, svd.rank() - place.rank());
  }

  /** {@code B = U (S / s)^(1/2), A = (S / s)^(1/2) V^T} with r components from one on. */
  private static Factors balanced(AdapterStart.Place place, Svd svd, int from) {
    requirePositiveScale(place);
    Tensor left = svd.u().slice(1, from, from + place.rank()).copy();
    Tensor right = svd.v().slice(1, from, from + place.rank()).transpose().copy();
    for (int i = 0; i < place.rank(); i++) {
      double root = Math.sqrt(svd.singularValues().get(from + i) / place.scale());
      Arithmetic.scale(root, left.transpose().row(i));
      Arithmetic.scale(root, right.row(i));
    }
    return new Factors(left, right, true);
  }

  /** Left singular vectors of the smallest components. */
  static Factors minorDirections(AdapterStart.Place place) {
    requireRank(place, 1);
    Svd svd = Svd.exact(place.weight());
    int from = svd.rank() - place.rank();
    return new Factors(
        svd.u().slice(1, from, svd.rank()).copy(),
        Tensor.zeros(place.weight().dtype(), place.rank(), place.weight().size(1)),
        false);
  }

  static Factors orthonormal(AdapterStart.Place place) {
    requireRank(place, 1);
    Tensor weight = place.weight();
    int small = Math.min(weight.size(0), weight.size(1));
    // Q of the first columns is all of Q; R = Q^T W also where W is wide.
    Tensor q = Qr.decompose(weight.slice(1, 0, small).copy()).q();
    Tensor left = q.slice(1, 0, place.rank()).copy();
    Tensor right = MatrixProduct.multiply(left.transpose(), weight);
    return new Factors(left, right, true);
  }

  static AdapterStart gradient(Tensors gradients, double gamma) {
    if (!(gamma > 0) || Double.isInfinite(gamma)) {
      throw new IllegalArgumentException(
          "gamma: given " + gamma + ", expected a finite number above 0");
    }
    return place -> {
      // Directions 1 ... r on the left, r + 1 ... 2 r on the right.
      requireRank(place, 2);
      int r = place.rank();
      Svd svd = Svd.exact(gradients.get(place.name() + ".weight"));
      double size = Math.sqrt(Math.sqrt(place.weight().size(0))) / Math.sqrt(gamma);
      return new Factors(
          Arithmetic.scale(size, svd.u().slice(1, 0, r).copy()),
          Arithmetic.scale(size, svd.v().slice(1, r, 2 * r).transpose().copy()),
          true);
    };
  }

  private static void requireRank(AdapterStart.Place place, int times) {
    int small = Math.min(place.weight().size(0), place.weight().size(1));
    if (times * place.rank() > small) {
      throw new IllegalArgumentException(
          "\""
              + place.name()
              + "\": a spectral start of rank "
              + place.rank()
              + " needs "
              + times * place.rank()
              + " directions, the weight "
              + place.weight()
              + " has "
              + small
              + "; choose a smaller rank");
    }
  }

  private static void requirePositiveScale(AdapterStart.Place place) {
    if (!(place.scale() > 0)) {
      throw new IllegalArgumentException(
          "\""
              + place.name()
              + "\": scale "
              + place.scale()
              + ", expected a positive one for balanced factors");
    }
  }
}
