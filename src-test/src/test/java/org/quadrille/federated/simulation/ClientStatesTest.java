package org.quadrille.federated.simulation;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.quadrille.linalg.DType;

/** What clients remember, in memory and on the disk. */
class ClientStatesTest {
  @TempDir private Path folder;

  private static StateArrays state(double seed, int length) {
    double[] values = new double[length];
    for (int i = 0; i < length; i++) {
      values[i] = seed + i / 3.0;
    }
    return StateArrays.of("a", values, "b", new double[] {seed});
  }

  @Test
  void theLatestStateOfAClientCounts() throws IOException {
    try (ClientStates disk = new FileClientStates(folder.resolve("s"), 10, DType.F64)) {
      for (ClientStates states : new ClientStates[] {disk, new MemoryClientStates()}) {
        assertTrue(states.get(3).isEmpty());
        states.put(3, state(1, 4));
        states.put(7, state(2, 4));
        states.put(3, state(5, 4));
        assertEquals(state(5, 4), states.get(3).orElseThrow());
        assertEquals(state(2, 4), states.get(7).orElseThrow());
        assertArrayEquals(new int[] {3, 7}, states.visited());
      }
    }
  }

  @Test
  void singlePrecisionRoundsInBoth() throws IOException {
    double third = (float) (1 + 1 / 3.0);
    try (ClientStates disk = new FileClientStates(folder.resolve("s"), 10, DType.F32)) {
      for (ClientStates states : new ClientStates[] {disk, new MemoryClientStates(DType.F32)}) {
        states.put(1, state(1, 2));
        assertEquals(third, states.get(1).orElseThrow().get("a")[1]);
        assertThrows(IllegalArgumentException.class, () -> states.put(1, state(1e300, 2)));
      }
    }
  }

  @Test
  void theFileIsRewrittenWhenMostOfItIsOld() throws IOException {
    int length = 20_000;
    Path base = folder.resolve("big");
    ByteArrayOutputStream before = new ByteArrayOutputStream();
    try (FileClientStates states = new FileClientStates(base, 5, DType.F64)) {
      states.put(0, state(1, length));
      states.save(new DataOutputStream(before));
      for (int i = 0; i < 500; i++) {
        states.put(i % 5, state(i, length));
      }
      // The old file stays until a checkpoint has been written.
      assertTrue(Files.exists(folder.resolve("big.0")));
      assertTrue(Files.exists(folder.resolve("big.1")));
      ByteArrayOutputStream after = new ByteArrayOutputStream();
      states.save(new DataOutputStream(after));
      try (FileClientStates old = new FileClientStates(base, 5, DType.F64)) {
        old.load(in(before));
        assertEquals(state(1, length), old.get(0).orElseThrow());
      }
      states.saved();
      assertFalse(Files.exists(folder.resolve("big.0")));
      try (FileClientStates again = new FileClientStates(base, 5, DType.F64)) {
        again.load(in(after));
        for (int client = 0; client < 5; client++) {
          assertEquals(state(495 + client, length), again.get(client).orElseThrow());
        }
      }
    }
    try (Stream<Path> files = Files.list(folder)) {
      long bytes = files.mapToLong(file -> file.toFile().length()).sum();
      assertTrue(bytes < 90e6, "500 states of 160 kB in " + bytes + " bytes");
    }
  }

  private static DataInputStream in(ByteArrayOutputStream bytes) {
    return new DataInputStream(new ByteArrayInputStream(bytes.toByteArray()));
  }

  @Test
  void damageIsNoticed() throws IOException {
    Path base = folder.resolve("s");
    try (FileClientStates states = new FileClientStates(base, 5, DType.F64)) {
      states.put(2, state(1, 6));
      Path file = folder.resolve("s.0");
      byte[] bytes = Files.readAllBytes(file);
      bytes[20] ^= 4;
      Files.write(file, bytes);
      assertThrows(UncheckedIOException.class, () -> states.get(2));
    }
  }

  @Test
  void refusesForeignStatesAndClients() throws IOException {
    try (FileClientStates states = new FileClientStates(folder.resolve("s"), 5, DType.F64)) {
      states.put(2, state(1, 6));
      assertThrows(IllegalArgumentException.class, () -> states.put(3, state(1, 7)));
      assertThrows(IllegalArgumentException.class, () -> states.put(5, state(1, 6)));
      assertThrows(IllegalArgumentException.class, () -> states.get(-1));
      ByteArrayOutputStream saved = new ByteArrayOutputStream();
      states.save(new DataOutputStream(saved));
      try (FileClientStates other = new FileClientStates(folder.resolve("s"), 6, DType.F64)) {
        assertThrows(IOException.class, () -> other.load(in(saved)));
      }
    }
  }
}
