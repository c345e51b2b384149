package org.quadrille.jmh.command;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/**
 * A benchmark made ready in this process without JMH: objects made, parameters set, prepared and
 * checked. Knows the annotations {@code Param}, {@code Setup} (per trial and per call), {@code
 * AuxCounters} and {@code OutputTimeUnit}.
 */
final class PreparedTrial {
  private final Map<Class<?>, Object> states = new LinkedHashMap<>();
  private final List<Runner> beforeEachCall = new ArrayList<>();
  private final MethodHandle call;
  private final String unit;
  private final double nanosecondsPerUnit;
  private int calls = 1;
  private Object counters;
  private Field counter;

  /** A setup method bound to its object. */
  private interface Runner {
    void run() throws ReflectiveOperationException;
  }

  private PreparedTrial(Trial trial) throws ReflectiveOperationException {
    for (Class<?> type : BenchmarkParameters.states(trial.benchmark())) {
      Object state = newInstance(type);
      states.put(type, state);
      setParameters(state, trial);
      if (type.isAnnotationPresent(AuxCounters.class)) {
        findCounter(state);
      }
    }
    // What a setup takes as argument must be prepared before it: arguments first, then the class.
    List<Object> order = new ArrayList<>(states.values());
    order.add(order.removeFirst());
    for (Object state : order) {
      prepare(state);
    }
    Method method = benchmarkMethod(trial);
    OutputTimeUnit timeUnit = trial.benchmark().getAnnotation(OutputTimeUnit.class);
    TimeUnit scale = timeUnit == null ? TimeUnit.SECONDS : timeUnit.value();
    unit = counter == null ? symbol(scale) : Counters.unit(counter.getName());
    nanosecondsPerUnit = scale.toNanos(1);
    method.setAccessible(true);
    call =
        MethodHandles.insertArguments(
                MethodHandles.lookup().unreflect(method),
                0,
                argumentsWithReceiver(states.get(trial.benchmark()), method))
            .asType(MethodType.methodType(Object.class));
  }

  /** Makes a trial ready. */
  static PreparedTrial of(Trial trial) throws ReflectiveOperationException {
    return new PreparedTrial(trial);
  }

  /** Unit of the figure: that of the counter, else a unit of time. */
  String unit() {
    return unit;
  }

  /** Whether the benchmark counts what it does. */
  boolean hasCounter() {
    return counter != null;
  }

  double nanosecondsPerUnit() {
    return nanosecondsPerUnit;
  }

  /** The counter now. */
  double counted() throws ReflectiveOperationException {
    return counter == null ? 0 : counter.getDouble(counters);
  }

  /** What must happen before a call and does not count. */
  void beforeCall() throws ReflectiveOperationException {
    for (Runner setup : beforeEachCall) {
      setup.run();
    }
  }

  /** Makes {@link #call} call twice as often, unless something must happen between two calls. */
  void callMoreOften() {
    if (beforeEachCall.isEmpty()) {
      calls *= 2;
    }
  }

  /** Calls the benchmark once or several times, and says how often. */
  int call() throws ReflectiveOperationException {
    try {
      for (int i = 0; i < calls; i++) {
        sink = call.invokeExact();
      }
    } catch (Throwable e) {
      throw new InvocationTargetException(e);
    }
    return calls;
  }

  /** Keeps results alive, so that no computation is left out. */
  @SuppressWarnings("unused")
  private volatile Object sink;

  private void prepare(Object state) throws ReflectiveOperationException {
    for (Method method : state.getClass().getDeclaredMethods()) {
      Setup setup = method.getAnnotation(Setup.class);
      if (setup == null) {
        continue;
      }
      method.setAccessible(true);
      Object[] arguments = arguments(method);
      method.invoke(state, arguments);
      if (setup.value() == Level.Invocation) {
        beforeEachCall.add(() -> method.invoke(state, arguments));
      }
    }
  }

  private Object[] arguments(Method method) {
    Object[] arguments = new Object[method.getParameterCount()];
    for (int i = 0; i < arguments.length; i++) {
      arguments[i] = states.get(method.getParameterTypes()[i]);
    }
    return arguments;
  }

  private Object[] argumentsWithReceiver(Object receiver, Method method) {
    List<Object> all = new ArrayList<>();
    all.add(receiver);
    all.addAll(List.of(arguments(method)));
    return all.toArray();
  }

  private void findCounter(Object state) {
    for (Field field : state.getClass().getFields()) {
      if (Counters.unit(field.getName()) != null) {
        counters = state;
        counter = field;
      }
    }
  }

  private static Method benchmarkMethod(Trial trial) throws NoSuchMethodException {
    for (Method method : trial.benchmark().getMethods()) {
      if (method.getName().equals(trial.method()) && method.isAnnotationPresent(Benchmark.class)) {
        return method;
      }
    }
    throw new NoSuchMethodException(trial.benchmark().getName() + "." + trial.method());
  }

  private static Object newInstance(Class<?> type) throws ReflectiveOperationException {
    Constructor<?> constructor = type.getDeclaredConstructor();
    constructor.setAccessible(true);
    return constructor.newInstance();
  }

  private static void setParameters(Object state, Trial trial) throws IllegalAccessException {
    for (Field field : state.getClass().getDeclaredFields()) {
      if (field.isAnnotationPresent(Param.class)) {
        String value = trial.parameters().get(field.getName());
        field.setAccessible(true);
        field.set(state, parse(field, value));
      }
    }
  }

  private static Object parse(Field field, String value) {
    Class<?> type = field.getType();
    if (type == int.class) {
      return Integer.valueOf(value);
    }
    if (type == long.class) {
      return Long.valueOf(value);
    }
    if (type == boolean.class) {
      return Boolean.valueOf(value);
    }
    if (type == double.class) {
      return Double.valueOf(value);
    }
    if (type == String.class) {
      return value;
    }
    throw new IllegalArgumentException(
        field + ": parameters of type " + type.getSimpleName() + " are not known here");
  }

  private static String symbol(TimeUnit unit) {
    return switch (unit) {
      case NANOSECONDS -> "ns";
      case MICROSECONDS -> "us";
      case MILLISECONDS -> "ms";
      case SECONDS -> "s";
      default -> throw new IllegalArgumentException("unit of time " + unit + " is not known here");
    };
  }
}
