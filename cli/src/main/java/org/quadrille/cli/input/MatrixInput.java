package org.quadrille.cli.input;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import org.quadrille.cli.console.CommandFailure;
import org.quadrille.formats.NpyFile;
import org.quadrille.formats.RawMatrix;
import org.quadrille.linalg.DType;
import org.quadrille.linalg.Tensor;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * The options that name one matrix on disk: {@code .npy}, or raw little-endian {@code .f32} or
 * {@code .f64} with {@code --rows} and {@code --cols}, row by row.
 */
public final class MatrixInput {
  @Option(
      names = "--in",
      required = true,
      paramLabel = "FILE",
      description = "Matrix: .npy, or raw little-endian .f32 or .f64 with --rows and --cols.")
  private Path file;

  @Option(names = "--rows", paramLabel = "R", description = "Rows of a raw matrix.")
  private Integer rows;

  @Option(names = "--cols", paramLabel = "C", description = "Columns of a raw matrix.")
  private Integer cols;

  @Spec(Spec.Target.MIXEE)
  private CommandSpec command;

  /** The file that was named. */
  public Path file() {
    return file;
  }

  /**
   * Reads the matrix.
   *
   * @return F32 or F64, as the file has it, [rows, cols]
   * @throws ParameterException if the sizes of a raw matrix are missing or not positive
   * @throws CommandFailure if the file does not hold a matrix of that size
   */
  public Tensor read() throws IOException {
    return read(file);
  }

  /**
   * Reads another matrix file by the same rules, with the same {@code --rows} and {@code --cols}.
   *
   * @param path the file
   */
  public Tensor read(Path path) throws IOException {
    String name = path.getFileName().toString().toLowerCase(Locale.ROOT);
    if (name.endsWith(".f32") || name.endsWith(".f64")) {
      return raw(path, name.endsWith(".f32") ? DType.F32 : DType.F64);
    }
    if (!name.endsWith(".npy")) {
      throw new ParameterException(
          command.commandLine(), path + ": expected a name that ends in .npy, .f32 or .f64");
    }
    Tensor matrix = NpyFile.read(path);
    if (matrix.rank() != 2) {
      throw new CommandFailure(path + " holds " + matrix + ", expected a matrix; reshape it");
    }
    return matrix;
  }

  private Tensor raw(Path path, DType type) throws IOException {
    if (rows == null || cols == null || rows < 1 || cols < 1) {
      throw new ParameterException(
          command.commandLine(),
          path + ": a raw matrix needs --rows R and --cols C, both at least 1");
    }
    return RawMatrix.read(path, type, rows, cols);
  }
}
