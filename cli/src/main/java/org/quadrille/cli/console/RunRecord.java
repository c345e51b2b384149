package org.quadrille.cli.console;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.quadrille.formats.AtomicFile;
import org.quadrille.formats.Json;
import org.quadrille.formats.JsonObject;

/**
 * What {@code run.json} says about a long job: arguments, seed, versions, hashes of the data, the
 * machine and the timings, enough to repeat it and to trust its figures.
 *
 * {@snippet :
 * RunRecord record = new RunRecord("compress", arguments, seed);
 * record.input(model, Digest.of(model));
 * record.timing("decompose", seconds);
 * record.write(folder.resolve("run.json"));
 * }
 */
public final class RunRecord {
  private final Instant started = Instant.now();
  private final String command;
  private final List<String> arguments;
  private final long seed;
  private final List<JsonObject> inputs = new ArrayList<>();
  private final List<JsonObject> outputs = new ArrayList<>();
  private final JsonObject timings = new JsonObject();
  private final JsonObject results = new JsonObject();

  /**
   * A record of a job that starts now.
   *
   * @param command name of the command
   * @param arguments everything the user typed
   * @param seed seed of every random choice
   */
  public RunRecord(String command, List<String> arguments, long seed) {
    this.command = command;
    this.arguments = List.copyOf(arguments);
    this.seed = seed;
  }

  /** Notes a file or folder that was read. */
  public void input(Path path, String sha256) throws IOException {
    inputs.add(file(path, sha256));
  }

  /** Notes a file that was written. */
  public void output(Path path, String sha256) throws IOException {
    outputs.add(file(path, sha256));
  }

  /** Notes how long a part of the job took, in seconds, or how the time was shared. */
  public void timing(String part, Object seconds) {
    timings.put(part, seconds);
  }

  /** Notes a figure of the result. */
  public void result(String name, Object value) {
    results.put(name, value);
  }

  /** Seconds since the record was made. */
  public double seconds() {
    return Duration.between(started, Instant.now()).toNanos() * 1e-9;
  }

  /** The record as a JSON object. */
  public JsonObject toJson() {
    JsonObject all = new JsonObject();
    all.put("command", command);
    all.put("arguments", arguments);
    all.put("seed", seed);
    all.put("started", started.toString());
    all.put("finished", Instant.now().toString());
    all.put(
        "versions", new JsonObject().put("quadrille", Machine.version()).put("jdk", Machine.jdk()));
    all.put("machine", Machine.facts());
    all.put("inputs", inputs);
    all.put("outputs", outputs);
    all.put("timings", timings);
    all.put("results", results);
    return all;
  }

  /**
   * Writes the record.
   *
   * @throws IOException if it cannot be written
   */
  public void write(Path path) throws IOException {
    AtomicFile.writeText(path, Json.writeIndented(toJson()));
  }

  private static JsonObject file(Path path, String sha256) throws IOException {
    JsonObject file = new JsonObject();
    file.put("path", path.toAbsolutePath().normalize().toString());
    if (Files.isRegularFile(path)) {
      file.put("bytes", Files.size(path));
    }
    file.put("sha256", sha256);
    return file;
  }
}
