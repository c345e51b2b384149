package org.quadrille.cli.check;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.quadrille.cli.console.CommandFailure;
import org.quadrille.formats.Checkpoint;
import org.quadrille.formats.JsonObject;
import org.quadrille.transformer.Head;
import org.quadrille.transformer.Transformer;
import org.quadrille.transformer.models.MaskedWords;
import org.quadrille.transformer.models.ModelFamily;
import org.quadrille.transformer.models.Pooling;
import org.quadrille.transformer.models.PretrainedModel;
import org.quadrille.transformer.models.SentenceEncoder;
import org.quadrille.transformer.models.TensorNames;
import org.quadrille.transformer.models.WeightSource;
import org.quadrille.transformer.text.WordPiece;

/**
 * A BERT-like model on disk with the tokenizer that goes with it: with a head for masked words it
 * is run on hidden words, without as an encoder of sentences.
 *
 * @param path file or folder
 * @param tokenizer its word pieces
 * @param config of the model; empty if it has none
 * @param pooling of sentence vectors
 */
record RunnableModel(Path path, WordPiece tokenizer, JsonObject config, Pooling pooling) {

  /**
   * A model to run.
   *
   * @param name what the user called it; bge models take the first token as the sentence
   * @param tokenizerFile {@code tokenizer.json} or {@code vocab.txt}; null if there is none
   * @throws CommandFailure saying why it cannot be run
   */
  static RunnableModel of(String name, Path path, Path tokenizerFile) throws IOException {
    JsonObject config;
    try (Checkpoint checkpoint = Checkpoint.open(path)) {
      config = PretrainedModel.config(checkpoint);
      ModelFamily family = TensorNames.of(checkpoint.names()).family();
      if (family != ModelFamily.BERT && family != ModelFamily.BERT_TENSORFLOW) {
        throw new CommandFailure(
            path + " is a " + family + " model; only sentence encoders and BERT are run here");
      }
    } catch (IllegalArgumentException e) {
      throw new CommandFailure(path + ": " + e.getMessage(), e);
    }
    if (tokenizerFile == null) {
      throw new CommandFailure(
          path + " has no tokenizer; put its tokenizer.json or vocab.txt beside it");
    }
    WordPiece tokenizer =
        tokenizerFile.toString().endsWith(".txt")
            ? WordPiece.fromVocabulary(tokenizerFile, true)
            : WordPiece.fromTokenizerJson(tokenizerFile);
    return new RunnableModel(
        path, tokenizer, config, name.startsWith("bge") ? Pooling.FIRST : Pooling.MEAN);
  }

  /** Reads the weights. */
  PretrainedModel read() throws IOException {
    try (Checkpoint checkpoint = Checkpoint.open(path)) {
      return read(WeightSource.of(checkpoint));
    }
  }

  /** The model with other weights of the same names. */
  PretrainedModel read(WeightSource weights) throws IOException {
    try {
      return PretrainedModel.read(weights, config);
    } catch (IllegalArgumentException e) {
      throw new CommandFailure(path + ": " + e.getMessage(), e);
    }
  }

  static boolean predictsWords(Transformer model) {
    return model.architecture().head() == Head.MASKED_WORDS;
  }

  SentenceEncoder encoder(Transformer model) {
    int longest = Math.min(128, model.architecture().positions());
    return SentenceEncoder.of(model, tokenizer, pooling).withLongest(longest);
  }

  MaskedWords words(Transformer model) {
    return MaskedWords.of(model, tokenizer);
  }

  /** The first sentences of a text. */
  static List<String> sentences(ShippedText text, int count) {
    List<String> all = text.sentences();
    return all.subList(0, Math.min(count, all.size()));
  }
}
