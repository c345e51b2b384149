package org.quadrille.transformer;

import java.util.Arrays;
import org.quadrille.linalg.Tensor;

/**
 * Sequences of equal length that go through a transformer together, with what it should predict.
 *
 * <p>Arrays of tokens, types, masks and targets have one element for each position of each
 * sequence, sequence after sequence. Nothing is copied.
 *
 * {@snippet :
 * Batch batch = Batch.of(new int[] {5, 6, 7, 8}, 2, 2).withTargets(new int[] {6, 7, 8, Batch.IGNORE});
 * }
 */
public final class Batch {
  /** A target that does not count. */
  public static final int IGNORE = -100;

  private final int sequences;
  private final int length;
  private final int[] tokens;
  private final Tensor patches;
  private final int[] types;
  private final boolean[] mask;
  private final int[] targets;
  private final int[] labels;

  private Batch(
      int sequences,
      int length,
      int[] tokens,
      Tensor patches,
      int[] types,
      boolean[] mask,
      int[] targets,
      int[] labels) {
    this.sequences = sequences;
    this.length = length;
    this.tokens = tokens;
    this.patches = patches;
    this.types = types;
    this.mask = mask;
    this.targets = targets;
    this.labels = labels;
  }

  /**
   * Sequences of tokens.
   *
   * @param tokens sequences times length token ids
   */
  public static Batch of(int[] tokens, int sequences, int length) {
    if (sequences < 1 || length < 1) {
      throw new IllegalArgumentException(
          "batch of "
              + sequences
              + " sequences of length "
              + length
              + ", expected at least one of each");
    }
    requireLength("tokens", tokens.length, sequences, length);
    return new Batch(sequences, length, tokens, null, null, null, null, null);
  }

  /**
   * Images as patches.
   *
   * @param patches shape [images, patches, numbers in a patch], row-major
   */
  public static Batch ofPatches(Tensor patches) {
    if (patches.rank() != 3 || patches.length() == 0 || !patches.isContiguous()) {
      throw new IllegalArgumentException(
          "patches: given " + patches + ", expected a row-major tensor [images, patches, numbers]");
    }
    return new Batch(patches.size(0), patches.size(1) + 1, null, patches, null, null, null, null);
  }

  /** With the type (segment) of each token; without, all are of type 0. */
  public Batch withTypes(int[] newTypes) {
    requireLength("types", newTypes.length, sequences, length);
    return new Batch(sequences, length, tokens, patches, newTypes, mask, targets, labels);
  }

  /**
   * With which tokens may be seen: false for padding.
   *
   * @throws IllegalArgumentException if a sequence has none
   */
  public Batch withMask(boolean[] newMask) {
    requireLength("mask", newMask.length, sequences, length);
    for (int s = 0; s < sequences; s++) {
      boolean any = false;
      for (int i = 0; i < length; i++) {
        any |= newMask[s * length + i];
      }
      if (!any) {
        throw new IllegalArgumentException(
            "mask: sequence " + s + " has no visible token; leave it out");
      }
    }
    return new Batch(sequences, length, tokens, patches, types, newMask, targets, labels);
  }

  /**
   * With the token to predict at each position, {@link #IGNORE} where none is.
   *
   * @throws IllegalArgumentException if all are ignored
   */
  public Batch withTargets(int[] newTargets) {
    requireLength("targets", newTargets.length, sequences, length);
    if (Arrays.stream(newTargets).allMatch(t -> t == IGNORE)) {
      throw new IllegalArgumentException(
          "targets: all are ignored, expected at least one to predict");
    }
    return new Batch(sequences, length, tokens, patches, types, mask, newTargets, labels);
  }

  /** With the class of each sequence. */
  public Batch withLabels(int[] newLabels) {
    requireLength("labels", newLabels.length, sequences, 1);
    return new Batch(sequences, length, tokens, patches, types, mask, targets, newLabels);
  }

  /** Number of sequences. */
  public int sequences() {
    return sequences;
  }

  /** Positions of a sequence, the class token of images included. */
  public int length() {
    return length;
  }

  /** Number of rows: sequences times length. */
  public int rows() {
    return sequences * length;
  }

  int[] tokens() {
    return tokens;
  }

  Tensor patches() {
    return patches;
  }

  int[] types() {
    return types;
  }

  boolean[] mask() {
    return mask;
  }

  int[] targets() {
    return targets;
  }

  int[] labels() {
    return labels;
  }

  /** Checks the batch against an architecture. */
  void check(Architecture architecture) {
    if ((patches != null) != (architecture.patchInputs() > 0)) {
      throw new IllegalArgumentException(
          "batch: given "
              + (patches != null ? "patches" : "tokens")
              + ", the architecture expects "
              + (patches != null ? "tokens" : "patches"));
    }
    boolean fixedLength = patches != null && length != architecture.positions();
    if (length > architecture.positions() || fixedLength) {
      throw new IllegalArgumentException(
          "batch: sequences of length "
              + length
              + ", the architecture has "
              + architecture.positions()
              + " positions; cut the sequences");
    }
    if (patches != null && patches.size(2) != architecture.patchInputs()) {
      throw new IllegalArgumentException(
          "patches: given "
              + patches
              + ", expected "
              + architecture.patchInputs()
              + " numbers in a patch");
    }
    requireRange("token", tokens, architecture.vocabulary(), false);
    if (types != null && architecture.types() == 0) {
      throw new IllegalArgumentException("types: the architecture has no token types");
    }
    requireRange("type", types, architecture.types(), false);
    if (targets != null && architecture.head() == Head.NONE) {
      throw new IllegalArgumentException(
          "targets: the architecture has no head that predicts tokens");
    }
    requireRange("target", targets, architecture.vocabulary(), true);
    if (labels != null && architecture.classes() == 0) {
      throw new IllegalArgumentException("labels: the architecture has no classifier");
    }
    requireRange("label", labels, architecture.classes(), false);
  }

  private static void requireRange(String name, int[] ids, int limit, boolean mayIgnore) {
    if (ids == null) {
      return;
    }
    for (int i = 0; i < ids.length; i++) {
      if ((ids[i] < 0 || ids[i] >= limit) && !(mayIgnore && ids[i] == IGNORE)) {
        throw new IllegalArgumentException(
            name + " " + ids[i] + " at index " + i + ", expected 0 to " + (limit - 1));
      }
    }
  }

  private static void requireLength(String name, int given, int sequences, int length) {
    if (given != (long) sequences * length) {
      throw new IllegalArgumentException(
          name
              + ": "
              + given
              + " given, expected "
              + sequences
              + " times "
              + length
              + " = "
              + (long) sequences * length);
    }
  }
}
