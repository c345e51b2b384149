package org.quadrille.federated.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.quadrille.federated.ClientLikelihood;
import org.quadrille.federated.gaussian.PrecisionShape;
import org.quadrille.kernels.cpu.WorkerPool;
import org.quadrille.linalg.DType;

/** A hundred thousand clients: what a round costs beyond the clients' own work, and the heap. */
class LargeFederationTest {
  private static final int CLIENTS = 100_000;
  private static final int PER_ROUND = 100;

  @TempDir private Path folder;

  private List<RoundRecord> run(PrecisionShape shape, int clients, int rounds) throws IOException {
    LargeFederation federation = new LargeFederation(clients);
    try (ClientStates states =
        new FileClientStates(folder.resolve("sites" + shape), clients, DType.F32)) {
      Simulation<ClientLikelihood> simulation =
          Simulation.of(
                  federation.algorithm(shape), federation, SimulationSettings.of(5, PER_ROUND))
              .states(states);
      return simulation.run(rounds);
    }
  }

  @Test
  @Tag("study")
  void aRoundOfAHundredThousandClientsIsCheap() throws IOException {
    for (PrecisionShape shape : List.of(PrecisionShape.SCALED_IDENTITY, PrecisionShape.DIAGONAL)) {
      List<RoundRecord> records = run(shape, CLIENTS, 60);
      double[] seconds =
          records.stream().skip(20).mapToDouble(RoundRecord::serverSeconds).sorted().toArray();
      double median = seconds[seconds.length / 2];
      assertTrue(median < 0.05, shape + ": " + median + " s a round beyond the clients");
      System.gc();
      Runtime runtime = Runtime.getRuntime();
      long used = runtime.totalMemory() - runtime.freeMemory();
      assertTrue(used < 1L << 30, shape + ": heap of " + used + " bytes");
      assertEquals(PER_ROUND, records.getLast().accepted());
    }
  }

  @Test
  void bitsOfSitesOnDiskDoNotDependOnThreads() {
    List<List<String>> prints =
        List.of(1, 3).stream()
            .map(
                threads ->
                    WorkerPool.of(threads)
                        .call(
                            () -> {
                              try {
                                return run(PrecisionShape.DIAGONAL, 300, 3).stream()
                                    .map(RoundRecord::fingerprint)
                                    .toList();
                              } catch (IOException e) {
                                throw new UncheckedIOException(e);
                              }
                            }))
            .toList();
    assertEquals(prints.get(0), prints.get(1));
  }
}
