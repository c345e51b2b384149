package org.quadrille.cli.check;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/** Texts in the public domain that come with the command. */
public enum ShippedText {
  /** Herman Melville, Moby Dick, chapter 1: what models are checked on. */
  EVALUATION("moby-dick-1.txt"),
  /** Chapter 3: what claims about models are measured on. */
  STUDY("moby-dick-3.txt"),
  /** Chapters 2 and 4 to 10: what importances of weights are estimated on. */
  ESTIMATION("moby-dick-2-10.txt");

  private static final int LEAST_CHARACTERS = 20;
  private static final int MOST_CHARACTERS = 200;

  private final String file;

  ShippedText(String file) {
    this.file = file;
  }

  /** The whole text. */
  public String read() {
    String resource = "/org/quadrille/cli/text/" + file;
    try (InputStream in = ShippedText.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalStateException(resource + " is missing from the class path");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(resource + ": " + e.getMessage(), e);
    }
  }

  /** Its sentences of 20 to 200 characters, in order. */
  public List<String> sentences() {
    return Arrays.stream(read().split("(?<=[.?!;])\\s+"))
        .map(sentence -> sentence.strip().replaceAll("\\s+", " "))
        .filter(s -> s.length() >= LEAST_CHARACTERS && s.length() <= MOST_CHARACTERS)
        .toList();
  }
}
