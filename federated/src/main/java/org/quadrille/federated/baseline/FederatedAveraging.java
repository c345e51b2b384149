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

/**
 * Clients send changes of the parameters, the server takes a step along their mean, weighted by the
 * numbers of examples: {@code mu := optimizer(mu, sum_k n_k change_k / sum_k n_k)}.
 *
 * <p>With plain training and the SGD server of rate 1 it is FedAvg (McMahan et al. 2017), with
 * other server optimizers FedAvgM, FedAdagrad, FedAdam and FedYogi (Reddi et al. 2021), with a
 * proximal term FedProx (Li et al. 2020), with {@link ClientUpdate.PosteriorAveraging} FedPA
 * (Al-Shedivat et al. 2021). Its fixed point is not the optimum of all data unless clients take a
 * single full step, whatever the server optimizer.
 */
public final class FederatedAveraging implements Algorithm<ClientLikelihood> {
  private final String name;
  private final ClientUpdate update;
  private final ServerOptimizer optimizer;
  private final double[] start;

  /**
   * An algorithm of this family.
   *
   * @param name short
   * @param update what clients send
   * @param optimizer of the server
   * @param start parameters before the first round, copied
   */
  public FederatedAveraging(
      String name, ClientUpdate update, ServerOptimizer optimizer, double[] start) {
    this.name = name;
    this.update = update;
    this.optimizer = optimizer;
    this.start = ServerMean.requireFinite(start).clone();
  }

  /** FedAvg of the last iterates with a server rate of 1. */
  public static FederatedAveraging fedAvg(LocalTraining training, double[] start) {
    return new FederatedAveraging(
        "fedavg", new ClientUpdate.Averaging(training, false, 0), ServerOptimizer.sgd(1), start);
  }

  /** FedProx with a server rate of 1. */
  public static FederatedAveraging fedProx(LocalTraining training, double rho, double[] start) {
    return new FederatedAveraging(
        "fedprox", new ClientUpdate.Averaging(training, false, rho), ServerOptimizer.sgd(1), start);
  }

  /** FedPA. */
  public static FederatedAveraging fedPa(
      LocalTraining training, double rho, ServerOptimizer optimizer, double[] start) {
    return new FederatedAveraging(
        "fedpa", new ClientUpdate.PosteriorAveraging(training, rho), optimizer, start);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public String settings() {
    return update.settings() + " " + optimizer;
  }

  @Override
  public StateArrays start() {
    return ServerMean.start(start, optimizer);
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
    double[] mean = server.get(ServerMean.PARAMETERS);
    double[] change = update.change(data, mean, round.clientKey(client));
    if (change == null) {
      return ClientReply.none(client, round, data.points(), ReplyStatus.DIVERGED);
    }
    return ClientReply.answer(client, round, data.points(), data.points(), change)
        .withFigures(Map.of("change", ServerMean.norm(change)));
  }

  @Override
  public ServerOutcome server(StateArrays state, RoundSum sum, RoundSpec round) {
    if (!(sum.weight() > 0)) {
      return ServerOutcome.refused(state);
    }
    double[] mean = sum.contribution().clone();
    for (int i = 0; i < mean.length; i++) {
      mean[i] /= sum.weight();
    }
    StateArrays next = ServerMean.ascend(state, mean, optimizer);
    return ServerMean.isFinite(next) ? ServerOutcome.of(next, 1) : ServerOutcome.refused(state);
  }

  @Override
  public double[] parameters(StateArrays server) {
    return server.get(ServerMean.PARAMETERS).clone();
  }
}
