package org.quadrille.transformer.models;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.quadrille.linalg.DType;
import org.quadrille.linalg.Softmax;
import org.quadrille.linalg.Tensor;
import org.quadrille.transformer.Architecture;
import org.quadrille.transformer.Batch;
import org.quadrille.transformer.Head;
import org.quadrille.transformer.Transformer;
import org.quadrille.transformer.text.WordPiece;

/** Hidden words of a small random model. */
class MaskedWordsTest {
  private static final WordPiece TOKENIZER =
      WordPiece.of(
          List.of("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "a", "b", "c", "d", "e"), true);
  private static final Transformer MODEL =
      Transformer.random(Architecture.bert(10, 24, 12, 3, 2), DType.F64, 3);
  private static final String TEXT = "a b c d e ".repeat(20);

  @Test
  void tokensAreHiddenAtTheirPlaces() {
    MaskedWindows windows = MaskedWords.of(MODEL, TOKENIZER).hide(TEXT, 2, 6, 3, 1);
    assertArrayEquals(new int[] {2, 5, 4, 7, 8, 4, 5, 3, 2, 6, 4, 8, 9, 4, 6, 3}, windows.tokens());
    int none = Batch.IGNORE;
    assertArrayEquals(
        new int[] {
          none, none, 6, none, none, 9, none, none, none, none, 7, none, none, 5, none, none
        },
        windows.targets());
    assertArrayEquals(new int[] {2, 5, 10, 13}, windows.hiddenPlaces());
  }

  @Test
  void scoreIsTheLossOfTheModel() {
    MaskedWords words = MaskedWords.of(MODEL, TOKENIZER);
    MaskedWindows windows = words.hide(TEXT, 5, 18, 7, 3);
    MaskedWords.Score score = words.score(windows);
    assertEquals(15, score.count());
    assertEquals(MODEL.loss(windows.batch()), score.loss(), 1e-13);
    Tensor logits = MODEL.logits(windows.batch());
    int hits = 0;
    for (int place : windows.hiddenPlaces()) {
      int best = 0;
      for (int v = 1; v < 10; v++) {
        best = logits.get(place, v) > logits.get(place, best) ? v : best;
      }
      hits += best == windows.targets()[place] ? 1 : 0;
    }
    assertEquals(hits / 15.0, score.first(), 0);
  }

  @Test
  void predictionsAreSortedProbabilities() {
    List<List<MaskedWords.Prediction>> all =
        MaskedWords.of(MODEL, TOKENIZER).predict("a [MASK] c [MASK]", 10);
    assertEquals(2, all.size());
    int[] tokens = TOKENIZER.sequence("a [MASK] c [MASK]");
    Tensor expected = Softmax.of(MODEL.logits(Batch.of(tokens, 1, tokens.length)));
    for (List<MaskedWords.Prediction> one : all) {
      double sum = 0;
      for (int k = 0; k < 10; k++) {
        sum += one.get(k).probability();
        assertTrue(k == 0 || one.get(k).probability() <= one.get(k - 1).probability());
      }
      assertEquals(1, sum, 1e-12);
    }
    MaskedWords.Prediction top = all.get(1).getFirst();
    assertEquals(expected.get(4, TOKENIZER.id(top.word())), top.probability(), 1e-15);
  }

  @Test
  void refusesBadInput() {
    MaskedWords words = MaskedWords.of(MODEL, TOKENIZER);
    assertThrows(IllegalArgumentException.class, () -> words.predict("a b", 1));
    assertThrows(IllegalArgumentException.class, () -> words.predict("a [MASK]", 11));
    assertThrows(IllegalArgumentException.class, () -> words.hide("a b", 1, 6, 3, 1));
    assertThrows(IllegalArgumentException.class, () -> words.hide(TEXT, 1, 6, 3, 3));
    assertThrows(
        IllegalArgumentException.class,
        () -> MODEL.logits(words.hide(TEXT, 1, 6, 3, 1).batch(), new int[] {8}));
    Transformer headless =
        Transformer.random(Architecture.bert(10, 24, 12, 3, 1).withHead(Head.NONE), DType.F32, 1);
    assertThrows(IllegalArgumentException.class, () -> MaskedWords.of(headless, TOKENIZER));
  }
}
