package org.quadrille.transformer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.quadrille.linalg.DType;
import org.quadrille.linalg.LinearOperator;
import org.quadrille.linalg.ParametricOperator;
import org.quadrille.linalg.Tensor;
import org.quadrille.linalg.Tensors;
import org.quadrille.optim.Objective;

/**
 * A transformer: forward pass, loss, and the gradient by hand-written reverse mode.
 *
 * <p>The weights are the live tensors of {@link #parameters()}: what an optimizer writes there is
 * what the next pass uses. Every linear map of a layer is a {@link LinearOperator} and can be
 * replaced ({@link #withOperator}): a quantized matrix, or a frozen one plus a low-rank update,
 * trains and runs through the same code.
 *
 * {@snippet :
 * Transformer model = Transformer.random(Architecture.gpt(256, 128, 64, 4, 2), DType.F32, 1);
 * Batch batch = Batch.of(tokens, 8, 128).withTargets(next);
 * Tensors gradients = model.parameters().zerosLike();
 * double loss = model.objective(batch).lossAndGradient(model.parameters(), gradients);
 * }
 *
 * <p>Buffers are kept from call to call for the batch size used last: a training step allocates no
 * arrays after the first. Results have the same bits for any number of threads and either backend.
 * Not thread safe.
 */
public final class Transformer {
  private final Architecture architecture;
  private final ModelParts parts;
  private final Tensors parameters;
  private final DType dtype;
  private final Embedding embedding;
  private final List<Layer> layers = new ArrayList<>();
  private final Norm finalNorm;
  private final TokenHead tokenHead;
  private final Classifier classifier;
  private Pass trainingPass;
  private Pass inferencePass;
  private Gradients lastGradients;

  private Transformer(ModelParts parts) {
    this.parts = parts;
    this.architecture = parts.architecture();
    this.parameters = live(parts);
    this.dtype = parameters.get(parameters.names().iterator().next()).dtype();
    this.embedding = new Embedding(parts);
    Rotary rotary =
        architecture.rotaryBase() == 0
            ? null
            : new Rotary(
                architecture.positions(), architecture.headSize(), architecture.rotaryBase());
    for (int l = 0; l < architecture.layers(); l++) {
      layers.add(new Layer(l, parts, rotary));
    }
    this.finalNorm = architecture.normFirst() ? parts.norm("final.norm") : null;
    this.tokenHead = architecture.head() == Head.NONE ? null : new TokenHead(parts);
    this.classifier = architecture.classes() == 0 ? null : new Classifier(parts);
  }

  /**
   * A model with the given weights, which are shared, not copied.
   *
   * @param parameters one tensor for each of {@link Architecture#parameterShapes()}, all of one
   *     dtype, row-major
   * @throws IllegalArgumentException if a tensor is missing, left over, or does not fit
   */
  public static Transformer of(Architecture architecture, Tensors parameters) {
    DType dtype = null;
    for (Map.Entry<String, int[]> shape : architecture.parameterShapes().entrySet()) {
      if (!parameters.contains(shape.getKey())) {
        throw new IllegalArgumentException(
            "no tensor \""
                + shape.getKey()
                + "\", which the architecture needs; given "
                + parameters);
      }
      Tensor tensor = parameters.get(shape.getKey());
      dtype = dtype == null ? tensor.dtype() : dtype;
      if (!Arrays.equals(tensor.shape(), shape.getValue())
          || tensor.dtype() != dtype
          || !tensor.isContiguous()) {
        throw new IllegalArgumentException(
            "tensor \""
                + shape.getKey()
                + "\": given "
                + tensor
                + ", expected row-major "
                + dtype
                + Arrays.toString(shape.getValue()));
      }
      if (!tensor.isFinite()) {
        throw new IllegalArgumentException(
            "tensor \"" + shape.getKey() + "\" has a NaN or infinite element; repair the weights");
      }
    }
    Set<String> over = new LinkedHashSet<>(parameters.names());
    over.removeAll(architecture.parameterShapes().keySet());
    if (!over.isEmpty()) {
      throw new IllegalArgumentException(
          "tensors " + over + " do not belong to the architecture; leave them out");
    }
    return new Transformer(new ModelParts(architecture, parameters, Map.of()));
  }

  /**
   * A model with start values for training from scratch: matrices N(0, 0.02^2), those that write to
   * the residual stream divided by sqrt(2 layers) if normalization comes first; scales 1, biases 0.
   */
  public static Transformer random(Architecture architecture, DType dtype, long seed) {
    return of(architecture, Initialization.of(architecture, dtype, seed));
  }

