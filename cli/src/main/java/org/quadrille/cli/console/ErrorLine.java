package org.quadrille.cli.console;

import java.io.FileNotFoundException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;

/** Turns whatever ended a command into one line that says what, where and what to do. */
public final class ErrorLine {
  private ErrorLine() {}

  /**
   * The line for an exception, without line breaks and without the name of the command.
   *
   * @param thrown what ended the command
   */
  public static String of(Throwable thrown) {
    return oneLine(
        switch (thrown) {
          case NoSuchFileException e ->
              "no such file or folder: " + e.getFile() + "; check the path";
          case FileNotFoundException e -> "cannot open " + e.getMessage() + "; check the path";
          case NotDirectoryException e ->
              "not a folder: " + e.getFile() + "; name a folder, or remove the file";
          case FileAlreadyExistsException e ->
              "already exists: " + e.getFile() + "; choose another name, or remove it";
          case AccessDeniedException e ->
              "no permission for " + e.getFile() + "; check its owner and mode";
          case FileSystemException e -> fileSystem(e);
          case OutOfMemoryError e -> outOfMemory();
          case CommandFailure e -> e.getMessage();
          case IllegalArgumentException e when e.getMessage() != null -> e.getMessage();
          default -> unexpected(thrown);
        });
  }

  private static String fileSystem(FileSystemException e) {
    String reason = e.getReason() == null ? "the file system refused" : e.getReason();
    return e.getFile() + ": " + reason + "; check the path and the free space";
  }

  private static String outOfMemory() {
    long megabytes = Runtime.getRuntime().maxMemory() >> 20;
    return "out of memory with a heap of "
        + megabytes
        + " MB; allow more with QUADRILLE_JAVA_OPTIONS=-Xmx"
        + 2 * megabytes
        + "m, or lower --threads";
  }

  private static String unexpected(Throwable thrown) {
    if (thrown.getMessage() == null) {
      Throwable cause = thrown.getCause();
      return cause != null
          ? of(cause)
          : thrown.getClass().getSimpleName() + "; run again with --debug to see where";
    }
    boolean speaksForItself =
        thrown instanceof java.io.IOException
            || thrown instanceof java.io.UncheckedIOException
            || thrown instanceof IllegalStateException
            || thrown instanceof ArithmeticException;
    return speaksForItself
        ? thrown.getMessage()
        : thrown.getClass().getSimpleName()
            + ": "
            + thrown.getMessage()
            + "; run again with --debug to see where";
  }

  private static String oneLine(String text) {
    return text.strip().replaceAll("\\s*\\R\\s*", " ");
  }
}
