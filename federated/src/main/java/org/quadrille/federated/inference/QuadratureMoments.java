package org.quadrille.federated.inference;

import java.util.Map;
import org.quadrille.federated.gaussian.Gaussian;
import org.quadrille.federated.gaussian.PrecisionShape;
import org.quadrille.federated.gaussian.Projection;
import org.quadrille.linalg.Cholesky;
import org.quadrille.linalg.DType;
import org.quadrille.linalg.Tensor;

/**
 * Mean and covariance of the tilted distribution by adaptive Gauss-Hermite quadrature, for at most
 * four parameters: the grid is laid by the mode and the Hessian there, refined around the moments
 * found, and grown until they settle.
 *
 * @param projection how the moments become a Gaussian of the cavity's shape; {@link
 *     Projection#MOMENT} is what expectation propagation asks for
 * @param tolerance largest change of mean and covariance, relative to the standard deviations, when
 *     the grid grows; 1e-9 is usual
 */
public record QuadratureMoments(Projection projection, double tolerance) implements Inference {

  /** Largest number of parameters. */
  public static final int MOST_PARAMETERS = 4;

  private static final int[] NODES = {8, 12, 18, 26, 36, 48, 64};

  /** Checks the tolerance. */
  public QuadratureMoments {
    if (!(tolerance > 0 && tolerance < 1)) {
      throw new IllegalArgumentException(
          "tolerance: " + tolerance + " given, expected a number between 0 and 1");
    }
  }

  @Override
  public boolean supports(PrecisionShape shape) {
    return true;
  }

  @Override
  public Approximation approximate(TiltedProblem problem) {
    int d = problem.cavity().dimension();
    if (d > MOST_PARAMETERS) {
      throw new IllegalArgumentException(
          "quadrature over "
              + d
              + " parameters given, expected at most "
              + MOST_PARAMETERS
              + "; choose CurvatureLaplace");
    }
    double[] mode = new NewtonSearch(problem).mode();
    if (mode.length == 0) {
      return Approximation.diverged(Map.of());
    }
    TiltedFunction function = new TiltedFunction(problem);
    Tensor mean = Tensor.of(mode, d);
    Moments moments = new Moments(mean, Cholesky.decompose(function.hessian(mean)).inverse());
    double error = Double.POSITIVE_INFINITY;
    // Three and four parameters: grids stay below half a million nodes.
    int last = d <= 2 ? NODES.length : d == 3 ? NODES.length - 1 : 4;
    for (int level = 0; level < last && error > tolerance; level++) {
      Moments finer = moments.refined(function, GaussHermite.of(NODES[level]));
      error = finer.distance(moments);
      moments = finer;
    }
    Gaussian result =
        projection.ofMoments(moments.mean(), moments.covariance(), problem.cavity().shape());
    return Approximation.of(result, Map.of("quadratureError", error));
  }

  /** Mean and covariance, and the grid they lay. */
  private record Moments(Tensor mean, Tensor covariance) {

    /** The moments on the grid {@code mean + L x}, {@code covariance = L L'}. */
    Moments refined(TiltedFunction function, GaussHermite rule) {
      int d = mean.length();
      int n = rule.nodes().length;
      Tensor lower = Cholesky.decompose(covariance).lower();
      int count = Math.powExact(n, d);
      double[] logWeights = new double[count];
      Tensor places = Tensor.zeros(DType.F64, count, d);
      double[] l = lower.contiguous().doubles();
      double[] x = new double[d];
      double[] logWeightOfNode = new double[n];
      for (int k = 0; k < n; k++) {
        // quadrature weight over the density it belongs to
        double node = rule.nodes()[k];
        logWeightOfNode[k] = StrictMath.log(rule.weights()[k]) + 0.5 * node * node;
      }
      double largest = Double.NEGATIVE_INFINITY;
      for (int at = 0; at < count; at++) {
        double log = 0;
        for (int i = 0, rest = at; i < d; i++, rest /= n) {
          double node = rule.nodes()[rest % n];
          x[i] = node;
          log += logWeightOfNode[rest % n];
        }
        Tensor place = places.row(at);
        for (int i = 0; i < d; i++) {
          double sum = mean.get(i);
          for (int j = 0; j <= i; j++) {
            sum += l[i * d + j] * x[j];
          }
          place.set(sum, i);
        }
        logWeights[at] = log - function.value(place);
        largest = Math.max(largest, logWeights[at]);
      }
      return of(places, logWeights, largest);
    }

    private static Moments of(Tensor places, double[] logWeights, double largest) {
      int d = places.size(1);
      double[] mean = new double[d];
      double sum = 0;
      double[] x = places.doubles();
      for (int at = 0; at < logWeights.length; at++) {
        logWeights[at] = StrictMath.exp(logWeights[at] - largest);
        sum += logWeights[at];
        for (int i = 0; i < d; i++) {
          mean[i] += logWeights[at] * x[at * d + i];
        }
      }
      for (int i = 0; i < d; i++) {
        mean[i] /= sum;
      }
      double[] covariance = new double[d * d];
      for (int at = 0; at < logWeights.length; at++) {
        double weight = logWeights[at] / sum;
        for (int i = 0; i < d; i++) {
          for (int j = 0; j < d; j++) {
            covariance[i * d + j] += weight * (x[at * d + i] - mean[i]) * (x[at * d + j] - mean[j]);
          }
        }
      }
      return new Moments(Tensor.of(mean, d), Tensor.of(covariance, d, d));
    }

    /** Largest difference in units of these standard deviations. */
    double distance(Moments other) {
      double largest = 0;
      for (int i = 0; i < mean.length(); i++) {
        double scale = Math.sqrt(covariance.get(i, i));
        largest = Math.max(largest, Math.abs(mean.get(i) - other.mean.get(i)) / scale);
        for (int j = 0; j < mean.length(); j++) {
          double area = scale * Math.sqrt(covariance.get(j, j));
          double change = Math.abs(covariance.get(i, j) - other.covariance.get(i, j));
          largest = Math.max(largest, change / area);
        }
      }
      return largest;
    }
  }
}
