package org.quadrille.federated.propagation;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.hipparchus.linear.Array2DRowRealMatrix;
import org.hipparchus.linear.LUDecomposition;
import org.hipparchus.linear.RealMatrix;
import org.junit.jupiter.api.Test;
import org.quadrille.federated.ClientLikelihood;
import org.quadrille.federated.Examples;
import org.quadrille.federated.FederatedData;
import org.quadrille.federated.baseline.FederatedAveraging;
import org.quadrille.federated.gaussian.Gaussian;
import org.quadrille.federated.gaussian.PrecisionShape;
import org.quadrille.federated.gaussian.Projection;
import org.quadrille.federated.inference.CurvatureLaplace;
import org.quadrille.federated.inference.ExactGaussian;
import org.quadrille.federated.inference.FisherLaplace;
import org.quadrille.federated.inference.FixedIdentity;
import org.quadrille.federated.inference.Inference;
import org.quadrille.federated.inference.MeanFinder;
import org.quadrille.federated.model.GaussianLikelihood;
import org.quadrille.federated.model.Model;
import org.quadrille.federated.server.Damping;
import org.quadrille.federated.server.ServerOptimizer;
import org.quadrille.federated.simulation.ClientReply;
import org.quadrille.federated.simulation.RandomKey;
import org.quadrille.federated.simulation.RandomStream;
import org.quadrille.federated.simulation.ReplyStatus;
import org.quadrille.federated.simulation.RoundSpec;
import org.quadrille.federated.simulation.RoundSum;
import org.quadrille.federated.simulation.ServerOutcome;
import org.quadrille.federated.simulation.StateArrays;
import org.quadrille.federated.training.LocalTraining;
import org.quadrille.federated.training.SampleKind;
import org.quadrille.formats.JsonObject;
import org.quadrille.linalg.DType;
import org.quadrille.linalg.MatrixProduct;
import org.quadrille.linalg.Tensor;

/** What theory says of expectation propagation over clients. */
class PropagationLawsTest {

  private static Gaussian factor(long seed, int d) {
    RandomStream stream = RandomKey.of(seed).stream();
    Tensor a = Tensor.zeros(DType.F64, d, d);
    Tensor eta = Tensor.zeros(DType.F64, d);
    for (int i = 0; i < d; i++) {
      eta.set(2 * stream.normal(), i);
      for (int j = 0; j < d; j++) {
        a.set(stream.normal(), i, j);
      }
    }
    return Gaussian.ofNatural(PrecisionShape.FULL, eta, MatrixProduct.multiply(a, a.transpose()));
  }

  private static List<GaussianLikelihood> clients(int count, int d) {
    List<GaussianLikelihood> clients = new ArrayList<>();
    for (int k = 0; k < count; k++) {
      clients.add(new GaussianLikelihood(factor(100 + k, d), 1));
    }
    return clients;
  }

  private static Gaussian prior(PrecisionShape shape, int d) {
    return Gaussian.isotropic(shape, 0.4, Tensor.zeros(DType.F64, d).fill(0.2));
  }

  private static ExpectationPropagation exact(PrecisionShape shape, int d) {
    return ExpectationPropagation.fedEp(new ExactGaussian(Projection.PRECISION), prior(shape, d));
  }

