package org.quadrille.formats;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.stream.Stream;

/** Recognizes the format of a model by the extension of a file or the content of a folder. */
final class CheckpointFormats {
  private CheckpointFormats() {}

  static Checkpoint open(Path path) throws IOException {
    if (!Files.exists(path)) {
      throw new NoSuchFileException(path.toString(), null, "there is no such file or folder");
    }
    return Files.isDirectory(path) ? openFolder(path) : openFile(path);
  }

  private static Checkpoint openFile(Path path) throws IOException {
    String name = String.valueOf(path.getFileName()).toLowerCase(Locale.ROOT);
    String extension = name.substring(name.lastIndexOf('.') + 1);
    return switch (extension) {
      case "safetensors" -> SafetensorsFile.open(path);
      case "onnx" -> OnnxFile.open(path);
      default ->
          throw new FormatException(
              path,
              "unknown format; expected a .safetensors or .onnx file, or a folder of .npy files");
    };
  }

  private static Checkpoint openFolder(Path folder) throws IOException {
    try (Stream<Path> entries = Files.list(folder)) {
      if (entries.anyMatch(NpyFolder::isNpy)) {
        return NpyFolder.open(folder);
      }
    }
    throw new FormatException(folder, "the folder holds no model; expected .npy files");
  }
}
