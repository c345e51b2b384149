package org.quadrille.federated.simulation;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.quadrille.linalg.DType;

/** Counts and adds what arrives in a round, in a fixed order. */
final class RoundTally {
  private final Algorithm<?> algorithm;
  private final RoundPlan plan;
  private final PendingReplies pending;
  private final Availability availability;
  private final Map<ReplyStatus, Integer> statuses = new EnumMap<>(ReplyStatus.class);
  private final List<ClientReply> accepted = new ArrayList<>();
  private final Map<String, double[]> figures = new TreeMap<>();
  private RoundSum sum;
  private int answered;
  private int late;
  private int lateRefused;
  private int duplicates;

  RoundTally(
      Algorithm<?> algorithm, RoundPlan plan, PendingReplies pending, Availability availability) {
    this.algorithm = algorithm;
    this.plan = plan;
    this.pending = pending;
    this.availability = availability;
    this.sum = RoundSum.zero(algorithm.contributionLength());
    count(ReplyStatus.DROPPED, plan.dropped());
    count(ReplyStatus.NOT_NEEDED, plan.notNeeded());
  }

  void add(ReplyBlock block) {
    sum = sum.plus(block.sum());
    for (ClientReply reply : block.replies()) {
      count(reply.status(), 1);
      note(reply);
      if (reply.isAnswer()) {
        deliver(reply);
      }
    }
  }

  private void deliver(ClientReply reply) {
    answered++;
    Availability.Answer answer = plan.answer(reply.client());
    long due = reply.round() + answer.delay();
    if (answer.delay() > 0) {
      pending.send(reply, due);
    } else {
      pending.take(reply);
      accepted.add(reply);
    }
    if (answer.twice()) {
      pending.send(reply, due + 1);
    }
  }

  /** Adds replies of earlier rounds that arrive now; gives all that are accepted, in order. */
  List<ClientReply> close() {
    long round = plan.spec().round();
    List<ClientReply> added = new ArrayList<>();
    for (ClientReply reply : pending.arrivals(round)) {
      if (!pending.take(reply)) {
        duplicates++;
      } else if (!algorithm.acceptsLate()) {
        lateRefused++;
      } else {
        late++;
        added.add(reply);
      }
    }
    pending.forgetBefore(round - availability.longestDelay() - 1);
    if (!added.isEmpty()) {
      sum = sum.plus(RoundSum.of(algorithm.contributionLength(), added));
      // What arrives late was computed before, so it is also remembered before.
      accepted.addAll(0, added);
    }
    return accepted;
  }

  RoundSum sum() {
    return sum;
  }

  RoundRecord record(
      ServerOutcome outcome,
      DType wire,
      Map<String, Double> metrics,
      double clientSeconds,
      double serverSeconds) {
    Map<String, double[]> means = new LinkedHashMap<>();
    figures.forEach((name, f) -> means.put(name, new double[] {f[1] / f[0], f[2], f[3]}));
    long bytes = Wire.bytes(wire);
    return new RoundRecord(
        plan.spec().round(),
        plan.asked(),
        statuses,
        sum.accepted(),
        late,
        lateRefused,
        duplicates,
        outcome.factor(),
        bytes * plan.begun() * algorithm.broadcastLength(),
        bytes * answered * algorithm.replyLength(),
        outcome.figures(),
        means,
        metrics,
        clientSeconds,
        serverSeconds);
  }

  private void count(ReplyStatus status, int n) {
    if (n > 0) {
      statuses.merge(status, n, Integer::sum);
    }
  }

  private void note(ClientReply reply) {
    reply
        .figures()
        .forEach(
            (name, value) -> {
              double[] f =
                  figures.computeIfAbsent(
                      name,
                      _ -> new double[] {0, 0, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY});
              f[0]++;
              f[1] += value;
              f[2] = Math.min(f[2], value);
              f[3] = Math.max(f[3], value);
            });
  }
}
