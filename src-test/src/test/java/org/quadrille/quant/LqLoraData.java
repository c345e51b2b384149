package org.quadrille.quant;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.quadrille.ReferenceData;
import org.quadrille.linalg.Tensor;

/** The reference set "lq-lora": matrices by name, codes in hexadecimal, hashes. */
final class LqLoraData {
  static final String SET = "lq-lora";

  private LqLoraData() {}

  static List<Map<String, String>> csv(String file) {
    return ReferenceData.csv(SET, file);
  }

  /** The raw floats {@code NAME.f32}, whose shape is the end of the name: {@code ..._64x64}. */
  static Tensor matrix(String name) {
    return matrix(name, name + ".f32");
  }

  /** The Fisher matrix of a matrix. */
  static Fisher fisher(String name) {
    return Fisher.of(matrix(name, name + ".fisher.f32"));
  }

  private static Tensor matrix(String name, String file) {
    String[] shape = name.substring(name.lastIndexOf('_') + 1).split("x");
    try {
      byte[] bytes = Files.readAllBytes(ReferenceData.file(SET, file));
      float[] values = new float[bytes.length / Float.BYTES];
      ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(values);
      return Tensor.of(values, Integer.parseInt(shape[0]), Integer.parseInt(shape[1]));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** One digit per code for at most 4 bits, else two. */
  static byte[] codes(String hex, int bits) {
    int digits = bits <= 4 ? 1 : 2;
    byte[] codes = new byte[hex.length() / digits];
    for (int i = 0; i < codes.length; i++) {
      codes[i] = (byte) Integer.parseInt(hex, i * digits, (i + 1) * digits, 16);
    }
    return codes;
  }

  static float[] floats(String numbers) {
    String[] texts = numbers.trim().split(" +");
    float[] values = new float[texts.length];
    IntStream.range(0, texts.length).forEach(i -> values[i] = Float.parseFloat(texts[i]));
    return values;
  }

  /** SHA-256 of the little-endian bytes, in hexadecimal. */
  static String sha256(float[] values) {
    ByteBuffer bytes =
        ByteBuffer.allocate(Float.BYTES * values.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values);
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes.array()));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }
}
