package org.quadrille.transformer.text;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.quadrille.formats.FormatException;
import org.quadrille.formats.JsonObject;

/**
 * Byte-level byte-pair encoding (Sennrich et al. 2016; over bytes as in GPT-2): tokens 0 to 255 are
 * bytes, every further token joins two earlier ones. Text is first cut into words with their
 * leading blank, numbers and punctuation; pairs never cross a cut. Every text can be encoded, and
 * decodes to itself.
 *
 * {@snippet :
 * BytePairEncoding tokenizer = BytePairEncoding.train(text, 1000);
 * int[] tokens = tokenizer.encode("And it came to pass");
 * }
 */
public final class BytePairEncoding implements Tokenizer {
  private static final int BYTES = 256;

  private final int[] left;
  private final int[] right;
  private final byte[][] bytes;
  private final Map<Long, Integer> ranks;

  private BytePairEncoding(int[] left, int[] right) {
    this.left = left;
    this.right = right;
    bytes = new byte[BYTES + left.length][];
    ranks = HashMap.newHashMap(left.length);
    for (int i = 0; i < BYTES; i++) {
      bytes[i] = new byte[] {(byte) i};
    }
    for (int i = 0; i < left.length; i++) {
      byte[] a = bytes[left[i]];
      byte[] b = bytes[right[i]];
      byte[] joined = Arrays.copyOf(a, a.length + b.length);
      System.arraycopy(b, 0, joined, a.length, b.length);
      bytes[BYTES + i] = joined;
      ranks.put(pair(left[i], right[i]), i);
    }
  }

  /** Two tokens as one number, ordered by the first, then the second. */
  static long pair(int left, int right) {
    return ((long) left << 32) | right;
  }

  /**
   * Learns pairs from a text: again and again the most frequent pair of neighbours becomes a token,
   * among equally frequent ones the pair of the smallest ids. Ends early when no pair occurs twice.
   *
   * <p>Cost: about the number of distinct words times their length, plus what each merge touches.
   *
   * @param text to learn from
   * @param size tokens wanted, at least 256
   * @throws IllegalArgumentException if size is below 256
   */
  public static BytePairEncoding train(String text, int size) {
    if (size < BYTES) {
      throw new IllegalArgumentException(
          "size: given " + size + ", expected at least 256: every byte is a token");
    }
    List<int[]> merges = new BytePairTraining(text).merges(size - BYTES);
    return new BytePairEncoding(
        merges.stream().mapToInt(m -> m[0]).toArray(),
        merges.stream().mapToInt(m -> m[1]).toArray());
  }

  static BytePairEncoding fromJson(JsonObject json) throws FormatException {
    long[] left = json.integers("left");
    long[] right = json.integers("right");
    if (left.length != right.length) {
      throw new FormatException(
          "byte pairs: " + left.length + " left and " + right.length + " right tokens");
    }
    for (int i = 0; i < left.length; i++) {
      if (Math.min(left[i], right[i]) < 0 || Math.max(left[i], right[i]) >= BYTES + i) {
        throw new FormatException(
            "byte pairs: token "
                + (BYTES + i)
                + " joins "
                + left[i]
                + " and "
                + right[i]
                + ", expected earlier tokens");
      }
    }
    return new BytePairEncoding(
        Arrays.stream(left).mapToInt(Math::toIntExact).toArray(),
        Arrays.stream(right).mapToInt(Math::toIntExact).toArray());
  }

  @Override
  public int size() {
    return bytes.length;
  }

  @Override
  public int[] encode(String text) {
    Map<String, int[]> known = new HashMap<>();
    List<int[]> parts = new ArrayList<>();
    int length = 0;
    for (String piece : Pieces.of(text)) {
      int[] tokens = known.computeIfAbsent(piece, this::merge);
      parts.add(tokens);
      length += tokens.length;
    }
    int[] all = new int[length];
    int at = 0;
    for (int[] part : parts) {
      System.arraycopy(part, 0, all, at, part.length);
      at += part.length;
    }
    return all;
  }

  /** Joins pairs in the order in which they were learnt. */
  private int[] merge(String piece) {
    int[] tokens = ByteTokenizer.INSTANCE.encode(piece);
    int length = tokens.length;
    while (length > 1) {
      int first = Integer.MAX_VALUE;
      for (int i = 0; i + 1 < length; i++) {
        Integer rank = ranks.get(pair(tokens[i], tokens[i + 1]));
        first = rank == null ? first : Math.min(first, rank);
      }
      if (first == Integer.MAX_VALUE) {
        break;
      }
      length = replace(tokens, length, left[first], right[first], BYTES + first);
    }
    return Arrays.copyOf(tokens, length);
  }

  /** Replaces a pair by one token from left to right, in place; returns the new length. */
  static int replace(int[] tokens, int length, int left, int right, int joined) {
    int to = 0;
    for (int i = 0; i < length; i++) {
      if (i + 1 < length && tokens[i] == left && tokens[i + 1] == right) {
        tokens[to++] = joined;
        i++;
      } else {
        tokens[to++] = tokens[i];
      }
    }
    return to;
  }

  @Override
  public String decode(int[] tokens) {
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    for (int token : tokens) {
      text.writeBytes(bytes[Tokenizer.requireToken(token, bytes.length)]);
    }
    return text.toString(StandardCharsets.UTF_8);
  }

  @Override
  public JsonObject toJson() {
    return new JsonObject()
        .put("type", "byte-pairs")
        .put("left", Arrays.stream(left).asLongStream().boxed().toList())
        .put("right", Arrays.stream(right).asLongStream().boxed().toList());
  }
}
