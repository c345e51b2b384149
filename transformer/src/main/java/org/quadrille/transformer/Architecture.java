package org.quadrille.transformer;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The sizes and choices that define a transformer; its weights are named tensors of {@link
 * #parameterShapes()}.
 *
 * <p>One layer is attention and a feedforward network, each added to the residual stream, with
 * normalization before each (GPT-2, LLaMA, ViT) or after each sum (BERT). Conventions: a linear map
 * is {@code y = W x + b} with W of shape [out, in]; one token is one row.
 *
 * {@snippet :
 * Architecture small = Architecture.gpt(256, 128, 64, 4, 2); // vocabulary, positions, width, heads, layers
 * Transformer model = Transformer.random(small, DType.F32, 1);
 * }
 *
 * @param vocabulary number of tokens; 0 if the input are patches
 * @param positions longest sequence, the class token of a ViT included
 * @param types token types (BERT's segments); 0 for none
 * @param width D, length of a row of the residual stream
 * @param heads query heads
 * @param keyHeads key and value heads, a divisor of heads
 * @param headSize length of a head; even for rotary positions
 * @param layers L
 * @param hidden F, width inside a feedforward layer
 * @param meanCentered layer normalization if true, else root mean square normalization
 * @param normFirst normalization before attention and feedforward layer, and once at the end
 * @param epsilon of the normalizations
 * @param activation nonlinearity of the feedforward layers
 * @param rotaryBase base of rotary positions (10000 in LLaMA); 0 for learned positions
 * @param causal whether a token sees only itself and earlier ones
 * @param biases whether linear maps of the layers have biases
 * @param head what follows the last layer for every token
 * @param classes classes of a classifier on the first token; 0 for none
 * @param pooled whether a dense layer with tanh stands before the classifier (BERT's pooler)
 * @param patchInputs numbers in a patch of an image (ViT, with a class token in front); 0 for
 *     tokens
 */
public record Architecture(
    int vocabulary,
    int positions,
    int types,
    int width,
    int heads,
    int keyHeads,
    int headSize,
    int layers,
    int hidden,
    boolean meanCentered,
    boolean normFirst,
    double epsilon,
    Activation activation,
    double rotaryBase,
    boolean causal,
    boolean biases,
    Head head,
    int classes,
    boolean pooled,
    int patchInputs) {

  /** Checks the sizes. */
  public Architecture {
    requirePositive("positions", positions);
    requirePositive("width", width);
    requirePositive("heads", heads);
    requirePositive("keyHeads", keyHeads);
    requirePositive("headSize", headSize);
    requirePositive("hidden", hidden);
    if (layers < 0 || types < 0 || classes < 0 || vocabulary < 0 || patchInputs < 0) {
      throw new IllegalArgumentException(
          "architecture: given "
              + layers
              + " layers, "
              + types
              + " token types, "
              + classes
              + " classes, vocabulary "
              + vocabulary
              + " and "
              + patchInputs
              + " numbers a patch, expected none to be negative");
    }
    if (heads % keyHeads != 0) {
      throw new IllegalArgumentException(
          keyHeads + " key heads do not divide " + heads + " query heads");
    }
    if ((vocabulary == 0) == (patchInputs == 0)) {
      throw new IllegalArgumentException(
          "architecture: given vocabulary "
              + vocabulary
              + " and "
              + patchInputs
              + " numbers a patch, expected exactly one of them to be positive");
    }
    if (patchInputs > 0 && (head != Head.NONE || types > 0 || rotaryBase != 0)) {
      throw new IllegalArgumentException(
          "architecture: patches go with learned positions and a classifier, not with token types, rotary positions or head "
              + head);
    }
    if (!(epsilon > 0) || !Double.isFinite(epsilon)) {
      throw new IllegalArgumentException(
          "epsilon: " + epsilon + " given, expected a positive number such as 1e-5");
    }
    if (!(rotaryBase >= 0) || !Double.isFinite(rotaryBase)) {
      throw new IllegalArgumentException(
          "rotaryBase: " + rotaryBase + " given, expected 0 or a positive number such as 10000");
    }
    if (rotaryBase > 0 && headSize % 2 != 0) {
      throw new IllegalArgumentException(
          "headSize: " + headSize + " given, expected an even number for rotary positions");
    }
  }

  /**
   * GPT-2: layer normalization first, GELU in tanh form, learned positions, biases, tied head.
   *
   * @param width a multiple of heads; feedforward layers are four times as wide
   */
  public static Architecture gpt(int vocabulary, int positions, int width, int heads, int layers) {
    return new Architecture(
        vocabulary,
        positions,
        0,
        width,
        heads,
        heads,
        headSize(width, heads),
        layers,
        4 * width,
        true,
        true,
        1e-5,
        Activation.GELU_TANH,
        0,
        true,
        true,
        Head.TIED,
        0,
        false,
        0);
  }

  /**
   * BERT: normalization after each sum, GELU, two token types, prediction of masked words.
   *
   * @param width a multiple of heads; feedforward layers are four times as wide
   */
  public static Architecture bert(int vocabulary, int positions, int width, int heads, int layers) {
    return new Architecture(
        vocabulary,
        positions,
        2,
        width,
        heads,
        heads,
        headSize(width, heads),
        layers,
        4 * width,
        true,
        false,
        1e-12,
        Activation.GELU,
        0,
        false,
        true,
        Head.MASKED_WORDS,
        0,
        false,
        0);
  }

  /**
   * LLaMA: root mean square normalization first, SwiGLU, rotary positions, grouped queries, no
   * biases, untied head.
   *
   * @param width a multiple of heads
   * @param keyHeads a divisor of heads
   * @param hidden width inside a feedforward layer
   */
  public static Architecture llama(
      int vocabulary, int positions, int width, int heads, int keyHeads, int layers, int hidden) {
    return new Architecture(
        vocabulary,
        positions,
        0,
        width,
        heads,
        keyHeads,
        headSize(width, heads),
        layers,
        hidden,
        false,
        true,
        1e-5,
        Activation.SWIGLU,
        10000,
        true,
        false,
        Head.UNTIED,
        0,
        false,
        0);
  }

  /**
   * ViT: patches and a class token, layer normalization first, GELU, a classifier on the class
   * token.
   *
   * @param patches patches of an image
   * @param patchInputs numbers in a patch, channels times patch area
   * @param width a multiple of heads; feedforward layers are four times as wide
   */
  public static Architecture vit(
      int patches, int patchInputs, int classes, int width, int heads, int layers) {
    return new Architecture(
        0,
        patches + 1,
        0,
        width,
        heads,
        heads,
        headSize(width, heads),
        layers,
        4 * width,
        true,
        true,
        1e-6,
        Activation.GELU,
        0,
        false,
        true,
        Head.NONE,
        classes,
        false,
        patchInputs);
  }

  /** The same with another head. */
  public Architecture withHead(Head newHead) {
    return with(epsilon, activation, biases, newHead, classes, pooled);
  }

  /** The same with or without biases in the layers. */
  public Architecture withBiases(boolean newBiases) {
    return with(epsilon, activation, newBiases, head, classes, pooled);
  }

  /** The same with another nonlinearity. */
  public Architecture withActivation(Activation newActivation) {
    return with(epsilon, newActivation, biases, head, classes, pooled);
  }

  /** The same with another epsilon of the normalizations. */
  public Architecture withEpsilon(double newEpsilon) {
    return with(newEpsilon, activation, biases, head, classes, pooled);
  }

  /** The same with a classifier on the first token, with or without a pooler before it. */
  public Architecture withClassifier(int newClasses, boolean newPooled) {
    return with(epsilon, activation, biases, head, newClasses, newPooled);
  }

  private Architecture with(
      double newEpsilon,
      Activation newActivation,
      boolean newBiases,
      Head newHead,
      int newClasses,
      boolean newPooled) {
    return new Architecture(
        vocabulary,
        positions,
        types,
        width,
        heads,
        keyHeads,
        headSize,
        layers,
        hidden,
        meanCentered,
        normFirst,
        newEpsilon,
        newActivation,
        rotaryBase,
        causal,
        newBiases,
        newHead,
        newClasses,
        newPooled,
        patchInputs);
  }

  /** Length of the rows of queries: heads times headSize. */
  public int queryWidth() {
    return heads * headSize;
  }

  /** Length of the rows of keys and of values: keyHeads times headSize. */
  public int keyWidth() {
    return keyHeads * headSize;
  }

  /** Name and shape of every parameter, in order. */
  public Map<String, int[]> parameterShapes() {
    Map<String, int[]> shapes = new LinkedHashMap<>();
    if (patchInputs > 0) {
      linear(shapes, "patches", width, patchInputs, true);
      shapes.put("class.token", new int[] {width});
    } else {
      shapes.put("embeddings.token.weight", new int[] {vocabulary, width});
    }
    if (rotaryBase == 0) {
      shapes.put("embeddings.position.weight", new int[] {positions, width});
    }
    if (types > 0) {
      shapes.put("embeddings.type.weight", new int[] {types, width});
    }
    if (!normFirst) {
      norm(shapes, "embeddings.norm", width);
    }
    for (int l = 0; l < layers; l++) {
      String layer = "layers." + l + ".";
      linear(shapes, layer + "attention.query", queryWidth(), width, biases);
      linear(shapes, layer + "attention.key", keyWidth(), width, biases);
      linear(shapes, layer + "attention.value", keyWidth(), width, biases);
      linear(shapes, layer + "attention.output", width, queryWidth(), biases);
      norm(shapes, layer + "attention.norm", width);
      linear(shapes, layer + "feedforward.up", hidden, width, biases);
      if (activation == Activation.SWIGLU) {
        linear(shapes, layer + "feedforward.gate", hidden, width, biases);
      }
      linear(shapes, layer + "feedforward.down", width, hidden, biases);
      norm(shapes, layer + "feedforward.norm", width);
    }
    if (normFirst) {
      norm(shapes, "final.norm", width);
    }
    if (head == Head.UNTIED) {
      shapes.put("head.weight", new int[] {vocabulary, width});
    }
    if (head.predictsMaskedWords()) {
      linear(shapes, "masked.dense", width, width, true);
      norm(shapes, "masked.norm", width);
      if (head == Head.MASKED_WORDS_UNTIED) {
        shapes.put("masked.decoder.weight", new int[] {vocabulary, width});
      }
      shapes.put("masked.bias", new int[] {vocabulary});
    }
    if (classes > 0) {
      if (pooled) {
        linear(shapes, "pooler", width, width, true);
      }
      linear(shapes, "classifier", classes, width, true);
    }
    return shapes;
  }

  /** Numbers in all parameters. */
  public long parameterCount() {
    long count = 0;
    for (int[] shape : parameterShapes().values()) {
      count += shape.length == 1 ? shape[0] : (long) shape[0] * shape[1];
    }
    return count;
  }

  /**
   * Floating-point operations of a forward pass of one token in a sequence of {@code length}, a
   * multiply-add counting two; norms, softmax, activations and biases are left out, and attention
   * counts all positions also if it is causal: {@code L (4 D Q + 4 D K + 2 m D F + 4 length Q) + 2
   * D V} with query width Q, key width K, and m = 2, or 3 with a gate.
   */
  public double forwardFlops(int length) {
    double d = width;
    double attention = 4 * d * queryWidth() + 4 * d * keyWidth() + 4.0 * length * queryWidth();
    double feedforward = (activation == Activation.SWIGLU ? 6 : 4) * d * hidden;
    double output =
        switch (head) {
          case NONE -> 0;
          case TIED, UNTIED -> 2 * d * vocabulary;
          case MASKED_WORDS, MASKED_WORDS_UNTIED -> 2 * d * vocabulary + 2 * d * d;
        };
    return layers * (attention + feedforward) + output + 2 * d * patchInputs;
  }

  /** Three times {@link #forwardFlops}: a backward pass costs twice a forward pass. */
  public double trainingFlops(int length) {
    return 3 * forwardFlops(length);
  }

  private void linear(Map<String, int[]> shapes, String name, int out, int in, boolean withBias) {
    shapes.put(name + ".weight", new int[] {out, in});
    if (withBias) {
      shapes.put(name + ".bias", new int[] {out});
    }
  }

  private void norm(Map<String, int[]> shapes, String name, int n) {
    shapes.put(name + ".weight", new int[] {n});
    if (meanCentered) {
      shapes.put(name + ".bias", new int[] {n});
    }
  }

  private static int headSize(int width, int heads) {
    requirePositive("width", width);
    requirePositive("heads", heads);
    if (width % heads != 0) {
      throw new IllegalArgumentException(
          "width " + width + " is not a multiple of " + heads + " heads");
    }
    return width / heads;
  }

  private static void requirePositive(String name, int value) {
    if (value < 1) {
      throw new IllegalArgumentException(
          name + ": " + value + " given, expected a positive number");
    }
  }
}
