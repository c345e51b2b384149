package org.quadrille.transformer.train;

import java.lang.reflect.RecordComponent;
import org.quadrille.formats.FormatException;
import org.quadrille.formats.JsonObject;
import org.quadrille.transformer.Architecture;

/** An architecture as JSON: one member for each component of the record, under its name. */
public final class ArchitectureJson {
  private ArchitectureJson() {}

  /** What {@link #read} reads. */
  public static JsonObject write(Architecture architecture) {
    JsonObject json = new JsonObject();
    try {
      for (RecordComponent component : Architecture.class.getRecordComponents()) {
        Object value = component.getAccessor().invoke(architecture);
        json.put(component.getName(), plain(value));
      }
    } catch (ReflectiveOperationException e) {
      throw new LinkageError("components of a public record can be read", e);
    }
    return json;
  }

  /** As a parser would give it back. */
  private static Object plain(Object value) {
    return switch (value) {
      case Enum<?> choice -> choice.name();
      case Integer number -> number.longValue();
      default -> value;
    };
  }

  /**
   * The architecture of a JSON object.
   *
   * @throws FormatException if a member is missing or out of range
   */
  public static Architecture read(JsonObject json) throws FormatException {
    RecordComponent[] components = Architecture.class.getRecordComponents();
    Class<?>[] types = new Class<?>[components.length];
    Object[] values = new Object[components.length];
    for (int i = 0; i < components.length; i++) {
      types[i] = components[i].getType();
      values[i] = value(json, components[i]);
    }
    try {
      return Architecture.class.getDeclaredConstructor(types).newInstance(values);
    } catch (java.lang.reflect.InvocationTargetException e) {
      throw (FormatException)
          new FormatException("architecture: " + e.getCause().getMessage()).initCause(e);
    } catch (ReflectiveOperationException e) {
      throw new LinkageError("a public record has its constructor", e);
    }
  }

  private static Object value(JsonObject json, RecordComponent component) throws FormatException {
    String name = component.getName();
    Class<?> type = component.getType();
    if (type == int.class) {
      return json.intValue(name);
    }
    if (type == boolean.class) {
      return json.bool(name);
    }
    if (type == double.class) {
      return json.number(name);
    }
    for (Object choice : type.getEnumConstants()) {
      if (((Enum<?>) choice).name().equals(json.string(name))) {
        return choice;
      }
    }
    throw new FormatException(
        "architecture: " + name + " is \"" + json.string(name) + "\", which is not known");
  }
}
