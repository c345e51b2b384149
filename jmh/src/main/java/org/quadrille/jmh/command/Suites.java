package org.quadrille.jmh.command;

import java.util.List;
import java.util.Optional;
import org.quadrille.jmh.AdapterStepBenchmark;
import org.quadrille.jmh.AngularFourierBenchmark;
import org.quadrille.jmh.BandwidthBenchmark;
import org.quadrille.jmh.DiskEvaluationBenchmark;
import org.quadrille.jmh.DiskTransformBenchmark;
import org.quadrille.jmh.EigenBenchmark;
import org.quadrille.jmh.FactorizationBenchmark;
import org.quadrille.jmh.FirstCallsBenchmark;
import org.quadrille.jmh.FmaPeakBenchmark;
import org.quadrille.jmh.FunctionBenchmark;
import org.quadrille.jmh.GemmBenchmark;
import org.quadrille.jmh.GemvBenchmark;
import org.quadrille.jmh.GrowthBenchmark;
import org.quadrille.jmh.KroneckerBenchmark;
import org.quadrille.jmh.LevelOneBenchmark;
import org.quadrille.jmh.QuantizationBenchmark;
import org.quadrille.jmh.QuantizedProductBenchmark;
import org.quadrille.jmh.RadialRuleBenchmark;
import org.quadrille.jmh.RandomizedSvdBenchmark;
import org.quadrille.jmh.RecompressionBenchmark;
import org.quadrille.jmh.SentenceBenchmark;
import org.quadrille.jmh.ShapeBenchmark;
import org.quadrille.jmh.TrainingStepBenchmark;
import org.quadrille.jmh.TransposeBenchmark;
import org.quadrille.jmh.UpdateBenchmark;

/** The list of what can be measured. */
final class Suites {
  /** Libraries without native code; too slow to be asked for large products. */
  private static final List<String> JAVA_PEERS = List.of("ejml", "ojalgo", "netlib");

  private static final int LARGEST_FOR_JAVA_PEERS = 1024;

