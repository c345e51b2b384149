package org.quadrille.federated.propagation;

import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.zip.CRC32C;
import org.quadrille.federated.ClientLikelihood;
import org.quadrille.federated.gaussian.Gaussian;
import org.quadrille.federated.gaussian.PrecisionShape;
import org.quadrille.federated.inference.Approximation;
import org.quadrille.federated.inference.Inference;
import org.quadrille.federated.inference.TiltedProblem;
import org.quadrille.federated.server.Damping;
import org.quadrille.federated.server.ServerOptimizer;
import org.quadrille.federated.simulation.Algorithm;
import org.quadrille.federated.simulation.ClientReply;
import org.quadrille.federated.simulation.RandomKey;
import org.quadrille.federated.simulation.RandomStream;
import org.quadrille.federated.simulation.ReplyStatus;
import org.quadrille.federated.simulation.RoundSpec;
import org.quadrille.federated.simulation.RoundSum;
import org.quadrille.federated.simulation.ServerOutcome;
import org.quadrille.federated.simulation.StateArrays;
import org.quadrille.linalg.DType;
import org.quadrille.linalg.Norms;
import org.quadrille.linalg.Tensor;

/**
 * Federated expectation propagation (Guo et al. 2023): client and server steps over natural
 * parameters. With {@link CavityRule#SITES} it is FedEP, with {@link CavityRule#FRACTION} FedSEP.
 *
 * <pre>
 * client   q_cav = q / s_k^alpha,  q' ~ p_k^alpha q_cav,  D_k = q' / q
 * server   q := q * prod_k D_k^(delta gamma)      plain SGD of rate gamma, damping delta
 * client   s_k := s_k * D_k^(delta gamma)         once the server has accepted D_k
 * </pre>
 *
 * <p>So {@code q = p_0 prod s_k} holds after any number of rounds, with lost, late and sampled
 * clients, as long as the server optimizer is plain SGD ({@link #consistency}). A sum of changes
 * needs no weights. A step that would make q improper is halved up to five times, then refused.
 *
 * <p>Where the prior lives: {@code prior} is a factor held by the server, in every cavity once;
 * with a flat prior and a weight decay every client adds {@code decay n_k / 2 |theta|^2} to its own
 * loss and its site holds that share (a split prior).
 *
 * @param cavity what a client removes
 * @param inference how it approximates the tilted distribution
 * @param prior p_0, of any shape not larger than that of {@code initial}; may be flat
 * @param initial the global approximation before the first round, proper; its shape is that of all
 *     messages
 * @param sitePrecision c: unvisited clients have a site of precision {@code c n_k I} around the
 *     mean of the initial; 0 for sites that are one
 * @param weightDecay of the mean loss, at least 0
 * @param power alpha in (0, 1]; 1 is expectation propagation
 * @param damping delta of a round
 * @param optimizer of the server
 * @param safeguards against improper cavities and large changes
 */
