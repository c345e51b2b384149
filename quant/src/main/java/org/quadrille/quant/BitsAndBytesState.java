package org.quadrille.quant;

import org.quadrille.formats.FormatException;
import org.quadrille.formats.JsonObject;

/**
 * The quant state of a bitsandbytes weight.
 *
 * @param shape of the weight
 * @param blockSize weights of a block
 * @param nestedBlockSize scales that share a nested scale, 0 where scales are plain
 * @param nestedOffset mean that was subtracted from the scales
 */
record BitsAndBytesState(int[] shape, int blockSize, int nestedBlockSize, float nestedOffset) {

  static BitsAndBytesState of(JsonObject json) throws FormatException {
    long[] sizes = json.integers("shape");
    long count = 1;
    int[] shape = new int[sizes.length];
    for (int axis = 0; axis < sizes.length; axis++) {
      if (sizes[axis] < 1 || sizes[axis] > Integer.MAX_VALUE / count) {
        throw new FormatException(
            "shape " + json.get("shape") + "; expected sizes whose product is below 2^31");
      }
      shape[axis] = (int) sizes[axis];
      count *= sizes[axis];
    }
    int blockSize = json.intValue("blocksize");
    int nested = json.has("nested_blocksize") ? json.intValue("nested_blocksize") : 0;
    float offset = nested == 0 ? 0 : (float) json.number("nested_offset");
    if (shape.length == 0 || blockSize < 1 || nested < 0 || !Float.isFinite(offset)) {
      throw new FormatException(
          "quant state " + json + "; expected a shape, positive block sizes, a finite offset");
    }
    return new BitsAndBytesState(shape, blockSize, nested, offset);
  }

  int count() {
    int count = 1;
    for (int size : shape) {
      count *= size;
    }
    return count;
  }

  boolean isNested() {
    return nestedBlockSize > 0;
  }
}
