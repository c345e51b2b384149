package org.quadrille.jmh.command;

import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * One thing to time: a benchmark method and a value for each of its parameters.
 *
 * @param benchmark the class
 * @param method the method of that class
 * @param parameters values by name, sorted by name
 */
public record Trial(Class<?> benchmark, String method, SortedMap<String, String> parameters) {

  /** The parameter that tells ours from theirs. */
  static final String LIBRARY = "library";

  /** Its value for this library. */
  static final String OURS = "quadrille";

  /** Copies the parameters. */
  public Trial {
    parameters = Collections.unmodifiableSortedMap(new TreeMap<>(parameters));
  }

  /** A trial with these parameters: name, value, name, value ... */
  static Trial of(Class<?> benchmark, String method, String... namesAndValues) {
    SortedMap<String, String> parameters = new TreeMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      parameters.put(namesAndValues[i], namesAndValues[i + 1]);
    }
    return new Trial(benchmark, method, parameters);
  }

  /** Value of a parameter, or the fallback if the benchmark has no such parameter. */
  String parameter(String name, String fallback) {
    return parameters.getOrDefault(name, fallback);
  }

  /** Value of a parameter that is a whole number, or the fallback. */
  int number(String name, int fallback) {
    String value = parameters.get(name);
    return value == null ? fallback : Integer.parseInt(value);
  }

  /** The library that this trial times. */
  String library() {
    return parameter(LIBRARY, OURS);
  }

  /** The same computation by any library: all but {@link #library}. */
  Trial withoutLibrary() {
    SortedMap<String, String> others = new TreeMap<>(parameters);
    others.remove(LIBRARY);
    return new Trial(benchmark, method, others);
  }

  /** The same with another value of one parameter. */
  Trial with(String name, String value) {
    SortedMap<String, String> changed = new TreeMap<>(parameters);
    changed.put(name, value);
    return new Trial(benchmark, method, changed);
  }

  /** Class, method and parameters as text; two trials are equal if their texts are. */
  String id() {
    StringBuilder id = new StringBuilder(benchmark.getSimpleName()).append('.').append(method);
    for (Map.Entry<String, String> parameter : parameters.entrySet()) {
      id.append(' ').append(parameter.getKey()).append('=').append(parameter.getValue());
    }
    return id.toString();
  }
}
