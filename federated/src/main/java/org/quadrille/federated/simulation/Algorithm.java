package org.quadrille.federated.simulation;

import java.util.Optional;

/**
 * A federated algorithm: a client step and a server step, both pure functions, over flat arrays.
 *
 * <p>The engine around it selects clients, carries messages, sums contributions in a fixed order,
 * loses or delays replies, keeps what clients remember, and saves everything. An algorithm sees
 * none of that. All its random choices come from {@link RoundSpec#clientKey}; so a step may be
 * repeated, on another machine too, and gives the same bits.
 *
 * <p><b>Thread safety</b>: {@link #client} is called by several threads at once.
 *
 * @param <D> what a client holds: its examples, or its likelihood
 */
public interface Algorithm<D> {

  /** A short name: {@code fedavg}. */
  String name();

  /** All settings as text; two algorithms with the same text compute the same. */
  String settings();

  /** The state before the first round. */
  StateArrays start();

  /** How many numbers a client contributes. */
  int contributionLength();

  /** How many numbers the server sends to a client. */
  int broadcastLength();

  /**
   * How many numbers a client's message holds; more than it contributes to the sum if something
   * travels beside it.
   */
  default int replyLength() {
    return contributionLength();
  }

  /**
   * What a client does when asked. Never throws for numerical trouble: that is a {@link
   * ReplyStatus}.
   *
   * @param round the round
   * @param server the state of the server, not modified
   * @param own what this client remembers of earlier rounds; empty if nothing
   * @param client its number
   * @param data what it holds, never empty
   */
  ClientReply client(
      RoundSpec round, StateArrays server, Optional<StateArrays> own, int client, D data);

  /**
   * What the server does with the sum of the replies.
   *
   * @param state not modified
   * @param sum of the accepted replies; there may be none
   */
  ServerOutcome server(StateArrays state, RoundSum sum, RoundSpec round);

  /**
   * What a client remembers after its reply was accepted; default: what it proposed, if anything.
   *
   * @param own what it remembered until then; replies accepted since it computed are in it
   * @param factor of {@link ServerOutcome}
   */
  default Optional<StateArrays> remember(
      Optional<StateArrays> own, ClientReply reply, double factor) {
    return reply.proposed() == null ? own : Optional.of(reply.proposed());
  }

  /** Whether clients remember anything; if not, the engine keeps no contributions. */
  default boolean isStateful() {
    return false;
  }

  /**
   * Whether a reply that arrives in a later round may still be added; if not, it is discarded and
   * counted.
   */
  default boolean acceptsLate() {
    return true;
  }

  /** The parameters to predict with, d numbers: the mean of a distribution. A new array. */
  double[] parameters(StateArrays server);

  /**
   * A draw of the parameters from the distribution that the server holds; empty if it holds only
   * parameters.
   *
   * @param key the same key gives the same normal numbers for all algorithms of one dimension
   */
  default Optional<double[]> draw(StateArrays server, RandomKey key) {
    return Optional.empty();
  }
}
