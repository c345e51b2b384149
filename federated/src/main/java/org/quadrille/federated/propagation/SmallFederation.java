package org.quadrille.federated.propagation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.quadrille.federated.ClientLikelihood;
import org.quadrille.federated.gaussian.Gaussian;
import org.quadrille.federated.simulation.ClientReply;
import org.quadrille.federated.simulation.RoundSpec;
import org.quadrille.federated.simulation.RoundSum;
import org.quadrille.federated.simulation.ServerOutcome;
import org.quadrille.federated.simulation.StateArrays;

/**
 * Expectation propagation over a few clients in memory, round by round with chosen clients: for
 * small problems, theory and figures. The simulator runs large federations.
 *
 * <p>Not thread safe.
 */
public final class SmallFederation {
  private final ExpectationPropagation algorithm;
  private final List<ClientLikelihood> clients;
  private final long seed;
  private final long points;
  private final Map<Integer, StateArrays> remembered = new HashMap<>();
  private StateArrays server;
  private long round;

  /**
   * A federation before its first round.
   *
   * @param clients at least one
   * @param seed of random choices inside the inference
   */
  public SmallFederation(
      ExpectationPropagation algorithm, List<? extends ClientLikelihood> clients, long seed) {
    if (clients.isEmpty()) {
      throw new IllegalArgumentException("clients: none given, expected at least one");
    }
    this.algorithm = algorithm;
    this.clients = List.copyOf(clients);
    this.seed = seed;
    this.points = clients.stream().mapToLong(ClientLikelihood::points).sum();
    this.server = algorithm.start();
  }

  /**
   * One round: the clients all see the same global approximation.
   *
   * @param chosen different clients from 0; none for all of them
   * @return the replies in ascending order of clients
   */
  public List<ClientReply> parallel(int... chosen) {
    int[] ids = chosen.length == 0 ? all() : chosen.clone();
    Arrays.sort(ids);
    RoundSpec spec = new RoundSpec(round++, seed, clients.size(), ids.length, points);
    List<ClientReply> replies = new ArrayList<>();
    for (int id : ids) {
      replies.add(algorithm.client(spec, server, own(id), id, clients.get(id)));
    }
    RoundSum sum = RoundSum.of(algorithm.contributionLength(), replies);
    ServerOutcome outcome = algorithm.server(server, sum, spec);
    server = outcome.state();
    for (ClientReply reply : replies) {
      if (outcome.isAccepted() && reply.isAnswer()) {
        algorithm
            .remember(own(reply.client()), reply, outcome.factor())
            .ifPresent(state -> remembered.put(reply.client(), state));
      }
    }
    return replies;
  }

  /** The clients one after another, each seeing what the one before has changed. */
  public void sequential(int... chosen) {
    for (int id : chosen.length == 0 ? all() : chosen) {
      parallel(id);
    }
  }

  private int[] all() {
    int[] ids = new int[clients.size()];
    Arrays.setAll(ids, i -> i);
    return ids;
  }

  private Optional<StateArrays> own(int client) {
    return Optional.ofNullable(remembered.get(client));
  }

  /** The global approximation q; a copy. */
  public Gaussian approximation() {
    return algorithm.approximation(server);
  }

  /** The site of a client; a copy. */
  public Gaussian site(int client) {
    return algorithm.site(own(client), clients.get(client).points());
  }

  /** The sites of all clients; copies. */
  public List<Gaussian> sites() {
    return Arrays.stream(all()).mapToObj(this::site).toList();
  }

  /** The relative distance between q and the product of the prior and all sites. */
  public double drift() {
    return algorithm.drift(server, sites());
  }

  /** Sets q to the product of the prior and all sites. */
  public void resync() {
    server = algorithm.resync(server, sites());
  }

  /**
   * Replaces a client's site, and q by its product with the quotient of the new and the old one.
   *
   * @param site of the shape of q or smaller, not modified
   */
  public void setSite(int client, Gaussian site) {
    Gaussian change = site.as(algorithm.approximation(server).shape()).divide(site(client));
    Gaussian q = approximation().multiply(change);
    server = server.with(ServerStep.APPROXIMATION, q.natural());
    RoundSpec spec = new RoundSpec(round, seed, clients.size(), 1, points);
    ClientReply reply =
        ClientReply.answer(client, spec, clients.get(client).points(), 1, change.natural());
    algorithm.remember(own(client), reply, 1).ifPresent(state -> remembered.put(client, state));
  }
}
