package org.quadrille.federated.inference;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.quadrille.federated.Batch;
import org.quadrille.federated.ClientLikelihood;
import org.quadrille.federated.Examples;
import org.quadrille.federated.FederatedData;
import org.quadrille.federated.FisherKind;
import org.quadrille.federated.gaussian.Gaussian;
import org.quadrille.federated.gaussian.PrecisionShape;
import org.quadrille.federated.gaussian.Projection;
import org.quadrille.federated.model.GaussianLikelihood;
import org.quadrille.federated.model.Model;
import org.quadrille.federated.simulation.RandomKey;
import org.quadrille.federated.simulation.RandomStream;
import org.quadrille.federated.training.LocalTraining;
import org.quadrille.formats.JsonObject;
import org.quadrille.linalg.DType;
import org.quadrille.linalg.Tensor;

/** Laws of the inference methods. */
class InferenceTest {

  private static final RandomKey KEY = RandomKey.of(3);

  private static Tensor zeros(int d) {
    return Tensor.zeros(DType.F64, d);
  }

  private static ClientLikelihood logistic(int n, int d) {
    RandomStream stream = KEY.child(n, d).stream();
    Tensor x = Tensor.zeros(DType.F64, n, d);
    int[] y = new int[n];
    for (int i = 0; i < n; i++) {
      double sum = 0;
      for (int j = 0; j < d; j++) {
        double value = stream.normal();
        x.set(value, i, j);
        sum += value;
      }
      y[i] = sum + stream.normal() > 0 ? 1 : 0;
    }
    return Model.logisticRegression(d, false).on(Examples.labelled(x, y));
  }

  private static TiltedProblem problem(ClientLikelihood client, Gaussian cavity, double decay) {
    return new TiltedProblem(client, cavity, decay, new double[cavity.dimension()], KEY);
  }

  private static Gaussian diagonal(int d, double lambda) {
    return Gaussian.isotropic(PrecisionShape.DIAGONAL, lambda, zeros(d));
  }

  @Test
  void quadratureIsExactForPolynomials() {
    for (int n : new int[] {1, 2, 5, 16, 36, 64, 100}) {
      GaussHermite rule = GaussHermite.of(n);
      double moment = 1;
      for (int degree = 0; degree <= Math.min(2 * n - 1, 20); degree += 2) {
        double sum = 0;
        for (int k = 0; k < n; k++) {
          sum += rule.weights()[k] * Math.pow(rule.nodes()[k], degree);
        }
        // E x^(2k) = (2k - 1)!!
        assertEquals(1, sum / moment, 1e-12, n + " nodes, degree " + degree);
        moment *= degree + 1;
      }
    }
  }

  /** In one dimension the moments are integrals that a fine sum gives too. */
  @Test
  void quadratureFindsTheMomentsOfATiltedDistribution() {
    ClientLikelihood client = logistic(5, 1);
    Gaussian cavity =
        Gaussian.isotropic(PrecisionShape.FULL, 0.3, Tensor.of(new double[] {0.7}, 1));
    Gaussian q =
        new QuadratureMoments(Projection.MOMENT, 1e-10)
            .approximate(problem(client, cavity, 0))
            .gaussian();
    double mass = 0;
    double first = 0;
    double second = 0;
    for (int i = -4000; i <= 4000; i++) {
      double x = i * 5e-3;
      Tensor theta = Tensor.of(new double[] {x}, 1);
      double t = Math.exp(cavity.logDensity(theta) - client.loss(theta));
      mass += t;
      first += t * x;
      second += t * x * x;
    }
    double mean = first / mass;
    assertEquals(mean, q.mean().get(0), 1e-9);
    assertEquals(second / mass - mean * mean, 1 / q.precision().trace(), 1e-8);
  }

  @Test
  void modesAgree() {
    ClientLikelihood client = logistic(40, 5);
    TiltedProblem problem = problem(client, diagonal(5, 0.5), 0.01);
    double[] newton = MeanFinder.newton().find(problem).mean();
    double[] quasi = MeanFinder.quasiNewton().find(problem).mean();
    assertArrayEquals(newton, quasi, 1e-7);
    Tensor gradient = zeros(5);
    new TiltedFunction(problem).gradient(Tensor.of(newton, 5), gradient);
    assertArrayEquals(new double[5], gradient.toDoubles(), 1e-12);
  }

  /** Full-batch descent with the same objective ends at the same mode. */
  @Test
  void descentApproachesTheMode() {
    ClientLikelihood client = logistic(40, 5);
    TiltedProblem problem = problem(client, diagonal(5, 2), 0.02);
    double[] newton = MeanFinder.newton().find(problem).mean();
    LocalTraining training = LocalTraining.of(3000, 40, 0.5);
    double[] descent =
        MeanFinder.descent(training.withSamples(training.samples(), 2999)).find(problem).mean();
    assertArrayEquals(newton, descent, 1e-10);
  }

