package org.quadrille.federated.baseline;

import java.util.Map;
import java.util.Optional;
import org.quadrille.federated.ClientLikelihood;
import org.quadrille.federated.server.ServerOptimizer;
import org.quadrille.federated.simulation.Algorithm;
import org.quadrille.federated.simulation.ClientReply;
import org.quadrille.federated.simulation.ReplyStatus;
import org.quadrille.federated.simulation.RoundSpec;
import org.quadrille.federated.simulation.RoundSum;
import org.quadrille.federated.simulation.ServerOutcome;
import org.quadrille.federated.simulation.StateArrays;
import org.quadrille.federated.training.LocalTraining;
import org.quadrille.federated.training.QuadraticTerm;
import org.quadrille.federated.training.TrainingTrace;

/**
 * FedDyn: each client's loss is tilted by its own past, so that local optima and the global one
 * agree (Acar, Zhao, Navarro, Mattina, Whatmough and Saligrama, "Federated Learning Based on
 * Dynamic Regularization", 2021).
 *
 * <pre>
 * client   minimize mean loss - h_k theta + alpha/2 |theta - mu|^2;    h_k := h_k - alpha (theta_k - mu)
 * server   h := h - alpha/K sum of (theta_k - mu);    mu := mean of theta_k - h / alpha
 * </pre>
 *
 * <p>Clients count alike, as in the paper.
 */
public final class DynamicRegularization implements Algorithm<ClientLikelihood> {
  private static final String TILT = "tilt";

  private final LocalTraining training;
  private final double alpha;
  private final double[] start;

  /**
   * FedDyn.
   *
   * @param training of clients
   * @param alpha above 0
   * @param start parameters before the first round, copied
   */
  public DynamicRegularization(LocalTraining training, double alpha, double[] start) {
    if (!(alpha > 0) || alpha == Double.POSITIVE_INFINITY) {
      throw new IllegalArgumentException("alpha: " + alpha + " given, expected a number above 0");
    }
    this.training = training;
    this.alpha = alpha;
    this.start = ServerMean.requireFinite(start).clone();
  }

  @Override
  public String name() {
    return "feddyn";
  }

  @Override
  public String settings() {
    return training + " alpha " + alpha;
  }

  @Override
  public StateArrays start() {
    return ServerMean.start(start, ServerOptimizer.sgd(1)).with(TILT, new double[start.length]);
  }

  @Override
  public int contributionLength() {
    return start.length;
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
    int d = start.length;
    double[] mean = server.get(ServerMean.PARAMETERS);
    double[] tilt = own.map(state -> state.get(TILT)).orElseGet(() -> new double[d]);
    double[] linear = new double[d];
    for (int i = 0; i < d; i++) {
      linear[i] = tilt[i] + alpha * mean[i];
    }
    TrainingTrace trace =
        training.run(
            data, mean, new QuadraticTerm(new double[] {alpha}, linear), round.clientKey(client));
    if (trace.diverged()) {
      return ClientReply.none(client, round, data.points(), ReplyStatus.DIVERGED);
    }
    double[] change = trace.last().clone();
    for (int i = 0; i < d; i++) {
      change[i] -= mean[i];
    }
    return ClientReply.answer(client, round, data.points(), 1, change)
        .withFigures(Map.of("change", ServerMean.norm(change)));
  }

  @Override
  public ServerOutcome server(StateArrays state, RoundSum sum, RoundSpec round) {
    if (sum.accepted() == 0) {
      return ServerOutcome.refused(state);
    }
    double[] mean = state.get(ServerMean.PARAMETERS).clone();
    double[] tilt = state.get(TILT).clone();
    for (int i = 0; i < mean.length; i++) {
      tilt[i] -= alpha / round.clients() * sum.contribution()[i];
      mean[i] += sum.contribution()[i] / sum.accepted() - tilt[i] / alpha;
    }
    StateArrays next = state.with(ServerMean.PARAMETERS, mean).with(TILT, tilt);
    return ServerMean.isFinite(next) ? ServerOutcome.of(next, 1) : ServerOutcome.refused(state);
  }

  @Override
  public Optional<StateArrays> remember(
      Optional<StateArrays> own, ClientReply reply, double factor) {
    double[] tilt =
        own.map(state -> state.get(TILT).clone()).orElseGet(() -> new double[start.length]);
    for (int i = 0; i < tilt.length; i++) {
      tilt[i] -= alpha * reply.contribution()[i];
    }
    return Optional.of(StateArrays.of(TILT, tilt));
  }

  @Override
  public boolean isStateful() {
    return true;
  }

  /** A late change belongs to a mean that is gone; adding it would break the pairing with tilts. */
  @Override
  public boolean acceptsLate() {
    return false;
  }

  @Override
  public double[] parameters(StateArrays server) {
    return server.get(ServerMean.PARAMETERS).clone();
  }
}
