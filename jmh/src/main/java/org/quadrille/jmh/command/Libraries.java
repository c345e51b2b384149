package org.quadrille.jmh.command;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Properties;
import org.bytedeco.javacpp.Loader;
import org.quadrille.cli.console.CommandFailure;

/** The libraries that are compared, as the build chose them. */
final class Libraries {
  /** Too large to come with every build: only if asked for. */
  static final String MKL = "mkl";

  private Libraries() {}

  /** Name and version of a library, or the given name if it is none of those of the build. */
  static String title(String library) {
    return versions().getProperty(library, library);
  }

  /** Names and versions of those libraries, by their short names. */
  static Map<String, String> titles(Collection<String> libraries) {
    Map<String, String> titles = new LinkedHashMap<>();
    libraries.forEach(library -> titles.put(library, title(library)));
    return titles;
  }

  /**
   * Makes sure that a library asked for is on the class path.
   *
   * @throws CommandFailure if MKL is wanted and its native libraries are not there
   */
  static void require(Collection<String> libraries) {
    if (libraries.contains(MKL)
        && Libraries.class.getResource("/org/bytedeco/mkl/" + Loader.getPlatform()) == null) {
      throw new CommandFailure(
          "MKL is not on the class path; ./quadrille bench --peers openblas,mkl fetches it (200 MB,"
              + " Linux and Windows on x86-64 only)");
    }
  }

  private static Properties versions() {
    Properties versions = new Properties();
    try (InputStream in = Libraries.class.getResourceAsStream("libraries.properties")) {
      if (in == null) {
        throw new IllegalStateException("libraries.properties is missing from quadrille-jmh");
      }
      versions.load(in);
    } catch (IOException e) {
      throw new UncheckedIOException("libraries.properties", e);
    }
    return versions;
  }
}
