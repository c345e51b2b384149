package org.quadrille.federated.simulation;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Replies on their way, and which were taken before: each (client, round) counts at most once.
 *
 * <p>Memory: replies that are late, and the senders of as many rounds as a reply may take.
 */
final class PendingReplies {
  /** A sender and the round in which it was asked. */
  private record Sender(long round, int client) implements Comparable<Sender> {
    @Override
    public int compareTo(Sender other) {
      int byRound = Long.compare(round, other.round);
      return byRound != 0 ? byRound : Integer.compare(client, other.client);
    }
  }

  /** A reply and the round in which it arrives. */
  private record Arrival(long due, ClientReply reply) {}

  private final List<Arrival> underway = new ArrayList<>();
  private final Set<Sender> taken = new TreeSet<>();

  void send(ClientReply reply, long due) {
    underway.add(new Arrival(due, reply));
  }

  /** Replies that arrive in a round, in the order of asking, then of clients; they leave here. */
  List<ClientReply> arrivals(long round) {
    List<ClientReply> due =
        underway.stream()
            .filter(arrival -> arrival.due() <= round)
            .map(Arrival::reply)
            .sorted(
                Comparator.comparingLong(ClientReply::round).thenComparingInt(ClientReply::client))
            .toList();
    underway.removeIf(arrival -> arrival.due() <= round);
    return due;
  }

  /** Marks a reply as taken; false if it was before. */
  boolean take(ClientReply reply) {
    return taken.add(new Sender(reply.round(), reply.client()));
  }

  /** Forgets senders of rounds from which nothing can arrive any more. */
  void forgetBefore(long round) {
    taken.removeIf(sender -> sender.round() < round);
  }

  void save(DataOutput out) throws IOException {
    out.writeInt(underway.size());
    for (Arrival arrival : underway) {
      out.writeLong(arrival.due());
      StateFormat.write(arrival.reply(), out);
    }
    out.writeInt(taken.size());
    for (Sender sender : taken) {
      out.writeLong(sender.round());
      out.writeInt(sender.client());
    }
  }

  void load(DataInput in) throws IOException {
    underway.clear();
    taken.clear();
    int replies = in.readInt();
    for (int i = 0; i < replies; i++) {
      long due = in.readLong();
      underway.add(new Arrival(due, StateFormat.reply(in)));
    }
    int senders = in.readInt();
    for (int i = 0; i < senders; i++) {
      long round = in.readLong();
      taken.add(new Sender(round, in.readInt()));
    }
  }
}
