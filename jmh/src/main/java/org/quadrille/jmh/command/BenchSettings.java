package org.quadrille.jmh.command;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.quadrille.formats.JsonObject;

/**
 * How to measure.
 *
 * @param quick few sizes, short
 * @param interleaved libraries in turns in one process instead of JMH
 * @param chosen values of parameters that the user chose
 * @param effort how long
 * @param backend which kernels of ours: auto, scalar or simd
 */
record BenchSettings(
    boolean quick,
    boolean interleaved,
    Map<String, List<String>> chosen,
    Effort effort,
    String backend) {

  /** Options of the processes that JMH starts. */
  List<String> javaOptions() {
    List<String> options =
        new ArrayList<>(
            List.of(
                "--add-modules",
                "jdk.incubator.vector",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow"));
    options.add("-Dquadrille.backend=" + backend);
    return options;
  }

  JsonObject toJson() {
    return new JsonObject()
        .put("quick", quick)
        .put("interleaved", interleaved)
        .put("chosen", new LinkedHashMap<>(chosen))
        .put("effort", effort.toJson())
        .put("backend", backend)
        .put("javaOptions", javaOptions());
  }
}
