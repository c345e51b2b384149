package org.quadrille.formats;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.quadrille.linalg.Tensor;

/** What all readers share: a table of tensors over memory maps that live in one arena. */
abstract sealed class MappedCheckpoint implements Checkpoint
    permits SafetensorsFile, OnnxFile, NpyFolder, TensorFlowBundle {
  private final Path path;
  private final Arena arena;
  private final Map<String, String> metadata;
  private final Map<String, StoredTensor> tensors = new LinkedHashMap<>();

  MappedCheckpoint(
      Path path, Arena arena, Map<String, String> metadata, Collection<StoredTensor> tensors) {
    this.path = path;
    this.arena = arena;
    this.metadata = Collections.unmodifiableMap(new LinkedHashMap<>(metadata));
    tensors.forEach(tensor -> this.tensors.put(tensor.info().name(), tensor));
  }

  @Override
  public final List<String> names() {
    return List.copyOf(tensors.keySet());
  }

  @Override
  public final TensorInfo info(String name) {
    return stored(name).info();
  }

  @Override
  public Tensor read(String name) throws IOException {
    StoredTensor stored = stored(name);
    requireOpen();
    return TensorBytes.read(stored);
  }

  @Override
  public final MemorySegment bytes(String name) {
    StoredTensor stored = stored(name);
    requireOpen();
    return stored.data();
  }

  @Override
  public final Map<String, String> metadata() {
    return metadata;
  }

  @Override
  public final Path path() {
    return path;
  }

  @Override
  public final void close() {
    if (arena.scope().isAlive()) {
      arena.close();
    }
  }

  final StoredTensor stored(String name) {
    StoredTensor stored = tensors.get(name);
    if (stored == null) {
      throw new IllegalArgumentException(
          path
              + ": there is no tensor \""
              + name
              + "\" among its "
              + tensors.size()
              + nearest(name));
    }
    return stored;
  }

  private void requireOpen() {
    if (!arena.scope().isAlive()) {
      throw new IllegalStateException(path + " has been closed; read tensors before close()");
    }
  }

  /** Names that contain the last part of the one asked for, or else the first few. */
  private String nearest(String name) {
    String last = name.substring(name.lastIndexOf('.') + 1);
    List<String> near =
        tensors.keySet().stream().filter(known -> known.contains(last)).limit(5).toList();
    List<String> shown = near.isEmpty() ? tensors.keySet().stream().limit(5).toList() : near;
    return shown.isEmpty() ? "" : "; there is " + String.join(", ", shown);
  }

  @Override
  public String toString() {
    return getClass().getSimpleName() + "(" + path + ", " + tensors.size() + " tensors)";
  }
}
