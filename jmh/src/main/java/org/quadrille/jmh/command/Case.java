package org.quadrille.jmh.command;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * One computation, timed with several libraries.
 *
 * @param suite where it belongs
 * @param what the computation, without a library
 * @param trials one per library, ours first
 * @param floor what the hardware allows, or null if that is not measured
 */
record Case(Suite suite, Trial what, List<Trial> trials, Trial floor) {

  /** Parameters that are not sizes: they stand in columns of their own or in the operation. */
  private static final Set<String> NOT_SIZES = Set.of("precision", "threads", "operation");

  Case {
    trials = List.copyOf(trials);
  }

  /** What is computed, without sizes: {@code sgemm}. */
  String operation() {
    return suite.operation(what);
  }

  /** The sizes: {@code 1024}, or {@code rows=384 rank=8}. */
  String sizes() {
    Map<String, String> sizes =
        what.parameters().entrySet().stream()
            .filter(parameter -> !NOT_SIZES.contains(parameter.getKey()))
            .collect(
                Collectors.toMap(
                    Map.Entry::getKey, Map.Entry::getValue, (a, b) -> a, java.util.TreeMap::new));
    boolean speaksForItself = sizes.containsKey("n") || sizes.containsKey("shape");
    if (sizes.size() == 1 && speaksForItself) {
      return sizes.values().iterator().next();
    }
    return sizes.entrySet().stream()
        .map(size -> size.getKey() + "=" + size.getValue())
        .collect(Collectors.joining(" "));
  }

  /** Threads of the computation; 1 if the benchmark has no such parameter. */
  int threads() {
    return what.number("threads", 1);
  }

  /** Operation, sizes and threads. */
  String name() {
    return String.join(
            " ", operation(), sizes(), threads() + (threads() == 1 ? " thread" : " threads"))
        .replaceAll("  +", " ");
  }

  /** The trials and the floor. */
  List<Trial> all() {
    List<Trial> all = new ArrayList<>(trials);
    if (floor != null) {
      all.add(floor);
    }
    return all;
  }
}
