package org.quadrille.jmh;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.quadrille.cli.check.ShippedText;
import org.quadrille.cli.input.ModelStore;
import org.quadrille.transformer.models.Pooling;
import org.quadrille.transformer.models.PretrainedModel;
import org.quadrille.transformer.models.SentenceEncoder;
import org.quadrille.transformer.text.WordPiece;

/**
 * Vectors of 300 sentences of Moby Dick (6821 tokens) by all-MiniLM-L6-v2, in milliseconds, against
 * ONNX Runtime on the same batches. Tokens are ready; the vectors of both are compared before
 * anything is timed. The model must be there: {@code quadrille compress minilm --bits 4} obtains
 * it.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 4, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(
    value = 1,
    jvmArgsAppend = {"--add-modules", "jdk.incubator.vector", "-Xmx2g"})
public class SentenceBenchmark {
  private static final String MODEL = "minilm";
  private static final int SENTENCES = 300;

  /** What both libraries are given at once, padding included. */
  private static final int MOST_TOKENS = 512;

  /** The library. */
  @Param({"quadrille", "onnxruntime"})
  public String library;

  /** Threads. */
  @Param({"1", "2"})
  public int threads;

  private List<int[]> sequences;
  private SentencePeer peer;

  /** Reads the model and compares the vectors of both libraries. */
  @Setup
  public void prepare() throws IOException {
    Path path =
        ModelStore.standard()
            .present(MODEL)
            .orElseThrow(
                () ->
                    new IllegalStateException(
                        "the model minilm is not there; quadrille compress minilm --bits 4 obtains"
                            + " it"));
    Path tokenizer = path.resolveSibling("all-minilm-l6-v2-tokenizer.json");
    SentenceEncoder encoder =
        SentenceEncoder.of(
            PretrainedModel.read(path).transformer(),
            WordPiece.fromTokenizerJson(tokenizer),
            Pooling.MEAN);
    sequences =
        ShippedText.ESTIMATION.sentences().stream().limit(SENTENCES).map(encoder::tokens).toList();
    SentencePeer ours = SentencePeer.quadrille(encoder, threads);
    SentencePeer other = SentencePeer.onnxRuntime(path, threads, MOST_TOKENS);
    requireSame(ours.encode(sequences), other.encode(sequences));
    peer = library.equals("quadrille") ? ours : other;
  }

  private static void requireSame(float[][] a, float[][] b) {
    for (int i = 0; i < a.length; i++) {
      for (int j = 0; j < a[i].length; j++) {
        if (!(Math.abs(a[i][j] - b[i][j]) < 1e-5)) {
          throw new IllegalStateException(
              "vector " + i + " differs at " + j + ": " + a[i][j] + " and " + b[i][j]);
        }
      }
    }
  }

  /** All vectors. */
  @Benchmark
  public float[][] encode() {
    return peer.encode(sequences);
  }
}
