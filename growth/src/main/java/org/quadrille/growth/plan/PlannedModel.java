package org.quadrille.growth.plan;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.quadrille.formats.Checkpoint;
import org.quadrille.formats.JsonObject;
import org.quadrille.growth.GrowthPlan;
import org.quadrille.growth.TensorRule;
import org.quadrille.linalg.DType;
import org.quadrille.linalg.Tensor;
import org.quadrille.linalg.Tensors;
import org.quadrille.transformer.Architecture;

/**
 * An open checkpoint whose tensors a plan has found. Valid as long as the checkpoint is open; reads
 * what is asked for, keeps nothing.
 */
public final class PlannedModel {
  private final ModelPlan plan;
  private final Checkpoint checkpoint;
  private final List<StoredFamily> families;
  private final int layers;
  private final List<CopiedTensor> copied;
  private final List<String> dropped;
  private final JsonObject config;
  private final Architecture architecture;
  private final Map<StoredFamily, List<TensorRule>> rules = new LinkedHashMap<>();
  private final Map<StoredFamily, int[]> partSizes = new LinkedHashMap<>();

  PlannedModel(
      ModelPlan plan,
      Checkpoint checkpoint,
      List<StoredFamily> families,
      int layers,
      List<CopiedTensor> copied,
      List<String> dropped,
      JsonObject config,
      Architecture known) {
    this.plan = plan;
    this.checkpoint = checkpoint;
    this.families = List.copyOf(families);
    this.layers = layers;
    this.copied = List.copyOf(copied);
    this.dropped = List.copyOf(dropped);
    this.config = config;
    this.architecture =
        known != null
            ? known
            : plan.hasArchitecture()
                ? new PlanArchitecture(plan, families, layers, config).read()
                : null;
    Map<String, TensorRule> canonical = new LinkedHashMap<>();
    if (architecture != null) {
      GrowthPlan.of(architecture, architecture)
          .rules()
          .forEach(rule -> canonical.put(rule.name(), rule));
    }
    for (StoredFamily family : families) {
      resolve(family, canonical);
    }
    if (!canonical.isEmpty()) {
      throw new IllegalArgumentException(
          "the checkpoint lacks "
              + canonical.keySet()
              + ", which a model of plan "
              + plan.name()
              + " with its other tensors has");
    }
  }

  private void resolve(StoredFamily family, Map<String, TensorRule> canonical) {
    List<TensorRule> own = new ArrayList<>();
    List<StoredRule.Part> parts = family.rule().parts();
    int[] sizes = new int[parts.size()];
    int[] whole = family.shape();
    int known = 0;
    for (int i = 0; i < sizes.length; i++) {
      StoredRule.Part part = parts.get(i);
      TensorRule rule = canonical.remove(part.module());
      if (rule == null) {
        rule = own(family, part);
        sizes[i] = groupSize(part);
      } else {
        int[] shape = architecture.parameterShapes().get(rule.name(0));
        sizes[i] = shape[0];
        requireFits(family, whole, shape, parts.size() == 1);
      }
      known += sizes[i] > 0 ? 1 : 0;
      own.add(rule);
    }
    if (known < sizes.length) {
      // Parts that do not grow, or a single one, say nothing about their size.
      Arrays.fill(sizes, whole[0] / sizes.length);
    }
    if (Arrays.stream(sizes).sum() != whole[0]) {
      throw new IllegalArgumentException(
          "tensor \""
              + family.name(0)
              + "\": "
              + whole[0]
              + " outputs given, its parts need "
              + Arrays.toString(sizes));
    }
    rules.put(family, List.copyOf(own));
    partSizes.put(family, sizes);
  }

  private TensorRule own(StoredFamily family, StoredRule.Part part) {
    if (part.out() == null) {
      throw new IllegalArgumentException(
          "tensor \""
              + family.name(0)
              + "\": its module \""
              + part.module()
              + "\" is none of the architecture; give the maps of its axes with out and in");
    }
    int rank = family.shape().length;
    if ((part.in() == null) != (rank == 1)) {
      throw new IllegalArgumentException(
          "tensor \""
              + family.name(0)
              + "\" has "
              + rank
              + " axes in the model; expected \"in\" for a matrix, none for a vector");
    }
    return new TensorRule(
        part.module(),
        rank == 1 ? List.of(part.out()) : List.of(part.out(), part.in()),
        part.depth() == null ? TensorRule.NO_LAYERS : part.depth());
  }

  private int groupSize(StoredRule.Part part) {
    SizeGroup group = group(part.out());
    return group == null ? 0 : group.small();
  }

  /** The group of a map or of what stands in for it; null if there is none. */
  private SizeGroup group(String map) {
    for (String at = map; at != null; at = plan.ties().get(at)) {
      if (plan.groups().containsKey(at)) {
        return plan.groups().get(at);
      }
    }
    return null;
  }

  private static void requireFits(StoredFamily family, int[] whole, int[] shape, boolean onlyPart) {
    boolean fits =
        whole.length == shape.length
            && (!onlyPart || whole[0] == shape[0])
            && (shape.length == 1 || whole[1] == shape[1]);
    if (!fits) {
      throw new IllegalArgumentException(
          "tensor \""
              + family.name(0)
              + "\": given "
              + Arrays.toString(whole)
              + " as [out, in], expected "
              + Arrays.toString(shape)
              + " by the other tensors and the configuration; check heads and orientation");
    }
  }

