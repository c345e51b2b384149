package org.quadrille.formats;

import java.util.ArrayList;
import java.util.List;

/** Recursive descent over the grammar of RFC 8259, one method per rule. */
final class JsonParser {
  private final String text;
  private int at;
  private int depth;

  JsonParser(String text) {
    this.text = text;
  }

  Object document() throws FormatException {
    Object value = value();
    skipBlanks();
    if (at < text.length()) {
      throw error("more text after the end of the document");
    }
    return value;
  }

  private Object value() throws FormatException {
    skipBlanks();
    return switch (peek()) {
      case '{' -> object();
      case '[' -> array();
      case '"' -> string();
      case 't' -> word("true", true);
      case 'f' -> word("false", false);
      case 'n' -> word("null", null);
      default -> number();
    };
  }

  private JsonObject object() throws FormatException {
    enter();
    JsonObject object = new JsonObject();
    skipBlanks();
    if (accept('}')) {
      depth--;
      return object;
    }
    do {
      skipBlanks();
      int start = at;
      if (peek() != '"') {
        throw error("expected a key in quotes, found " + found());
      }
      String key = string();
      if (object.has(key)) {
        at = start;
        throw error("key \"" + key + "\" appears twice in one object");
      }
      skipBlanks();
      expect(':');
      object.put(key, value());
      skipBlanks();
    } while (accept(','));
    expect('}');
    depth--;
    return object;
  }

  private List<Object> array() throws FormatException {
    enter();
    List<Object> array = new ArrayList<>();
    skipBlanks();
    if (!accept(']')) {
      do {
        array.add(value());
        skipBlanks();
      } while (accept(','));
      expect(']');
    }
    depth--;
    return array;
  }

  private String string() throws FormatException {
    expect('"');
    int start = at;
    while (at < text.length() && isPlain(text.charAt(at))) {
      at++;
    }
    if (accept('"')) {
      return text.substring(start, at - 1);
    }
    StringBuilder content = new StringBuilder(text.substring(start, at));
    while (!accept('"')) {
      character(content);
    }
    return content.toString();
  }

  private static boolean isPlain(char c) {
    return c >= 0x20 && c != '"' && c != '\\' && !Character.isSurrogate(c);
  }

  private void character(StringBuilder content) throws FormatException {
    if (at == text.length()) {
      throw error("string does not end");
    }
    char c = text.charAt(at);
    if (c < 0x20) {
      throw error(
          String.format(
              "control character U+%04X in a string; write it as \\u%04X", (int) c, (int) c));
    }
    at++;
    char first = c == '\\' ? escape() : c;
    content.append(first);
    if (Character.isLowSurrogate(first)) {
      throw error("low surrogate without a high one before it");
    }
    if (Character.isHighSurrogate(first)) {
      char second = at == text.length() ? 0 : text.charAt(at++);
      second = second == '\\' ? escape() : second;
      if (!Character.isLowSurrogate(second)) {
        throw error("high surrogate without a low one after it");
      }
      content.append(second);
    }
  }

  /** The character of an escape whose backslash has been read. */
  private char escape() throws FormatException {
    if (at == text.length()) {
      throw error("string does not end");
    }
    char c = text.charAt(at++);
    return switch (c) {
      case '"', '\\', '/' -> c;
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      case 'u' -> hexadecimal();
      default -> {
        at--;
        throw error("escape \\" + found() + " does not exist");
      }
    };
  }

  private char hexadecimal() throws FormatException {
    int code = 0;
    for (int i = 0; i < 4; i++) {
      char c = peek();
      // Character.digit alone would take digits of other scripts.
      int digit = c < 0x80 ? Character.digit(c, 16) : -1;
      if (digit < 0) {
        throw error("expected four hexadecimal digits after \\u, found " + found());
      }
      code = code << 4 | digit;
      at++;
    }
    return (char) code;
  }

  private Object number() throws FormatException {
    int start = at;
    accept('-');
    if (!accept('0')) {
      digits("a value");
    }
    boolean whole = true;
    if (accept('.')) {
      whole = false;
      digits("a digit after the point");
    }
    if (accept('e') || accept('E')) {
      whole = false;
      if (!accept('+')) {
        accept('-');
      }
      digits("a digit of the exponent");
    }
    return convert(start, text.substring(start, at), whole);
  }

  private Object convert(int start, String digits, boolean whole) throws FormatException {
    if (whole && digits.length() <= 20 && !digits.equals("-0")) {
      try {
        return Long.valueOf(digits);
      } catch (NumberFormatException _) {
        // 19 or 20 digits beyond 64 bits: a double like any longer number.
      }
    }
    double value = Double.parseDouble(digits);
    if (Double.isInfinite(value)) {
      at = start;
      throw error("number beyond the range of double (1.8e308)");
    }
    return value;
  }

  private void digits(String expected) throws FormatException {
    int start = at;
    while (peek() >= '0' && peek() <= '9') {
      at++;
    }
    if (at == start) {
      throw error("expected " + expected + ", found " + found());
    }
  }

  private Object word(String word, Object value) throws FormatException {
    if (!text.startsWith(word, at)) {
      throw error("expected " + word + ", found " + found());
    }
    at += word.length();
    return value;
  }

  private void enter() throws FormatException {
    if (++depth > Json.MAX_DEPTH) {
      throw error("nested deeper than " + Json.MAX_DEPTH);
    }
    at++;
  }

  private void skipBlanks() {
    while (at < text.length() && " \t\n\r".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
  }

  /** The next character, or 0 at the end (which no rule expects). */
  private char peek() {
    return at < text.length() ? text.charAt(at) : 0;
  }

  private boolean accept(char c) {
    if (at < text.length() && text.charAt(at) == c) {
      at++;
      return true;
    }
    return false;
  }

  private void expect(char c) throws FormatException {
    if (!accept(c)) {
      throw error("expected '" + c + "', found " + found());
    }
  }

  private String found() {
    if (at >= text.length()) {
      return "the end";
    }
    char c = text.charAt(at);
    return c > 0x20 && c < 0x7F ? "'" + c + "'" : String.format("U+%04X", (int) c);
  }

  private FormatException error(String problem) {
    return new FormatException("JSON: character " + at + ": " + problem);
  }
}
