package org.quadrille.growth;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.quadrille.linalg.DType;
import org.quadrille.transformer.Architecture;

/**
 * Growth in depth by stages: the top layers are copied on top, learn alone, then all learn (C. Yang
 * et al., Progressively stacking 2.0, 2020, multi-stage layerwise training).
 *
 * {@snippet :
 * for (ProgressiveStacking.Stage stage : ProgressiveStacking.stages(small, large, 3)) {
 *   weights = stage.growth(DType.F32).apply(weights);
 *   // train with everything but stage.learnsAlone frozen, then all
 * }
 * }
 */
public final class ProgressiveStacking {
  private ProgressiveStacking() {}

  /**
   * One stage.
   *
   * @param from architecture before
   * @param to architecture after: more layers, nothing else
   */
  public record Stage(Architecture from, Architecture to) {

    /** Copies of the top layers on top of all. */
    public FixedGrowth growth(DType dtype) {
      int top = to.layers() - from.layers();
      return FixedOperators.layers(
          from, to, dtype, LayerSources.topStack(from.layers(), to.layers(), top));
    }

    /**
     * The tensors that learn in the first part of the stage: those of the new layers, and those
     * above them that read the stream.
     */
    public Predicate<String> learnsAlone() {
      return name -> {
        if (!name.startsWith("layers.")) {
          return !name.startsWith("embeddings.") && !name.startsWith("patches.");
        }
        int layer =
            Integer.parseInt(
                name.substring("layers.".length(), name.indexOf('.', "layers.".length())));
        return layer >= from.layers();
      };
    }
  }

  /**
   * The stages from one depth to another.
   *
   * @param small layers, width and all of the trained model
   * @param large the same with more layers
   * @param top layers added at each stage, at most as many as there are; the last may add fewer
   * @throws IllegalArgumentException if more than the depth differs
   */
  public static List<Stage> stages(Architecture small, Architecture large, int top) {
    if (top < 1 || top > small.layers()) {
      throw new IllegalArgumentException(
          "top: given " + top + ", expected 1 to " + small.layers() + " layers to copy");
    }
    ArchitectureRules.requireSameKind(small, large);
    if (!ArchitectureRules.withLayers(small, large.layers()).equals(large)) {
      throw new IllegalArgumentException(
          "stacking from "
              + small
              + " to "
              + large
              + ": expected nothing to differ but the layers");
    }
    List<Stage> stages = new ArrayList<>();
    Architecture at = small;
    while (at.layers() < large.layers()) {
      int layers = Math.min(at.layers() + top, large.layers());
      Architecture next = ArchitectureRules.withLayers(small, layers);
      stages.add(new Stage(at, next));
      at = next;
    }
    return stages;
  }
}
