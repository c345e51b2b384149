package org.quadrille.cli.adapters;

import java.util.Arrays;
import java.util.List;
import org.quadrille.cli.console.CommandFailure;
import org.quadrille.formats.Checkpoint;
import org.quadrille.linalg.Tensor;
import org.quadrille.lowrank.merge.SubtractionUnmerge;
import org.quadrille.lowrank.peft.PeftAdapter;
import org.quadrille.lowrank.peft.PeftFolder;

/** What merging and unmerging an adapter change in a model. */
public final class AdapterEdits {
  /** Line of the header that lists the digests of merged adapters. */
  public static final String MERGED_KEY = "quadrille.merged_adapters";

  private AdapterEdits() {}

  /**
   * The model with an adapter folded in.
   *
   * @param digest of the adapter, noted in the header
   * @throws CommandFailure if the adapter is merged already or does not fit the model
   */
  public static EditedModel merge(Checkpoint model, PeftFolder folder, String digest) {
    List<String> merged = merged(model);
    if (merged.contains(digest)) {
      throw new CommandFailure(
          model.path() + " holds this adapter already; merging it twice would double it");
    }
    EditedModel edited = new EditedModel(model);
    for (PeftAdapter adapter : folder.adapters()) {
      boolean turned = folder.config().weightsTransposed();
      edited.edit(
          checked(model, adapter, turned),
          old -> {
            Tensor weight = turned ? old.transpose() : old;
            Tensor sum = adapter.mergedInto(weight);
            return turned ? sum.transpose() : sum;
          });
    }
    folder
        .others()
        .forEach(
            (name, tensor) -> {
              if (!model.names().contains(name)) {
                throw new CommandFailure(
                    "the adapter brings the tensor " + name + ", which the base does not have");
              }
              edited.edit(name, old -> tensor.to(old.dtype()));
            });
    String list = merged.isEmpty() ? digest : String.join(",", merged) + "," + digest;
    return edited.metadata(MERGED_KEY, list);
  }

  /** Largest error of an entry that {@link #unmerge} may leave, so far. */
  public static final class ErrorBound {
    private double largest;
    private double relative;

    void add(SubtractionUnmerge result) {
      largest = Math.max(largest, result.largestError());
      relative = Math.max(relative, result.relativeError());
    }

    /** Bound of the error of every entry. */
    public double largest() {
      return largest;
    }

    /** Largest bound of a weight's error relative to its norm. */
    public double relative() {
      return relative;
    }
  }

  /**
   * The model with an adapter subtracted.
   *
   * @param digest of the adapter
   * @param bound told the error of each weight when it is written
   * @throws CommandFailure if the adapter is not merged, is a DoRA one, or does not fit
   */
  public static EditedModel unmerge(
      Checkpoint model, PeftFolder folder, String digest, ErrorBound bound) {
    List<String> merged = merged(model);
    if (!merged.contains(digest)) {
      throw new CommandFailure(
          model.path()
              + " does not say that this adapter was merged into it; merging with adapters merge"
              + " notes it in the file");
    }
    if (folder.config().magnitudes() || folder.others().size() > 0) {
      throw new CommandFailure(
          "an adapter that scales rows or replaces tensors cannot be subtracted; use the base");
    }
    EditedModel edited = new EditedModel(model);
    for (PeftAdapter adapter : folder.adapters()) {
      boolean turned = folder.config().weightsTransposed();
      edited.edit(
          checked(model, adapter, turned),
          old -> {
            Tensor weight = turned ? old.transpose() : old;
            SubtractionUnmerge result = SubtractionUnmerge.of(weight, adapter.update());
            bound.add(result);
            return turned ? result.weight().transpose() : result.weight();
          });
    }
    List<String> left = merged.stream().filter(other -> !other.equals(digest)).toList();
    return edited.metadata(MERGED_KEY, String.join(",", left));
  }

  private static List<String> merged(Checkpoint model) {
    String list = model.metadata().getOrDefault(MERGED_KEY, "");
    return list.isEmpty() ? List.of() : Arrays.asList(list.split(",", -1));
  }

  private static String checked(Checkpoint model, PeftAdapter adapter, boolean turned) {
    String name = ModuleWeights.weight(model, adapter.module());
    long[] shape = model.info(name).shape();
    long outputs = adapter.b().size(0);
    long inputs = adapter.a().size(1);
    long[] expected = turned ? new long[] {inputs, outputs} : new long[] {outputs, inputs};
    if (!Arrays.equals(shape, expected)) {
      throw new CommandFailure(
          name
              + " has shape "
              + Arrays.toString(shape)
              + ", the adapter is for "
              + Arrays.toString(expected)
              + "; is this the base of the adapter?");
    }
    return name;
  }
}
