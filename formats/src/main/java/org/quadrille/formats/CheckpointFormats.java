package org.quadrille.formats;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** Recognizes the format of a model by the extension of a file or the content of a folder. */
final class CheckpointFormats {
  private static final String EXPECTED =
      "expected a .safetensors or .onnx file, a TensorFlow bundle or a folder of .npy files";

  private CheckpointFormats() {}

  static Checkpoint open(Path path) throws IOException {
    if (Files.isDirectory(path)) {
      return openFolder(path);
    }
    if (Files.exists(path)) {
      return openFile(path);
    }
    throw new NoSuchFileException(path.toString(), null, "there is no such file or folder");
  }

  private static Checkpoint openFile(Path path) throws IOException {
    String name = String.valueOf(path.getFileName()).toLowerCase(Locale.ROOT);
    String extension = name.substring(name.lastIndexOf('.') + 1);
    return switch (extension) {
      case "safetensors" -> SafetensorsFile.open(path);
      case "onnx" -> OnnxFile.open(path);
      case "index" -> TensorFlowBundle.open(path);
      case "npy" ->
          throw new FormatException(
              path, "a single array is not a model; give its folder, or use a matrix command");
      default -> throw new FormatException(path, "the format is not known; " + EXPECTED);
    };
  }

  private static Checkpoint openFolder(Path folder) throws IOException {
    List<Path> indexFiles = TensorFlowBundle.indexFiles(folder);
    if (indexFiles.size() == 1) {
      return TensorFlowBundle.open(indexFiles.getFirst());
    }
    if (indexFiles.size() > 1) {
      throw new FormatException(
          folder, "the folder holds several TensorFlow bundles; give one of " + indexFiles);
    }
    try (Stream<Path> entries = Files.list(folder)) {
      if (entries.anyMatch(NpyFolder::isNpy)) {
        return NpyFolder.open(folder);
      }
    }
    throw new FormatException(folder, "the folder holds no model; " + EXPECTED);
  }
}
