package org.quadrille.transformer.train;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.quadrille.formats.Checkpoint;
import org.quadrille.formats.FormatException;
import org.quadrille.formats.Json;
import org.quadrille.formats.SafetensorsFile;
import org.quadrille.formats.SafetensorsWriter;
import org.quadrille.linalg.Tensors;
import org.quadrille.transformer.Architecture;
import org.quadrille.transformer.Transformer;
import org.quadrille.transformer.text.Tokenizer;

/**
 * A trained model in one safetensors file: the weights under their names, architecture and
 * tokenizer as JSON in the metadata. A checkpoint of training holds the state of the run besides,
 * under names that begin with {@code training.}; it can be read as a model, too.
 *
 * @param architecture sizes and choices
 * @param parameters all weights
 * @param tokenizer of its text
 * @param notes further metadata, such as the hash of the training data
 * @param state of the run, or null if the file is a finished model
 */
public record ModelFile(
    Architecture architecture,
    Tensors parameters,
    Tokenizer tokenizer,
    Map<String, String> notes,
    TrainingState state) {

  private static final String ARCHITECTURE = "quadrille.architecture";
  private static final String TOKENIZER = "quadrille.tokenizer";
  private static final String STEP = "quadrille.step";
  private static final String OPTIMIZER = "training.optimizer.";
  private static final String HISTORY = "training.history.";

  /** Copies the notes. */
  public ModelFile {
    notes = Map.copyOf(notes);
  }

  /** A finished model. */
  public static ModelFile of(Transformer model, Tokenizer tokenizer, Map<String, String> notes) {
    return new ModelFile(model.architecture(), model.parameters(), tokenizer, notes, null);
  }

  /** The same with the state of a run: a checkpoint. */
  public ModelFile withState(TrainingState newState) {
    return new ModelFile(architecture, newState.parameters(), tokenizer, notes, newState);
  }

  /** A model that shares these weights. */
  public Transformer transformer() {
    return Transformer.of(architecture, parameters);
  }

  /**
   * Writes the file; the old one stays until the new one is complete.
   *
   * @throws IllegalArgumentException if a note has a name that the file uses itself
   */
  public void write(Path path) throws IOException {
    SafetensorsWriter writer = new SafetensorsWriter();
    for (Map.Entry<String, String> note : notes.entrySet()) {
      if (note.getKey().startsWith("quadrille.")) {
        throw new IllegalArgumentException(
            "note \"" + note.getKey() + "\": names that begin with quadrille. are taken");
      }
      writer.metadata(note.getKey(), note.getValue());
    }
    writer.metadata("format", "pt");
    writer.metadata(ARCHITECTURE, Json.write(ArchitectureJson.write(architecture)));
    writer.metadata(TOKENIZER, Json.write(tokenizer.toJson()));
    writer.addAll(parameters);
    if (state != null) {
      writer.metadata(STEP, Long.toString(state.step()));
      state.optimizer().forEach((name, tensor) -> writer.add(OPTIMIZER + name, tensor));
      state.history().toTensors().forEach((name, tensor) -> writer.add(HISTORY + name, tensor));
    }
    writer.write(path);
  }

  /**
   * Reads a file.
   *
   * @throws FormatException if it has no architecture and tokenizer, or tensors are missing
   */
  public static ModelFile read(Path path) throws IOException {
    try (Checkpoint file = SafetensorsFile.open(path)) {
      Map<String, String> notes = new LinkedHashMap<>(file.metadata());
      String architecture = notes.remove(ARCHITECTURE);
      String tokenizer = notes.remove(TOKENIZER);
      String step = notes.remove(STEP);
      notes.remove("format");
      if (architecture == null || tokenizer == null) {
        throw new FormatException(
            path,
            "the metadata have no architecture and tokenizer; expected a file that quadrille train"
                + " wrote");
      }
      Tensors parameters = Tensors.empty();
      Tensors optimizer = Tensors.empty();
      Tensors history = Tensors.empty();
      for (String name : file.names()) {
        if (name.startsWith(OPTIMIZER)) {
          optimizer.put(name.substring(OPTIMIZER.length()), file.read(name));
        } else if (name.startsWith(HISTORY)) {
          history.put(name.substring(HISTORY.length()), file.read(name));
        } else {
          parameters.put(name, file.read(name));
        }
      }
      TrainingState state =
          step == null
              ? null
              : new TrainingState(
                  Long.parseLong(step), parameters, optimizer, TrainingHistory.of(history));
      return new ModelFile(
          ArchitectureJson.read(Json.parseObject(architecture)),
          parameters,
          Tokenizer.of(Json.parseObject(tokenizer)),
          notes,
          state);
    } catch (IllegalArgumentException e) {
      // A number or tensor that is not what it should be.
      throw (FormatException) new FormatException(path, e.getMessage()).initCause(e);
    }
  }
}
