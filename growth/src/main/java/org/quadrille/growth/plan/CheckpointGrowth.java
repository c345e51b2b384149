package org.quadrille.growth.plan;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongConsumer;
import org.quadrille.formats.Checkpoint;
import org.quadrille.formats.ElementType;
import org.quadrille.formats.SafetensorsWriter;
import org.quadrille.formats.TensorInfo;
import org.quadrille.growth.GrowthOperator;
import org.quadrille.growth.TensorRule;
import org.quadrille.linalg.DType;
import org.quadrille.linalg.Tensor;

/**
 * Grows a checkpoint one kind of tensor at a time, into a safetensors file under the names and in
 * the layout of the old one.
 *
 * <p><b>Memory</b>: all layers of one stored tensor before, between width and depth, and after
 * growth. <b>Time</b>: that of reading, of the operator's products and of writing.
 *
 * {@snippet :
 * new CheckpointGrowth(small, operator).writer().metadata("format", "pt").write(path);
 * }
 */
public final class CheckpointGrowth {
  private final PlannedModel small;
  private final GrowthOperator operator;
  private final ElementType type;
  private final LongConsumer progress;

  /**
   * Growth of a model by an operator.
   *
   * @param small stays open while the result is written
   * @param operator of the sizes of the model; its plan names the modules
   */
  public CheckpointGrowth(PlannedModel small, GrowthOperator operator) {
    this(small, operator, null, numbers -> {});
  }

  private CheckpointGrowth(
      PlannedModel small, GrowthOperator operator, ElementType type, LongConsumer progress) {
    this.small = small;
    this.operator = operator;
    this.type = type;
    this.progress = progress;
  }

  /** The same with all grown tensors stored as a floating-point type, not as the old ones were. */
  public CheckpointGrowth storedAs(ElementType newType) {
    if (!newType.isFloatingPoint()) {
      throw new IllegalArgumentException(
          "type " + newType + " given, expected a floating-point type");
    }
    return new CheckpointGrowth(small, operator, newType, progress);
  }

  /** The same, telling how many numbers were grown after each kind of tensor. */
  public CheckpointGrowth telling(LongConsumer newProgress) {
    return new CheckpointGrowth(small, operator, type, newProgress);
  }

  /** Numbers in all tensors that result from growth. */
  public long parameterCount() {
    long count = 0;
    for (StoredFamily family : small.families()) {
      long each = 1;
      for (int size : largeShape(family)) {
        each *= size;
      }
      count += each * (family.rule().inLayers() ? operator.plan().largeLayers() : 1);
    }
    return count;
  }

  /**
   * The file to come, without metadata. Tensors are grown when it is written.
   *
   * @throws IllegalArgumentException naming the tensor whose shape does not fit the operator
   */
  public SafetensorsWriter writer() {
    SafetensorsWriter writer = new SafetensorsWriter();
    for (StoredFamily family : small.families()) {
      add(writer, family);
    }
    Checkpoint file = small.checkpoint();
    for (CopiedTensor each : small.copied()) {
      TensorInfo info = file.info(each.name());
      for (String name : each.names(small.layers(), operator.plan().largeLayers())) {
        writer.add(new TensorInfo(name, info.type(), info.shape()), () -> file.bytes(each.name()));
      }
    }
    return writer;
  }

  private void add(SafetensorsWriter writer, StoredFamily family) {
    int layers = family.rule().inLayers() ? operator.plan().largeLayers() : 1;
    long[] shape = Arrays.stream(family.storedShape(largeShape(family))).asLongStream().toArray();
    List<Tensor> grown = new ArrayList<>();
    for (int l = 0; l < layers; l++) {
      int layer = l;
      writer.addLater(
          new TensorInfo(family.name(l), type == null ? family.type() : type, shape),
          () -> {
            if (layer == 0) {
              grown.clear();
              grown.addAll(grow(family));
            }
            // Nothing of a kind is kept once it is in the file.
            return grown.set(layer, null);
          });
    }
  }

  /** The stored tensors of all large layers. */
  private List<Tensor> grow(StoredFamily family) throws IOException {
    List<TensorRule> rules = small.rules(family);
    int[] sizes = small.partSizes(family);
    DType dtype = operator.dtype();
    List<List<Tensor>> parts = new ArrayList<>();
    rules.forEach(rule -> parts.add(new ArrayList<>()));
    for (int l = 0; l < family.layers(); l++) {
      List<Tensor> split = StoredFamily.split(family.read(l, dtype), sizes);
      for (int i = 0; i < sizes.length; i++) {
        parts.get(i).add(split.get(i));
      }
    }
    List<List<Tensor>> large = new ArrayList<>();
    for (int i = 0; i < sizes.length; i++) {
      large.add(operator.grow(rules.get(i), parts.get(i)));
      parts.get(i).clear();
    }
    List<Tensor> joined = new ArrayList<>();
    for (int l = 0; l < large.getFirst().size(); l++) {
      int layer = l;
      Tensor whole = family.join(large.stream().map(part -> part.get(layer)).toList());
      progress.accept(whole.length());
      joined.add(stored(whole));
    }
    return joined;
  }

  /** Half precision is rounded from single precision. */
  private Tensor stored(Tensor tensor) {
    boolean half = type == ElementType.F16 || type == ElementType.BF16;
    return half ? tensor.to(DType.F32) : tensor;
  }

  private int[] largeShape(StoredFamily family) {
    int[] whole = family.shape();
    int[] sizes = small.partSizes(family);
    int out = 0;
    int[] shape = whole;
    for (int i = 0; i < sizes.length; i++) {
      int[] part = whole.clone();
      part[0] = sizes[i];
      shape = operator.plan().largeShape(small.rules(family).get(i), part);
      out += shape[0];
    }
    int[] result = shape.clone();
    result[0] = out;
    return result;
  }
}
