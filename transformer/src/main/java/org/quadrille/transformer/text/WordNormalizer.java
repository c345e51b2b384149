package org.quadrille.transformer.text;

import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;

/**
 * Cuts text into words as BERT does (Devlin et al. 2019, published tokenizer): control characters
 * dropped; for lower-cased models accents dropped (canonical decomposition without marks) and
 * letters lower-cased; cut at blanks; every punctuation mark and every Chinese character a word of
 * its own.
 */
final class WordNormalizer {
  private WordNormalizer() {}

  static List<String> words(String text, boolean lowerCase) {
    String source = lowerCase ? Normalizer.normalize(text, Normalizer.Form.NFD) : text;
    List<String> words = new ArrayList<>();
    StringBuilder word = new StringBuilder();
    for (int i = 0; i < source.length(); ) {
      int c = source.codePointAt(i);
      i += Character.charCount(c);
      int type = Character.getType(c);
      boolean dropped = isControl(c, type) || (lowerCase && type == Character.NON_SPACING_MARK);
      if (isBlank(c, type)) {
        end(word, words);
      } else if (!dropped && (isPunctuation(c, type) || isChinese(c))) {
        end(word, words);
        words.add(Character.toString(c));
      } else if (!dropped) {
        word.appendCodePoint(lowerCase ? Character.toLowerCase(c) : c);
      }
    }
    end(word, words);
    return words;
  }

  private static void end(StringBuilder word, List<String> words) {
    if (!word.isEmpty()) {
      words.add(word.toString());
      word.setLength(0);
    }
  }

  private static boolean isBlank(int c, int type) {
    return c == '\t' || c == '\n' || c == '\r' || type == Character.SPACE_SEPARATOR;
  }

  private static boolean isControl(int c, int type) {
    return c == 0
        || c == 0xfffd
        || type == Character.CONTROL
        || type == Character.FORMAT
        || type == Character.UNASSIGNED
        || type == Character.PRIVATE_USE;
  }

  /** All ASCII that is neither letter, digit nor blank counts, also $ and ^. */
  private static boolean isPunctuation(int c, int type) {
    return (c >= 33 && c <= 47)
        || (c >= 58 && c <= 64)
        || (c >= 91 && c <= 96)
        || (c >= 123 && c <= 126)
        || type == Character.CONNECTOR_PUNCTUATION
        || type == Character.DASH_PUNCTUATION
        || type == Character.START_PUNCTUATION
        || type == Character.END_PUNCTUATION
        || type == Character.INITIAL_QUOTE_PUNCTUATION
        || type == Character.FINAL_QUOTE_PUNCTUATION
        || type == Character.OTHER_PUNCTUATION;
  }

  /** The blocks of Chinese characters; Japanese and Korean alphabets are not among them. */
  private static boolean isChinese(int c) {
    return (c >= 0x4e00 && c <= 0x9fff)
        || (c >= 0x3400 && c <= 0x4dbf)
        || (c >= 0x20000 && c <= 0x2a6df)
        || (c >= 0x2a700 && c <= 0x2ceaf)
        || (c >= 0xf900 && c <= 0xfaff)
        || (c >= 0x2f800 && c <= 0x2fa1f);
  }
}
