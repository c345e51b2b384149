package org.quadrille.transformer.text;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.quadrille.formats.FormatException;
import org.quadrille.formats.Json;
import org.quadrille.formats.JsonObject;

/**
 * BERT's word pieces (Schuster and Nakajima 2012; Devlin et al. 2019): each word is cut from the
 * left into the longest pieces of the vocabulary, those after the first written with {@code ##}; a
 * word that cannot be cut becomes {@code [UNK]}.
 *
 * {@snippet :
 * WordPiece tokenizer = WordPiece.fromVocabulary(Path.of("vocab.txt"), true);
 * int[] ids = tokenizer.sequence("Call me Ishmael."); // [CLS] call me ishmael . [SEP]
 * }
 */
public final class WordPiece implements Tokenizer {
  private static final int LONGEST_WORD = 100;
  private static final Pattern SPECIAL = Pattern.compile("\\[(?:PAD|UNK|CLS|SEP|MASK)]");

  private final String[] vocabulary;
  private final Map<String, Integer> ids;
  private final boolean lowerCase;
  private final int longestWord;

  private WordPiece(String[] vocabulary, boolean lowerCase, int longestWord) {
    this.vocabulary = vocabulary;
    this.lowerCase = lowerCase;
    this.longestWord = longestWord;
    ids = HashMap.newHashMap(vocabulary.length);
    for (int i = 0; i < vocabulary.length; i++) {
      ids.putIfAbsent(vocabulary[i], i);
    }
    if (!ids.containsKey("[UNK]")) {
      throw new IllegalArgumentException(
          "vocabulary of " + vocabulary.length + " word pieces without [UNK]");
    }
  }

  /**
   * A tokenizer of given pieces.
   *
   * @param vocabulary the piece of each id; copied
   * @param lowerCase whether text is lower-cased and accents are dropped
   * @throws IllegalArgumentException if {@code [UNK]} is missing
   */
  public static WordPiece of(List<String> vocabulary, boolean lowerCase) {
    return new WordPiece(vocabulary.toArray(String[]::new), lowerCase, LONGEST_WORD);
  }

  /**
   * Reads a {@code vocab.txt}: one piece for each line, ids from 0.
   *
   * @throws FormatException if {@code [UNK]} is missing
   */
  public static WordPiece fromVocabulary(Path file, boolean lowerCase) throws IOException {
    try {
      return of(Files.readAllLines(file, StandardCharsets.UTF_8), lowerCase);
    } catch (IllegalArgumentException e) {
      throw new FormatException(file, e.getMessage());
    }
  }

  /**
   * Reads a {@code tokenizer.json} whose model is of type WordPiece.
   *
   * @throws FormatException if it is of another type or its ids have gaps
   */
  public static WordPiece fromTokenizerJson(Path file) throws IOException {
    JsonObject json = Json.read(file);
    JsonObject model = json.object("model");
    // Older files leave the type out.
    if (model.has("type") && !model.string("type").equals("WordPiece")) {
      throw new FormatException(
          file, "model of type " + model.string("type") + ", expected WordPiece");
    }
    if (model.has("continuing_subword_prefix")
        && !model.string("continuing_subword_prefix").equals("##")) {
      throw new FormatException(file, "pieces within words are not marked with ##");
    }
    Map<String, Object> pieces = model.object("vocab").members();
    String[] vocabulary = new String[pieces.size()];
    for (Map.Entry<String, Object> piece : pieces.entrySet()) {
      int id = piece.getValue() instanceof Number number ? number.intValue() : -1;
      if (id < 0 || id >= vocabulary.length || vocabulary[id] != null) {
        throw new FormatException(
            file,
            "piece \"" + piece.getKey() + "\" has id " + piece.getValue() + "; ids have gaps");
      }
      vocabulary[id] = piece.getKey();
    }
    JsonObject normalizer =
        json.get("normalizer") instanceof JsonObject object ? object : new JsonObject();
    boolean lower = !normalizer.has("lowercase") || normalizer.bool("lowercase");
    int longest =
        model.has("max_input_chars_per_word")
            ? model.intValue("max_input_chars_per_word")
            : LONGEST_WORD;
    try {
      return new WordPiece(vocabulary, lower, longest);
    } catch (IllegalArgumentException e) {
      throw new FormatException(file, e.getMessage());
    }
  }

