package org.quadrille.federated.inference;

import java.util.Map;
import org.quadrille.federated.gaussian.Gaussian;
import org.quadrille.federated.gaussian.PrecisionShape;
import org.quadrille.federated.gaussian.Projection;

/**
 * The tilted distribution itself, where the likelihood is a Gaussian function of the parameters,
 * projected to the shape of the cavity.
 *
 * @param projection to smaller shapes; irrelevant for a full precision
 */
public record ExactGaussian(Projection projection) implements Inference {

  @Override
  public boolean supports(PrecisionShape shape) {
    return true;
  }

  @Override
  public Approximation approximate(TiltedProblem problem) {
    Gaussian factor =
        problem
            .likelihood()
            .factor()
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "exact inference needs a Gaussian likelihood, such as linear regression;"
                            + " choose CurvatureLaplace or QuadratureMoments"));
    Gaussian tilted = problem.prior().multiply(factor);
    return tilted.isProper()
        ? Approximation.of(projection.project(tilted, problem.cavity().shape()), Map.of())
        : Approximation.diverged(Map.of());
  }
}
