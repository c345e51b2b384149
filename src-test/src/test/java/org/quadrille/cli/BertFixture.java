package org.quadrille.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.quadrille.formats.AtomicFile;
import org.quadrille.linalg.DType;
import org.quadrille.linalg.Tensors;
import org.quadrille.transformer.Architecture;
import org.quadrille.transformer.Head;
import org.quadrille.transformer.Transformer;
import org.quadrille.transformer.models.ModelFamily;
import org.quadrille.transformer.models.PretrainedModel;
import org.quadrille.transformer.models.TensorNames;

/** A small BERT of random numbers with a vocabulary of letters and some words. */
public final class BertFixture {
  private BertFixture() {}

  /** Writes model.safetensors, config.json and vocab.txt; the path of the model. */
  public static Path write(Path folder, Head head) throws IOException {
    List<String> vocabulary =
        Stream.concat(
                Stream.of("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "the", "of", "and"),
                IntStream.rangeClosed('a', 'z')
                    .boxed()
                    .flatMap(c -> Stream.of(Character.toString(c), "##" + Character.toString(c))))
            .toList();
    AtomicFile.writeText(folder.resolve("vocab.txt"), String.join("\n", vocabulary) + "\n");
    AtomicFile.writeText(folder.resolve("config.json"), "{\"num_attention_heads\": 4}");
    Architecture architecture = Architecture.bert(vocabulary.size(), 256, 32, 4, 2).withHead(head);
    Tensors weights = Transformer.random(architecture, DType.F32, 3).parameters();
    Random random = new Random(1);
    // Weights of the size of trained ones, so that tokens matter.
    weights.forEach(
        (name, tensor) -> {
          for (int i = 0; i < tensor.length(); i++) {
            tensor.floats()[i] += 0.1f * (float) random.nextGaussian();
          }
        });
    Path file = folder.resolve("model.safetensors");
    PretrainedModel.of(new TensorNames(ModelFamily.BERT, "", false), architecture, weights)
        .write(file);
    return file;
  }
}
