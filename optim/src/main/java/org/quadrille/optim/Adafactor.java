package org.quadrille.optim;

import org.quadrille.linalg.Arithmetic;
import org.quadrille.linalg.DType;
import org.quadrille.linalg.Tensor;
import org.quadrille.linalg.Tensors;

/**
 * Adafactor (Shazeer and Stern 2018, algorithms 4 and 5): Adam without a mean of gradients, whose
 * mean of squares is held as its row and column means, so that a matrix of n rows and m columns
 * needs n + m numbers of memory instead of 2 n m.
 *
 * <pre>
 *   b := 1 - t^-0.8
 *   R := b R + (1 - b) rowMeans(G^2 + e1),   C := b C + (1 - b) columnMeans(G^2 + e1)
 *   U := G / sqrt(R C' / mean(R)),           U := U / max(1, rms(U) / clip)
 *   theta := theta - rate * max(e2, rms(theta)) * U
 * </pre>
 *
 * <p>Tensors of more than two axes count as matrices with their last axis as columns; for vectors
 * the mean of squares is exact. A workspace as large as the largest tensor is kept besides.
 */
public final class Adafactor implements Optimizer {

  /**
   * Numbers of the method.
   *
   * @param decayExponent the mean of squares forgets by {@code 1 - t^-decayExponent}, 0 to 1
   * @param epsilon added to the squares, above 0
   * @param clip largest root mean square of a direction, above 0; infinite for no limit
   * @param scaledByParameter whether the rate is relative to the size of a tensor
   * @param smallestScale smallest size of a tensor for that purpose, above 0
   */
  public record Options(
      double decayExponent,
      double epsilon,
      double clip,
      boolean scaledByParameter,
      double smallestScale) {
    /** 0.8, 1e-30, 1, relative rates, 1e-3: the paper's. */
    public static final Options DEFAULT = new Options(0.8, 1e-30, 1, true, 1e-3);

    /**
     * Checks the numbers.
     *
     * @throws IllegalArgumentException if one is out of range
     */
    public Options {
      if (!(decayExponent >= 0 && decayExponent <= 1)) {
        throw new IllegalArgumentException(
            "decayExponent: given " + decayExponent + ", expected 0 to 1");
      }
      if (!(epsilon > 0) || !(clip > 0) || !(smallestScale > 0) || Double.isInfinite(epsilon)) {
        throw new IllegalArgumentException(
            "given epsilon "
                + epsilon
                + ", clip "
                + clip
                + ", smallestScale "
                + smallestScale
                + ", expected numbers above 0");
      }
    }

    /** The same with absolute rates, as for Adam. */
    public Options withAbsoluteRates() {
      return new Options(decayExponent, epsilon, clip, false, smallestScale);
    }
  }

  private final ParameterGroups groups;
  private final Options options;
  private final Memory memory = new Memory();
  private ParameterBlocks blocks;
  private FactoredSquare[] squares;

  /** Adafactor with the paper's numbers. */
  public Adafactor(ParameterGroups groups) {
    this(groups, Options.DEFAULT);
  }

  /** Adafactor with rates and decays by group. */
  public Adafactor(ParameterGroups groups, Options options) {
    this.groups = groups;
    this.options = options;
  }

  @Override
  public void step(Tensors parameters, Tensors gradients, double rateFactor) {
    ParameterGroups.requireNonNegative("rateFactor", rateFactor);
    boolean first = blocks == null;
    ParameterBlocks bound = first ? new ParameterBlocks(gradients) : blocks;
    bound.bind(parameters, gradients);
    if (first) {
      begin(bound);
    }
    // StrictMath: the same bits on every machine, interpreted and compiled.
    double beta = 1 - StrictMath.pow((double) memory.next(), -options.decayExponent());
    for (int i = 0; i < squares.length; i++) {
      Tensor theta = bound.parameter(i);
      if (theta.length() > 0) {
        Tensor u = squares[i].direction(bound.gradient(i), beta, options.epsilon());
        move(theta, u.reshape(theta.shape()), groups.of(bound.names().get(i)), rateFactor);
      }
    }
  }

  private void move(Tensor theta, Tensor u, ParameterGroups.Group group, double rateFactor) {
    double rate = group.rate() * rateFactor;
    double size =
        options.scaledByParameter()
            ? Math.max(options.smallestScale(), FactoredSquare.rootMeanSquare(theta))
            : 1;
    double excess = Math.max(1, FactoredSquare.rootMeanSquare(u) / options.clip());
    if (group.rule() == DecayRule.PYTORCH && group.decay() > 0) {
      Arithmetic.scale(1 - rate * group.decay(), theta);
    } else if (group.rule() == DecayRule.STEPWISE && group.decay() > 0) {
      Arithmetic.scale(1 - rateFactor * group.decay(), theta);
    }
    Arithmetic.axpy(-rate * size / excess, u, theta);
  }

  private void begin(ParameterBlocks bound) {
    int count = bound.names().size();
    Tensor[] rows = new Tensor[count];
    Tensor[] columns = new Tensor[count];
    int largestSingle = 0;
    int largestDouble = 0;
    for (int i = 0; i < count; i++) {
      ParameterGroups.Group group = groups.of(bound.names().get(i));
      if (group.decay() > 0
          && (group.rule() == DecayRule.GRADIENT || group.rule() == DecayRule.TOWARDS_START)) {
        throw new IllegalArgumentException(
            bound.names().get(i)
                + ": decay rule "
                + group.rule()
                + " is not defined for Adafactor; use PYTORCH or STEPWISE");
      }
      Tensor like = bound.parameter(i);
      rows[i] = Tensor.zeros(DType.F64, FactoredSquare.rows(like));
      columns[i] = Tensor.zeros(DType.F64, FactoredSquare.cols(like));
      if (like.dtype() == DType.F32) {
        largestSingle = Math.max(largestSingle, like.length());
      } else {
        largestDouble = Math.max(largestDouble, like.length());
      }
    }
    Tensor[] rowMeans = memory.kind("rows", bound.names(), rows);
    Tensor[] columnMeans = memory.kind("columns", bound.names(), columns);
    Tensor single = Tensor.zeros(DType.F32, largestSingle);
    Tensor wide = Tensor.zeros(DType.F64, largestDouble);
    squares = new FactoredSquare[count];
    for (int i = 0; i < count; i++) {
      Tensor like = bound.parameter(i);
      Tensor space = like.dtype() == DType.F32 ? single : wide;
      squares[i] = new FactoredSquare(like, rowMeans[i], columnMeans[i], space);
    }
    blocks = bound;
  }

  @Override
  public Tensors state() {
    return memory.state();
  }

  @Override
  public void load(Tensors state) {
    memory.load(state);
  }
}
