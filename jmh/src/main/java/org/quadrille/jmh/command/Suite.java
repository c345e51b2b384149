package org.quadrille.jmh.command;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * A group of measurements that answers one question: benchmark classes, which of their parameter
 * values to take, and what the hardware sets as the floor.
 *
 * <p>The values of a parameter are those of its {@code @Param} unless the suite, the quick mode or
 * the command line says otherwise. Immutable; the {@code with} methods return changed copies.
 */
public final class Suite {
  private final String name;
  private final String question;
  private final List<Class<?>> benchmarks;
  private final Map<String, List<String>> quickValues;
  private final Predicate<Trial> possible;
  private final Function<Trial, Trial> floor;
  private final Function<Trial, String> operation;
  private final boolean firstCalls;

  private Suite(
      String name,
      String question,
      List<Class<?>> benchmarks,
      Map<String, List<String>> quickValues,
      Predicate<Trial> possible,
      Function<Trial, Trial> floor,
      Function<Trial, String> operation,
      boolean firstCalls) {
    this.name = name;
    this.question = question;
    this.benchmarks = benchmarks;
    this.quickValues = quickValues;
    this.possible = possible;
    this.floor = floor;
    this.operation = operation;
    this.firstCalls = firstCalls;
  }

  /**
   * A suite of all methods of some benchmark classes, with no floor.
   *
   * @param name what the user types after {@code bench}
   * @param question what is measured, for the list of suites
   */
  static Suite of(String name, String question, Class<?>... benchmarks) {
    return new Suite(
        name,
        question,
        List.of(benchmarks),
        Map.of(),
        trial -> true,
        trial -> null,
        trial ->
            trial.parameter("operation", trial.method())
                + (trial.parameters().containsKey("precision")
                    ? " " + trial.parameter("precision", "")
                    : ""),
        false);
  }

  /** With fewer values of a parameter in quick mode. */
  Suite quick(String parameter, String... values) {
    Map<String, List<String>> more = new LinkedHashMap<>(quickValues);
    more.put(parameter, List.of(values));
    return new Suite(name, question, benchmarks, more, possible, floor, operation, firstCalls);
  }

  /** Without the trials for which the condition does not hold. */
  Suite onlyIf(Predicate<Trial> condition) {
    return new Suite(
        name,
        question,
        benchmarks,
        quickValues,
        possible.and(condition),
        floor,
        operation,
        firstCalls);
  }

  /** With a trial whose rate no library can exceed, as a function of any trial of a case. */
  Suite floor(Function<Trial, Trial> limit) {
    return new Suite(
        name, question, benchmarks, quickValues, possible, limit, operation, firstCalls);
  }

  /** With words for the operation instead of the parameter {@code operation} or the method. */
  Suite calling(Function<Trial, String> words) {
    return new Suite(name, question, benchmarks, quickValues, possible, floor, words, firstCalls);
  }

  /** Measuring the first calls in a fresh process, once each, instead of warm code. */
  Suite inFreshProcesses() {
    return new Suite(name, question, benchmarks, quickValues, possible, floor, operation, true);
  }

  /** Whether only first calls in a fresh process count. */
  boolean measuresFirstCalls() {
    return firstCalls;
  }

  /** What the user types. */
  public String name() {
    return name;
  }

  /** What is measured. */
  public String question() {
    return question;
  }

  List<Class<?>> benchmarks() {
    return benchmarks;
  }

  /** What is computed, without sizes: {@code sgemm}. */
  String operation(Trial trial) {
    return operation.apply(trial);
  }

  /**
   * The cases to measure, each with the libraries that can do it.
   *
   * @param isQuick whether to take the few values of the quick mode
   * @param chosen values that the user chose, by parameter; they come before all others
   * @throws IllegalArgumentException if the benchmark has no such parameter
   */
  List<Case> cases(boolean isQuick, Map<String, List<String>> chosen) {
    requireParameters(chosen);
    Map<Trial, List<Trial>> byCase = new LinkedHashMap<>();
    for (Class<?> benchmark : benchmarks) {
      Map<String, List<String>> values = BenchmarkParameters.of(benchmark);
      if (isQuick) {
        quickValues.forEach(values::replace);
      }
      chosen.forEach(values::replace);
      for (String method : BenchmarkParameters.methods(benchmark)) {
        Trial start = Trial.of(benchmark, method);
        for (Trial trial : combinations(start, List.copyOf(values.entrySet()))) {
          if (possible.test(trial)) {
            byCase.computeIfAbsent(trial.withoutLibrary(), key -> new ArrayList<>()).add(trial);
          }
        }
      }
    }
    List<Case> cases = new ArrayList<>();
    byCase.forEach((what, trials) -> cases.add(new Case(this, what, trials, floor.apply(what))));
    return cases;
  }

  private void requireParameters(Map<String, List<String>> chosen) {
    Set<String> known = new LinkedHashSet<>();
    benchmarks.forEach(benchmark -> known.addAll(BenchmarkParameters.of(benchmark).keySet()));
    for (String parameter : chosen.keySet()) {
      if (!known.contains(parameter)) {
        throw new IllegalArgumentException(
            "suite "
                + name
                + " has no parameter "
                + parameter
                + "; it has "
                + String.join(", ", known));
      }
    }
  }

  /** All combinations, the values of the first parameter changing slowest. */
  private static List<Trial> combinations(
      Trial start, List<Map.Entry<String, List<String>>> values) {
    List<Trial> trials = List.of(start);
    for (Map.Entry<String, List<String>> parameter : values) {
      List<Trial> longer = new ArrayList<>();
      for (Trial trial : trials) {
        for (String value : parameter.getValue()) {
          longer.add(trial.with(parameter.getKey(), value));
        }
      }
      trials = longer;
    }
    return trials;
  }
}
