package org.quadrille.federated.inference;

import java.util.Map;
import org.quadrille.federated.gaussian.Gaussian;
import org.quadrille.federated.gaussian.PrecisionShape;
import org.quadrille.federated.gaussian.Projection;
import org.quadrille.linalg.Norms;
import org.quadrille.linalg.Tensor;

/**
 * Laplace's approximation at the mode of the tilted distribution with all its second derivatives,
 * projected to the shape of the cavity. With it, message passing is Laplace propagation: its fixed
 * point is the global mode (Smola, Vishwanathan and Eskin 2003).
 *
 * @param projection to smaller shapes; {@link Projection#PRECISION} takes the diagonal of the
 *     Hessian
 */
public record CurvatureLaplace(Projection projection) implements Inference {

  @Override
  public boolean supports(PrecisionShape shape) {
    return true;
  }

  @Override
  public Approximation approximate(TiltedProblem problem) {
    NewtonSearch search = new NewtonSearch(problem);
    double[] mode = search.mode();
    Map<String, Double> figures = Map.of("iterations", search.iterations());
    if (mode.length == 0) {
      return Approximation.diverged(figures);
    }
    Tensor mean = Tensor.of(mode, mode.length);
    Tensor hessian = Norms.requireFinite("hessian", new TiltedFunction(problem).hessian(mean));
    Gaussian tilted = Gaussian.ofMean(PrecisionShape.FULL, mean, hessian);
    return tilted.isProper()
        ? Approximation.of(projection.project(tilted, problem.cavity().shape()), figures)
        : Approximation.diverged(figures);
  }
}
