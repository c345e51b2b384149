package org.quadrille.jmh.command;

import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;

/** What the annotations of a benchmark class say: its methods, its parameters and their values. */
final class BenchmarkParameters {
  /** Parameters that change slowest, in this order; the library changes fastest. */
  private static final List<String> ORDER = List.of("operation", "precision", "threads");

  private BenchmarkParameters() {}

  /** Names of the benchmark methods, sorted. */
  static List<String> methods(Class<?> benchmark) {
    return Arrays.stream(benchmark.getMethods())
        .filter(method -> method.isAnnotationPresent(Benchmark.class))
        .map(Method::getName)
        .sorted()
        .toList();
  }

  /** Parameters of the class and of the states that its methods take, with their values. */
  static Map<String, List<String>> of(Class<?> benchmark) {
    List<Field> fields = new ArrayList<>();
    for (Class<?> state : states(benchmark)) {
      for (Field field : state.getDeclaredFields()) {
        if (field.isAnnotationPresent(Param.class)) {
          fields.add(field);
        }
      }
    }
    fields.sort(Comparator.comparingInt(BenchmarkParameters::rank));
    Map<String, List<String>> values = new LinkedHashMap<>();
    for (Field field : fields) {
      values.put(field.getName(), List.of(field.getAnnotation(Param.class).value()));
    }
    return values;
  }

  /** The class itself and the types of all arguments of its benchmark methods. */
  static List<Class<?>> states(Class<?> benchmark) {
    List<Class<?>> states = new ArrayList<>();
    states.add(benchmark);
    for (Method method : benchmark.getMethods()) {
      if (method.isAnnotationPresent(Benchmark.class)) {
        for (Class<?> type : method.getParameterTypes()) {
          if (!states.contains(type)) {
            states.add(type);
          }
        }
      }
    }
    return states;
  }

  private static int rank(Field field) {
    int index = ORDER.indexOf(field.getName());
    if (index >= 0) {
      return index;
    }
    return field.getName().equals(Trial.LIBRARY) ? Integer.MAX_VALUE : ORDER.size();
  }
}
