package org.quadrille.cli.adapters;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.quadrille.formats.Checkpoint;
import org.quadrille.formats.SafetensorsWriter;
import org.quadrille.linalg.Tensor;

/** A copy of a model in which some weights are replaced, one at a time in memory. */
public final class EditedModel {
  /** Makes the new weight from the old one. */
  @FunctionalInterface
  public interface Edit {
    /** The weight that replaces {@code old}, of the same shape. */
    Tensor apply(Tensor old) throws IOException;
  }

  private final Checkpoint model;
  private final Map<String, Edit> edits = new LinkedHashMap<>();
  private final Map<String, String> metadata = new LinkedHashMap<>();

  /** A copy without changes so far. */
  public EditedModel(Checkpoint model) {
    this.model = model;
    metadata.putAll(model.metadata());
  }

  /** Replaces a weight when the copy is written. */
  public EditedModel edit(String name, Edit edit) {
    edits.put(name, edit);
    return this;
  }

  /** Adds a line of text to the header. */
  public EditedModel metadata(String key, String value) {
    metadata.put(key, value);
    return this;
  }

  /** Number of weights that are replaced. */
  public int size() {
    return edits.size();
  }

  /**
   * Writes a safetensors file, complete or not at all.
   *
   * @param written called after each weight that was replaced
   */
  public void write(Path path, Runnable written) throws IOException {
    SafetensorsWriter writer = new SafetensorsWriter();
    metadata.forEach(writer::metadata);
    for (String name : model.names()) {
      Edit edit = edits.get(name);
      if (edit == null) {
        writer.addFrom(model, name);
      } else {
        writer.addLater(
            model.info(name),
            () -> {
              Tensor tensor = edit.apply(model.read(name));
              written.run();
              return tensor;
            });
      }
    }
    writer.write(path);
  }
}
