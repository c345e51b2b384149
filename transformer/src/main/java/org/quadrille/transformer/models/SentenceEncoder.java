package org.quadrille.transformer.models;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.quadrille.linalg.DType;
import org.quadrille.linalg.Tensor;
import org.quadrille.transformer.Batch;
import org.quadrille.transformer.Transformer;
import org.quadrille.transformer.text.WordPiece;

/**
 * Sentences to unit vectors whose inner products say how near their meanings are (Reimers and
 * Gurevych, "Sentence-BERT", 2019).
 *
 * {@snippet :
 * SentenceEncoder encoder = SentenceEncoder.of(model, tokenizer, Pooling.MEAN);
 * Tensor vectors = encoder.encode(List.of("a man is playing a guitar", "someone plays"));
 * double cosine = SentenceEncoder.cosine(vectors, 0, 1);
 * }
 *
 * <p>Sentences go through the model in batches of similar length, shorter ones padded and masked.
 * Not thread safe, as its model is not.
 */
public final class SentenceEncoder {
  /**
   * Most tokens in a batch, padding included: the activations of a layer of width 384 then stay
   * within the cache, and products are still large.
   */
  private static final int MOST_TOKENS = 512;

  private final Transformer model;
  private final WordPiece tokenizer;
  private final Pooling pooling;
  private final int longest;

  private SentenceEncoder(Transformer model, WordPiece tokenizer, Pooling pooling, int longest) {
    this.model = model;
    this.tokenizer = tokenizer;
    this.pooling = pooling;
    this.longest = longest;
  }

  /**
   * An encoder; sentences may be as long as the model has positions.
   *
   * @throws IllegalArgumentException if the tokenizer has more tokens than the model
   */
  public static SentenceEncoder of(Transformer model, WordPiece tokenizer, Pooling pooling) {
    if (tokenizer.size() > model.architecture().vocabulary()) {
      throw new IllegalArgumentException(
          "the tokenizer has "
              + tokenizer.size()
              + " tokens, the model "
              + model.architecture().vocabulary()
              + "; use the tokenizer that the model was trained with");
    }
    return new SentenceEncoder(model, tokenizer, pooling, model.architecture().positions());
  }

  /**
   * The same, but longer sequences are cut.
   *
   * @param tokens at least 2, at most the positions of the model
   */
  public SentenceEncoder withLongest(int tokens) {
    if (tokens < 2 || tokens > model.architecture().positions()) {
      throw new IllegalArgumentException(
          tokens + " tokens, expected 2 to " + model.architecture().positions());
    }
    return new SentenceEncoder(model, tokenizer, pooling, tokens);
  }

  /** The model. */
  public Transformer model() {
    return model;
  }

  /**
   * The vectors of sentences.
   *
   * @param sentences any text; cut after {@link #withLongest} tokens
   * @return new, shape [sentences, width], rows of norm 1
   */
  public Tensor encode(List<String> sentences) {
    return encodeTokens(sentences.stream().map(this::tokens).toList());
  }

  /** The tokens of a sentence with {@code [CLS]} and {@code [SEP]}, cut if too long. */
  public int[] tokens(String sentence) {
    int[] tokens = tokenizer.sequence(sentence);
    if (tokens.length <= longest) {
      return tokens;
    }
    int[] cut = Arrays.copyOf(tokens, longest);
    cut[longest - 1] = tokens[tokens.length - 1];
    return cut;
  }

  /**
   * The vectors of token sequences.
   *
   * @param sequences each at least one token and at most as many as the model has positions
   * @return new, shape [sequences, width], rows of norm 1
   */
  public Tensor encodeTokens(List<int[]> sequences) {
    if (sequences.isEmpty()) {
      throw new IllegalArgumentException("sentences: none given, expected at least one");
    }
    int width = model.architecture().width();
    Tensor vectors = Tensor.zeros(model.dtype(), sequences.size(), width);
    List<Integer> order =
        IntStream.range(0, sequences.size())
            .boxed()
            .sorted(Comparator.comparingInt(i -> -sequences.get(i).length))
            .toList();
    for (int from = 0; from < order.size(); ) {
      int length = sequences.get(order.get(from)).length;
      int count = Math.clamp(MOST_TOKENS / Math.max(length, 1), 1, order.size() - from);
      encodeBatch(sequences, order.subList(from, from + count), length, vectors);
      from += count;
    }
    return vectors;
  }