  private static final List<Suite> ALL =
      List.of(
          Suite.of("gemm", "Square matrix products in GFLOP/s", GemmBenchmark.class)
              .quick("n", "64", "256", "1024")
              .quick(Trial.LIBRARY, Trial.OURS, "openblas", "ejml")
              .onlyIf(Suites::isFeasibleProduct)
              .calling(trial -> letter(trial) + "gemm")
              .floor(Suites::fusedMultiplyAdd),
          Suite.of("shapes", "Products of other shapes in GFLOP/s", ShapeBenchmark.class)
              .quick(
                  "shape",
                  "nn:1000x1000x1000",
                  "tn:1000x1000x1000",
                  "nn:4096x64x512",
                  "nn:1024x1024x32",
                  "nn:16x16x16")
              .quick("threads", "1")
              .calling(trial -> "sgemm")
              .floor(Suites::fusedMultiplyAdd),
          Suite.of(
                  "kronecker",
                  "Kronecker products against their products in GFLOP/s",
                  KroneckerBenchmark.class)
              .quick("n", "64", "256", "1024")
              .quick("precision", "float")
              .calling(trial -> trial.parameter("operation", "") + " " + letter(trial) + "gemm")
              .floor(Suites::fusedMultiplyAdd),
          Suite.of("eigen", "Symmetric eigenproblems in milliseconds", EigenBenchmark.class)
              .quick("n", "512")
              .quick("threads", "1")
              .quick(Trial.LIBRARY, Trial.OURS, "openblas", "ejml")
              .onlyIf(Suites::isFeasibleEigenproblem)
              .calling(
                  trial ->
                      trial.parameter("precision", "float")
                          + " "
                          + trial.parameter("operation", "decompose")),
          Suite.of(
                  "factor",
                  "Triangular operations and factorizations in GFLOP/s",
                  FactorizationBenchmark.class)
              .quick("n", "512")
              .onlyIf(Suites::isFeasibleFactorization)
              .calling(trial -> letter(trial) + " " + trial.parameter("operation", ""))
              .floor(Suites::fusedMultiplyAdd),
          Suite.of(
                  "svd",
                  "Singular values and vectors: all in GFLOP/s, the leading 64 in ms",
                  FactorizationBenchmark.class,
                  RandomizedSvdBenchmark.class)
              .quick("n", "512")
              .quick("precision", "float")
              .onlyIf(Suites::isFeasibleFactorization)
              .onlyIf(Suites::isSingularValueProblem)
              .calling(
                  trial ->
                      trial.benchmark() == FactorizationBenchmark.class
                          ? letter(trial) + " svd"
                          : "s randomized svd"),
          Suite.of("gemv", "Matrix-vector products in GB/s of the matrix", GemvBenchmark.class)
              .quick("n", "1000", "4096")
              .quick("threads", "1")
              .calling(
                  trial ->
                      letter(trial)
                          + (trial.parameter("operation", "plain").equals("symmetric")
                              ? "symv"
                              : "gemv " + trial.parameter("operation", "plain")))
              .floor(
                  trial -> {
                    int n = trial.number("n", 1);
                    return bandwidth("read", trial, (double) n * n);
                  }),
          Suite.of("levelone", "Vector operations in GB/s", LevelOneBenchmark.class)
              .quick("n", "2048", "10000000")
              .calling(trial -> letter(trial) + trial.parameter("operation", "dot"))
              .floor(Suites::vectorBandwidth),
          Suite.of("transpose", "Transposition in GB/s read and written", TransposeBenchmark.class)
              .quick("n", "256", "1000")
              .onlyIf(trial -> !trial.library().equals("loop") || trial.number("threads", 1) == 1)
              .calling(trial -> letter(trial) + "transpose")
              .floor(
                  trial -> {
                    int n = trial.number("n", 1);
                    return bandwidth("copy", trial, 2.0 * n * n);
                  }),
          Suite.of("functions", "Functions of elements and rows in GB/s", FunctionBenchmark.class)
              .quick("n", "16384")
              .calling(
                  trial ->
                      trial.parameter("precision", "float")
                          + " "
                          + trial.parameter("operation", "EXP")),
          Suite.of(
                  "lowrank",
                  "Updates of low rank: recompression in ms, application in GFLOP/s",
                  RecompressionBenchmark.class,
                  UpdateBenchmark.class)
              .quick("n", "1024")
              .quick("shape", "512x512", "4096x4096")
              .quick("rank", "8", "64")
              .quick("batch", "256")
              .quick("threads", "1")
              .onlyIf(Suites::isFeasibleRecompression)
              .calling(
                  trial ->
                      trial.benchmark() == RecompressionBenchmark.class
                          ? "recompress 128 to 16"
                          : trial.parameter("operation", "")
                              + " rank "
                              + trial.parameter("rank", "")),
          Suite.of(
                  "quant",
                  "Quantized products in GFLOP/s, conversions in GB/s of floats",
                  QuantizedProductBenchmark.class,
                  QuantizationBenchmark.class)
              .quick("n", "1024", "4096")
              .quick("format", "nf4")
              .quick("batch", "1", "64")
              .quick("threads", "1")
              .calling(
                  trial ->
                      trial.parameter("format", "")
                          + " "
                          + trial.parameter("operation", "")
                          + (trial.benchmark() == QuantizedProductBenchmark.class
                              ? " batch " + trial.parameter("batch", "1")
                              : "")),
          Suite.of(
                  "zernike",
                  "Gauss rules and Zernike polynomials, times per call",
                  RadialRuleBenchmark.class,
                  DiskEvaluationBenchmark.class,
                  AngularFourierBenchmark.class,
                  DiskTransformBenchmark.class)
              .quick("power", "0")
              .quick("degree", "100")
              .quick("n", "20", "100", "1000", "1000000")
              .quick("angles", "1080")
              .quick("highestDegree", "64", "512")
              .quick("direction", "roundTrip")
              .onlyIf(Suites::isFeasibleRule)
              .onlyIf(Suites::isFeasibleTransform)
              .calling(
                  trial ->
                      trial.method()
                          + (trial.parameters().containsKey("power")
                              ? " t^" + trial.parameter("power", "")
                              : " " + trial.parameter("operation", "").trim())),
          Suite.of(
                  "training",
                  "Loss and gradient of transformers in GFLOP/s, against bare products",
                  TrainingStepBenchmark.class)
              .quick("threads", "1", "2")
              .calling(trial -> trial.parameter("model", "")),
          Suite.of(
                  "adapters",
                  "Training steps with adapters in ms, against training every weight",
                  AdapterStepBenchmark.class)
              .quick("adapter", "lora 8")
              .quick("threads", "1")
              .calling(trial -> trial.parameter("adapter", "")),
          Suite.of(
                  "growth",
                  "Growing a checkpoint against its bare products, a step of learning the operator"
                      + " against a training step, ms",
                  GrowthBenchmark.class)
              .quick("threads", "2"),
          Suite.of(
                  "sentences",
                  "Vectors of 300 sentences by all-MiniLM-L6-v2, times per call",
                  SentenceBenchmark.class)
              .calling(trial -> "300 sentences"),
          Suite.of("bandwidth", "Memory and caches in GB/s", BandwidthBenchmark.class),
          Suite.of("warmup", "First calls in a fresh process, ms in all", FirstCallsBenchmark.class)
              .quick("operation", "sgemm 64", "sgemm 1024", "gemv 1024", "dot 4096")
              .quick("calls", "1", "100")
              .onlyIf(Suites::isShortSequence)
              .inFreshProcesses(),
          Suite.of("peak", "Fused multiply-adds on registers in GFLOP/s", FmaPeakBenchmark.class));

