package org.quadrille.federated.simulation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/** Who is asked in a round and whose reply arrives when: known before anybody computes. */
final class RoundPlan {
  /** A client that computes. */
  private record Worker(int client, Availability.Answer answer) {}

  private final RoundSpec spec;
  private final int asked;
  private final int begun;
  private final int dropped;
  private final List<Worker> needed;

  private RoundPlan(RoundSpec spec, int asked, int begun, int dropped, List<Worker> needed) {
    this.spec = spec;
    this.asked = asked;
    this.begun = begun;
    this.dropped = dropped;
    this.needed = needed;
  }

  static RoundPlan of(SimulationSettings settings, long round, int clients, long points) {
    int asked = settings.asked(clients);
    RoundSpec spec =
        new RoundSpec(
            round, settings.seed(), clients, Math.min(settings.perRound(), clients), points);
    int begun = 0;
    List<Worker> workers = new ArrayList<>();
    for (int client : ClientSelection.of(settings.seed(), round, clients, asked)) {
      Availability.Answer answer = settings.availability().of(spec, client);
      begun += answer.begins() ? 1 : 0;
      if (answer.answers()) {
        workers.add(new Worker(client, answer));
      }
    }
    int dropped = asked - workers.size();
    if (workers.size() > spec.selected()) {
      workers.sort(
          Comparator.<Worker>comparingDouble(worker -> worker.answer().time())
              .thenComparingInt(Worker::client));
      workers = new ArrayList<>(workers.subList(0, spec.selected()));
      workers.sort(Comparator.comparingInt(Worker::client));
    }
    return new RoundPlan(spec, asked, begun, dropped, workers);
  }

  RoundSpec spec() {
    return spec;
  }

  int asked() {
    return asked;
  }

  /** How many receive the broadcast. */
  int begun() {
    return begun;
  }

  int dropped() {
    return dropped;
  }

  int notNeeded() {
    return asked - dropped - needed.size();
  }

  int[] clients() {
    return needed.stream().mapToInt(Worker::client).toArray();
  }

  boolean[] onTime() {
    boolean[] onTime = new boolean[needed.size()];
    for (int i = 0; i < onTime.length; i++) {
      onTime[i] = needed.get(i).answer().delay() == 0;
    }
    return onTime;
  }

  /** The answer of the client at a place of {@link #clients}. */
  Availability.Answer answer(int client) {
    int place = Arrays.binarySearch(clients(), client);
    return needed.get(place).answer();
  }
}
