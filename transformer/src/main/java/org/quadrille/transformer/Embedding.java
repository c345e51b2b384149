package org.quadrille.transformer;

import org.quadrille.linalg.MatrixProduct;
import org.quadrille.linalg.Tensor;

/**
 * The first rows of the residual stream: token (or patch) plus position plus type, normalized in
 * models that normalize after sums.
 */
final class Embedding {
  private static final String TOKEN = "embeddings.token.weight";
  private static final String POSITION = "embeddings.position.weight";
  private static final String TYPE = "embeddings.type.weight";
  private static final String CLASS = "class.token";

  private final Architecture architecture;
  private final Tensor token;
  private final Tensor position;
  private final Tensor type;
  private final Tensor classToken;
  private final Linear patches;
  private final Norm norm;

  Embedding(ModelParts parts) {
    this.architecture = parts.architecture();
    boolean vision = architecture.patchInputs() > 0;
    this.token = vision ? null : parts.parameters().get(TOKEN);
    this.position = architecture.rotaryBase() == 0 ? parts.parameters().get(POSITION) : null;
    this.type = architecture.types() > 0 ? parts.parameters().get(TYPE) : null;
    this.classToken = vision ? parts.parameters().get(CLASS) : null;
    this.patches = vision ? parts.linear("patches") : null;
    this.norm = architecture.normFirst() ? null : parts.norm("embeddings.norm");
  }

  /** Writes the sums into {@code pass.sums()} and the result into {@code pass.embedded()}. */
  void forward(Batch batch, Pass pass, Dropout dropout, int firstPosition) {
    Tensor sums = pass.sums();
    int rows = batch.rows();
    if (patches == null) {
      RowLoops.gather(token, batch.tokens(), rows, sums);
    } else {
      patches.forward(patchRows(batch), pass.patches());
      int perImage = batch.length() - 1;
      for (int s = 0; s < batch.sequences(); s++) {
        int at = s * batch.length();
        sums.row(at).assign(classToken);
        sums.slice(0, at + 1, at + batch.length())
            .assign(pass.patches().slice(0, s * perImage, (s + 1) * perImage));
      }
    }
    if (position != null) {
      RowLoops.spreadPeriodic(position, firstPosition, batch.length(), sums);
    }
    if (type != null) {
      RowLoops.gatherAdd(type, types(batch), rows, sums);
    }
    if (norm != null) {
      norm.forward(sums, pass.embedded(), pass.embeddedStatistics());
    }
    if (dropout.embedding() != null) {
      RowLoops.drop(dropout.embedding(), pass.embedded(), pass.embedded());
    }
  }

  /** Adds the gradients; {@code pass.backward().stream()} holds that of the embedding. */
  void backward(Batch batch, Pass pass, Dropout dropout, Gradients gradients) {
    Tensor stream = pass.backward().stream();
    if (dropout.embedding() != null) {
      RowLoops.drop(dropout.embedding(), stream, stream);
    }
    if (norm != null) {
      norm.backward(pass.sums(), pass.embeddedStatistics(), stream, stream, gradients);
    }
    int rows = batch.rows();
    if (gradients.wants(TOKEN)) {
      RowLoops.scatterAdd(stream, batch.tokens(), rows, gradients.of(TOKEN));
    }
    if (gradients.wants(POSITION)) {
      RowLoops.addPeriodic(stream, batch.length(), gradients.of(POSITION));
    }
    if (gradients.wants(TYPE)) {
      RowLoops.scatterAdd(stream, types(batch), rows, gradients.of(TYPE));
    }
    if (patches != null) {
      patchesBackward(batch, pass, stream, gradients);
    }
  }

  private void patchesBackward(Batch batch, Pass pass, Tensor stream, Gradients gradients) {
    int perImage = batch.length() - 1;
    for (int s = 0; s < batch.sequences(); s++) {
      int at = s * batch.length();
      if (gradients.wants(CLASS)) {
        Tensor one = Tensor.zeros(stream.dtype(), 1).fill(1);
        MatrixProduct.multiply(
            1, stream.slice(0, at, at + 1).transpose(), one, 1, gradients.of(CLASS));
      }
      pass.patches()
          .slice(0, s * perImage, (s + 1) * perImage)
          .assign(stream.slice(0, at + 1, at + batch.length()));
    }
    patches.backward(patchRows(batch), pass.patches(), null, 0, gradients);
  }

  /** Whether any gradient of the embedding is wanted apart from the use of tokens as outputs. */
  static boolean wanted(Gradients gradients) {
    return gradients.wantsAny("embeddings.")
        || gradients.wantsAny("patches.")
        || gradients.wants(CLASS);
  }

  private Tensor patchRows(Batch batch) {
    int count = batch.sequences() * (batch.length() - 1);
    return batch.patches().reshape(count, architecture.patchInputs());
  }

  private static int[] types(Batch batch) {
    return batch.types() != null ? batch.types() : new int[batch.rows()];
  }
}