  private void encodeBatch(List<int[]> sequences, List<Integer> chosen, int length, Tensor out) {
    int[] tokens = new int[chosen.size() * length];
    boolean[] mask = new boolean[tokens.length];
    boolean padded = false;
    for (int i = 0; i < chosen.size(); i++) {
      int[] sequence = sequences.get(chosen.get(i));
      System.arraycopy(sequence, 0, tokens, i * length, sequence.length);
      Arrays.fill(mask, i * length, i * length + sequence.length, true);
      padded |= sequence.length < length;
    }
    Batch batch = Batch.of(tokens, chosen.size(), length);
    Tensor hidden = model.hidden(padded ? batch.withMask(mask) : batch);
    for (int i = 0; i < chosen.size(); i++) {
      int used = sequences.get(chosen.get(i)).length;
      pool(hidden.slice(0, i * length, i * length + used), out.row(chosen.get(i)));
    }
  }

  /** The pooled rows, of norm 1; sums in double. */
  private void pool(Tensor rows, Tensor out) {
    double[] pooled = pooled(rows);
    double norm = norm(pooled);
    for (int j = 0; j < pooled.length; j++) {
      out.set(norm == 0 ? 0 : pooled[j] / norm, j);
    }
  }

  private double[] pooled(Tensor rows) {
    int used = pooling == Pooling.MEAN ? rows.size(0) : 1;
    double[] sums = new double[rows.size(1)];
    for (int i = 0; i < used; i++) {
      for (int j = 0; j < sums.length; j++) {
        sums[j] += element(rows, i, j);
      }
    }
    for (int j = 0; j < sums.length; j++) {
      sums[j] /= used;
    }
    return sums;
  }

  private static double element(Tensor rows, int i, int j) {
    int at = rows.offset() + i * rows.stride(0) + j;
    return rows.dtype() == DType.F32 ? rows.floats()[at] : rows.doubles()[at];
  }

  private static double norm(double[] vector) {
    double sum = 0;
    for (double x : vector) {
      sum += x * x;
    }
    return Math.sqrt(sum);
  }

  /**
   * The product {@code v . f} for one sequence, f its unit vector, and its gradient by the hidden
   * states: with the pooled vector p, {@code d(v . f)/dp = (v - (v . f) f) / |p|}.
   *
   * @param hidden shape [tokens, width]
   * @param direction v
   * @param gradient of the shape of hidden, overwritten; null if none is wanted
   * @return {@code v . f}
   */
  public double project(Tensor hidden, double[] direction, Tensor gradient) {
    double[] pooled = pooled(hidden);
    double norm = norm(pooled);
    double product = 0;
    for (int j = 0; j < pooled.length; j++) {
      product += direction[j] * pooled[j] / norm;
    }
    if (gradient == null) {
      return product;
    }
    int used = pooling == Pooling.MEAN ? hidden.size(0) : 1;
    gradient.fill(0);
    for (int i = 0; i < used; i++) {
      for (int j = 0; j < pooled.length; j++) {
        double slope = (direction[j] - product * pooled[j] / norm) / norm;
        gradient.set(slope / used, i, j);
      }
    }
    return product;
  }

  /** The inner product of two rows of a matrix, which is the cosine of unit vectors. */
  public static double cosine(Tensor vectors, int a, int b) {
    return cosine(vectors.row(a), vectors.row(b));
  }

  /** The inner product of two vectors, which is the cosine of unit vectors. */
  public static double cosine(Tensor a, Tensor b) {
    double[] x = a.toDoubles();
    double[] y = b.toDoubles();
    double sum = 0;
    for (int j = 0; j < x.length; j++) {
      sum += x[j] * y[j];
    }
    return sum;
  }
}
