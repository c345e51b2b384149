package org.quadrille.quant;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.quadrille.formats.JsonObject;

/**
 * Where the memory of a decomposed model goes, exactly, part by part. Add what there is, then read
 * or print it.
 *
 * {@snippet :
 * var budget = new MemoryBudget().addMatrix(4096, 4096, config, 64).addOther(32_000L * 4096, 16);
 * double bits = budget.bitsPerWeight(true);
 * }
 *
 * <p>Not thread safe.
 */
public final class MemoryBudget {
  private long matrices;
  private long weights;
  private long codeBits;
  private long scaleCodeBits;
  private long groupScaleBits;
  private long factorEntries;
  private long quantizedFactorBits;
  private long otherBits;
  private long workingBytes;

  /** An empty budget. */
  public MemoryBudget() {}

  /**
   * Adds a matrix whose blocks run on over row ends.
   *
   * @param rank of its low-rank part, 0 for none
   */
  public MemoryBudget addMatrix(long rows, long cols, QuantizationConfig config, long rank) {
    if (rows < 1 || cols < 1 || rank < 0) {
      throw new IllegalArgumentException(
          "shape [" + rows + ", " + cols + "] of rank " + rank + ": expected sizes from 1 on");
    }
    long n = Math.multiplyExact(rows, cols);
    long blocks = Math.ceilDiv(n, (long) config.blockSize());
    long groups = Math.ceilDiv(blocks, (long) config.blocksPerGroup());
    matrices++;
    weights += n;
    codeBits += Math.multiplyExact(n, (long) config.bits());
    scaleCodeBits += blocks * config.scaleBits();
    groupScaleBits += groups * config.groupType().bits();
    if (rank > 0) {
      factorEntries += rank * (rows + cols);
      quantizedFactorBits += StorageCost.quantizedFactorBits(rows, cols, rank);
    }
    return this;
  }

  /** Adds tensors that stay as they are: embeddings, biases, normalizations. */
  public MemoryBudget addOther(long elements, int bitsPerElement) {
    otherBits += Math.multiplyExact(elements, (long) bitsPerElement);
    return this;
  }

  /** Adds what running or training needs besides, as the user knows it. */
  public MemoryBudget addWorking(long bytes) {
    workingBytes += bytes;
    return this;
  }

  /** Weights of the matrices. */
  public long weights() {
    return weights;
  }

  /** Bits of weight codes. */
  public long codeBits() {
    return codeBits;
  }

  /** Bits of block-scale codes. */
  public long scaleCodeBits() {
    return scaleCodeBits;
  }

  /** Bits of group scales. */
  public long groupScaleBits() {
    return groupScaleBits;
  }

  /** Bits of the offsets, 32 a matrix. */
  public long offsetBits() {
    return 32 * matrices;
  }

  /** Bits of the factors as they are trained, 32 an entry. */
  public long trainableFactorBits() {
    return 32 * factorEntries;
  }

  /** Bits of the factors after they were quantized to NF8 themselves. */
  public long quantizedFactorBits() {
    return quantizedFactorBits;
  }

  /** Bits of tensors that are not quantized. */
  public long otherBits() {
    return otherBits;
  }

  /** Bytes that the user added. */
  public long workingBytes() {
    return workingBytes;
  }

  /**
   * Bits of matrices and factors per weight of the matrices, the figure papers give.
   *
   * @param factorsQuantized whether factors count in NF8, else in 32 bits
   */
  public double bitsPerWeight(boolean factorsQuantized) {
    return (double) matrixBits(factorsQuantized) / weights;
  }

  private long matrixBits(boolean factorsQuantized) {
    long factors = factorsQuantized ? quantizedFactorBits : trainableFactorBits();
    return codeBits + scaleCodeBits + groupScaleBits + offsetBits() + factors;
  }

  /** Everything, in bytes. */
  public long totalBytes(boolean factorsQuantized) {
    return Math.ceilDiv(matrixBits(factorsQuantized) + otherBits, 8L) + workingBytes;
  }

  /** The parts by name, in bits; a part may be counted with the factors as trained or as NF8. */
  private Map<String, Long> parts() {
    Map<String, Long> parts = new LinkedHashMap<>();
    parts.put("weight codes", codeBits);
    parts.put("block scales", scaleCodeBits);
    parts.put("group scales", groupScaleBits);
    parts.put("offsets", offsetBits());
    parts.put("factors, 32 bits", trainableFactorBits());
    parts.put("factors, NF8", quantizedFactorBits);
    parts.put("other tensors", otherBits);
    parts.put("working memory", 8 * workingBytes);
    parts.put("total, factors 32 bits", 8 * totalBytes(false));
    parts.put("total, factors NF8", 8 * totalBytes(true));
    return parts;
  }

  /** The parts in bits, the totals in bytes, and bits per weight. */
  public JsonObject toJson() {
    return new JsonObject()
        .put("weights", weights)
        .put("codeBits", codeBits)
        .put("blockScaleBits", scaleCodeBits)
        .put("groupScaleBits", groupScaleBits)
        .put("offsetBits", offsetBits())
        .put("factorBits", trainableFactorBits())
        .put("factorBitsNf8", quantizedFactorBits)
        .put("otherBits", otherBits)
        .put("workingBytes", workingBytes)
        .put("totalBytes", totalBytes(false))
        .put("totalBytesNf8", totalBytes(true))
        .put("bitsPerWeight", weights == 0 ? null : bitsPerWeight(false))
        .put("bitsPerWeightNf8", weights == 0 ? null : bitsPerWeight(true));
  }

  /** A table of the parts in megabytes (10^6 bytes) and in bits per weight of the matrices. */
  @Override
  public String toString() {
    StringBuilder table = new StringBuilder();
    parts().forEach((name, bits) -> line(table, name, bits));
    return table.toString();
  }

  private void line(StringBuilder table, String name, long bits) {
    String perWeight =
        weights == 0
            ? ""
            : String.format(Locale.ROOT, "%10.4f bits/weight", (double) bits / weights);
    table.append(String.format(Locale.ROOT, "%-24s %12.3f MB %s%n", name, bits / 8e6, perWeight));
  }
}
