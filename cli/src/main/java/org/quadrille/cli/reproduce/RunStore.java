package org.quadrille.cli.reproduce;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.quadrille.cli.console.Digest;
import org.quadrille.formats.AtomicFile;
import org.quadrille.formats.Json;
import org.quadrille.formats.JsonObject;
import org.quadrille.formats.SafetensorsFile;
import org.quadrille.formats.SafetensorsWriter;
import org.quadrille.linalg.Tensors;

/**
 * What finished runs gave, in a folder: a study that was stopped goes on where it was, and a
 * changed study makes only the runs that are new. A run is known by its key, a text of all that its
 * result depends on; the file holds the key too. Any thread may use it.
 */
public final class RunStore {

  /** Makes what is not there yet. */
  @FunctionalInterface
  public interface Work<T> {
    /** The result. */
    T make() throws IOException;
  }

  /**
   * Weights with figures about them.
   *
   * @param weights tensors by name
   * @param figures what is to be known of them
   */
  public record Kept(Tensors weights, JsonObject figures) {}

  private final Path folder;
  private final ConcurrentHashMap<String, Object> locks = new ConcurrentHashMap<>();

  /**
   * A store.
   *
   * @param folder made if it is not there
   */
  public RunStore(Path folder) throws IOException {
    this.folder = Files.createDirectories(folder);
  }

  /** The figures of a run, if it was made with this key. */
  public Optional<JsonObject> find(String name, String key) throws IOException {
    Path file = file(name, key, ".json");
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    JsonObject json = Json.read(file);
    return json.string("key").equals(key) ? Optional.of(json) : Optional.empty();
  }

  /** The figures of a run; if two threads want the same one, the second waits for the first. */
  public JsonObject figures(String name, String key, Work<JsonObject> work) throws IOException {
    synchronized (lock(name, key)) {
      Optional<JsonObject> known = find(name, key);
      if (known.isPresent()) {
        return known.get();
      }
      return keep(file(name, key, ".json"), work.make().put("key", key));
    }
  }

  /** Weights and their figures. */
  public Kept weights(String name, String key, Work<Kept> work) throws IOException {
    Path file = file(name, key, ".safetensors");
    synchronized (lock(name, key)) {
      Optional<JsonObject> known = find(name, key);
      if (known.isPresent() && Files.exists(file)) {
        Tensors weights = Tensors.empty();
        try (var checkpoint = SafetensorsFile.open(file)) {
          for (String tensor : checkpoint.names()) {
            weights.put(tensor, checkpoint.read(tensor));
          }
        }
        return new Kept(weights, known.get());
      }
      Kept made = work.make();
      // The figures come last: they say that the weights are whole.
      new SafetensorsWriter().addAll(made.weights()).write(file);
      return new Kept(
          made.weights(), keep(file(name, key, ".json"), made.figures().put("key", key)));
    }
  }

  /** Writes figures and reads them back, so that they are what a later run will read. */
  private static JsonObject keep(Path file, JsonObject figures) throws IOException {
    AtomicFile.writeText(file, Json.writeIndented(figures));
    return Json.read(file);
  }

  private Object lock(String name, String key) {
    return locks.computeIfAbsent(name + key, any -> new Object());
  }

  private Path file(String name, String key, String ending) {
    String digest = new Digest().add(key).hex();
    return folder.resolve(name + "-" + digest.substring(0, 10) + ending);
  }
}
