package org.quadrille.federated.baseline;

import java.util.Map;
import java.util.Optional;
import org.quadrille.federated.Batch;
import org.quadrille.federated.ClientLikelihood;
import org.quadrille.federated.FisherKind;
import org.quadrille.federated.simulation.Algorithm;
import org.quadrille.federated.simulation.ClientReply;
import org.quadrille.federated.simulation.Purpose;
import org.quadrille.federated.simulation.RandomKey;
import org.quadrille.federated.simulation.RandomStream;
import org.quadrille.federated.simulation.ReplyStatus;
import org.quadrille.federated.simulation.RoundSpec;
import org.quadrille.federated.simulation.RoundSum;
import org.quadrille.federated.simulation.ServerOutcome;
import org.quadrille.federated.simulation.StateArrays;
import org.quadrille.federated.training.LocalTraining;
import org.quadrille.federated.training.QuadraticTerm;
import org.quadrille.federated.training.TrainingTrace;
import org.quadrille.linalg.Tensor;

/**
 * Every client approximates its own posterior once, the server multiplies them (embarrassingly
 * parallel inference; Neiswanger, Wang and Xing 2014), here with diagonal Gaussians: {@code
 * Lambda_k = Fisher information at the client's mean}, {@code q = prior * prod N(m_k, 1/Lambda_k)}.
 *
 * <p>A client that was heard counts no further, so more rounds only bring in further clients.
 */
public final class OneShotAggregation implements Algorithm<ClientLikelihood> {
  private static final String PRECISION = "precision";
  private static final String SHIFT = "shift";
  private static final String HEARD = "heard";

  private final LocalTraining training;
  private final FisherKind fisher;
  private final double priorPrecision;
  private final double[] start;

  /**
   * One-shot aggregation.
   *
   * @param training gives the client's mean: that of its samples
   * @param fisher its precision
   * @param priorPrecision of the prior N(start, 1/precision), above 0
   * @param start where clients start; mean of the prior; copied
   */
  public OneShotAggregation(
      LocalTraining training, FisherKind fisher, double priorPrecision, double[] start) {
    if (!(priorPrecision > 0) || priorPrecision == Double.POSITIVE_INFINITY) {
      throw new IllegalArgumentException(
          "priorPrecision: " + priorPrecision + " given, expected a number above 0");
    }
    this.training = training;
    this.fisher = fisher;
    this.priorPrecision = priorPrecision;
    this.start = ServerMean.requireFinite(start).clone();
  }

  @Override
  public String name() {
    return "one-shot";
  }

  @Override
  public String settings() {
    return training + " " + fisher + " prior " + priorPrecision;
  }

  @Override
  public StateArrays start() {
    double[] precision = new double[start.length];
    double[] shift = new double[start.length];
    for (int i = 0; i < start.length; i++) {
      precision[i] = priorPrecision;
      shift[i] = priorPrecision * start[i];
    }
    return StateArrays.of(PRECISION, precision, SHIFT, shift);
  }

  @Override
  public int contributionLength() {
    return 2 * start.length;
  }

  @Override
  public int broadcastLength() {
    return start.length;
  }

  @Override
  public ClientReply client(
      RoundSpec round,
      StateArrays server,
      Optional<StateArrays> own,
      int client,
      ClientLikelihood data) {
    RandomKey key = round.clientKey(client);
    if (own.isPresent()) {
      return ClientReply.none(client, round, data.points(), ReplyStatus.NOT_NEEDED);
    }
    TrainingTrace trace = training.run(data, start, QuadraticTerm.NONE, key);
    if (trace.diverged()) {
      return ClientReply.none(client, round, data.points(), ReplyStatus.DIVERGED);
    }
    double[] mean = trace.mean();
    Tensor theta = Tensor.zeros(data.dtype(), mean.length);
    Tensor information = Tensor.zeros(data.dtype(), mean.length);
    for (int i = 0; i < mean.length; i++) {
      theta.set(mean[i], i);
    }
    data.addFisher(theta, Batch.all(data.points()), fisher, key.child(1).value(), information);
    double[] contribution = new double[2 * mean.length];
    for (int i = 0; i < mean.length; i++) {
      contribution[i] = information.get(i) + training.weightDecay() * data.points();
      contribution[mean.length + i] = contribution[i] * mean[i];
    }
    return ClientReply.answer(client, round, data.points(), 1, contribution)
        .withProposed(StateArrays.of(HEARD, new double[] {1}))
        .withFigures(Map.of("change", ServerMean.norm(contribution)));
  }

  @Override
  public ServerOutcome server(StateArrays state, RoundSum sum, RoundSpec round) {
    double[] precision = state.get(PRECISION).clone();
    double[] shift = state.get(SHIFT).clone();
    for (int i = 0; i < precision.length; i++) {
      precision[i] += sum.contribution()[i];
      shift[i] += sum.contribution()[precision.length + i];
    }
    return ServerOutcome.of(StateArrays.of(PRECISION, precision, SHIFT, shift), 1);
  }

  @Override
  public boolean isStateful() {
    return true;
  }

  @Override
  public double[] parameters(StateArrays server) {
    double[] mean = server.get(SHIFT).clone();
    for (int i = 0; i < mean.length; i++) {
      mean[i] /= server.get(PRECISION)[i];
    }
    return mean;
  }

  @Override
  public Optional<double[]> draw(StateArrays server, RandomKey key) {
    RandomStream stream = key.child(Purpose.POSTERIOR_DRAWS.code()).stream();
    double[] values = parameters(server);
    for (int i = 0; i < values.length; i++) {
      values[i] += stream.normal() / Math.sqrt(server.get(PRECISION)[i]);
    }
    return Optional.of(values);
  }
}