  /** The plan. */
  public ModelPlan plan() {
    return plan;
  }

  /** The open file. */
  public Checkpoint checkpoint() {
    return checkpoint;
  }

  /** Number of layers. */
  public int layers() {
    return layers;
  }

  /** What the checkpoint was configured with; empty if nothing. */
  public JsonObject config() {
    return config;
  }

  /** Names of tensors that are left out: repetitions of others, and what the plan drops. */
  public List<String> dropped() {
    return dropped;
  }

  /**
   * The architecture of the model.
   *
   * @throws IllegalStateException if the plan describes tensors only
   */
  public Architecture architecture() {
    if (architecture == null) {
      throw new IllegalStateException(
          "plan " + plan.name() + " has groups of its own and no architecture");
    }
    return architecture;
  }

  /**
   * The growth plan of a model whose plan has groups of its own, from and to the sizes it names.
   *
   * @param largeLayers layers after growth; 0 for what the plan names
   */
  public GrowthPlan groupPlan(int largeLayers) {
    if (architecture != null) {
      throw new IllegalStateException("plan " + plan.name() + " has an architecture; use that");
    }
    int to = largeLayers > 0 ? largeLayers : plan.layersTo() > 0 ? plan.layersTo() : layers;
    if (to < layers) {
      throw new IllegalArgumentException(
          "layers: from " + layers + " to " + to + " given; growth does not remove layers");
    }
    List<TensorRule> all = new ArrayList<>();
    Map<String, int[]> small = new LinkedHashMap<>();
    Map<String, int[]> large = new LinkedHashMap<>();
    for (StoredFamily family : families) {
      for (int i = 0; i < rules.get(family).size(); i++) {
        TensorRule rule = rules.get(family).get(i);
        all.add(rule);
        int[] shape = family.shape();
        shape[0] = partSizes.get(family)[i];
        int[] grown = grown(rule, shape);
        for (int l = 0; l < (rule.inLayers() ? to : 1); l++) {
          large.put(rule.name(l), grown);
          if (l < (rule.inLayers() ? layers : 1)) {
            small.put(rule.name(l), shape);
          }
        }
      }
    }
    return GrowthPlan.of(all, plan.ties(), small, large, layers, to);
  }

  private int[] grown(TensorRule rule, int... shape) {
    int[] grown = shape.clone();
    for (int axis = 0; axis < shape.length; axis++) {
      String map = rule.axes().get(axis);
      SizeGroup group = map.equals(TensorRule.FIXED) ? null : group(map);
      if (map.equals(TensorRule.FIXED)) {
        continue;
      }
      if (group == null || group.small() != shape[axis]) {
        throw new IllegalArgumentException(
            "tensor \""
                + rule.name()
                + "\": axis "
                + axis
                + " has size "
                + shape[axis]
                + ", but "
                + (group == null
                    ? "there is no group \"" + map + "\" and no tie to one"
                    : "group \"" + group.name() + "\" has " + group.small()));
      }
      grown[axis] = group.large();
    }
    return grown;
  }

  /** The groups of a plan without architecture, by name. */
  public Map<String, SizeGroup> groups() {
    return new LinkedHashMap<>(plan.groups());
  }

  /** Numbers in all tensors that grow. */
  public long parameterCount() {
    return families.stream()
        .mapToLong(
            f -> f.layers() * Arrays.stream(f.shape()).asLongStream().reduce(1, (a, b) -> a * b))
        .sum();
  }

  /**
   * The parameters of the architecture by their names in the model, all in memory.
   *
   * @throws IOException if the file cannot be read
   */
  public Tensors read(DType dtype) throws IOException {
    Map<String, Tensor> read = new LinkedHashMap<>();
    for (StoredFamily family : families) {
      for (int l = 0; l < family.layers(); l++) {
        List<Tensor> parts = StoredFamily.split(family.read(l, dtype), partSizes.get(family));
        for (int i = 0; i < parts.size(); i++) {
          read.put(rules.get(family).get(i).name(l), parts.get(i).contiguous());
        }
      }
    }
    Tensors ordered = Tensors.empty();
    if (architecture == null) {
      read.forEach(ordered::put);
    } else {
      architecture.parameterShapes().keySet().forEach(name -> ordered.put(name, read.get(name)));
    }
    return ordered;
  }

  /** One tensor of the model by its name in it, such as {@code layers.3.attention.query.weight}. */
  public Tensor read(String module, DType dtype) throws IOException {
    for (StoredFamily family : families) {
      for (int i = 0; i < rules.get(family).size(); i++) {
        TensorRule rule = rules.get(family).get(i);
        for (int l = 0; l < family.layers(); l++) {
          if (rule.name(l).equals(module)) {
            return StoredFamily.split(family.read(l, dtype), partSizes.get(family))
                .get(i)
                .contiguous();
          }
        }
      }
    }
    throw new IllegalArgumentException(
        "no tensor \"" + module + "\" in a model of plan " + plan.name());
  }

  /** The rules of all tensors that grow, those beside the architecture included. */
  public List<TensorRule> rules() {
    return rules.values().stream().flatMap(List::stream).toList();
  }

  List<StoredFamily> families() {
    return families;
  }

  List<TensorRule> rules(StoredFamily family) {
    return rules.get(family);
  }

  int[] partSizes(StoredFamily family) {
    return partSizes.get(family);
  }

  List<CopiedTensor> copied() {
    return copied;
  }
}
