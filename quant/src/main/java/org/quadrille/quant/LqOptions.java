package org.quadrille.quant;

import java.util.Optional;

/**
 * How to decompose a matrix into a quantized and a low-rank part.
 *
 * {@snippet :
 * var options = LqOptions.of(QuantizationConfig.parse("nf3/64/fp8/256"), 64).withSeed(7);
 * }
 *
 * <p>Other published initializations of adapters are members of the family: {@link #qlora}, {@link
 * #loftq}, {@link #qpissa}, {@link #qera}. (PiSSA without quantization is {@link PrincipalPart}.)
 *
 * @param quantizer of the quantized part, any of this package
 * @param rank of the low-rank part, 0 (plain quantization) to min(rows, cols)
 * @param order which part comes first; LOW_RANK_FIRST by default
 * @param stop when to stop and which iterate to return
 * @param fit how the factors are found
 * @param fisher how much the error of each weight counts; empty (all the same) by default
 * @param factorQuantizer quantizer of the final factors, for storage; empty by default
 */
public record LqOptions(
    Quantizer quantizer,
    int rank,
    LqOrder order,
    StopCriteria stop,
    FactorFit fit,
    Optional<Fisher> fisher,
    Optional<Quantizer> factorQuantizer) {

  /** Iterations that the paper allows. */
  public static final int PAPER_ITERATIONS = 100;

  /** Checks what does not depend on the matrix. */
  public LqOptions {
    if (rank < 0) {
      throw new IllegalArgumentException("rank: given " + rank + ", expected 0 or more");
    }
  }

  /** The defaults with NormalFloat levels and blocks that run on over row ends. */
  public static LqOptions of(QuantizationConfig config, int rank) {
    return of(BlockQuantizer.of(config), rank);
  }

  /** The defaults. */
  public static LqOptions of(Quantizer quantizer, int rank) {
    return new LqOptions(
        quantizer,
        rank,
        LqOrder.LOW_RANK_FIRST,
        StopCriteria.DEFAULT,
        FactorFit.DEFAULT,
        Optional.empty(),
        Optional.empty());
  }

  /**
   * QLoRA: Q = quantize(W); L1 is zero and L2 Gaussian with standard deviation 1 / rank (as PEFT's
   * "gaussian"), so that training starts from Q.
   */
  public static LqOptions qlora(Quantizer quantizer, int rank) {
    return of(quantizer, rank)
        .withOrder(LqOrder.QUANTIZED_ONLY)
        .withStop(StopCriteria.rounds(1))
        .withPolish(false);
  }

  /**
   * LoftQ (Li et al. 2023, algorithm 1): a number of rounds of Q = quantize(W - L1 L2), then L1 L2
   * = best approximation of rank r to W - Q, from L1 L2 = 0 on.
   *
   * @param rounds T in the paper, usually 1 or 5
   */
  public static LqOptions loftq(Quantizer quantizer, int rank, int rounds) {
    return of(quantizer, rank)
        .withOrder(LqOrder.QUANTIZED_FIRST)
        .withStop(StopCriteria.rounds(rounds))
        .withPolish(false);
  }

  /**
   * QPiSSA (Meng, Wang and Zhang, "PiSSA", 2024, section 4): the principal part of W becomes the
   * adapter and the rest is quantized; further rounds take the principal part of W - Q.
   *
   * @param rounds T in the paper, usually 1 or 5
   */
  public static LqOptions qpissa(Quantizer quantizer, int rank, int rounds) {
    return of(quantizer, rank).withStop(StopCriteria.rounds(rounds)).withPolish(false);
  }

  /**
   * QERA with diagonal statistics (Zhang et al. 2024): Q = quantize(W), then once the low-rank part
   * of least mean squared error of the output, {@code L1 L2 = SVD_r((W - Q) R^(1/2)) R^(-1/2)} with
   * R = diag(E[x^2]).
   *
   * @param rows rows of the matrix
   * @param inputEnergy mean square of each input, one per column
   */
  public static LqOptions qera(Quantizer quantizer, int rank, int rows, double[] inputEnergy) {
    return loftq(quantizer, rank, 1).withFisher(Fisher.ofColumns(rows, inputEnergy));
  }

  /** A copy with another quantizer. */
  public LqOptions withQuantizer(Quantizer newQuantizer) {
    return new LqOptions(newQuantizer, rank, order, stop, fit, fisher, factorQuantizer);
  }

  /** A copy with another order of the two parts. */
  public LqOptions withOrder(LqOrder newOrder) {
    return new LqOptions(quantizer, rank, newOrder, stop, fit, fisher, factorQuantizer);
  }

  /** A copy that stops at another point. */
  public LqOptions withStop(StopCriteria newStop) {
    return new LqOptions(quantizer, rank, order, newStop, fit, fisher, factorQuantizer);
  }

  /** A copy with another limit and tolerance of the iteration. */
  public LqOptions withIterations(int maxIterations, double tolerance) {
    return withStop(new StopCriteria(maxIterations, tolerance, stop.stopsEarly(), stop.keepBest()));
  }

  /** A copy that returns the best or the last iterate. */
  public LqOptions withKeepBest(boolean keepBest) {
    return withStop(
        new StopCriteria(stop.maxIterations(), stop.tolerance(), stop.stopsEarly(), keepBest));
  }

  /** A copy with another way to find the factors. */
  public LqOptions withFit(FactorFit newFit) {
    return new LqOptions(quantizer, rank, order, stop, newFit, fisher, factorQuantizer);
  }

  /** A copy with or without the last refit of the factors. */
  public LqOptions withPolish(boolean polish) {
    return withFit(
        new FactorFit(
            fit.svd(),
            fit.oversampling(),
            fit.powerIterations(),
            fit.seed(),
            polish,
            fit.sweeps(),
            fit.polishSweeps()));
  }

  /**
   * A copy with other numbers of sweeps of alternating weighted least squares.
   *
   * @param sweeps in every iteration
   * @param polishSweeps after the last refit
   */
  public LqOptions withSweeps(int sweeps, int polishSweeps) {
    return withFit(
        new FactorFit(
            fit.svd(),
            fit.oversampling(),
            fit.powerIterations(),
            fit.seed(),
            fit.polish(),
            sweeps,
            polishSweeps));
  }

  /** A copy with another way to find the low-rank part. */
  public LqOptions withSvd(SvdMethod svd) {
    return withFit(
        new FactorFit(
            svd,
            fit.oversampling(),
            fit.powerIterations(),
            fit.seed(),
            fit.polish(),
            fit.sweeps(),
            fit.polishSweeps()));
  }

  /** A copy with another effort of the randomized SVD. */
  public LqOptions withRandomizedSvd(int oversampling, int powerIterations) {
    return withFit(
        new FactorFit(
            SvdMethod.RANDOMIZED,
            oversampling,
            powerIterations,
            fit.seed(),
            fit.polish(),
            fit.sweeps(),
            fit.polishSweeps()));
  }

  /** A copy with another seed. */
  public LqOptions withSeed(long seed) {
    return withFit(
        new FactorFit(
            fit.svd(),
            fit.oversampling(),
            fit.powerIterations(),
            seed,
            fit.polish(),
            fit.sweeps(),
            fit.polishSweeps()));
  }

  /** A copy that minimizes the weighted error {@code sum of F_ij E_ij^2}. */
  public LqOptions withFisher(Fisher newFisher) {
    return new LqOptions(
        quantizer, rank, order, stop, fit, Optional.of(newFisher), factorQuantizer);
  }

  /** A copy in which all weights count the same. */
  public LqOptions withoutFisher() {
    return new LqOptions(quantizer, rank, order, stop, fit, Optional.empty(), factorQuantizer);
  }

  /**
   * A copy whose final factors are quantized too, L2 being refitted to the quantized L1 (the paper
   * stores them in 8 bits, {@code nf8/64/fp8/256}).
   */
  public LqOptions withFactorQuantizer(Quantizer newFactorQuantizer) {
    return new LqOptions(
        quantizer, rank, order, stop, fit, fisher, Optional.of(newFactorQuantizer));
  }
}