public record ExpectationPropagation(
    CavityRule cavity,
    Inference inference,
    Gaussian prior,
    Gaussian initial,
    double sitePrecision,
    double weightDecay,
    double power,
    Damping damping,
    ServerOptimizer optimizer,
    Safeguards safeguards)
    implements Algorithm<ClientLikelihood> {

  /** Checks that everything fits together. */
  public ExpectationPropagation {
    if (prior.dimension() != initial.dimension() || prior.shape().compareTo(initial.shape()) > 0) {
      throw new IllegalArgumentException(
          "prior "
              + prior
              + " does not fit a start "
              + initial
              + "; expected the same dimension and"
              + " no larger shape");
    }
    if (!initial.isProper()) {
      throw new IllegalArgumentException(
          "the global approximation "
              + initial
              + " is not proper at the start; expected a proper prior, or a warm start of positive"
              + " precision");
    }
    if (!inference.supports(initial.shape())) {
      throw new IllegalArgumentException(
          inference
              + " gives no "
              + initial.shape()
              + " precision; choose another shape or method");
    }
    require("site precision", sitePrecision, sitePrecision >= 0, "0 or a positive number");
    require("weight decay", weightDecay, weightDecay >= 0, "0 or a positive number");
    require("power", power, power > 0 && power <= 1, "a number above 0 and at most 1");
    if (safeguards.improperCavity() == Safeguards.Improper.FLOOR
        && initial.shape() == PrecisionShape.FULL) {
      throw new IllegalArgumentException("a floor under a full precision is not defined; use SKIP");
    }
  }

  private static void require(String name, double value, boolean ok, String expected) {
    if (!ok || !Double.isFinite(value)) {
      throw new IllegalArgumentException(name + ": " + value + " given, expected " + expected);
    }
  }

  /** FedEP from a proper prior and sites that are one: changes averaged, server rate 1. */
  public static ExpectationPropagation fedEp(Inference inference, Gaussian prior) {
    return new ExpectationPropagation(
        CavityRule.SITES,
        inference,
        prior,
        prior.copy(),
        0,
        0,
        1,
        Damping.AVERAGE,
        ServerOptimizer.sgd(1),
        Safeguards.DEFAULT);
  }

  /**
   * FedEP that goes on from parameters found before: every client of n points has a site of
   * precision {@code c n I} around them, and the server the product of all with the prior.
   *
   * @param prior p_0; flat for a split prior
   * @param shape of all messages
   * @param mean d numbers
   * @param c precision per point, positive
   * @param points N of all clients together
   */
  public static ExpectationPropagation warm(
      Inference inference,
      Gaussian prior,
      PrecisionShape shape,
      double[] mean,
      double c,
      long points) {
    if (!(c > 0 && c < Double.POSITIVE_INFINITY) || points < 1) {
      throw new IllegalArgumentException(
          "warm start: precision per point c = "
              + c
              + " and "
              + points
              + " points given, expected positive numbers; with weight decay and initial scale both"
              + " 0 the start is improper");
    }
    Gaussian sites = Gaussian.isotropic(shape, c * points, Tensor.of(mean.clone(), mean.length));
    return new ExpectationPropagation(
        CavityRule.SITES,
        inference,
        prior,
        sites.multiply(prior),
        c,
        0,
        1,
        Damping.AVERAGE,
        ServerOptimizer.sgd(1),
        Safeguards.DEFAULT);
  }

  /** The same with another cavity. */
  public ExpectationPropagation withCavity(CavityRule rule) {
    return new ExpectationPropagation(
        rule,
        inference,
        prior,
        initial,
        sitePrecision,
        weightDecay,
        power,
        damping,
        optimizer,
        safeguards);
  }

  /** The same with another weight decay of every client's mean loss. */
  public ExpectationPropagation withWeightDecay(double decay) {
    return new ExpectationPropagation(
        cavity,
        inference,
        prior,
        initial,
        sitePrecision,
        decay,
        power,
        damping,
        optimizer,
        safeguards);
  }

  /** The same with another power alpha. */
  public ExpectationPropagation withPower(double alpha) {
    return new ExpectationPropagation(
        cavity,
        inference,
        prior,
        initial,
        sitePrecision,
        weightDecay,
        alpha,
        damping,
        optimizer,
        safeguards);
  }

  /** The same with another damping. */
  public ExpectationPropagation withDamping(Damping other) {
    return new ExpectationPropagation(
        cavity,
        inference,
        prior,
        initial,
        sitePrecision,
        weightDecay,
        power,
        other,
        optimizer,
        safeguards);
  }

  /** The same with another server optimizer. */
  public ExpectationPropagation withOptimizer(ServerOptimizer other) {
    return new ExpectationPropagation(
        cavity,
        inference,
        prior,
        initial,
        sitePrecision,
        weightDecay,
        power,
        damping,
        other,
        safeguards);
  }

  /** The same with other safeguards. */
  public ExpectationPropagation withSafeguards(Safeguards other) {
    return new ExpectationPropagation(
        cavity,
        inference,
        prior,
        initial,
        sitePrecision,
        weightDecay,
        power,
        damping,
        optimizer,
        other);
  }

  /** Whether the global approximation stays the product of its sites. */
  public Consistency consistency() {
    if (cavity != CavityRule.SITES) {
      return Consistency.STATELESS;
    }
    return optimizer.keepsSites() ? Consistency.EXACT : Consistency.DRIFTING;
  }

  @Override
  public String name() {
    return cavity.algorithm();
  }

  /** All settings; prior and start by their checksum. */
  @Override
  public String settings() {
    return String.join(
        " ",
        inference.toString(),
        "prior " + checksum(prior),
        "start " + checksum(initial),
        "c " + sitePrecision,
        "decay " + weightDecay,
        "alpha " + power,
        damping.toString(),
        optimizer.toString(),
        safeguards.toString());
  }

  private static String checksum(Gaussian gaussian) {
    CRC32C crc = new CRC32C();
    ByteBuffer bytes = ByteBuffer.allocate(Double.BYTES);
    for (double value : gaussian.natural()) {
      crc.update(bytes.clear().putDouble(value).flip());
    }
    return gaussian.shape() + "-" + gaussian.dimension() + "-" + Long.toHexString(crc.getValue());
  }

  @Override
  public boolean isStateful() {
    return cavity == CavityRule.SITES;
  }

  @Override
  public int contributionLength() {
    return initial.natural().length;
  }

  @Override
  public int broadcastLength() {
    return initial.natural().length;
  }

  @Override
  public StateArrays start() {
    return ServerStep.begin(initial, optimizer);
  }

  /** The global approximation that a server state holds; a copy. */
  public Gaussian approximation(StateArrays server) {
    return gaussian(server.get(ServerStep.APPROXIMATION)).copy();
  }

  /** The site of a client of n points that remembers {@code own}; a copy. */
  public Gaussian site(Optional<StateArrays> own, long points) {
    if (own.isPresent()) {
      return gaussian(own.get().get(SITE)).copy();
    }
    return sitePrecision == 0
        ? Gaussian.one(initial.shape(), initial.dimension())
        : Gaussian.isotropic(initial.shape(), sitePrecision * points, initial.mean());
  }

  private static final String SITE = "site";

  private Gaussian gaussian(double[] natural) {
    return Gaussian.ofNatural(initial.shape(), initial.dimension(), natural);
  }

  @Override
  public ClientReply client(
      RoundSpec round,
      StateArrays server,
      Optional<StateArrays> own,
      int client,
      ClientLikelihood data) {
    int n = data.points();
    if (n == 0) {
      return ClientReply.none(client, round, 0, ReplyStatus.EMPTY);
    }
    if (data.dimension() != initial.dimension()) {
      throw new IllegalArgumentException(
          "client "
              + client
              + ": likelihood of "
              + data.dimension()
              + " parameters given, expected "
              + initial.dimension());
    }
    Gaussian q = gaussian(server.get(ServerStep.APPROXIMATION));
    Gaussian site = site(own, n);
    Tensor mean = q.mean();
    Optional<Gaussian> rest = Cavities.of(this, q, site, mean, (double) n / round.points());
    if (rest.isEmpty()) {
      return ClientReply.none(client, round, n, ReplyStatus.IMPROPER_CAVITY);
    }
    ClientLikelihood tempered = power == 1 ? data : new LikelihoodPower(data, power);
    TiltedProblem problem =
        new TiltedProblem(
            tempered, rest.get(), weightDecay * power, mean.toDoubles(), round.clientKey(client));
    Approximation tilted = inference.approximate(problem);
    if (tilted.isDiverged()) {
      return ClientReply.none(client, round, n, ReplyStatus.DIVERGED);
    }
    Gaussian change = tilted.gaussian().divide(q);
    Map<String, Double> figures = new HashMap<>(tilted.figures());
    describe(change, site, figures);
    double norm = change.norm();
    if (!Double.isFinite(norm)) {
      return ClientReply.none(client, round, n, ReplyStatus.DIVERGED);
    }
    if (norm >= safeguards.largestChange()) {
      change = change.power(safeguards.largestChange() / norm);
    }
    return ClientReply.answer(client, round, n, 1, change.natural()).withFigures(figures);
  }

  private static void describe(Gaussian change, Gaussian site, Map<String, Double> figures) {
    figures.put("precisionChange", change.precision().frobenius());
    figures.put("etaChange", Norms.frobenius(change.eta()));
    if (change.shape() != PrecisionShape.FULL) {
      // Below 0 although the likelihood is log-concave means that the inference is not exact.
      figures.put("siteMinPrecision", site.multiply(change).minEigenBound());
    }
  }

  @Override
  public ServerOutcome server(StateArrays state, RoundSum sum, RoundSpec round) {
    if (sum.accepted() == 0) {
      return ServerOutcome.refused(state);
    }
    double delta = damping.factor(round.round(), round.selected());
    return ServerStep.take(this, state, sum.contribution(), delta);
  }

  /** {@code s_k := s_k * D_k^factor}. */
  @Override
  public Optional<StateArrays> remember(
      Optional<StateArrays> own, ClientReply reply, double factor) {
    if (!isStateful()) {
      return own;
    }
    Gaussian site = site(own, reply.points()).fma(factor, gaussian(reply.contribution()));
    return Optional.of(StateArrays.of(SITE, site.natural()));
  }

  /**
   * The relative distance {@code |q - p_0 - sum s_k| / |q|} between the global approximation and
   * the product of the prior and all sites.
   *
   * @param server state of the server
   * @param sites of all clients, as {@link #site} gives them
   */
  public double drift(StateArrays server, Iterable<Gaussian> sites) {
    Gaussian q = approximation(server);
    return q.divide(product(sites)).norm() / q.norm();
  }

  private Gaussian product(Iterable<Gaussian> sites) {
    Gaussian product = prior.as(initial.shape());
    for (Gaussian site : sites) {
      product.fma(1, site);
    }
    return product;
  }

  /**
   * The server state with the global approximation set to the product of the prior and all sites.
   *
   * @param sites of all clients
   * @throws IllegalArgumentException if the product is not proper
   */
  public StateArrays resync(StateArrays server, Iterable<Gaussian> sites) {
    Gaussian product = product(sites);
    if (!product.isProper()) {
      throw new IllegalArgumentException(
          "the product of the prior and all sites is not proper; nothing to go on from");
    }
    return server.with(ServerStep.APPROXIMATION, product.natural());
  }

  @Override
  public double[] parameters(StateArrays server) {
    return gaussian(server.get(ServerStep.APPROXIMATION)).mean().toDoubles();
  }

  @Override
  public Optional<double[]> draw(StateArrays server, RandomKey key) {
    Tensor z = Tensor.zeros(DType.F64, initial.dimension());
    RandomStream stream = key.stream();
    for (int i = 0; i < z.length(); i++) {
      z.set(stream.normal(), i);
    }
    Gaussian q = gaussian(server.get(ServerStep.APPROXIMATION));
    return Optional.of(q.sample(z).toDoubles());
  }
}
