package org.quadrille.transformer.text;

import java.nio.charset.StandardCharsets;
import org.quadrille.formats.JsonObject;

/**
 * One token for each byte of UTF-8: 256 tokens for every language. Bytes that are not UTF-8 decode
 * to U+FFFD.
 */
public final class ByteTokenizer implements Tokenizer {
  /** The only one. */
  public static final ByteTokenizer INSTANCE = new ByteTokenizer();

  private ByteTokenizer() {}

  @Override
  public int size() {
    return 256;
  }

  @Override
  public int[] encode(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    int[] tokens = new int[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      tokens[i] = bytes[i] & 0xff;
    }
    return tokens;
  }

  @Override
  public String decode(int[] tokens) {
    byte[] bytes = new byte[tokens.length];
    for (int i = 0; i < tokens.length; i++) {
      bytes[i] = (byte) Tokenizer.requireToken(tokens[i], 256);
    }
    return new String(bytes, StandardCharsets.UTF_8);
  }

  @Override
  public JsonObject toJson() {
    return new JsonObject().put("type", "bytes");
  }
}
