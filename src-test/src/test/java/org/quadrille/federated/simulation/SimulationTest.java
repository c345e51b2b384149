package org.quadrille.federated.simulation;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.quadrille.federated.ClientLikelihood;
import org.quadrille.federated.baseline.FederatedAveraging;
import org.quadrille.federated.baseline.QuadraticClient;
import org.quadrille.federated.baseline.Scaffold;
import org.quadrille.federated.server.ServerOptimizer;
import org.quadrille.federated.training.LocalTraining;
import org.quadrille.formats.Json;
import org.quadrille.kernels.cpu.WorkerPool;
import org.quadrille.linalg.DType;

/** The engine around an algorithm: bits, losses and delays of replies, checkpoints, counts. */
class SimulationTest {
  private static final int CLIENTS = 23;
  private static final int D = 3;
  private static final Availability TROUBLE = new Availability(0.15, 0.1, 0.6, 2, 0.3);

  @TempDir private Path folder;

  private static ClientSource<ClientLikelihood> source() {
    List<ClientLikelihood> clients = new ArrayList<>();
    RandomStream stream = new RandomStream(8);
    for (int k = 0; k < CLIENTS; k++) {
      double[][] matrix = new double[D][D];
      double[] optimum = new double[D];
      for (int i = 0; i < D; i++) {
        matrix[i][i] = 0.5 + stream.uniform();
        optimum[i] = stream.normal();
      }
      // One client has nothing.
      clients.add(new QuadraticClient(matrix, optimum, k == 5 ? 0 : 10 + k));
    }
    return ClientSource.of(clients, ClientLikelihood::points);
  }

  private static Scaffold scaffold() {
    return new Scaffold(LocalTraining.of(3, 4, 0.05), ServerOptimizer.sgd(0.7), new double[D]);
  }

  private static SimulationSettings settings() {
    return SimulationSettings.of(31, 6).withAvailability(TROUBLE).withOverSelection(1.5);
  }

  private static Simulation<ClientLikelihood> simulation(Algorithm<ClientLikelihood> algorithm) {
    return Simulation.of(algorithm, source(), settings())
        .evaluating(3, server -> Map.of("first", algorithm.parameters(server)[0]));
  }

  private static List<String> fingerprints(Simulation<?> simulation) {
    return simulation.records().stream().map(RoundRecord::fingerprint).toList();
  }

  @Test
  void bitsAreTheSameForAnyNumberOfThreads() {
    Supplier<Simulation<ClientLikelihood>> run =
        () -> {
          Simulation<ClientLikelihood> simulation = simulation(scaffold());
          simulation.run(12);
          return simulation;
        };
    Simulation<ClientLikelihood> one = WorkerPool.of(1).call(run);
    for (int threads : new int[] {2, 8}) {
      Simulation<ClientLikelihood> several = WorkerPool.of(threads).call(run);
      assertEquals(one.server(), several.server());
      assertEquals(fingerprints(one), fingerprints(several));
    }
  }

  @Test
  void aStoppedRunGoesOnWithTheSameBits() throws IOException {
    Simulation<ClientLikelihood> whole = simulation(scaffold());
    whole.run(9);
    for (int stop = 1; stop < 9; stop += 3) {
      Path file = folder.resolve("checkpoint" + stop);
      Path sites = folder.resolve("states" + stop);
      try (ClientStates states = new FileClientStates(sites, CLIENTS, DType.F64)) {
        int limit = stop;
        Simulation<ClientLikelihood> first =
            simulation(scaffold()).states(states).checkpointing(file, 2);
        first.run(9, () -> first.round() >= limit);
        // What a stopped process wrote after its checkpoint must not count.
        states.put(0, StateArrays.of("control", new double[] {9, 9, 9}));
      }
      try (ClientStates states = new FileClientStates(sites, CLIENTS, DType.F64)) {
        Simulation<ClientLikelihood> second =
            simulation(scaffold()).states(states).checkpointing(file, 2);
        assertTrue(second.resume());
        assertEquals(stop, second.round());
        second.run(9);
        assertEquals(whole.server(), second.server());
        assertEquals(fingerprints(whole).size(), second.records().size());
        // Evaluations of the last round of a part aside, the records are the same.
        assertEquals(fingerprints(whole), fingerprints(second));
        assertEquals(contents(whole.states()), contents(states));
      }
    }
  }

