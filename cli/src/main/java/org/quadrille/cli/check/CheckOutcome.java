package org.quadrille.cli.check;

import org.quadrille.cli.console.Units;
import org.quadrille.formats.JsonObject;
import org.quadrille.linalg.Tensor;
import org.quadrille.transformer.models.MaskedWords;
import org.quadrille.transformer.models.SentenceEncoder;

/** What compression did to what a model computes. */
public sealed interface CheckOutcome {

  /** One line for people. */
  String words();

  /** The JSON object {@code check}. */
  JsonObject toJson();

  /**
   * Vectors of sentences before and after.
   *
   * @param sentences number of sentences
   * @param meanCosine mean cosine between the two vectors of a sentence
   * @param leastCosine the least of them
   * @param sameNearest share of sentences whose nearest other sentence is the same
   */
  record Sentences(int sentences, double meanCosine, double leastCosine, double sameNearest)
      implements CheckOutcome {

    /** Compares row i of one matrix of unit vectors with row i of the other. */
    public static Sentences between(Tensor before, Tensor after) {
      int n = before.size(0);
      double sum = 0;
      double least = 1;
      int same = 0;
      for (int i = 0; i < n; i++) {
        double cosine = SentenceEncoder.cosine(before.row(i), after.row(i));
        sum += cosine;
        least = Math.min(least, cosine);
        same += nearest(before, i) == nearest(after, i) ? 1 : 0;
      }
      return new Sentences(n, sum / n, least, (double) same / n);
    }

    private static int nearest(Tensor vectors, int i) {
      int nearest = -1;
      double best = Double.NEGATIVE_INFINITY;
      for (int j = 0; j < vectors.size(0); j++) {
        double cosine = j == i ? Double.NEGATIVE_INFINITY : SentenceEncoder.cosine(vectors, i, j);
        if (cosine > best) {
          best = cosine;
          nearest = j;
        }
      }
      return nearest;
    }

    @Override
    public String words() {
      return "vectors of "
          + sentences
          + " sentences: mean cosine "
          + Units.fixed(meanCosine, 4)
          + " to the original (least "
          + Units.fixed(leastCosine, 4)
          + "), same nearest sentence for "
          + Units.percent(sameNearest);
    }

    @Override
    public JsonObject toJson() {
      return new JsonObject()
          .put("kind", "sentences")
          .put("sentences", sentences)
          .put("meanCosine", meanCosine)
          .put("leastCosine", leastCosine)
          .put("sameNearest", sameNearest);
    }
  }

  /**
   * Prediction of hidden words before and after.
   *
   * @param before of the original model
   * @param after of the compressed model
   */
  record Words(MaskedWords.Score before, MaskedWords.Score after) implements CheckOutcome {
    @Override
    public String words() {
      return "prediction of "
          + before.count()
          + " hidden words: loss "
          + Units.fixed(before.loss(), 3)
          + " -> "
          + Units.fixed(after.loss(), 3)
          + " nats, right at once "
          + Units.percent(before.first())
          + " -> "
          + Units.percent(after.first());
    }

    @Override
    public JsonObject toJson() {
      return new JsonObject()
          .put("kind", "maskedWords")
          .put("words", before.count())
          .put("lossBefore", before.loss())
          .put("lossAfter", after.loss())
          .put("firstBefore", before.first())
          .put("firstAfter", after.first());
    }
  }
}