  @Test
  void laplaceWithExactFisherIsTheDiagonalOfTheHessian() {
    ClientLikelihood client = logistic(30, 4);
    Gaussian cavity = diagonal(4, 1.5);
    TiltedProblem problem = problem(client, cavity, 0);
    Gaussian fisher =
        new FisherLaplace(MeanFinder.newton(), FisherKind.EXACT, 1, Double.POSITIVE_INFINITY, 1)
            .approximate(problem)
            .gaussian();
    Gaussian hessian = new CurvatureLaplace(Projection.PRECISION).approximate(problem).gaussian();
    assertEquals(0, FederatedData.distance(hessian, fisher), 1e-12);
    Gaussian colder =
        new FisherLaplace(MeanFinder.newton(), FisherKind.EXACT, 1, Double.POSITIVE_INFINITY, 3)
            .approximate(problem)
            .gaussian();
    // Only the local part is scaled.
    assertEquals(
        3 * (fisher.precision().trace() - cavity.precision().trace()),
        colder.precision().trace() - cavity.precision().trace(),
        1e-10);
  }

  @Test
  void sampledFisherApproachesTheExactOne() {
    ClientLikelihood client = logistic(30, 4);
    TiltedProblem problem = problem(client, diagonal(4, 1.5), 0);
    double infinity = Double.POSITIVE_INFINITY;
    FisherLaplace exact = new FisherLaplace(MeanFinder.newton(), FisherKind.EXACT, 1, infinity, 1);
    FisherLaplace sampled =
        new FisherLaplace(MeanFinder.newton(), FisherKind.SAMPLED, 4000, infinity, 1);
    assertEquals(
        0,
        FederatedData.distance(
            exact.approximate(problem).gaussian(), sampled.approximate(problem).gaussian()),
        0.02);
  }

  /** Where the likelihood is Gaussian every exact method gives the tilted distribution. */
  @Test
  void exactMethodsAgreeOnGaussianLikelihoods() {
    Tensor a = Tensor.of(new double[] {3, 1, 1, 2}, 2, 2);
    Gaussian factor =
        Gaussian.ofNatural(PrecisionShape.FULL, Tensor.of(new double[] {1, -1}, 2), a);
    TiltedProblem full =
        problem(
            new GaussianLikelihood(factor, 4),
            Gaussian.isotropic(PrecisionShape.FULL, 0.5, zeros(2)),
            0.1);
    Gaussian exact = new ExactGaussian(Projection.MOMENT).approximate(full).gaussian();
    for (Inference method :
        List.of(
            new CurvatureLaplace(Projection.MOMENT),
            new QuadratureMoments(Projection.MOMENT, 1e-9))) {
      assertEquals(
          0, FederatedData.distance(exact, method.approximate(full).gaussian()), 1e-8, "" + method);
    }
  }

  /** The fixed points of partitioned inference are the mean-field optimum of all data. */
  @Test
  void partitionedInferenceFindsTheMeanFieldOptimum() {
    for (JsonObject federation :
        FederatedData.objects(FederatedData.file("gaussian_diag.json"), "cases").subList(0, 2)) {
      Gaussian prior = FederatedData.gaussian(FederatedData.object(federation, "prior"));
      Gaussian product = Gaussian.one(PrecisionShape.FULL, prior.dimension());
      for (JsonObject client : FederatedData.objects(federation, "clients")) {
        product.fma(1, FederatedData.gaussian(client));
      }
      Gaussian q =
          new PartitionedVariational(2500, 8, 1, 0.05)
              .approximate(problem(new GaussianLikelihood(product, 1), prior, 0))
              .gaussian();
      JsonObject optimum = FederatedData.object(federation, "mean_field_variational_optimum");
      double[] mean = FederatedData.vector(optimum.get("mean"));
      double[] variance = FederatedData.vector(optimum.get("variance"));
      for (int i = 0; i < mean.length; i++) {
        double deviation = Math.sqrt(variance[i]);
        assertEquals(mean[i], q.mean().get(i), 0.02 * deviation);
        assertEquals(variance[i], q.precision().variances().get(i), 0.05 * variance[i]);
      }
    }
  }

  /** Without a step of the mean, the precision is the Fisher information averaged over q. */
  @Test
  void naturalGradientAveragesTheFisherInformation() {
    ClientLikelihood client = logistic(60, 3);
    TiltedProblem problem = problem(client, diagonal(3, 1), 0.01);
    NaturalGradient averaged =
        new NaturalGradient(
            MeanFinder.newton(),
            FisherKind.EXACT,
            300,
            60,
            8,
            0,
            0.9,
            0.95,
            0,
            Double.POSITIVE_INFINITY,
            1);
    Gaussian q = averaged.approximate(problem).gaussian();
    assertArrayEquals(MeanFinder.newton().find(problem).mean(), q.mean().toDoubles(), 1e-12);
    Tensor average = zeros(3);
    RandomStream stream = KEY.child(8).stream();
    int draws = 4000;
    for (int s = 0; s < draws; s++) {
      Tensor z = Tensor.of(new double[] {stream.normal(), stream.normal(), stream.normal()}, 3);
      client.addFisher(q.sample(z), Batch.all(60), FisherKind.EXACT, 0, average);
    }
    for (int i = 0; i < 3; i++) {
      // the cavity, the decay, and the averaged information
      double expected = 1 + 0.01 * 60 + average.get(i) / draws;
      assertEquals(expected, q.precision().diagonal().get(i), 0.03 * expected);
    }
  }