  @Test
  void memoryStatesSurviveACheckpointToo() throws IOException {
    Path file = folder.resolve("checkpoint");
    Simulation<ClientLikelihood> first = simulation(scaffold()).checkpointing(file, 100);
    first.run(5);
    Simulation<ClientLikelihood> second = simulation(scaffold()).checkpointing(file, 100);
    assertTrue(second.resume());
    assertEquals(contents(first.states()), contents(second.states()));
    assertEquals(first.server(), second.server());
  }

  private static List<String> contents(ClientStates states) {
    List<String> all = new ArrayList<>();
    for (int client : states.visited()) {
      all.add(client + ":" + Arrays.toString(states.get(client).orElseThrow().get("control")));
    }
    return all;
  }

  @Test
  void whatClientsRememberMatchesTheServerInSpiteOfAllTrouble() {
    // c = sum of c_k / K holds if each change is added exactly once at both ends.
    Simulation<ClientLikelihood> simulation = simulation(scaffold());
    simulation.run(40);
    double[] sum = new double[D];
    for (int client : simulation.states().visited()) {
      double[] control = simulation.states().get(client).orElseThrow().get("control");
      for (int i = 0; i < D; i++) {
        sum[i] += control[i] / CLIENTS;
      }
    }
    assertArrayEquals(sum, simulation.server().get("control"), 1e-12);
    List<RoundRecord> records = simulation.records();
    assertTrue(records.stream().mapToInt(RoundRecord::late).sum() > 0);
    assertTrue(records.stream().mapToInt(RoundRecord::duplicates).sum() > 0);
    assertTrue(count(records, ReplyStatus.DROPPED) > 0);
    assertTrue(count(records, ReplyStatus.NOT_NEEDED) > 0);
    assertTrue(count(records, ReplyStatus.EMPTY) > 0);
    for (RoundRecord record : records) {
      int total = record.statuses().values().stream().mapToInt(n -> n).sum();
      assertEquals(9, record.asked());
      assertEquals(record.asked(), total);
      assertTrue(record.accepted() - record.late() <= 6);
    }
  }

  private static int count(List<RoundRecord> records, ReplyStatus status) {
    return records.stream().mapToInt(r -> r.statuses().getOrDefault(status, 0)).sum();
  }

  @Test
  void bytesAreThoseOfTheMessages() {
    SimulationSettings settings = SimulationSettings.of(1, 4).withWire(DType.F32);
    double[] start = new double[D];
    Algorithm<ClientLikelihood> average =
        FederatedAveraging.fedAvg(LocalTraining.of(1, 4, 0.1), start);
    List<RoundRecord> records = Simulation.of(average, source(), settings).run(3);
    for (RoundRecord record : records) {
      int answers = record.statuses().get(ReplyStatus.ANSWERED);
      assertEquals(4L * 4 * D, record.bytesDown());
      assertEquals(4L * D * answers, record.bytesUp());
    }
    List<RoundRecord> twice = Simulation.of(scaffold(), source(), settings).run(1);
    assertEquals(4L * 4 * 2 * D, twice.getFirst().bytesDown());
  }

  /** Sends its number; some clients send NaN, some refuse; late replies are not taken. */
  private record Numbers(int nan, int diverged) implements Algorithm<Integer> {
    @Override
    public String name() {
      return "numbers";
    }

    @Override
    public String settings() {
      return toString();
    }

    @Override
    public StateArrays start() {
      return StateArrays.of("sum", new double[1]);
    }

    @Override
    public int contributionLength() {
      return 1;
    }

    @Override
    public int broadcastLength() {
      return 1;
    }

    @Override
    public ClientReply client(
        RoundSpec round, StateArrays server, Optional<StateArrays> own, int client, Integer data) {
      if (client == diverged) {
        return ClientReply.none(client, round, 1, ReplyStatus.DIVERGED);
      }
      double value = client == nan ? Double.NaN : client + 1;
      return ClientReply.answer(client, round, 1, 1, new double[] {value});
    }

