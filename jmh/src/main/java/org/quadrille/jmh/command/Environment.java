package org.quadrille.jmh.command;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.quadrille.cli.console.Digest;
import org.quadrille.cli.console.Machine;
import org.quadrille.formats.JsonObject;
import org.quadrille.kernels.cpu.KernelProvider;
import org.quadrille.kernels.cpu.Kernels;
import org.quadrille.linalg.Tensor;

/** What a figure means nothing without: machine, Java, versions, and which code was measured. */
final class Environment {
  private Environment() {}

  /** The environment as the document holds it. */
  static JsonObject describe(Collection<String> libraries) throws IOException {
    Kernels kernels = KernelProvider.active();
    double load = ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
    return new JsonObject()
        .put("quadrille", Machine.version())
        .put("code", codeDigest())
        .put("jdk", Machine.jdk())
        .put("machine", Machine.facts())
        .put("lanesF32", kernels.lanesFloat())
        .put("lanesF64", kernels.lanesDouble())
        .put("loadAverage", load < 0 ? null : load)
        .put("finished", Instant.now().toString())
        .put("libraries", Libraries.titles(libraries));
  }

  /** Versions of Quadrille and of all libraries of the build. */
  static List<String> versions() {
    return List.copyOf(
        Libraries.titles(List.of("quadrille", "openblas", "mkl", "ejml", "ojalgo", "netlib"))
            .values());
  }

  /** Digest of the classes under measurement: results of other code are not mixed with these. */
  static String codeDigest() throws IOException {
    Set<Path> places = new LinkedHashSet<>();
    for (Class<?> type : List.of(Kernels.class, Tensor.class, Environment.class)) {
      places.add(
          Path.of(URI.create(type.getProtectionDomain().getCodeSource().getLocation().toString())));
    }
    Digest digest = new Digest();
    for (Path place : places) {
      digest.add(Digest.of(place) + "\n");
    }
    return digest.hex().substring(0, 16);
  }
}