  private Suites() {}

  /** All suites, in the order in which they are shown. */
  static List<Suite> all() {
    return ALL;
  }

  /** The suite of a name. */
  static Optional<Suite> find(String name) {
    return ALL.stream().filter(suite -> suite.name().equals(name)).findFirst();
  }

  /** What the processor can do in this precision with as many threads. */
  private static Trial fusedMultiplyAdd(Trial trial) {
    return Trial.of(
        FmaPeakBenchmark.class,
        "peak",
        "precision",
        trial.parameter("precision", "float"),
        "threads",
        trial.parameter("threads", "1"));
  }

  /** Vectors are only read, or also written. */
  private static Trial vectorBandwidth(Trial trial) {
    String operation = trial.parameter("operation", "dot");
    boolean writes = operation.equals("axpy") || operation.equals("scale");
    return bandwidth(writes ? "copy" : "read", trial, 2.0 * trial.number("n", 1));
  }

  /**
   * How fast so many numbers move, measured at the size of the cache, or memory, that holds them.
   */
  private static Trial bandwidth(String operation, Trial trial, double numbers) {
    double kilobytes = numbers * (letter(trial).equals("s") ? Float.BYTES : Double.BYTES) / 1024;
    String measuredAt =
        kilobytes <= 32 ? "16" : kilobytes <= 512 ? "256" : kilobytes <= 32768 ? "8192" : "262144";
    return Trial.of(
        BandwidthBenchmark.class,
        "pass",
        "operation",
        operation,
        "kilobytes",
        measuredAt,
        "threads",
        trial.parameter("threads", "1"));
  }

  private static boolean isFeasibleProduct(Trial trial) {
    boolean isSlow = JAVA_PEERS.contains(trial.library());
    boolean hasThreads = !trial.library().equals("netlib");
    return (!isSlow || trial.number("n", 0) <= LARGEST_FOR_JAVA_PEERS)
        && (hasThreads || trial.number("threads", 1) == 1);
  }

  /** EJML has one thread, and would take minutes for more than 2048 rows. */
  private static boolean isFeasibleEigenproblem(Trial trial) {
    boolean isEjml = trial.library().equals("ejml");
    return !isEjml || (trial.number("n", 0) <= 2048 && trial.number("threads", 1) == 1);
  }

  private static boolean isFeasibleFactorization(Trial trial) {
    String operation = trial.parameter("operation", "");
    // EJML has no product with a triangle, and takes minutes for the largest decompositions.
    return !trial.library().equals("ejml")
        || (operation.equals("svd")
            ? trial.number("n", 0) <= LARGEST_FOR_JAVA_PEERS
            : !operation.equals("trmm"));
  }

  /** Decomposing the product takes a minute for the largest, with EJML hours. */
  private static boolean isFeasibleRecompression(Trial trial) {
    return trial.benchmark() != RecompressionBenchmark.class
        || trial.library().equals("quadrille")
        || (trial.number("n", 0) <= LARGEST_FOR_JAVA_PEERS
            && (!trial.library().equals("ejml") || trial.number("threads", 1) == 1));
  }

  private static boolean isSingularValueProblem(Trial trial) {
    return trial.benchmark() != FactorizationBenchmark.class
        || trial.parameter("operation", "").equals("svd");
  }

  /**
   * Other libraries know the weight 1 only and, like the way of O(n^2), take long for many nodes.
   */
  private static boolean isFeasibleRule(Trial trial) {
    if (trial.benchmark() == DiskEvaluationBenchmark.class) {
      return trial.library().equals("quadrille") || trial.parameter("operation", "").equals("sum");
    }
    if (trial.benchmark() != RadialRuleBenchmark.class) {
      return true;
    }
    return switch (trial.library()) {
      case "hipparchus", "commons-math" ->
          trial.number("n", 0) <= 200 && trial.parameter("power", "0").equals("0");
      case "prufer-newton" -> trial.number("n", 0) <= 1000;
      default -> true;
    };
  }

  /** The transform put together of other libraries analyzes one function on one thread. */
  private static boolean isFeasibleTransform(Trial trial) {
    return trial.benchmark() != DiskTransformBenchmark.class
        || !trial.library().equals("jtransforms")
        || (trial.parameter("direction", "").equals("analysis")
            && trial.number("functions", 1) == 1
            && trial.number("threads", 1) == 1);
  }

  private static boolean isShortSequence(Trial trial) {
    return !trial.parameter("operation", "").equals("sgemm 1024") || trial.number("calls", 1) <= 10;
  }

  private static String letter(Trial trial) {
    return trial.parameter("precision", "float").equals("float") ? "s" : "d";
  }
}
