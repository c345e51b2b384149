package org.quadrille.transformer.text;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.quadrille.formats.FormatException;

/** Word pieces against ids by the published tokenizer of BERT. */
class WordPieceTest {

  private static final String SENTENCE =
      "Call me Ishmael. Zernike polynomials' unbelievably-fast quadrature, na\u00efve caf\u00e9; 3.14159!";

  private static final int[] IDS = {
    101, 2655, 2033, 2003, 22444, 2884, 1012, 27838, 26437, 2063, 28175, 1005, 4895, 8671, 2666,
    3567, 6321, 1011, 3435, 17718, 8609, 5397, 1010, 15743, 7668, 1025, 1017, 1012, 15471, 28154,
    999, 102
  };

  /** The pieces of these ids. */
  private static final String[] PIECES = {
    "[CLS]", "call", "me", "is", "##hma", "##el", ".", "ze", "##rnik", "##e", "polynomials", "'",
    "un", "##bel", "##ie", "##va", "##bly", "-", "fast", "quad", "##rat", "##ure", ",", "naive",
    "cafe", ";", "3", ".", "141", "##59", "!", "[SEP]"
  };

  /** That part of the vocabulary which the sentence meets, at its ids, and shorter pieces. */
  private static List<String> vocabulary() {
    List<String> pieces = new ArrayList<>();
    for (int i = 0; i < 30_522; i++) {
      pieces.add("[unused" + i + "]");
    }
    String[] shorter = {"c", "##l", "ca", "na", "##i", "po", "##ly", "1", "14", "##1", "qu", "b"};
    for (int i = 0; i < shorter.length; i++) {
      pieces.set(29_000 + i, shorter[i]);
    }
    pieces.set(0, "[PAD]");
    pieces.set(100, "[UNK]");
    pieces.set(103, "[MASK]");
    for (int i = 0; i < IDS.length; i++) {
      pieces.set(IDS[i], PIECES[i]);
    }
    return pieces;
  }

  @Test
  void agreesWithThePublishedTokenizer() {
    assertArrayEquals(IDS, WordPiece.of(vocabulary(), true).sequence(SENTENCE));
  }

  @Tag("real-data")
  @Test
  void agreesWithThePublishedTokenizerOnRealVocabularies() throws IOException {
    String home = System.getProperty("quadrille.home", "..");
    Path root =
        Path.of(
            System.getProperty("quadrille.realdata", Path.of(home, "target/real-data").toString()));
    List<Path> files =
        List.of(
            root.resolve("minilm/all-minilm-l6-v2-tokenizer.json"),
            root.resolve("e5-small/e5-small-v2-tokenizer.json"),
            root.resolve("bge-small/bge-small-en-v1.5-tokenizer.json"),
            root.resolve("bert-base/vocab.txt"));
    assumeTrue(files.stream().anyMatch(Files::exists), () -> root + " has not been fetched");
    for (Path file : files) {
      if (Files.exists(file)) {
        WordPiece tokenizer = (WordPiece) Tokenizer.load(file);
        assertEquals(30_522, tokenizer.size());
        assertArrayEquals(IDS, tokenizer.sequence(SENTENCE), file.toString());
      }
    }
  }

  @Test
  void takesTheLongestPieceAndTheUnknownTokenForTheRest() {
    WordPiece tokenizer =
        WordPiece.of(List.of("[UNK]", "un", "##aff", "##able", "una", "##ff", "[MASK]"), true);
    assertArrayEquals(new int[] {4, 5, 3}, tokenizer.encode("unaffable"));
    assertArrayEquals(new int[] {0, 1}, tokenizer.encode("unaffiable un"));
    assertArrayEquals(new int[] {1, 6, 0}, tokenizer.encode("un[MASK]."));
    assertArrayEquals(new int[] {0}, tokenizer.encode("un".repeat(51)));
    assertEquals("unaffable un", tokenizer.decode(new int[] {4, 5, 3, 1}));
    assertTrue(tokenizer.isSpecial(6));
  }

  @Test
  void cutsWordsAsBertDoes() {
    assertEquals(
        List.of("ah", "\u535a", "\u63a8", "zz", "$", "5", ",", "000", "_", "x"),
        WordNormalizer.words(" ah\u535a\u63a8zz\t$5,000_X \u0000\ufffd\u200d", true));
    assertEquals(
        List.of("\u00c9t\u00e9", "\u3001"), WordNormalizer.words("\u00c9t\u00e9\u3001", false));
    assertEquals(List.of("ete"), WordNormalizer.words("\u00c9t\u00e9", true));
    assertEquals(List.of(), WordNormalizer.words(" \n\u00a0", true));
  }

  @Test
  void readsTokenizerJson(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("tokenizer.json");
    Files.writeString(
        file,
        """
        {"normalizer": {"type": "BertNormalizer", "lowercase": false},
         "model": {"type": "WordPiece", "unk_token": "[UNK]", "continuing_subword_prefix": "##",
                   "max_input_chars_per_word": 4, "vocab": {"[UNK]": 0, "A": 2, "a": 1}}}
        """);
    Tokenizer tokenizer = Tokenizer.load(file);
    assertArrayEquals(new int[] {2, 1, 0}, tokenizer.encode("A a aaaaa"));
    for (String broken :
        List.of(
            "{\"model\": {\"type\": \"BPE\", \"vocab\": {}}}",
            "{\"model\": {\"vocab\": {\"[UNK]\": 1}}}",
            "{\"model\": {\"vocab\": {\"[UNK]\": 0, \"a\": 0}}}",
            "{\"model\": {\"vocab\": {\"a\": 0}}}")) {
      Files.writeString(file, broken);
      assertThrows(FormatException.class, () -> Tokenizer.load(file), broken);
    }
  }

  @Test
  void pairsHaveASeparatorBetween() {
    WordPiece tokenizer = WordPiece.of(List.of("[UNK]", "[CLS]", "[SEP]", "a", "b"), true);
    assertArrayEquals(new int[] {1, 3, 2, 4, 4, 2}, tokenizer.sequence("a", "b b"));
    assertThrows(IllegalArgumentException.class, () -> tokenizer.sequence());
    assertThrows(IllegalArgumentException.class, () -> tokenizer.id("c"));
    assertThrows(IllegalArgumentException.class, () -> WordPiece.of(List.of("a"), true));
  }
}