  /**
   * The same model with one linear map of a layer replaced; the other weights are shared.
   * Parameters of the operator appear in {@link #parameters()} as {@code name + "." + their name};
   * an operator without parameters is frozen. The bias stays.
   *
   * @param name such as {@code layers.0.attention.query}
   * @param operator of the same shape and dtype
   */
  public Transformer withOperator(String name, LinearOperator operator) {
    int[] shape = architecture.parameterShapes().get(name + ".weight");
    boolean inLayer = name.startsWith("layers.") && shape != null && shape.length == 2;
    if (!inLayer || name.endsWith("norm")) {
      throw new IllegalArgumentException(
          "\"" + name + "\" is no linear map of a layer, such as layers.0.attention.query");
    }
    if (operator.rows() != shape[0] || operator.cols() != shape[1] || operator.dtype() != dtype) {
      throw new IllegalArgumentException(
          "\""
              + name
              + "\": given an operator of shape ["
              + operator.rows()
              + ", "
              + operator.cols()
              + "] and dtype "
              + operator.dtype()
              + ", expected "
              + Arrays.toString(shape)
              + " and "
              + dtype);
    }
    Map<String, LinearOperator> operators = new HashMap<>(parts.operators());
    operators.put(name, operator);
    return new Transformer(new ModelParts(architecture, parts.parameters(), operators));
  }

  /** The operators in place of dense weights, by the name of the linear map. */
  public Map<String, LinearOperator> operators() {
    return Map.copyOf(parts.operators());
  }

  /** Sizes and choices. */
  public Architecture architecture() {
    return architecture;
  }

  /** Precision of the weights. */
  public DType dtype() {
    return dtype;
  }

  /** The live weights by name. */
  public Tensors parameters() {
    return parameters;
  }

  /**
   * Hidden states after the last layer (and its normalization, if normalization comes first).
   *
   * @return new, shape [sequences times length, width]
   */
  public Tensor hidden(Batch batch) {
    return run(batch).copy();
  }

  /**
   * The residual stream: the embedding, then what comes out of each layer.
   *
   * @return layers + 1 new tensors of shape [sequences times length, width]
   */
  public List<Tensor> stream(Batch batch) {
    batch.check(architecture);
    Pass pass = pass(batch, false);
    List<Tensor> stream = new ArrayList<>();
    embedding.forward(batch, pass, Dropout.NONE, 0);
    stream.add(pass.embedded().copy());
    for (int l = 0; l < layers.size(); l++) {
      layers.get(l).forward(pass.stream(l), pass.layers()[l], batch, Dropout.NONE, null);
      stream.add(pass.stream(l + 1).copy());
    }
    return stream;
  }

  /**
   * Logits of the next (or masked) token at every position.
   *
   * @return new, shape [sequences times length, vocabulary]
   */
  public Tensor logits(Batch batch) {
    requireTokenHead();
    Tensor out = Tensor.zeros(dtype, batch.rows(), architecture.vocabulary());
    tokenHead.logits(run(batch), out);
    return out;
  }

  /**
   * Logits of the next (or masked) token at some positions.
   *
   * @param rows positions, counted through all sequences of the batch
   * @return new, shape [rows, vocabulary]
   */
  public Tensor logits(Batch batch, int[] rows) {
    requireTokenHead();
    for (int row : rows) {
      if (row < 0 || row >= batch.rows()) {
        throw new IllegalArgumentException(
            "position " + row + ", expected 0 to " + (batch.rows() - 1));
      }
    }
    Tensor picked = Tensor.zeros(dtype, rows.length, architecture.width());
    RowLoops.gather(run(batch), rows, rows.length, picked);
    Tensor out = Tensor.zeros(dtype, rows.length, architecture.vocabulary());
    tokenHead.logits(picked, out);
    return out;
  }

  /**
   * Logits of the classes of each sequence.
   *
   * @return new, shape [sequences, classes]
   */
  public Tensor classLogits(Batch batch) {
    if (classifier == null) {
      throw new IllegalArgumentException("the architecture has no classifier");
    }
    return classifier.logits(run(batch), batch).copy();
  }

  /**
   * The mean cross entropy in nats of the targets, plus that of the labels, whichever the batch
   * has.
   *
   * @throws IllegalArgumentException if the batch has neither
   * @throws ArithmeticException if the loss is not a number any more
   */
  public double loss(Batch batch) {
    requireGoal(batch);
    return requireFinite(losses(run(batch), batch, null, null));
  }

  /** The loss of a batch as an objective; see {@link #objective(Batch, Dropout)}. */
  public Objective objective(Batch batch) {
    return objective(batch, Dropout.NONE);
  }

