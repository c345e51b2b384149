package org.quadrille.cli.compress;

import java.util.EnumMap;
import java.util.Map;
import org.quadrille.formats.JsonObject;

/**
 * Estimates where the working threads spend their time by looking at their stacks every 20 ms.
 *
 * <p>The kinds are matrix products, quantization, factorizations (QR and small SVD) and the rest.
 * Stacks are seen at safepoints, so shares are good to a few per cent, not more. Costs well below
 * one per cent of the time.
 */
final class WorkSampler implements AutoCloseable {
  private static final int PERIOD_MILLISECONDS = 20;

  private enum Kind {
    PRODUCT,
    QUANTIZATION,
    FACTORIZATION,
    OTHER
  }

  private final Thread caller = Thread.currentThread();
  private final Map<Kind, Long> counts = new EnumMap<>(Kind.class);
  private final Thread sampler;
  private volatile boolean closed;

  /** Starts to watch the calling thread and the worker threads. */
  WorkSampler() {
    sampler = Thread.ofPlatform().daemon().name("quadrille-sampler").start(this::sample);
  }

  @Override
  public void close() {
    closed = true;
    sampler.interrupt();
    try {
      sampler.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Share of the time in matrix products; call after {@link #close}. */
  double productShare() {
    return share(Kind.PRODUCT);
  }

  /** Share of the time in quantization; call after {@link #close}. */
  double quantizationShare() {
    return share(Kind.QUANTIZATION);
  }

  /** All shares; call after {@link #close}. */
  JsonObject toJson() {
    return new JsonObject()
        .put("gemm", share(Kind.PRODUCT))
        .put("quantization", share(Kind.QUANTIZATION))
        .put("factorization", share(Kind.FACTORIZATION))
        .put("other", share(Kind.OTHER));
  }

  private double share(Kind kind) {
    long total = counts.values().stream().mapToLong(Long::longValue).sum();
    return total == 0 ? 0 : (double) counts.getOrDefault(kind, 0L) / total;
  }

  private void sample() {
    while (!closed) {
      for (Map.Entry<Thread, StackTraceElement[]> entry : Thread.getAllStackTraces().entrySet()) {
        Thread thread = entry.getKey();
        boolean works = thread == caller || thread.getName().matches("quadrille-\\d+-\\d+");
        if (works && thread.getState() == Thread.State.RUNNABLE) {
          counts.merge(kindOf(entry.getValue()), 1L, Long::sum);
        }
      }
      try {
        Thread.sleep(PERIOD_MILLISECONDS);
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  /** The innermost frame that tells the kind of work decides. */
  private static Kind kindOf(StackTraceElement[] stack) {
    for (StackTraceElement frame : stack) {
      String type = frame.getClassName();
      String name = type.substring(type.lastIndexOf('.') + 1);
      if (name.startsWith("BlockRounding")
          || name.startsWith("BlockScales")
          || name.startsWith("BlockQuantizer")
          || name.startsWith("QuantizedMatrix")
          || name.startsWith("PackedBits")) {
        return Kind.QUANTIZATION;
      }
      if (name.startsWith("Householder")
          || name.contains("Reflector")
          || name.startsWith("OrthonormalPanel")
          || name.startsWith("Qr")
          || name.startsWith("ExactSvd")
          || name.startsWith("SmallSvd")
          || name.startsWith("JacobiSvd")
          || name.startsWith("Bidiagonal")
          || name.startsWith("Arrow")
          || name.startsWith("SecularEquation")) {
        return Kind.FACTORIZATION;
      }
      if (frame.getMethodName().equals("gemm") || name.startsWith("MatrixProduct")) {
        return Kind.PRODUCT;
      }
    }
    return Kind.OTHER;
  }
}