  static WordPiece fromJson(JsonObject json) throws FormatException {
    List<String> pieces = new ArrayList<>();
    for (Object piece : json.array("vocabulary")) {
      pieces.add(String.valueOf(piece));
    }
    if (!pieces.contains("[UNK]")) {
      throw new FormatException("word pieces without [UNK]");
    }
    return new WordPiece(
        pieces.toArray(String[]::new), json.bool("lowerCase"), json.intValue("longestWord"));
  }

  @Override
  public int size() {
    return vocabulary.length;
  }

  /** The piece of an id. */
  public String piece(int token) {
    return vocabulary[Tokenizer.requireToken(token, vocabulary.length)];
  }

  /**
   * The id of a piece, such as {@code [MASK]}.
   *
   * @throws IllegalArgumentException if the vocabulary does not have it
   */
  public int id(String piece) {
    Integer id = ids.get(piece);
    if (id == null) {
      throw new IllegalArgumentException(
          "\"" + piece + "\" is not among the " + vocabulary.length + " word pieces");
    }
    return id;
  }

  /** Whether a token is none of a text: {@code [PAD]}, {@code [CLS]} and the like. */
  public boolean isSpecial(int token) {
    return SPECIAL.matcher(piece(token)).matches();
  }

  /**
   * The pieces of a text, without anything around them. {@code [MASK]} and other special tokens
   * written in the text are taken as such.
   */
  @Override
  public int[] encode(String text) {
    List<Integer> tokens = new ArrayList<>();
    Matcher special = SPECIAL.matcher(text);
    int from = 0;
    while (special.find()) {
      encode(text.substring(from, special.start()), tokens);
      tokens.add(id(special.group()));
      from = special.end();
    }
    encode(text.substring(from), tokens);
    return tokens.stream().mapToInt(Integer::intValue).toArray();
  }

  private void encode(String text, List<Integer> tokens) {
    for (String word : WordNormalizer.words(text, lowerCase)) {
      int before = tokens.size();
      if (!cut(word, tokens)) {
        tokens.subList(before, tokens.size()).clear();
        tokens.add(id("[UNK]"));
      }
    }
  }

  /** Greedy, longest match first. */
  private boolean cut(String word, List<Integer> tokens) {
    if (word.codePointCount(0, word.length()) > longestWord) {
      return false;
    }
    int start = 0;
    while (start < word.length()) {
      int end = word.length();
      Integer id = null;
      while (end > start) {
        id = ids.get((start > 0 ? "##" : "") + word.substring(start, end));
        if (id != null) {
          break;
        }
        end -= Character.charCount(word.codePointBefore(end));
      }
      if (id == null) {
        return false;
      }
      tokens.add(id);
      start = end;
    }
    return true;
  }

  /**
   * {@code [CLS] text [SEP]}, or {@code [CLS] first [SEP] second [SEP]} for a pair: what BERT
   * reads.
   *
   * @param texts one or two
   */
  public int[] sequence(String... texts) {
    if (texts.length < 1 || texts.length > 2) {
      throw new IllegalArgumentException(
          "given " + texts.length + " texts, expected one or two to a sequence");
    }
    int[] tokens = {id("[CLS]")};
    for (String text : texts) {
      int[] pieces = encode(text);
      int at = tokens.length;
      tokens = Arrays.copyOf(tokens, at + pieces.length + 1);
      System.arraycopy(pieces, 0, tokens, at, pieces.length);
      tokens[at + pieces.length] = id("[SEP]");
    }
    return tokens;
  }

  /** Pieces with blanks between words; the exact blanks, case and accents of the text are lost. */
  @Override
  public String decode(int[] tokens) {
    StringBuilder text = new StringBuilder();
    for (int token : tokens) {
      String piece = piece(token);
      boolean within = piece.startsWith("##") && !text.isEmpty();
      text.append(within || text.isEmpty() ? "" : " ").append(within ? piece.substring(2) : piece);
    }
    return text.toString();
  }

  @Override
  public JsonObject toJson() {
    return new JsonObject()
        .put("type", "word-pieces")
        .put("lowerCase", lowerCase)
        .put("longestWord", (long) longestWord)
        .put("vocabulary", Arrays.asList(vocabulary));
  }
}
