package org.quadrille.federated.simulation;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.quadrille.linalg.DType;

/**
 * What clients remember, in the heap: as they wrote it, or in single precision at half the size.
 */
public final class MemoryClientStates implements ClientStates {
  private final Map<Integer, PackedState> states = new TreeMap<>();
  private final DType dtype;

  /** An empty store of double precision. */
  public MemoryClientStates() {
    this(DType.F64);
  }

  /** An empty store. */
  public MemoryClientStates(DType dtype) {
    this.dtype = dtype;
  }

  @Override
  public Optional<StateArrays> get(int client) {
    return Optional.ofNullable(states.get(client)).map(PackedState::unpack);
  }

  @Override
  public void put(int client, StateArrays state) {
    states.put(client, PackedState.of(state, dtype));
  }

  @Override
  public int[] visited() {
    return states.keySet().stream().mapToInt(client -> client).toArray();
  }

  @Override
  public void save(DataOutput out) throws IOException {
    out.writeInt(states.size());
    for (Map.Entry<Integer, PackedState> entry : states.entrySet()) {
      out.writeInt(entry.getKey());
      StateFormat.write(entry.getValue().unpack(), out);
    }
  }

  @Override
  public void load(DataInput in) throws IOException {
    states.clear();
    int count = in.readInt();
    for (int i = 0; i < count; i++) {
      int client = in.readInt();
      put(client, StateFormat.read(in));
    }
  }
}