  /**
   * The loss of a batch as a function of the weights. If it is given other tensors than {@link
   * #parameters()}, their values are copied into the model first. Its loss alone is without
   * dropout.
   *
   * <p>Both methods throw an ArithmeticException if the loss is not finite.
   *
   * @param dropout for the gradient
   */
  public Objective objective(Batch batch, Dropout dropout) {
    batch.check(architecture);
    requireGoal(batch);
    return new Objective() {
      @Override
      public double loss(Tensors given) {
        take(given);
        return Transformer.this.loss(batch);
      }

      @Override
      public double lossAndGradient(Tensors given, Tensors gradients) {
        take(given);
        return differentiate(
            batch, dropout, gradients, (hidden, dhidden, g) -> losses(hidden, batch, dhidden, g));
      }
    };
  }

  /** A loss of the last hidden states, such as that of a sentence vector. */
  @FunctionalInterface
  public interface HiddenLoss {
    /**
     * The loss.
     *
     * @param hidden shape [sequences times length, width], not modified
     * @param gradient of the same shape, overwritten with the gradient by hidden; null if none is
     *     wanted
     */
    double evaluate(Tensor hidden, Tensor gradient);
  }

  /**
   * A loss of the last hidden states as a function of the weights; otherwise as {@link
   * #objective(Batch)}.
   *
   * @param batch its targets and labels are not used
   */
  public Objective objective(Batch batch, HiddenLoss loss) {
    batch.check(architecture);
    return new Objective() {
      @Override
      public double loss(Tensors given) {
        take(given);
        return requireFinite(loss.evaluate(run(batch), null));
      }

      @Override
      public double lossAndGradient(Tensors given, Tensors gradients) {
        take(given);
        return differentiate(
            batch, Dropout.NONE, gradients, (hidden, dhidden, g) -> loss.evaluate(hidden, dhidden));
      }
    };
  }

  /** What follows the last hidden states, with the gradients of its own parameters. */
  private interface Ending {
    double evaluate(Tensor hidden, Tensor dhidden, Gradients gradients);
  }

  /** An empty cache for {@link #next} of at most {@code capacity} tokens. */
  public KeyValueCache cache(int capacity) {
    if (!architecture.causal()) {
      throw new IllegalArgumentException(
          "the architecture is not causal: later tokens would change earlier ones");
    }
    if (capacity < 1 || capacity > architecture.positions()) {
      throw new IllegalArgumentException(
          "cache of "
              + capacity
              + " tokens, expected 1 to "
              + architecture.positions()
              + ", the positions of the architecture");
    }
    return new KeyValueCache(architecture, dtype, capacity);
  }

  /**
   * Reads further tokens and predicts the one after them.
   *
   * @param tokens at least one, following those in the cache
   * @param cache of this model; the tokens are added
   * @return logits of the next token, new, shape [vocabulary]
   */
  public Tensor next(int[] tokens, KeyValueCache cache) {
    requireTokenHead();
    cache.requireRoom(tokens.length);
    Batch batch = Batch.of(tokens, 1, tokens.length);
    Tensor hidden = run(batch, cache);
    cache.advance(tokens.length);
    Tensor out = Tensor.zeros(dtype, 1, architecture.vocabulary());
    tokenHead.logits(hidden.slice(0, tokens.length - 1, tokens.length), out);
    return out.reshape(architecture.vocabulary());
  }

  /**
   * Bytes of the activations that a training step keeps, gradients on their way included, weights
   * and logits not.
   */
  public static long trainingBytes(Architecture a, DType dtype, int sequences, int length) {
    long rows = (long) sequences * length;
    long gate = a.activation() == Activation.SWIGLU ? 1 : 0;
    long layer =
        4L * a.width() + 2L * a.queryWidth() + 2L * a.keyWidth() + (2 + gate) * a.hidden() + 4;
    long back = 2L * a.width() + 2L * a.queryWidth() + 2L * a.keyWidth() + (1 + gate) * a.hidden();
    return rows * (a.layers() * layer + back + 3L * a.width()) * dtype.bits() / 8;
  }