  @Test
  void spreadOfSamplesHasTheNormOfTheIdentity() {
    ClientLikelihood client = logistic(60, 3);
    TiltedProblem problem = problem(client, diagonal(3, 1), 0);
    SampleSpread spread =
        new SampleSpread(MeanFinder.descent(LocalTraining.of(12, 10, 0.1)), 0.2, 1e-4, 2);
    Gaussian q = spread.approximate(problem).gaussian();
    double expected = Math.sqrt(3) * (1 + 0.2 * 60);
    assertEquals(expected, q.precision().frobenius(), 1e-9);
    assertTrue(q.isProper());
  }

  @Test
  void divergenceIsToldNotThrown() {
    RandomStream stream = KEY.stream();
    Tensor x = Tensor.zeros(DType.F32, 30, 3);
    for (int i = 0; i < 90; i++) {
      x.set(1e18 * stream.normal(), i / 3, i % 3);
    }
    Model deep = Model.perceptron(3, new int[] {4}, 2);
    ClientLikelihood client = deep.on(Examples.labelled(x, new int[30]));
    double[] start = deep.initial(DType.F64, KEY).toDoubles();
    TiltedProblem problem = new TiltedProblem(client, diagonal(start.length, 1), 0, start, KEY);
    LocalTraining wild = LocalTraining.of(4, 5, 1e3);
    for (Inference method :
        List.of(
            new FixedIdentity(MeanFinder.descent(wild), 1),
            FisherLaplace.of(MeanFinder.descent(wild)),
            NaturalGradient.of(MeanFinder.descent(wild)),
            new SampleSpread(MeanFinder.descent(wild), 1, 0.1, 2))) {
      assertTrue(method.approximate(problem).isDiverged(), "" + method);
      assertThrows(IllegalStateException.class, () -> method.approximate(problem).gaussian());
    }
  }

  @Test
  void sameBitsAgain() {
    ClientLikelihood client = logistic(60, 3);
    TiltedProblem problem = problem(client, diagonal(3, 1), 0.01);
    LocalTraining training = LocalTraining.of(3, 20, 0.1);
    for (Inference method :
        List.of(
            new FisherLaplace(MeanFinder.descent(training), FisherKind.SAMPLED, 2, 2, 1),
            NaturalGradient.of(MeanFinder.descent(training)),
            new PartitionedVariational(20, 2, 10, 0.1))) {
      assertArrayEquals(
          method.approximate(problem).gaussian().natural(),
          method.approximate(problem).gaussian().natural(),
          "" + method);
    }
  }

  @Test
  void refusesWhatDoesNotFit() {
    ClientLikelihood client = logistic(10, 3);
    MeanFinder.Descent once = MeanFinder.descent(LocalTraining.of(1, 5, 0.1));
    assertThrows(IllegalArgumentException.class, () -> new FixedIdentity(once, 0));
    assertThrows(IllegalArgumentException.class, () -> new SampleSpread(once, 1, 0.1, 2));
    MeanFinder.Descent twice = MeanFinder.descent(LocalTraining.of(2, 5, 0.1));
    assertThrows(IllegalArgumentException.class, () -> new SampleSpread(twice, 1, 1.1, 2));
    assertThrows(IllegalArgumentException.class, () -> new SampleSpread(twice, 1, 0.1, 0));
    assertThrows(IllegalArgumentException.class, () -> FisherLaplace.of(once).withScale(-1));
    assertThrows(IllegalArgumentException.class, () -> problem(client, diagonal(4, 1), 0));
    assertThrows(IllegalArgumentException.class, () -> problem(client, diagonal(3, 1), -1));
    ClientLikelihood empty =
        Model.logisticRegression(3, false)
            .on(Examples.labelled(Tensor.zeros(DType.F64, 0, 3), new int[0]));
    assertThrows(IllegalArgumentException.class, () -> problem(empty, diagonal(3, 1), 0));
    assertThrows(
        IllegalArgumentException.class,
        () -> new ExactGaussian(Projection.MOMENT).approximate(problem(client, diagonal(3, 1), 0)));
    assertThrows(
        IllegalArgumentException.class,
        () ->
            new QuadratureMoments(Projection.MOMENT, 1e-6)
                .approximate(problem(logistic(10, 5), diagonal(5, 1), 0)));
    assertThrows(
        IllegalArgumentException.class,
        () -> once.find(problem(client, Gaussian.isotropic(PrecisionShape.FULL, 1, zeros(3)), 0)));
    assertFalse(FisherLaplace.of(once).supports(PrecisionShape.SCALED_IDENTITY));
  }
}
