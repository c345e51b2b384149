package org.quadrille.formats;

import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads comma-separated records (RFC 4180): quoted fields may hold commas, line breaks and doubled
 * quotes; a line ends with LF or CRLF; a byte order mark at the start is skipped.
 */
final class CsvReader implements Closeable {
  private static final int END = -1;

  private final Path path;
  private final BufferedReader reader;
  private long nextLine = 1;
  private long recordLine = 1;
  private int next;

  CsvReader(Path path) throws IOException {
    this.path = path;
    this.reader = Files.newBufferedReader(path);
    try {
      next = reader.read();
      if (next == '\uFEFF') {
        next = reader.read();
      }
    } catch (CharacterCodingException e) {
      reader.close();
      throw notUtf8(e);
    } catch (IOException e) {
      reader.close();
      throw e;
    }
  }

  /** The fields of the next record, or null after the last. */
  List<String> record() throws IOException {
    try {
      if (next == END) {
        return null;
      }
      recordLine = nextLine;
      List<String> fields = new ArrayList<>();
      fields.add(field());
      while (next == ',') {
        advance();
        fields.add(field());
      }
      endLine();
      return fields;
    } catch (CharacterCodingException e) {
      throw notUtf8(e);
    }
  }

  /** Line, counted from 1, on which the last record begins. */
  long line() {
    return recordLine;
  }

  /** An error that names the line of the last record. */
  FormatException error(String problem) {
    return new FormatException(path, "line " + recordLine + ": " + problem);
  }

  private String field() throws IOException {
    StringBuilder text = new StringBuilder();
    if (next == '"') {
      quoted(text);
    } else {
      while (next != ',' && next != '\n' && next != '\r' && next != END) {
        if (next == '"') {
          throw error("a quote inside a field that does not begin with one");
        }
        text.append((char) next);
        advance();
      }
    }
    return text.toString();
  }

  private void quoted(StringBuilder text) throws IOException {
    advance();
    while (true) {
      if (next == END) {
        throw error("a quoted field does not end");
      }
      if (next == '"') {
        advance();
        if (next != '"') {
          break;
        }
      }
      text.append((char) next);
      advance();
    }
    if (next != ',' && next != '\n' && next != '\r' && next != END) {
      throw error("text after the closing quote of a field");
    }
  }

  private void endLine() throws IOException {
    if (next == '\r') {
      advance();
      if (next != '\n') {
        throw error("a carriage return without a line feed");
      }
    }
    if (next == '\n') {
      advance();
    }
  }

  private void advance() throws IOException {
    if (next == '\n') {
      nextLine++;
    }
    next = reader.read();
  }

  private FormatException notUtf8(CharacterCodingException cause) {
    FormatException wrapped =
        new FormatException(path, "near line " + nextLine + ": the text is not valid UTF-8");
    wrapped.initCause(cause);
    return wrapped;
  }

  @Override
  public void close() throws IOException {
    reader.close();
  }
}