  private double differentiate(Batch batch, Dropout dropout, Tensors wanted, Ending ending) {
    for (String name : wanted.names()) {
      if (!parameters.contains(name)
          || !Arrays.equals(wanted.get(name).shape(), parameters.get(name).shape())
          || wanted.get(name).dtype() != dtype) {
        throw new IllegalArgumentException(
            "gradient \""
                + name
                + "\": given "
                + wanted.get(name)
                + ", expected the shape and dtype of the parameter "
                + (parameters.contains(name) ? parameters.get(name) : "(there is none)"));
      }
    }
    if (lastGradients == null || !lastGradients.belongsTo(wanted)) {
      lastGradients = new Gradients(wanted);
    }
    Gradients gradients = lastGradients;
    gradients.clear();
    Pass pass = pass(batch, true);
    Tensor hidden = forward(batch, pass, dropout, null);
    Tensor stream = pass.backward().stream();
    double loss = requireFinite(ending.evaluate(hidden, stream, gradients));
    int last = layers.size();
    if (finalNorm != null) {
      finalNorm.backward(pass.stream(last), pass.lastStatistics(), stream, stream, gradients);
    }
    int lowest = lowestWanted(gradients);
    for (int l = last - 1; l >= Math.max(lowest, 0); l--) {
      layers
          .get(l)
          .backward(
              pass.stream(l),
              pass.layers()[l],
              batch,
              dropout,
              pass.backward(),
              l > lowest,
              gradients);
    }
    if (lowest < 0) {
      embedding.backward(batch, pass, dropout, gradients);
    }
    return loss;
  }

  /** The lowest layer with a wanted gradient: -1 for the embedding, layers if there is none. */
  private int lowestWanted(Gradients gradients) {
    if (Embedding.wanted(gradients)) {
      return -1;
    }
    int lowest = 0;
    while (lowest < layers.size() && !gradients.wantsAny("layers." + lowest + ".")) {
      lowest++;
    }
    return lowest;
  }

  private double losses(Tensor hidden, Batch batch, Tensor dhidden, Gradients gradients) {
    double loss = 0;
    if (batch.targets() != null) {
      loss = tokenHead.loss(hidden, batch, dhidden, gradients);
    } else if (dhidden != null) {
      dhidden.fill(0);
    }
    return batch.labels() == null
        ? loss
        : loss + classifier.loss(hidden, batch, dhidden, gradients);
  }

  private Tensor run(Batch batch) {
    return run(batch, null);
  }

  private Tensor run(Batch batch, KeyValueCache cache) {
    batch.check(architecture);
    return forward(batch, pass(batch, false), Dropout.NONE, cache);
  }

  private Tensor forward(Batch batch, Pass pass, Dropout dropout, KeyValueCache cache) {
    embedding.forward(batch, pass, dropout, cache == null ? 0 : cache.length());
    int last = layers.size();
    for (int l = 0; l < last; l++) {
      layers.get(l).forward(pass.stream(l), pass.layers()[l], batch, dropout, cache);
    }
    if (finalNorm == null) {
      return pass.stream(last);
    }
    finalNorm.forward(pass.stream(last), pass.last(), pass.lastStatistics());
    return pass.last();
  }

  private Pass pass(Batch batch, boolean training) {
    if (training) {
      if (trainingPass == null || !trainingPass.fits(batch, true)) {
        trainingPass = null; // let the old buffers go before the new ones come
        trainingPass = Pass.of(architecture, dtype, batch, true);
      }
      return trainingPass;
    }
    if (trainingPass != null && trainingPass.fits(batch, false)) {
      return trainingPass;
    }
    if (inferencePass == null || !inferencePass.fits(batch, false)) {
      inferencePass = null;
      inferencePass = Pass.of(architecture, dtype, batch, false);
    }
    return inferencePass;
  }

  private void take(Tensors given) {
    if (given == parameters) {
      return;
    }
    for (String name : parameters.names()) {
      Tensor value = given.get(name);
      Tensor own = parameters.get(name);
      if (value != own) {
        own.assign(value);
      }
    }
  }

  private void requireTokenHead() {
    if (tokenHead == null) {
      throw new IllegalArgumentException("the architecture has no head that predicts tokens");
    }
  }

  private static void requireGoal(Batch batch) {
    if (batch.targets() == null && batch.labels() == null) {
      throw new IllegalArgumentException(
          "the batch has neither targets nor labels; add them with withTargets or withLabels");
    }
  }

  private static double requireFinite(double loss) {
    if (!Double.isFinite(loss)) {
      throw new ArithmeticException(
          "the loss is " + loss + ": the weights have grown too large; lower the learning rate");
    }
    return loss;
  }

  private static Tensors live(ModelParts parts) {
    Tensors live = Tensors.empty();
    parts
        .parameters()
        .forEach(
            (name, tensor) -> {
              String map = name.endsWith(".weight") ? name.substring(0, name.length() - 7) : name;
              LinearOperator operator = parts.operators().get(map);
              if (operator == null || !name.endsWith(".weight")) {
                live.put(name, tensor);
              } else if (operator instanceof ParametricOperator parametric) {
                parametric.parameters().forEach((part, p) -> live.put(map + "." + part, p));
              }
            });
    return live;
  }
}
