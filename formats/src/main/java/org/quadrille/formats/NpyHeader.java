package org.quadrille.formats;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The header of an npy file: magic, version, length, and a Python dictionary of exactly the keys
 * descr, fortran_order and shape (NumPy enhancement proposal 1). Nothing is evaluated.
 */
final class NpyHeader {
  static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};

  /** Longer than any shape of a sensible rank; NumPy's own limit is 10,000. */
  private static final int MAX_LENGTH = 1 << 20;

  /** NumPy's own limit. */
  private static final int MAX_RANK = 64;

  private final Path path;
  private final String text;
  private final int start;
  private int at;
  private String descr;
  private Boolean fortranOrder;
  private long[] shape;

  private NpyHeader(Path path, String text, int start) {
    this.path = path;
    this.text = text;
    this.start = start;
  }

  /** Checks a whole file and returns its array. */
  static StoredTensor parse(Path path, String name, MemorySegment file) throws FormatException {
    if (file.byteSize() < MAGIC.length + 4
        || MemorySegment.mismatch(
                file, 0, MAGIC.length, MemorySegment.ofArray(MAGIC), 0, MAGIC.length)
            >= 0) {
      throw new FormatException(path, 0, "expected the bytes 93 'NUMPY'; is this an npy file?");
    }
    int version = file.get(ValueLayout.JAVA_BYTE, MAGIC.length);
    int minor = file.get(ValueLayout.JAVA_BYTE, MAGIC.length + 1L);
    if (version < 1 || version > 3 || minor != 0) {
      throw new FormatException(
          path,
          MAGIC.length,
          "npy version " + version + "." + minor + "; expected 1.0, 2.0 or 3.0");
    }
    int start = MAGIC.length + 2 + (version == 1 ? Short.BYTES : Integer.BYTES);
    long length = file.byteSize() < start ? Long.MAX_VALUE : length(file, version);
    if (length > MAX_LENGTH || length > file.byteSize() - start) {
      throw new FormatException(path, MAGIC.length + 2, "the header does not fit the file");
    }
    byte[] bytes = file.asSlice(start, length).toArray(ValueLayout.JAVA_BYTE);
    // The three values are ASCII in every version, whatever else the encoding would allow.
    NpyHeader header = new NpyHeader(path, new String(bytes, StandardCharsets.ISO_8859_1), start);
    header.dictionary();
    return header.array(name, file.asSlice(start + length));
  }

  private static long length(MemorySegment file, int version) {
    if (version == 1) {
      return Short.toUnsignedLong(
          file.get(
              ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN),
              MAGIC.length + 2));
    }
    return Integer.toUnsignedLong(
        file.get(
            ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN), MAGIC.length + 2));
  }

  private StoredTensor array(String name, MemorySegment data) throws FormatException {
    TensorInfo info;
    try {
      info = new TensorInfo(name, type(), shape);
    } catch (IllegalArgumentException e) {
      FormatException wrapped = new FormatException(path, start, e.getMessage());
      wrapped.initCause(e);
      throw wrapped;
    }
    if (info.byteCount() != data.byteSize()) {
      throw new FormatException(
          path,
          info
              + " needs "
              + info.byteCount()
              + " bytes after the header, there are "
              + data.byteSize());
    }
    return new StoredTensor(info, data, fortranOrder && shape.length > 1);
  }

  private ElementType type() throws FormatException {
    return switch (descr) {
      case "<f8" -> ElementType.F64;
      case "<f4" -> ElementType.F32;
      case "<f2" -> ElementType.F16;
      case "<i8" -> ElementType.I64;
      case "<i4" -> ElementType.I32;
      case "<i2" -> ElementType.I16;
      case "|i1" -> ElementType.I8;
      case "|u1" -> ElementType.U8;
      case "|b1" -> ElementType.BOOL;
      default ->
          throw new FormatException(
              path,
              start,
              "type '"
                  + descr
                  + "' is not read"
                  + (descr.startsWith(">")
                      ? ": big-endian; store it with array.astype('<" + descr.substring(1) + "')"
                      : "; expected <f4, <f8 or <f2"));
    };
  }

  private void dictionary() throws FormatException {
    expect('{');
    while (!accept('}')) {
      String key = string();
      expect(':');
      switch (key) {
        case "descr" -> descr = once(descr, string());
        case "fortran_order" -> fortranOrder = once(fortranOrder, truth());
        case "shape" -> shape = once(shape, tuple());
        default -> throw error("key '" + key + "' is unknown");
      }
      if (!accept(',')) {
        expect('}');
        break;
      }
    }
    skipBlanks();
    if (at != text.length()) {
      throw error("more text after the dictionary");
    }
    if (descr == null || fortranOrder == null || shape == null) {
      throw error("expected the keys 'descr', 'fortran_order' and 'shape'");
    }
  }

  private <T> T once(T before, T value) throws FormatException {
    if (before != null) {
      throw error("a key appears twice");
    }
    return value;
  }

  private String string() throws FormatException {
    char quote = accept('"') ? '"' : '\'';
    if (quote == '\'') {
      expect('\'');
    }
    int end = text.indexOf(quote, at);
    if (end < 0 || text.substring(at, end).indexOf('\\') >= 0) {
      throw error("string does not end, or has an escape");
    }
    String content = text.substring(at, end);
    at = end + 1;
    return content;
  }

  private boolean truth() throws FormatException {
    skipBlanks();
    for (String word : List.of("True", "False")) {
      if (text.startsWith(word, at)) {
        at += word.length();
        return word.equals("True");
      }
    }
    throw error("expected True or False");
  }

  private long[] tuple() throws FormatException {
    List<Long> sizes = new ArrayList<>();
    boolean comma = false;
    expect('(');
    while (!accept(')')) {
      if (!sizes.isEmpty() && !comma) {
        throw error("expected ',' or ')'");
      }
      if (sizes.size() == MAX_RANK) {
        throw error("more than " + MAX_RANK + " axes");
      }
      sizes.add(size());
      comma = accept(',');
    }
    if (sizes.size() == 1 && !comma) {
      throw error("expected ',' after the only size");
    }
    return sizes.stream().mapToLong(Long::longValue).toArray();
  }

  private long size() throws FormatException {
    skipBlanks();
    int first = at;
    while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
      at++;
    }
    if (at == first || at - first > 18) {
      throw error("expected a size of at most 18 digits");
    }
    return Long.parseLong(text.substring(first, at));
  }

  private void expect(char c) throws FormatException {
    if (!accept(c)) {
      throw error("expected '" + c + "'");
    }
  }

  private boolean accept(char c) {
    skipBlanks();
    boolean found = at < text.length() && text.charAt(at) == c;
    at += found ? 1 : 0;
    return found;
  }

  private void skipBlanks() {
    while (at < text.length() && (text.charAt(at) == ' ' || text.charAt(at) == '\n')) {
      at++;
    }
  }

  private FormatException error(String problem) {
    return new FormatException(path, start + at, "npy header: " + problem);
  }
}
