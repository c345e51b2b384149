package org.quadrille.cli.console;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.lang.reflect.Constructor;
import java.nio.charset.Charset;

/**
 * Standard error as the launcher arranges it.
 *
 * <p>The Java machine cannot be told to keep quiet about incubator modules: it prints one warning
 * before any of our code runs. The launcher therefore gives it an empty standard error, keeps the
 * real one open under another number, and this class puts it back.
 */
public final class LauncherStreams {
  /** Set by the launcher to the number of the real standard error. */
  private static final String PROPERTY = "quadrille.stderr";

  private LauncherStreams() {}

  /** Lets {@link System#err} write to the real standard error, if the launcher moved it. */
  public static void restore() {
    Integer number = Integer.getInteger(PROPERTY);
    if (number != null) {
      Charset charset = Charset.forName(System.getProperty("native.encoding", "UTF-8"));
      System.setErr(new PrintStream(stream(number), true, charset));
    }
  }

  private static OutputStream stream(int number) {
    try {
      Constructor<FileDescriptor> constructor =
          FileDescriptor.class.getDeclaredConstructor(int.class);
      constructor.setAccessible(true);
      return new FileOutputStream(constructor.newInstance(number));
    } catch (ReflectiveOperationException | RuntimeException e) {
      return reopened(number);
    }
  }

  /** The way without reflection: opens the same file again. Fails for sockets. */
  private static OutputStream reopened(int number) {
    try {
      return new FileOutputStream("/dev/fd/" + number, true);
    } catch (IOException e) {
      return System.out;
    }
  }
}
