package org.quadrille.formats;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Array;
import java.util.Map;

/**
 * Writes JSON piece by piece to any {@link Appendable}, so that a long document never lies in
 * memory as a whole.
 *
 * <p>Numbers are the shortest decimal that reads back to the same bits (at most 17 digits for
 * double, 9 for float).
 *
 * {@snippet :
 * JsonWriter json = new JsonWriter(out).beginObject().name("objective").beginArray();
 * for (double value : objective) {
 *   json.value(value);
 * }
 * json.endArray().endObject();
 * }
 *
 * <p>Methods throw {@link UncheckedIOException} if the target does and {@link
 * IllegalStateException} when called out of order. Not thread safe.
 */
public final class JsonWriter {
  private enum Place {
    DOCUMENT,
    OBJECT,
    VALUE_OF_NAME,
    ARRAY
  }

  private final Appendable out;
  private final boolean indent;
  private final Place[] places = new Place[2 * Json.MAX_DEPTH + 2];
  private final boolean[] hasEntries = new boolean[places.length];
  private final boolean[] oneLine = new boolean[places.length];
  private int level;
  private int depth;

  /** A writer of compact text. */
  public JsonWriter(Appendable out) {
    this(out, false);
  }

  private JsonWriter(Appendable out, boolean indent) {
    this.out = out;
    this.indent = indent;
    places[0] = Place.DOCUMENT;
  }

  /** A writer that puts each member on a line of its own, indented by two blanks. */
  public static JsonWriter indented(Appendable out) {
    return new JsonWriter(out, true);
  }

  /** Opens an object. */
  public JsonWriter beginObject() {
    return open('{', Place.OBJECT, false);
  }

  /** Closes the object. */
  public JsonWriter endObject() {
    return close('}', Place.OBJECT);
  }

  /** Opens an array. */
  public JsonWriter beginArray() {
    return open('[', Place.ARRAY, false);
  }

  /** Closes the array. */
  public JsonWriter endArray() {
    return close(']', Place.ARRAY);
  }

  /** Writes the name of the next member. */
  public JsonWriter name(String name) {
    if (places[level] != Place.OBJECT) {
      throw new IllegalStateException("name(\"" + name + "\"): expected to be in an object");
    }
    separate();
    string(name);
    append(indent ? ": " : ":");
    places[++level] = Place.VALUE_OF_NAME;
    hasEntries[level] = false;
    return this;
  }

  /**
   * Writes a value: null, string, boolean, number, enum (its name), {@link JsonObject}, {@link Map}
   * with string keys, {@link Iterable} or array.
   *
   * @throws IllegalArgumentException on NaN, an infinity, an unpaired surrogate or another type
   */
  public JsonWriter value(Object value) {
    switch (value) {
      case null -> scalar("null");
      case Boolean truth -> scalar(truth.toString());
      case Double number -> scalar(finite(number, number.toString()));
      case Float number -> scalar(finite(number, number.toString()));
      case Number number -> scalar(number(number));
      case CharSequence text -> {
        startValue();
        string(text);
        finishValue();
      }
      case Enum<?> constant -> value(constant.name());
      case JsonObject object -> map(object.members());
      case Map<?, ?> map -> map(map);
      case Iterable<?> items -> {
        open('[', Place.ARRAY, isPlain(items));
        items.forEach(this::value);
        endArray();
      }
      default -> array(value);
    }
    return this;
  }

  private void map(Map<?, ?> map) {
    beginObject();
    map.forEach((key, member) -> name(key.toString()).value(member));
    endObject();
  }

  private void array(Object array) {
    if (!array.getClass().isArray()) {
      throw new IllegalArgumentException(
          "value of "
              + array.getClass()
              + " cannot be written as JSON; give a map, a list, an array or a plain value");
    }
    open('[', Place.ARRAY, array.getClass().getComponentType().isPrimitive());
    for (int i = 0; i < Array.getLength(array); i++) {
      value(Array.get(array, i));
    }
    endArray();
  }

  private static boolean isPlain(Iterable<?> items) {
    for (Object item : items) {
      if (!(item == null
          || item instanceof Number
          || item instanceof Boolean
          || item instanceof CharSequence)) {
        return false;
      }
    }
    return true;
  }

  private static String number(Number number) {
    if (number instanceof Long
        || number instanceof Integer
        || number instanceof Short
        || number instanceof Byte
        || number instanceof java.math.BigInteger) {
      return number.toString();
    }
    double value = number.doubleValue();
    return finite(value, Double.toString(value));
  }

  private static String finite(double value, String text) {
    if (!Double.isFinite(value)) {
      throw new IllegalArgumentException(
          "number " + text + ": JSON has no word for it; write null or a string instead");
    }
    return text;
  }

  private void scalar(String text) {
    startValue();
    append(text);
    finishValue();
  }

  private JsonWriter open(char bracket, Place place, boolean plain) {
    if (depth == Json.MAX_DEPTH) {
      throw new IllegalArgumentException("nested deeper than " + Json.MAX_DEPTH);
    }
    startValue();
    append(bracket);
    depth++;
    places[++level] = place;
    hasEntries[level] = false;
    oneLine[level] = plain;
    return this;
  }

  private JsonWriter close(char bracket, Place place) {
    if (places[level] != place) {
      throw new IllegalStateException(
          "'" + bracket + "' does not fit here: the innermost open place is " + places[level]);
    }
    boolean filled = hasEntries[level] && !oneLine[level];
    level--;
    depth--;
    if (filled) {
      newLine();
    }
    append(bracket);
    finishValue();
    return this;
  }

  private void startValue() {
    if (places[level] == Place.OBJECT || (places[level] == Place.DOCUMENT && hasEntries[level])) {
      throw new IllegalStateException(
          places[level] == Place.OBJECT
              ? "a value in an object needs a name first"
              : "the document already has its one value");
    }
    if (places[level] == Place.ARRAY) {
      separate();
    } else {
      hasEntries[level] = true;
    }
  }

  private void finishValue() {
    if (places[level] == Place.VALUE_OF_NAME) {
      level--;
    }
  }

  private void separate() {
    if (hasEntries[level]) {
      append(indent && oneLine[level] ? ", " : ",");
    }
    hasEntries[level] = true;
    if (!oneLine[level]) {
      newLine();
    }
  }

  private void newLine() {
    if (indent) {
      append('\n');
      append("  ".repeat(depth));
    }
  }

  private void string(CharSequence text) {
    append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isSurrogate(c) && isUnpaired(text, i)) {
        throw new IllegalArgumentException(
            "text has an unpaired surrogate at character " + i + "; it has no place in UTF-8");
      }
      switch (c) {
        case '"' -> append("\\\"");
        case '\\' -> append("\\\\");
        case '\n' -> append("\\n");
        case '\r' -> append("\\r");
        case '\t' -> append("\\t");
        default -> {
          if (c < 0x20 || c == 0x7F || c == 0x2028 || c == 0x2029) {
            append(String.format("\\u%04x", (int) c));
          } else {
            append(c);
          }
        }
      }
    }
    append('"');
  }

  private static boolean isUnpaired(CharSequence text, int i) {
    char c = text.charAt(i);
    if (Character.isHighSurrogate(c)) {
      return i + 1 == text.length() || !Character.isLowSurrogate(text.charAt(i + 1));
    }
    return Character.isLowSurrogate(c)
        && (i == 0 || !Character.isHighSurrogate(text.charAt(i - 1)));
  }

  private void append(char c) {
    try {
      out.append(c);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void append(CharSequence text) {
    try {
      out.append(text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
