package org.quadrille.federated.simulation;

import java.util.Map;

/**
 * What a client sends back. The server adds up {@code weight * contribution} over clients.
 *
 * @param client its number
 * @param round in which it was asked: also the sequence number, as a client is asked at most once
 *     in a round
 * @param status whether there is a contribution at all
 * @param points how many examples it has, n_k
 * @param weight finite, 0 or more
 * @param contribution one array of the length that all clients of an algorithm share; empty unless
 *     {@code ANSWERED}
 * @param proposed what the client would remember if the server accepts; null if it remembers
 *     nothing or its new state follows from the contribution alone
 * @param figures numbers for the record of the round, by name
 */
public record ClientReply(
    int client,
    long round,
    ReplyStatus status,
    long points,
    double weight,
    double[] contribution,
    StateArrays proposed,
    Map<String, Double> figures) {

  private static final double[] NOTHING = {};

  /** Checks the weight. */
  public ClientReply {
    if (!(weight >= 0) || weight == Double.POSITIVE_INFINITY) {
      throw new IllegalArgumentException(
          "client " + client + ": weight " + weight + " given, expected a finite number >= 0");
    }
    if (points < 0) {
      throw new IllegalArgumentException(
          "client " + client + ": " + points + " examples given, expected 0 or more");
    }
  }

  /** A contribution of a client that remembers nothing. */
  public static ClientReply answer(
      int client, RoundSpec round, long points, double weight, double[] contribution) {
    return new ClientReply(
        client, round.round(), ReplyStatus.ANSWERED, points, weight, contribution, null, Map.of());
  }

  /** No contribution, for a reason. */
  public static ClientReply none(int client, RoundSpec round, long points, ReplyStatus reason) {
    return new ClientReply(client, round.round(), reason, points, 0, NOTHING, null, Map.of());
  }

  /** This reply with what the client wants to remember once it is accepted. */
  public ClientReply withProposed(StateArrays state) {
    return new ClientReply(client, round, status, points, weight, contribution, state, figures);
  }

  /** This reply with figures for the record. */
  public ClientReply withFigures(Map<String, Double> numbers) {
    return new ClientReply(
        client, round, status, points, weight, contribution, proposed, Map.copyOf(numbers));
  }

  /** Whether it has a contribution. */
  public boolean isAnswer() {
    return status == ReplyStatus.ANSWERED;
  }

  /** Whether every number of the contribution is finite. */
  public boolean isFinite() {
    for (double number : contribution) {
      if (!Double.isFinite(number)) {
        return false;
      }
    }
    return true;
  }

  /** This reply with nothing but its figures: still an answer, but it cannot be added again. */
  ClientReply withoutContribution() {
    return new ClientReply(client, round, status, points, weight, NOTHING, null, figures);
  }

  /** This reply as it arrives in a message of single precision. */
  ClientReply inSinglePrecision() {
    return new ClientReply(
        client, round, status, points, weight, Wire.round(contribution), proposed, figures);
  }

  /** This reply without its contribution and state, refused for a reason. */
  ClientReply refused(ReplyStatus reason) {
    return new ClientReply(client, round, reason, points, 0, NOTHING, null, figures);
  }
}
