package org.quadrille.transformer.text;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.zip.GZIPInputStream;
import org.quadrille.ReferenceData;

/** The two public-domain texts of the studies. */
public final class ShippedText {
  private ShippedText() {}

  /** King James Bible, 1.30 million characters. */
  public static String bible() throws IOException {
    return read("source_kjv.txt.gz");
  }

  /** The Jargon File, 1.10 million characters. */
  public static String jargon() throws IOException {
    return read("target_jargon.txt.gz");
  }

  private static String read(String name) throws IOException {
    try (InputStream in =
        new GZIPInputStream(Files.newInputStream(ReferenceData.file("low-rank", name)))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
