package org.quadrille.transformer.text;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.quadrille.formats.FormatException;
import org.quadrille.formats.Json;

/** Characters, bytes and byte pairs. */
class TokenizerTest {

  @Test
  void theTextsOfTheStudiesHaveOneAlphabet() throws IOException {
    String alphabet = "\n !'(),-.:;?abcdefghijklmnopqrstuvwxyz";
    CharacterTokenizer bible = CharacterTokenizer.of(ShippedText.bible());
    assertEquals(alphabet, bible.alphabet());
    assertEquals(alphabet, CharacterTokenizer.of(ShippedText.jargon()).alphabet());
    assertEquals(38, bible.size());
    assertEquals(1_299_968, bible.encode(ShippedText.bible()).length);
    assertEquals(1_099_670, bible.encode(ShippedText.jargon()).length);
    assertArrayEquals(new int[] {12, 37, 0, 1, 11}, bible.encode("az\n ?"));
  }

  @Test
  void charactersOutsideThePlaneAreOneToken() {
    CharacterTokenizer tokenizer = CharacterTokenizer.of("a\uD83D\uDE00b");
    assertEquals(3, tokenizer.size());
    assertArrayEquals(new int[] {2, 0}, tokenizer.encode("\uD83D\uDE00a"));
    assertEquals("\uD83D\uDE00a", tokenizer.decode(new int[] {2, 0}));
  }

  @Test
  void refusesWhatIsNotInTheAlphabet() {
    CharacterTokenizer tokenizer = CharacterTokenizer.of("abc");
    IllegalArgumentException error =
        assertThrows(IllegalArgumentException.class, () -> tokenizer.encode("abd"));
    assertTrue(error.getMessage().contains("U+0064 at position 2"), error.getMessage());
    assertThrows(IllegalArgumentException.class, () -> tokenizer.decode(new int[] {3}));
    assertThrows(IllegalArgumentException.class, () -> tokenizer.decode(new int[] {-1}));
    assertThrows(IllegalArgumentException.class, () -> CharacterTokenizer.of(""));
  }

  @Property(tries = 200)
  void bytesAndBytePairsRestoreEveryText(@ForAll String text) {
    // Text with an unpaired surrogate is no text that UTF-8 can hold.
    String whole = text.replaceAll("[\\x{D800}-\\x{DFFF}]", "?");
    assertEquals(whole, ByteTokenizer.INSTANCE.decode(ByteTokenizer.INSTANCE.encode(whole)));
    BytePairEncoding pairs = BytePairEncoding.train(whole + whole, 300);
    assertEquals(whole, pairs.decode(pairs.encode(whole)));
    assertEquals(whole, String.join("", Pieces.of(whole)));
  }

  @Test
  void cutsTextIntoWordsAsPublished() {
    assertEquals(
        List.of("Hello", " world", "'s", "  ", " 42", "nd", "!!", "\n\n", " \u00e9t\u00e9"),
        Pieces.of("Hello world's   42nd!!\n\n \u00e9t\u00e9"));
  }

  /** Counts all pairs anew for every merge. */
  private static List<long[]> slowMerges(String text, int wanted) {
    List<List<Integer>> words = new ArrayList<>();
    for (String piece : Pieces.of(text)) {
      List<Integer> word = new ArrayList<>();
      for (int token : ByteTokenizer.INSTANCE.encode(piece)) {
        word.add(token);
      }
      words.add(word);
    }
    List<long[]> merges = new ArrayList<>();
    while (merges.size() < wanted) {
      Map<Long, Integer> counts = new TreeMap<>();
      for (List<Integer> word : words) {
        for (int i = 0; i + 1 < word.size(); i++) {
          counts.merge(word.get(i) * 100_000L + word.get(i + 1), 1, Integer::sum);
        }
      }
      long best = -1;
      int most = 1;
      for (Map.Entry<Long, Integer> entry : counts.entrySet()) {
        if (entry.getValue() > most) {
          most = entry.getValue();
          best = entry.getKey();
        }
      }
      if (best < 0) {
        return merges;
      }
      int left = (int) (best / 100_000);
      int right = (int) (best % 100_000);
      int joined = 256 + merges.size();
      merges.add(new long[] {left, right});
      for (List<Integer> word : words) {
        for (int i = 0; i + 1 < word.size(); i++) {
          if (word.get(i) == left && word.get(i + 1) == right) {
            word.set(i, joined);
            word.remove(i + 1);
          }
        }
      }
    }
    return merges;
  }

  @Test
  void mergesTheMostFrequentPairFirst() throws IOException {
    for (String text :
        List.of(
            ShippedText.bible().substring(0, 12_000),
            ShippedText.jargon().substring(5000, 15_000),
            "aaaaaaa aaaa aaa",
            "abababab abab ab",
            "")) {
      BytePairEncoding fast = BytePairEncoding.train(text, 256 + 150);
      List<long[]> slow = slowMerges(text, 150);
      assertArrayEquals(
          slow.stream().mapToLong(m -> m[0]).toArray(), fast.toJson().integers("left"));
      assertArrayEquals(
          slow.stream().mapToLong(m -> m[1]).toArray(), fast.toJson().integers("right"));
    }
  }

  @Test
  void bytePairsShortenTextTheyHaveNotSeen() throws IOException {
    BytePairEncoding tokenizer =
        BytePairEncoding.train(ShippedText.bible().substring(0, 200_000), 1000);
    assertEquals(1000, tokenizer.size());
    String unseen = ShippedText.bible().substring(900_000, 950_000);
    int[] tokens = tokenizer.encode(unseen);
    assertEquals(unseen, tokenizer.decode(tokens));
    assertTrue(tokens.length < 0.45 * unseen.length(), tokens.length + " tokens");
  }

  @Test
  void savedTokenizersReadTheSame(@TempDir Path folder) throws IOException {
    String text = "In the beginning God created the heaven and the earth.";
    for (Tokenizer tokenizer :
        List.of(
            CharacterTokenizer.of(text),
            ByteTokenizer.INSTANCE,
            BytePairEncoding.train(text, 270),
            WordPiece.of(List.of("[UNK]", "in", "the", "##e"), true))) {
      Path file = folder.resolve("tokenizer.json");
      tokenizer.save(file);
      Tokenizer read = Tokenizer.load(file);
      assertEquals(tokenizer.getClass(), read.getClass());
      assertEquals(tokenizer.size(), read.size());
      assertArrayEquals(tokenizer.encode(text), read.encode(text));
    }
  }

  @Test
  void refusesBrokenFiles() {
    for (String json :
        List.of(
            "{\"type\": \"magic\"}",
            "{\"type\": \"characters\", \"alphabet\": \"\"}",
            "{\"type\": \"byte-pairs\", \"left\": [1], \"right\": [1, 2]}",
            "{\"type\": \"byte-pairs\", \"left\": [256], \"right\": [1]}",
            "{\"type\": \"byte-pairs\", \"left\": [-1], \"right\": [1]}",
            "{\"type\": \"word-pieces\", \"vocabulary\": [], \"lowerCase\": true,"
                + " \"longestWord\": 100}")) {
      assertThrows(FormatException.class, () -> Tokenizer.of(Json.parseObject(json)), json);
    }
    assertThrows(IllegalArgumentException.class, () -> BytePairEncoding.train("abc", 255));
  }
}