    @Override
    public ServerOutcome server(StateArrays state, RoundSum sum, RoundSpec round) {
      double total = state.scalar("sum") + sum.contribution()[0];
      return ServerOutcome.of(StateArrays.of("sum", new double[] {total}), 1);
    }

    @Override
    public double[] parameters(StateArrays server) {
      return server.get("sum");
    }

    @Override
    public boolean acceptsLate() {
      return false;
    }
  }

  private static ClientSource<Integer> numbers(int clients) {
    return ClientSource.of(IntStream.range(0, clients).boxed().toList(), client -> 1);
  }

  @Test
  void badRepliesAreCountedAndLeftOut() {
    Simulation<Integer> simulation =
        Simulation.of(new Numbers(2, 4), numbers(6), SimulationSettings.of(1, 6));
    RoundRecord record = simulation.run(1).getFirst();
    assertEquals(1 + 2 + 4 + 6, simulation.server().scalar("sum"));
    assertEquals(1, record.statuses().get(ReplyStatus.NOT_FINITE));
    assertEquals(1, record.statuses().get(ReplyStatus.DIVERGED));
    assertEquals(4, record.accepted());
  }

  @Test
  void lateRepliesAreRefusedWhereTheyDoNotCount() {
    Availability slow = new Availability(0, 0, 1, 3, 0);
    Simulation<Integer> simulation =
        Simulation.of(
            new Numbers(-1, -1), numbers(6), SimulationSettings.of(1, 6).withAvailability(slow));
    List<RoundRecord> records = simulation.run(30);
    assertTrue(records.stream().mapToInt(RoundRecord::lateRefused).sum() > 10);
    assertEquals(0, records.stream().mapToInt(RoundRecord::late).sum());
  }

  @Test
  void blocksOfAnyExecutorGiveTheSameSum() {
    Simulation<ClientLikelihood> local = simulation(scaffold());
    local.run(4);
    Simulation<ClientLikelihood> other =
        simulation(scaffold())
            .executor(
                work -> {
                  // Backwards, and every block twice: as after a failure.
                  ReplyBlock[] blocks = new ReplyBlock[RoundWork.BLOCKS];
                  for (int b = blocks.length - 1; b >= 0; b--) {
                    work.run(b);
                    blocks[b] = work.run(b);
                  }
                  return List.of(blocks);
                });
    other.run(4);
    assertEquals(local.server(), other.server());
  }

  @Test
  void damagedAndForeignCheckpointsAreRefused() throws IOException {
    Path file = folder.resolve("checkpoint");
    simulation(scaffold()).checkpointing(file, 1).run(2);
    Simulation<ClientLikelihood> foreign =
        Simulation.of(scaffold(), source(), SimulationSettings.of(32, 6)).checkpointing(file, 1);
    assertTrue(assertThrows(IOException.class, foreign::resume).getMessage().contains("another"));
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length / 2] ^= 1;
    Files.write(file, bytes);
    Simulation<ClientLikelihood> damaged = simulation(scaffold()).checkpointing(file, 1);
    assertThrows(IOException.class, damaged::resume);
    Files.write(file, new byte[] {1, 2, 3});
    assertThrows(IOException.class, damaged::resume);
    Files.delete(file);
    assertFalse(damaged.resume());
  }

  @Test
  void recordsSurviveJson() throws IOException {
    Simulation<ClientLikelihood> simulation = simulation(scaffold());
    for (RoundRecord record : simulation.run(3)) {
      String text = Json.write(record.toJson());
      assertEquals(text, Json.write(RoundRecord.of(Json.parseObject(text)).toJson()));
    }
  }

  @Test
  void refusesBadSettings() {
    assertThrows(
        IllegalArgumentException.class,
        () -> Simulation.of(scaffold(), source(), SimulationSettings.of(1, CLIENTS + 1)));
    assertThrows(IllegalArgumentException.class, () -> SimulationSettings.of(1, 0));
    assertThrows(IllegalArgumentException.class, () -> new Availability(1.5, 0, 0, 0, 0));
    assertThrows(IllegalArgumentException.class, () -> new Availability(0, 0, -1, 0, 0));
    assertThrows(IllegalArgumentException.class, () -> new RoundSpec(0, 0, 3, 4, 1));
  }
}
