package org.quadrille.formats;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A file that does not follow its format: names the file, the tensor and the byte where it is
 * known.
 */
public final class FormatException extends IOException {
  private static final long serialVersionUID = 1L;

  private final String file;
  private final String tensor;
  private final long offset;
  private final String problem;

  /** A problem in text that belongs to no file. */
  public FormatException(String problem) {
    this(null, null, -1, problem);
  }

  /** A problem of a whole file. */
  public FormatException(Path path, String problem) {
    this(path, null, -1, problem);
  }

  /** A problem at a byte of a file. */
  public FormatException(Path path, long offset, String problem) {
    this(path, null, offset, problem);
  }

  /**
   * A problem with one tensor of a file.
   *
   * @param path the file, or null
   * @param tensor the tensor, or null
   * @param offset byte in the file, or negative if unknown
   * @param problem what was found, what was expected and what to do
   */
  public FormatException(Path path, String tensor, long offset, String problem) {
    super(message(path, tensor, offset, problem));
    this.file = path == null ? null : path.toString();
    this.tensor = tensor;
    this.offset = offset;
    this.problem = problem;
  }

  /** The file, if known. */
  public Optional<Path> path() {
    return Optional.ofNullable(file).map(Path::of);
  }

  /** The tensor, if the problem lies in one. */
  public Optional<String> tensor() {
    return Optional.ofNullable(tensor);
  }

  /** The byte in the file, if known. */
  public OptionalLong offset() {
    return offset < 0 ? OptionalLong.empty() : OptionalLong.of(offset);
  }

  /** The problem alone, without file, tensor and byte. */
  public String problem() {
    return problem;
  }

  private static String message(Path path, String tensor, long offset, String problem) {
    StringBuilder text = new StringBuilder();
    if (path != null) {
      text.append(path).append(": ");
    }
    if (tensor != null) {
      text.append("tensor \"").append(tensor).append("\": ");
    }
    if (offset >= 0) {
      text.append("byte ").append(offset).append(": ");
    }
    return text.append(problem).toString();
  }
}