  private static double distance(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += (a[i] - b[i]) * (a[i] - b[i]);
    }
    return Math.sqrt(sum);
  }

  /** Without sites the bias is O(1 / K): it halves when every client is there twice as often. */
  @Test
  void statelessBiasFallsAsOneOverClients() {
    List<GaussianLikelihood> four = clients(4, 3);
    double last = 0;
    for (int copies = 1; copies <= 8; copies *= 2) {
      List<GaussianLikelihood> many = new ArrayList<>();
      Gaussian posterior = prior(PrecisionShape.FULL, 3);
      for (GaussianLikelihood client : four) {
        Gaussian part = client.factor().orElseThrow();
        for (int c = 0; c < copies; c++) {
          many.add(new GaussianLikelihood(part, 1));
          posterior.fma(1, part);
        }
      }
      ExpectationPropagation algorithm =
          exact(PrecisionShape.DIAGONAL, 3).withCavity(CavityRule.FRACTION);
      SmallFederation run = new SmallFederation(algorithm, many, 1);
      for (int round = 0; round < 80 * copies; round++) {
        run.parallel();
      }
      double bias = distance(posterior.mean().toDoubles(), run.approximation().mean().toDoubles());
      if (copies > 1) {
        assertEquals(0.5, bias / last, 0.12, copies + " copies: " + bias);
      } else {
        assertTrue(bias > 1e-3, "no bias to speak of: " + bias);
      }
      last = bias;
    }
  }

  /** With a scaled identity and no state it is FedProx, step for step. */
  @Test
  void statelessIdentityIsFedProx() {
    int clients = 5;
    int n = 12;
    List<ClientLikelihood> data = new ArrayList<>();
    for (int k = 0; k < clients; k++) {
      data.add(logistic(k, n, 3));
    }
    double c = 0.3;
    double[] start = {0.3, -0.2, 0.1};
    LocalTraining training = new LocalTraining(3, 4, 0.05, 0.9, 0, SampleKind.LAST, 2);
    ExpectationPropagation sep =
        ExpectationPropagation.warm(
                new FixedIdentity(MeanFinder.descent(training), c),
                Gaussian.one(PrecisionShape.SCALED_IDENTITY, 3),
                PrecisionShape.SCALED_IDENTITY,
                start,
                c,
                (long) clients * n)
            .withCavity(CavityRule.FRACTION);
    double rho = c * (clients * n - n) / n;
    FederatedAveraging prox = FederatedAveraging.fedProx(training, rho, start);
    StateArrays a = sep.start();
    StateArrays b = prox.start();
    for (int round = 0; round < 6; round++) {
      RoundSpec spec = new RoundSpec(round, 9, clients, clients, (long) clients * n);
      List<ClientReply> fromSep = new ArrayList<>();
      List<ClientReply> fromProx = new ArrayList<>();
      for (int k = 0; k < clients; k++) {
        fromSep.add(sep.client(spec, a, Optional.empty(), k, data.get(k)));
        fromProx.add(prox.client(spec, b, Optional.empty(), k, data.get(k)));
      }
      a = sep.server(a, RoundSum.of(4, fromSep), spec).state();
      b = prox.server(b, RoundSum.of(3, fromProx), spec).state();
      assertArrayEquals(prox.parameters(b), sep.parameters(a), 1e-13, "round " + round);
      assertEquals(c * clients * n, sep.approximation(a).precision().trace() / 3, 1e-12);
    }
  }

  /** The sum of replies has one order, so the order of asking changes no bit. */
  @Test
  void orderOfClientsInARoundChangesNothing() {
    List<GaussianLikelihood> clients = clients(6, 3);
    SmallFederation one = new SmallFederation(exact(PrecisionShape.DIAGONAL, 3), clients, 1);
    SmallFederation other = new SmallFederation(exact(PrecisionShape.DIAGONAL, 3), clients, 1);
    for (int round = 0; round < 5; round++) {
      one.parallel(0, 2, 3, 5);
      other.parallel(5, 3, 0, 2);
    }
    assertArrayEquals(one.approximation().natural(), other.approximation().natural());
  }

  /** q = p_0 prod s_k with drop-outs, late and repeated replies, whatever the order. */
  @Test
  void sitesAddUpWithLostAndLateReplies() {
    ExpectationPropagation algorithm =
        exact(PrecisionShape.DIAGONAL, 3).withDamping(Damping.constant(0.3));
    List<GaussianLikelihood> clients = clients(6, 3);
    List<Optional<StateArrays>> own = new ArrayList<>();
    clients.forEach(client -> own.add(Optional.empty()));
    StateArrays server = algorithm.start();
    RandomStream stream = RandomKey.of(77).stream();
    List<ClientReply> late = new ArrayList<>();
    for (int round = 0; round < 60; round++) {
      RoundSpec spec = new RoundSpec(round, 1, 6, 3, 6);
      List<ClientReply> arrived = new ArrayList<>(late);
      late.clear();
      for (int k : new int[] {round % 6, (round + 2) % 6, (round + 3) % 6}) {
        ClientReply reply = algorithm.client(spec, server, own.get(k), k, clients.get(k));
        switch ((int) stream.bounded(3)) {
          case 0 -> arrived.add(reply);
          case 1 -> late.add(reply);
          default -> assertTrue(reply.isAnswer()); // lost
        }
      }
      RoundSum sum = RoundSum.of(algorithm.contributionLength(), arrived);
      ServerOutcome outcome = algorithm.server(server, sum, spec);
      server = outcome.state();
      if (outcome.isAccepted()) {
        for (ClientReply reply : arrived) {
          int k = reply.client();
          own.set(k, algorithm.remember(own.get(k), reply, outcome.factor()));
        }
      }
      List<Gaussian> sites = own.stream().map(state -> algorithm.site(state, 1)).toList();
      assertTrue(algorithm.drift(server, sites) < 1e-13, "round " + round);
    }
  }

  /** A server with momentum leaves the product of the sites; resync goes back to it. */
  @Test
  void momentumDriftsAndResyncRepairs() {
    ExpectationPropagation algorithm =
        exact(PrecisionShape.DIAGONAL, 3)
            .withDamping(Damping.constant(0.2))
            .withOptimizer(ServerOptimizer.momentum(0.5, 0.9));
    assertEquals(Consistency.DRIFTING, algorithm.consistency());
    assertEquals(Consistency.EXACT, exact(PrecisionShape.DIAGONAL, 3).consistency());
    assertEquals(Consistency.STATELESS, algorithm.withCavity(CavityRule.FRACTION).consistency());
    SmallFederation run = new SmallFederation(algorithm, clients(5, 3), 1);
    run.parallel(0, 1);
    run.parallel(2, 3);
    assertTrue(run.drift() > 1e-3, "drift " + run.drift());
    run.resync();
    assertTrue(run.drift() < 1e-15);
  }

  /** Splitting a client's data changes neither the exact posterior nor the mode. */
  @Test
  void splittingAClientChangesNothing() {
    Gaussian whole = factor(1, 3);
    List<GaussianLikelihood> one =
        List.of(new GaussianLikelihood(whole, 2), new GaussianLikelihood(factor(2, 3), 2));
    List<GaussianLikelihood> split =
        List.of(
            new GaussianLikelihood(whole.power(0.3), 1),
            new GaussianLikelihood(whole.power(0.7), 1),
            new GaussianLikelihood(factor(2, 3), 2));
    SmallFederation a =
        new SmallFederation(exact(PrecisionShape.FULL, 3).withDamping(Damping.NONE), one, 1);
    SmallFederation b =
        new SmallFederation(exact(PrecisionShape.FULL, 3).withDamping(Damping.NONE), split, 1);
    a.parallel();
    b.parallel();
    assertEquals(0, FederatedData.distance(a.approximation(), b.approximation()), 1e-13);
    Examples all = examples(5, 20, 3);
    Model model = Model.logisticRegression(3, false);
    List<ClientLikelihood> together = List.of(model.on(all));
    List<ClientLikelihood> apart =
        List.of(
            model.on(all.select(new int[] {0, 1, 2, 3, 4, 5, 6})),
            model.on(all.select(new int[] {7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19})));
    assertArrayEquals(mode(together), mode(apart), 1e-12);
  }

  private static double[] mode(List<ClientLikelihood> clients) {
    SmallFederation run =
        new SmallFederation(
            ExpectationPropagation.fedEp(
                    new CurvatureLaplace(Projection.PRECISION), prior(PrecisionShape.FULL, 3))
                .withDamping(Damping.NONE),
            clients,
            1);
    for (int sweep = 0; sweep < 30; sweep++) {
      run.sequential();
    }
    return run.approximation().mean().toDoubles();
  }

  /** theta -> B theta + c maps every Gaussian of a run; for full precisions B may be any matrix. */
  @Test
  void affineMapsOfTheParametersMapTheRun() {
    Tensor b = Tensor.of(new double[] {2, 1, 0, -1, 1.5, 0.5, 0.3, 0, 1}, 3, 3);
    equivariant(PrecisionShape.FULL, b);
    equivariant(
        PrecisionShape.DIAGONAL, Tensor.of(new double[] {2, 0, 0, 0, -1.5, 0, 0, 0, 0.3}, 3, 3));
    equivariant(PrecisionShape.DIAGONAL, Tensor.of(new double[] {0, 1, 0, 0, 0, 1, 1, 0, 0}, 3, 3));
  }

  private static void equivariant(PrecisionShape shape, Tensor b) {
    double[] c = {1, -2, 0.5};
    Gaussian prior = Gaussian.isotropic(PrecisionShape.FULL, 0.4, Tensor.zeros(DType.F64, 3));
    List<GaussianLikelihood> clients = clients(4, 3);
    List<GaussianLikelihood> mapped =
        clients.stream()
            .map(k -> new GaussianLikelihood(map(k.factor().orElseThrow(), b, c), 1))
            .toList();
    Inference inference = new ExactGaussian(Projection.MOMENT);
    Gaussian mappedPrior = map(prior, b, c);
    SmallFederation a =
        new SmallFederation(
            ExpectationPropagation.fedEp(inference, Projection.MOMENT.project(prior, shape)),
            clients,
            1);
    SmallFederation m =
        new SmallFederation(
            ExpectationPropagation.fedEp(inference, Projection.MOMENT.project(mappedPrior, shape)),
            mapped,
            1);
    for (int round = 0; round < 7; round++) {
      a.parallel();
      m.parallel();
    }
    Gaussian expected = map(a.approximation().as(PrecisionShape.FULL), b, c);
    assertEquals(0, FederatedData.distance(expected, m.approximation()), 1e-11, "" + shape);
  }

  /** The function of B theta + c: precision B^-T Lambda B^-1. */
  private static Gaussian map(Gaussian g, Tensor b, double[] c) {
    RealMatrix inverse = new LUDecomposition(hipparchus(b)).getSolver().getInverse();
    RealMatrix lambda = hipparchus(g.precision().toDense());
    RealMatrix mapped = inverse.transpose().multiply(lambda).multiply(inverse);
    double[] eta = inverse.transpose().operate(g.eta().toDoubles());
    double[] shift = mapped.operate(c);
    Tensor precision = Tensor.zeros(DType.F64, 3, 3);
    for (int i = 0; i < 3; i++) {
      eta[i] += shift[i];
      for (int j = 0; j < 3; j++) {
        precision.set(mapped.getEntry(i, j), i, j);
      }
    }
    return Gaussian.ofNatural(PrecisionShape.FULL, Tensor.of(eta, 3), precision);
  }

  private static RealMatrix hipparchus(Tensor x) {
    RealMatrix m = new Array2DRowRealMatrix(x.size(0), x.size(1));
    for (int i = 0; i < x.size(0); i++) {
      for (int j = 0; j < x.size(1); j++) {
        m.setEntry(i, j, x.get(i, j));
      }
    }
    return m;
  }

  /** Powers below 1 have the same fixed point for Gaussian clients. */
  @Test
  void powersBelowOneEndAtTheSamePlace() {
    List<GaussianLikelihood> clients = clients(4, 3);
    Gaussian posterior = prior(PrecisionShape.FULL, 3);
    clients.forEach(client -> posterior.fma(1, client.factor().orElseThrow()));
    SmallFederation run =
        new SmallFederation(exact(PrecisionShape.FULL, 3).withPower(0.5), clients, 1);
    for (int round = 0; round < 400; round++) {
      run.parallel();
    }
    assertEquals(0, FederatedData.distance(posterior, run.approximation()), 1e-12);
  }

  @Test
  void improperSitesAreLegalAndImproperCavitiesAreNot() {
    List<GaussianLikelihood> clients = clients(3, 2);
    ExpectationPropagation algorithm = exact(PrecisionShape.DIAGONAL, 2);
    SmallFederation run = new SmallFederation(algorithm, clients, 1);
    Tensor zero = Tensor.zeros(DType.F64, 2);
    run.setSite(0, Gaussian.isotropic(PrecisionShape.DIAGONAL, -0.1, zero));
    assertFalse(run.site(0).isProper());
    assertEquals(3, run.parallel().stream().filter(ClientReply::isAnswer).count());
    // A site wider than everything else leaves a negative cavity.
    SmallFederation broken = new SmallFederation(algorithm, clients, 1);
    broken.setSite(1, Gaussian.isotropic(PrecisionShape.DIAGONAL, -0.2, zero));
    broken.setSite(0, Gaussian.isotropic(PrecisionShape.DIAGONAL, 5, zero));
    List<ClientReply> replies = broken.parallel();
    assertTrue(replies.get(0).isAnswer());
    SmallFederation skipped = skipping(Safeguards.DEFAULT, clients);
    assertEquals(ReplyStatus.IMPROPER_CAVITY, skipped.parallel().get(0).status());
    for (Safeguards other :
        List.of(
            Safeguards.DEFAULT.withImproperCavity(Safeguards.Improper.FLOOR, 1e-3),
            Safeguards.DEFAULT.withImproperCavity(Safeguards.Improper.STATELESS_CAVITY, 0))) {
      assertTrue(skipping(other, clients).parallel().get(0).isAnswer(), "" + other);
    }
  }

  /** Client 0 holds more precision than the whole: the other sites are negative. */
  private static SmallFederation skipping(Safeguards safeguards, List<GaussianLikelihood> clients) {
    SmallFederation run =
        new SmallFederation(
            exact(PrecisionShape.DIAGONAL, 2).withSafeguards(safeguards), clients, 1);
    Tensor zero = Tensor.zeros(DType.F64, 2);
    run.setSite(0, Gaussian.isotropic(PrecisionShape.DIAGONAL, 5, zero));
    run.setSite(1, Gaussian.isotropic(PrecisionShape.DIAGONAL, -2, zero));
    run.setSite(2, Gaussian.isotropic(PrecisionShape.DIAGONAL, -2, zero));
    return run;
  }

  @Test
  void stepsThatWouldBeImproperAreShortenedOrRefused() {
    ExpectationPropagation algorithm = exact(PrecisionShape.DIAGONAL, 2).withDamping(Damping.NONE);
    StateArrays server = algorithm.start();
    RoundSpec spec = new RoundSpec(0, 1, 3, 3, 3);
    // lambda is 0.4: a change of -1 fits when halved twice.
    RoundSum sum = new RoundSum(new double[] {0, 0, -1, 0}, 1, 1, 1);
    ServerOutcome outcome = algorithm.server(server, sum, spec);
    assertEquals(0.25, outcome.factor());
    assertEquals(0.15, algorithm.approximation(outcome.state()).natural()[2], 1e-15);
    RoundSum wild = new RoundSum(new double[] {0, 0, -1000, 0}, 1, 1, 1);
    ServerOutcome refused = algorithm.server(server, wild, spec);
    assertFalse(refused.isAccepted());
    assertEquals(server, refused.state());
    assertFalse(algorithm.server(server, RoundSum.zero(4), spec).isAccepted());
  }

  @Test
  void changesAreClippedJointly() {
    List<GaussianLikelihood> clients = clients(3, 2);
    ExpectationPropagation bounded =
        exact(PrecisionShape.DIAGONAL, 2).withSafeguards(Safeguards.DEFAULT.withLargestChange(0.5));
    SmallFederation run = new SmallFederation(bounded, clients, 1);
    SmallFederation free = new SmallFederation(exact(PrecisionShape.DIAGONAL, 2), clients, 1);
    List<ClientReply> clipped = run.parallel();
    List<ClientReply> whole = free.parallel();
    for (int k = 0; k < 3; k++) {
      double norm = distance(clipped.get(k).contribution(), new double[4]);
      assertEquals(0.5, norm, 1e-12);
      double factor = 0.5 / distance(whole.get(k).contribution(), new double[4]);
      for (int i = 0; i < 4; i++) {
        assertEquals(
            factor * whole.get(k).contribution()[i], clipped.get(k).contribution()[i], 1e-12);
      }
    }
  }

  @Test
  void clippingFollowsTheReference() {
    JsonObject file = FederatedData.file("server_optimizers.json");
    List<Object> deltas = FederatedData.list(file.get("deltas"));
    for (JsonObject entry : FederatedData.objects(file, "clipping_of_first_4_deltas")) {
      double bound = FederatedData.number(entry, "max_norm");
      List<Object> results = FederatedData.list(entry.get("result"));
      for (int i = 0; i < results.size(); i++) {
        double[] delta = FederatedData.vector(deltas.get(i));
        Gaussian change =
            Gaussian.ofNatural(PrecisionShape.DIAGONAL, delta.length / 2, swapped(delta));
        double norm = change.norm();
        Gaussian result = norm >= bound ? change.power(bound / norm) : change;
        assertArrayEquals(FederatedData.vector(results.get(i)), swapped(result.natural()), 1e-12);
      }
    }
  }

  /** The reference writes the precision first. */
  private static double[] swapped(double[] x) {
    int d = x.length / 2;
    double[] y = Arrays.copyOfRange(x, d, x.length + d);
    System.arraycopy(x, 0, y, d, d);
    return y;
  }

  @Test
  void warmStartIsTheProductOfItsSites() {
    Inference inference = FisherLaplace.of(MeanFinder.descent(LocalTraining.of(2, 5, 0.1)));
    ExpectationPropagation warm =
        ExpectationPropagation.warm(
            inference,
            prior(PrecisionShape.DIAGONAL, 3),
            PrecisionShape.DIAGONAL,
            new double[] {1, 2, 3},
            0.2,
            30);
    SmallFederation run =
        new SmallFederation(
            warm, List.of(logistic(1, 10, 3), logistic(2, 15, 3), logistic(3, 5, 3)), 4);
    // Sites lie around the mean of q, which the prior has moved; precisions add up exactly.
    Gaussian product = prior(PrecisionShape.DIAGONAL, 3);
    run.sites().forEach(site -> product.fma(1, site));
    assertArrayEquals(
        run.approximation().precision().diagonal().toDoubles(),
        product.precision().diagonal().toDoubles(),
        1e-12);
    assertThrows(
        IllegalArgumentException.class,
        () ->
            ExpectationPropagation.warm(
                inference,
                prior(PrecisionShape.DIAGONAL, 3),
                PrecisionShape.DIAGONAL,
                new double[3],
                0,
                30));
  }

  @Test
  void refusesWhatDoesNotFit() {
    Inference exact = new ExactGaussian(Projection.MOMENT);
    assertThrows(
        IllegalArgumentException.class,
        () -> ExpectationPropagation.fedEp(exact, Gaussian.one(PrecisionShape.DIAGONAL, 2)));
    assertThrows(
        IllegalArgumentException.class,
        () ->
            ExpectationPropagation.fedEp(
                FisherLaplace.of(MeanFinder.newton()), prior(PrecisionShape.SCALED_IDENTITY, 2)));
    ExpectationPropagation algorithm = exact(PrecisionShape.DIAGONAL, 2);
    assertThrows(IllegalArgumentException.class, () -> algorithm.withPower(0));
    assertThrows(IllegalArgumentException.class, () -> algorithm.withPower(1.5));
    assertThrows(IllegalArgumentException.class, () -> algorithm.withWeightDecay(-1));
    assertThrows(IllegalArgumentException.class, () -> Safeguards.DEFAULT.withLargestChange(0));
    assertThrows(
        IllegalArgumentException.class,
        () -> Safeguards.DEFAULT.withImproperCavity(Safeguards.Improper.FLOOR, 0));
    IllegalArgumentException dimension =
        assertThrows(
            IllegalArgumentException.class,
            () -> new SmallFederation(algorithm, clients(2, 3), 1).parallel());
    assertTrue(dimension.getMessage().contains("client 0"), dimension.getMessage());
    RoundSpec spec = new RoundSpec(0, 1, 1, 1, 0);
    ClientReply empty =
        algorithm.client(
            spec, algorithm.start(), Optional.empty(), 0, new GaussianLikelihood(factor(1, 2), 0));
    assertEquals(ReplyStatus.EMPTY, empty.status());
  }

  private static ClientLikelihood logistic(long seed, int n, int d) {
    return Model.logisticRegression(d, false).on(examples(seed, n, d));
  }

  private static Examples examples(long seed, int n, int d) {
    RandomStream stream = RandomKey.of(seed).stream();
    Tensor x = Tensor.zeros(DType.F64, n, d);
    int[] y = new int[n];
    for (int i = 0; i < n; i++) {
      double sum = 0.5 * seed;
      for (int j = 0; j < d; j++) {
        x.set(stream.normal(), i, j);
        sum += x.get(i, j);
      }
      y[i] = sum + stream.normal() > 0 ? 1 : 0;
    }
    return Examples.labelled(x, y);
  }
}
