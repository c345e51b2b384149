package org.quadrille.jmh.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.quadrille.cli.console.Digest;
import org.quadrille.formats.AtomicFile;
import org.quadrille.formats.Json;
import org.quadrille.formats.JsonObject;

/**
 * Results of a run that is not finished, one file per job, under a folder whose name is the digest
 * of all that the results depend on: a run with other settings or other code finds nothing here. A
 * file appears only when it is complete; one that cannot be read counts as missing.
 */
final class FinishedTrials {
  private final Path parent;
  private final Path folder;

  /**
   * Results below a folder.
   *
   * @param parent folder for the results of all keys
   * @param key digest of settings, code and machine
   */
  FinishedTrials(Path parent, String key) {
    this.parent = parent;
    this.folder = parent.resolve(key.substring(0, 24));
  }

  /** The results of a job, if an earlier run finished it. */
  Optional<Map<Trial, Measurement>> load(Stopwatch.Job job) {
    Path file = file(job);
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    try {
      JsonObject saved = Json.read(file);
      Map<Trial, Measurement> results = new LinkedHashMap<>();
      for (Trial trial : job.trials()) {
        results.put(trial, Measurement.fromJson(saved.object(trial.id())));
      }
      return Optional.of(results);
    } catch (IOException e) {
      // Whatever is wrong with the file, measuring again is the cure.
      return Optional.empty();
    }
  }

  /** Keeps the results of a job. */
  void save(Stopwatch.Job job, Map<Trial, Measurement> results) throws IOException {
    JsonObject json = new JsonObject();
    results.forEach((trial, measurement) -> json.put(trial.id(), measurement.toJson()));
    Files.createDirectories(folder);
    AtomicFile.writeText(file(job), Json.writeIndented(json));
  }

  /** Deletes the results of all keys; called when the finished document is in place. */
  void delete() throws IOException {
    if (!Files.exists(parent)) {
      return;
    }
    List<Path> paths;
    try (Stream<Path> walk = Files.walk(parent)) {
      paths = walk.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path path : paths) {
      Files.delete(path);
    }
  }

  private Path file(Stopwatch.Job job) {
    return folder.resolve(new Digest().add(job.id()).hex().substring(0, 24) + ".json");
  }
}
