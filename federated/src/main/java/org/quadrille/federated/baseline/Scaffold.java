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
 * SCAFFOLD: every client corrects its gradients by the difference of two control variates, its own
 * c_k and their mean c (Karimireddy, Kale, Mohri, Reddi, Stich and Suresh, 2020, option II).
 *
 * <pre>
 * client   g - c_k + c in place of g;   c_k' = c_k - c + (mu - theta_k) / (rate * steps)
 * server   mu := optimizer(mu, mean of theta_k - mu);   c := c + sum of (c_k' - c_k) / K
 * </pre>
 *
 * <p>With momentum b, the gradient of step t of T has been followed for {@code (1 - b^(T-t)) / (1 -
 * b)} steps at the end; the sum of these takes the place of {@code steps}, so that c_k' is still a
 * mean of gradients. Messages are twice those of FedAvg, both ways.
 */
public final class Scaffold implements Algorithm<ClientLikelihood> {
  private static final String CONTROL = "control";

  private final LocalTraining training;
  private final ServerOptimizer optimizer;
  private final double[] start;

  /**
   * SCAFFOLD.
   *
   * @param training of clients
   * @param optimizer of the server
   * @param start parameters before the first round, copied
   */
  public Scaffold(LocalTraining training, ServerOptimizer optimizer, double[] start) {
    this.training = training;
    this.optimizer = optimizer;
    this.start = ServerMean.requireFinite(start).clone();
  }

  @Override
  public String name() {
    return "scaffold";
  }

  @Override
  public String settings() {
    return training + " " + optimizer;
  }

  @Override
  public StateArrays start() {
    return ServerMean.start(start, optimizer).with(CONTROL, new double[start.length]);
  }

  @Override
  public int contributionLength() {
    return 2 * start.length;
  }

  @Override
  public int broadcastLength() {
    return 2 * start.length;
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
    double[] common = server.get(CONTROL);
    double[] mine = own.map(state -> state.get(CONTROL)).orElseGet(() -> new double[d]);
    double[] correction = new double[d];
    for (int i = 0; i < d; i++) {
      correction[i] = mine[i] - common[i];
    }
    QuadraticTerm term = new QuadraticTerm(new double[1], correction);
    TrainingTrace trace = training.run(data, mean, term, round.clientKey(client));
    if (trace.diverged()) {
      return ClientReply.none(client, round, data.points(), ReplyStatus.DIVERGED);
    }
    double travelled = training.stableRate(term) * followed(trace.steps());
    double[] contribution = new double[2 * d];
    for (int i = 0; i < d; i++) {
      contribution[i] = trace.last()[i] - mean[i];
      // c_k' - c_k = -c + (mu - theta_k) / (rate * steps)
      contribution[d + i] = -common[i] - contribution[i] / travelled;
    }
    return ClientReply.answer(client, round, data.points(), 1, contribution)
        .withFigures(Map.of("change", ServerMean.norm(contribution)));
  }

  /** {@code sum over t < T of (1 - b^(T-t)) / (1 - b)}: T without momentum. */
  private double followed(int steps) {
    double b = training.momentum();
    double geometric = 0;
    double sum = 0;
    for (int t = 0; t < steps; t++) {
      geometric = 1 + b * geometric;
      sum += geometric;
    }
    return sum;
  }

  @Override
  public ServerOutcome server(StateArrays state, RoundSum sum, RoundSpec round) {
    if (sum.accepted() == 0) {
      return ServerOutcome.refused(state);
    }
    int d = start.length;
    double[] change = new double[d];
    double[] control = state.get(CONTROL).clone();
    for (int i = 0; i < d; i++) {
      change[i] = sum.contribution()[i] / sum.accepted();
      control[i] += sum.contribution()[d + i] / round.clients();
    }
    StateArrays next = ServerMean.ascend(state, change, optimizer).with(CONTROL, control);
    return ServerMean.isFinite(next) ? ServerOutcome.of(next, 1) : ServerOutcome.refused(state);
  }

  @Override
  public Optional<StateArrays> remember(
      Optional<StateArrays> own, ClientReply reply, double factor) {
    int d = start.length;
    double[] control = own.map(state -> state.get(CONTROL).clone()).orElseGet(() -> new double[d]);
    for (int i = 0; i < d; i++) {
      control[i] += reply.contribution()[d + i];
    }
    return Optional.of(StateArrays.of(CONTROL, control));
  }

  @Override
  public boolean isStateful() {
    return true;
  }

  @Override
  public double[] parameters(StateArrays server) {
    return server.get(ServerMean.PARAMETERS).clone();
  }
}
