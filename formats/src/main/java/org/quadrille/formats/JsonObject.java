package org.quadrille.formats;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A JSON object: keys in the order they were put, with getters that check the type.
 *
 * <p>A getter whose key is missing or has another type throws a {@link FormatException} that names
 * the key, what was found and what was expected. Mutable, not thread safe while being changed.
 */
public final class JsonObject {
  private final Map<String, Object> members = new LinkedHashMap<>();

  /** An empty object. */
  public JsonObject() {}

  /** Sets one member; a known key keeps its place. Returns this. */
  public JsonObject put(String key, Object value) {
    if (key == null) {
      throw new IllegalArgumentException("key: given null, expected a string");
    }
    members.put(key, value);
    return this;
  }

  /** Whether there is a member of that key, be it null. */
  public boolean has(String key) {
    return members.containsKey(key);
  }

  /** Number of members. */
  public int size() {
    return members.size();
  }

  /** The members in order; a read-only live view. */
  public Map<String, Object> members() {
    return Collections.unmodifiableMap(members);
  }

  /** The member as it is, or null if there is none. */
  public Object get(String key) {
    return members.get(key);
  }

  /** The member as a string. */
  public String string(String key) throws FormatException {
    return expect(key, String.class, "a string");
  }

  /** The member as a 64-bit integer. */
  public long integer(String key) throws FormatException {
    return expect(key, Long.class, "an integer");
  }

  /** The member as an int. */
  public int intValue(String key) throws FormatException {
    long value = integer(key);
    if (value != (int) value) {
      throw new FormatException(
          "JSON: \"" + key + "\" is " + value + ", expected an integer of 32 bits");
    }
    return (int) value;
  }

  /** The member as a double; an integer is converted. */
  public double number(String key) throws FormatException {
    return expect(key, Number.class, "a number").doubleValue();
  }

  /** The member as a truth value. */
  public boolean bool(String key) throws FormatException {
    return expect(key, Boolean.class, "true or false");
  }

  /** The member as an object. */
  public JsonObject object(String key) throws FormatException {
    return expect(key, JsonObject.class, "an object");
  }

  /** The member as an array. */
  public List<?> array(String key) throws FormatException {
    return expect(key, List.class, "an array");
  }

  /** The member as an array of integers. */
  public long[] integers(String key) throws FormatException {
    List<?> array = array(key);
    long[] values = new long[array.size()];
    for (int i = 0; i < values.length; i++) {
      if (!(array.get(i) instanceof Long value)) {
        throw new FormatException(
            "JSON: \"" + key + "\"[" + i + "] is " + kind(array.get(i)) + ", expected an integer");
      }
      values[i] = value;
    }
    return values;
  }

  /** The member as an array of numbers; integers are converted. */
  public double[] numbers(String key) throws FormatException {
    List<?> array = array(key);
    double[] values = new double[array.size()];
    for (int i = 0; i < values.length; i++) {
      if (!(array.get(i) instanceof Number value)) {
        throw new FormatException(
            "JSON: \"" + key + "\"[" + i + "] is " + kind(array.get(i)) + ", expected a number");
      }
      values[i] = value.doubleValue();
    }
    return values;
  }

  private <T> T expect(String key, Class<T> type, String expected) throws FormatException {
    Object value = members.get(key);
    if (type.isInstance(value)) {
      return type.cast(value);
    }
    String found = members.containsKey(key) ? "is " + kind(value) : "is missing";
    throw new FormatException("JSON: \"" + key + "\" " + found + ", expected " + expected);
  }

  private static String kind(Object value) {
    return switch (value) {
      case null -> "null";
      case String _ -> "a string";
      case Number number -> "the number " + number;
      case Boolean truth -> truth.toString();
      case JsonObject _ -> "an object";
      case List<?> _ -> "an array";
      default -> "a " + value.getClass().getSimpleName();
    };
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof JsonObject that && members.equals(that.members);
  }

  @Override
  public int hashCode() {
    return members.hashCode();
  }

  /** The object as JSON text on one line. */
  @Override
  public String toString() {
    return Json.write(this);
  }
}
