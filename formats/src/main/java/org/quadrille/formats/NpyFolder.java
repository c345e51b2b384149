package org.quadrille.formats;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A folder of npy files, each one tensor named like its file without the extension, in the order of
 * names.
 *
 * <p><b>Linear weights</b> are taken to be stored {@code [out, in]}: every floating-point matrix
 * except biases and tables whose name contains "embed", "wte" or "wpe". An array in Fortran order
 * reads in C order; its {@link #bytes} are as stored. Subfolders and other files are ignored.
 */
public final class NpyFolder extends MappedCheckpoint {
  private NpyFolder(Path path, Arena arena, List<StoredTensor> tensors) {
    super(path, arena, Map.of(), tensors);
  }

  /**
   * Maps all npy files of a folder and checks their headers.
   *
   * @throws FormatException if there is none, or one breaks a rule of the format
   */
  public static NpyFolder open(Path folder) throws IOException {
    List<Path> files;
    try (Stream<Path> entries = Files.list(folder)) {
      files = entries.filter(NpyFolder::isNpy).sorted().toList();
    }
    if (files.isEmpty()) {
      throw new FormatException(folder, "the folder holds no file with the extension .npy");
    }
    return MappedFile.parsed(arena -> parse(folder, files, arena));
  }

  private static NpyFolder parse(Path folder, List<Path> files, Arena arena) throws IOException {
    List<StoredTensor> tensors = new ArrayList<>();
    for (Path file : files) {
      tensors.add(NpyHeader.parse(file, NpyFile.nameOf(file), MappedFile.map(file, arena)));
    }
    return new NpyFolder(folder, arena, tensors);
  }

  static boolean isNpy(Path path) {
    return path.getFileName().toString().endsWith(".npy") && Files.isRegularFile(path);
  }

  @Override
  public boolean isLinearWeight(String name) {
    return LayerNames.isLinearWeight(info(name));
  }
}
